# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What is hostile in a zone itself: keys and signatures without end, costly denials, names and
texts that want to be markup."""

import base64
import os
import struct

import dns.dnssec
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.RRSIG as rrsig_module

from lablib.keys import Key
from lablib.mutate import resign
from lablib.zone import RRSIG, Record, make_rrsig

from .zones import DAY, HOUR, NOW, TTL

T = dns.rdatatype
_P = 2**255 - 19
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ORDER = 2**252 + 27742317777372353535851937790883648493


def _on_curve(octets):
    """Is this the encoding of a point of Ed25519 (RFC 8032 5.1.3)?"""
    y = int.from_bytes(octets, "little") & (2**255 - 1)
    if y >= _P:
        return False
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    return square == 0 or pow(square, (_P - 1) // 2, _P) == 1


def dnskey(octets, algorithm=15, flags=257):
    return dns.rdata.from_text("IN", "DNSKEY",
                               f"{flags} 3 {algorithm} {base64.b64encode(octets).decode()}")


def colliding_ed25519(count, tag=4711):
    """That many keys with one tag, each of them a point: nothing but trying tells them apart."""
    made = []
    while len(made) < count:
        octets = bytearray(os.urandom(30) + b"\x00\x00")
        base = _tag_sum(dnskey(bytes(octets)))
        octets[30:32] = _word_for(base, tag)
        if _on_curve(bytes(octets)) and dns.dnssec.key_id(dnskey(bytes(octets))) == tag:
            made.append(dnskey(bytes(octets)))
    return made


def _tag_sum(rdata):
    wire = rdata.to_wire()
    return sum(octet << (0 if at & 1 else 8) for at, octet in enumerate(wire))


def _word_for(total, tag):
    """The last word that makes the key tag (RFC 4034 B) that of the wish."""
    for carry in range(3):
        word = (tag - (total & 0xFFFF) - (total >> 16) - carry) & 0xFFFF
        whole = total + word
        if (whole + (whole >> 16 & 0xFFFF)) & 0xFFFF == tag:
            return struct.pack("!H", word)
    return b"\x00\x00"


def colliding_rsa(count, tag=4712, bits=2048, exponent=b"\x01\x00\x01"):
    """RSA keys with one tag: whatever is odd is a modulus."""
    made = []
    size = len(exponent)
    head = bytes((size,)) if size < 256 else b"\x00" + struct.pack("!H", size)
    while len(made) < count:
        modulus = bytearray(os.urandom(bits // 8))
        modulus[0] |= 0x80
        modulus[-1] |= 1
        # The word to set lies at an even offset of the rdata, which begins with four octets.
        at = len(modulus) - 8 + (len(head) + size + len(modulus)) % 2
        modulus[at:at + 2] = b"\x00\x00"
        base = _tag_sum(dnskey(head + exponent + bytes(modulus), 8))
        modulus[at:at + 2] = _word_for(base, tag)
        key = dnskey(head + exponent + bytes(modulus), 8)
        if dns.dnssec.key_id(key) == tag:
            made.append(key)
    return made


def no_signature(zone, records, algorithm, tag, size=64):
    """An RRSIG that no key made, and that only arithmetic refutes."""
    first = records[0]
    octets = os.urandom(size)
    if algorithm == 15:
        octets = octets[:32] + (int.from_bytes(octets[32:], "little") % _ORDER).to_bytes(32, "little")
    elif algorithm == 8:
        octets = b"\x00" + octets[1:]
    fields = [dns.rdataclass.IN, RRSIG, first.type, algorithm,
              len(first.name) - 1 - first.name.is_wild(), first.ttl, NOW + 30 * DAY, NOW - HOUR,
              tag, zone.apex, octets]
    return Record(first.name, first.ttl, rrsig_module.RRSIG(*fields))


def add_keys(keys):
    """Further DNSKEYs, in front of the set's, which is signed again."""

    def apply(zone, site):
        zone.records[:0] = [Record(zone.apex, TTL, key) for key in keys]
        resign("@", "DNSKEY", key="csk")(zone, site)

    return apply


def bad_signatures(count, algorithm, tag, types=None, size=64):
    """That many signatures beside the true one, on each set of these types at the apex (every set
    of the zone, where no types are given)."""

    def apply(zone, _):
        sets = {}
        for one in zone.records:
            if one.type != RRSIG:
                sets.setdefault((one.name, one.type), []).append(one)
        extra = []
        for (name, rdtype), members in sets.items():
            if not zone.signatures(name, rdtype):
                continue
            if types is None or (name == zone.apex and T.to_text(rdtype) in types):
                extra += [no_signature(zone, members, algorithm, tag, size) for _ in range(count)]
        zone.records[:0] = extra

    return apply


def good_signatures(count, types):
    """That many true signatures more: ECDSA gives another one each time."""

    def apply(zone, _):
        for rdtype in types:
            members = zone.find("@", rdtype)
            zone.records += [make_rrsig(members, zone.keys["csk"], zone.apex, NOW - HOUR - i,
                                        NOW + 30 * DAY + i) for i in range(count)]

    return apply


def digests_of(keys, apex, also=()):
    """DS texts for all those keys."""
    made = []
    for key in keys:
        public = base64.b64encode(key.key).decode()
        made.append(Key(int(key.algorithm), public, "", key.flags).ds(apex))
    return (*made, *also)


def filler(count, octets=64):
    """TXT records, so that a healthy zone is as large as one that is not."""
    return "".join(f"@ TXT \"{os.urandom(octets // 2).hex()}\"\n" for _ in range(count))


def change_signature(rdtype, **fields):
    """The RRSIG of that set at the apex with other fields, not signed again."""

    def apply(zone, _):
        for one in zone.signatures("@", rdtype):
            one.rdata = one.rdata.replace(**fields)

    return apply


def raw_rdata(rdtype, octets, add=False):
    """These octets as the rdata of the set at the apex, signed as they are."""

    def apply(zone, site):
        kind = T.from_text(rdtype)
        if not add:
            zone.records = [r for r in zone.records if not (r.name == zone.apex and r.type == kind)]
        zone.records.append(Record(zone.apex, TTL, dns.rdata.GenericRdata(
            dns.rdataclass.IN, kind, octets)))
        records = [r for r in zone.records if r.name == zone.apex and r.type == kind]
        zone.records = [r for r in zone.records if not (r.name == zone.apex and r.covers(kind))]
        zone.records.append(make_rrsig(records, zone.keys["csk"], zone.apex, NOW - HOUR,
                                       NOW + 30 * DAY))

    return apply


def type_lists_with(octets):
    """These octets behind the type list of each NSEC, signed as they are."""

    def apply(zone, _):
        for nsec in [r for r in zone.records if r.type == T.NSEC]:
            nsec.rdata = dns.rdata.GenericRdata(dns.rdataclass.IN, T.NSEC,
                                                nsec.rdata.to_wire() + octets)
            zone.records = [r for r in zone.records
                            if not (r.name == nsec.name and r.covers(T.NSEC))]
            zone.records.append(make_rrsig([nsec], zone.keys["csk"], zone.apex, NOW - HOUR,
                                           NOW + 30 * DAY))

    return apply


def raw_signature(rdtype, octets):
    """These octets in place of the RRSIG's rdata."""

    def apply(zone, _):
        for one in zone.signatures("@", rdtype):
            covered = one.rdata.type_covered
            one.rdata = Short(octets, covered)

    return apply


class Short(dns.rdata.GenericRdata):
    """RRSIG rdata that is none, filed under what it would have covered."""

    def __init__(self, octets, covered):
        super().__init__(dns.rdataclass.IN, RRSIG, octets)
        object.__setattr__(self, "_covered", covered)

    @property
    def type_covered(self):
        return self._covered

    def covers(self):
        return self._covered


# What wants to be more than text: of the line, of the performance data, of a page, a terminal, a
# shell, a format, or of whoever reads the words.
NASTY = b"|x=1;2'\n[OK]\r\x1b[31m\x07<b>&\"`$(id)%s\\\x00\xc3\xa4\x9b"
NASTY_TEXT = "".join(f"\\{octet:03}" for octet in NASTY)
SCRIPT = "".join(f"\\{ord(c):03}" for c in "<script>alert(1)</script>")
FORGED = "".join(f"\\{ord(c):03}" for c in "\nDNSSEC SIGS OK - all is well | a=1")
