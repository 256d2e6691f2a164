# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Faults, put into a zone after it was signed. Each function here returns a mutation:
a function of (zone, site), where the site knows the moment of the build and the case's own name,
so that a case can also put a fault into its parent. `@` there is still the case's apex."""

import base64
from dataclasses import dataclass, replace

import dns.dnssec
import dns.name
import dns.rdata
import dns.rdatatype

from .case import DAY, HOUR
from .keys import Key
from .zone import DNSSEC_TYPES, RRSIG, Record, make_rrsig, type_of

REQUEST_TYPES = (dns.rdatatype.CDS, dns.rdatatype.CDNSKEY)


@dataclass(frozen=True)
class Site:
    """Where and when a mutation happens."""

    now: int
    origin: dns.name.Name  # of the case; in its parent's text too
    keys: dict             # of the case

    def name(self, text):
        if text == "@":
            return self.origin
        return dns.name.from_text(text, self.origin)


def _signers(zone, key, records):
    """The keys meant: one by role, a key itself, or those whose signatures are there now."""
    if key is None:
        tags = {s.rdata.key_tag for s in zone.signatures(records[0].name, records[0].type)}
        found = [k for k in zone.keys.values() if k.tag in tags]
        return found or [next(iter(zone.keys.values()))]
    return [zone.keys[key] if isinstance(key, str) else key]


def resign(name, rdtype, start=-HOUR, end=30 * DAY, key=None, add=False, corrupt=False, change=None,
           **forged):
    """New signatures over an RRset; `forged` are RRSIG fields that are signed as they stand,
    `change` are fields changed after signing."""

    def apply(zone, site):
        records = zone.find(site.name(name), rdtype)
        if not records:
            raise ValueError(f"{zone.apex}: no {name} {rdtype} to sign")
        fields = dict(forged)
        named = site.name(fields.pop("signer")) if "signer" in fields else zone.apex
        new = [make_rrsig(records, signer, named, site.now + start, site.now + end, **fields)
               for signer in _signers(zone, key, records)]
        if not add and zone.signatures(site.name(name), rdtype):
            drop_rrsig(name, rdtype)(zone, site)
        for record in new:
            if corrupt:
                record.rdata = _flip(record.rdata)
            if change:
                record.rdata = record.rdata.replace(**change)
        zone.records += new

    return apply


def resign_all(start=-HOUR, end=30 * DAY, only=None, key=None, skip=()):
    """New times for every signature of the zone (or for the types in `only`)."""

    def apply(zone, site):
        sets = {(r.name, r.rdata.type_covered) for r in zone.records if r.type == RRSIG}
        for owner, covered in sorted(sets):
            if only and dns.rdatatype.to_text(covered) not in only:
                continue
            if dns.rdatatype.to_text(covered) in skip:
                continue
            resign(owner.to_text(), covered, start, end, key)(zone, site)

    return apply


def _flip(rdata):
    signature = bytearray(rdata.signature)
    signature[len(signature) // 2] ^= 0x10
    return rdata.replace(signature=bytes(signature))


def corrupt_rrsig(name, rdtype):
    """One bit of the signature is wrong."""
    return change_rrsig(name, rdtype, _flip)


def change_rrsig(name, rdtype, change):
    """`change` maps the RRSIG RDATA to another."""

    def apply(zone, site):
        found = zone.signatures(site.name(name), rdtype)
        if not found:
            raise ValueError(f"{zone.apex}: no RRSIG for {name} {rdtype}")
        for record in found:
            record.rdata = change(record.rdata)

    return apply


def cut_signature(octets):
    return lambda rdata: rdata.replace(signature=rdata.signature[:-octets])


def drop_rrsig(name, rdtype):
    def apply(zone, site):
        owner, wanted = site.name(name), type_of(rdtype)
        zone.remove(lambda r: r.covers(wanted) and r.name == owner)

    return apply


def drop_rrsigs(types):
    """No signature over these types anywhere."""

    def apply(zone, _):
        wanted = [type_of(t) for t in types]
        zone.remove(lambda r: r.type == RRSIG and r.rdata.type_covered in wanted)

    return apply


def drop_all_rrsigs():
    def apply(zone, _):
        zone.remove(lambda r: r.type == RRSIG)

    return apply


def unsign():
    """Nothing of DNSSEC stays: the zone moved to a host that does not sign. Below the apex CDS and
    CDNSKEY are other zones' (RFC 9615)."""

    def apply(zone, _):
        zone.remove(lambda r: r.type in DNSSEC_TYPES
                    and (r.name == zone.apex or r.type not in REQUEST_TYPES))

    return apply


def drop(name, rdtype):
    """An RRset and its signatures go."""

    def apply(zone, site):
        owner, wanted = site.name(name), type_of(rdtype)
        zone.remove(lambda r: r.name == owner and (r.type == wanted or r.covers(wanted)))

    return apply


def drop_name(name):
    """All of a name goes, its NSEC too."""

    def apply(zone, site):
        owner = site.name(name)
        zone.remove(lambda r: r.name == owner)

    return apply


def add(name, rdtype, text, ttl=300, key=None, sign=True, **times):
    """A further record, signed if the zone has keys for it."""

    def apply(zone, site):
        zone.add(site.name(name), ttl, rdtype, text)
        if sign:
            resign(name, rdtype, key=key, **times)(zone, site)

    return apply


def replace_rrset(name, rdtype, texts, ttl=300, key=None, keep_rrsig=False, keep=False):
    """Other data, or further data with `keep`; with `keep_rrsig` the signatures stay those of the
    data that was there."""

    def apply(zone, site):
        owner, wanted = site.name(name), type_of(rdtype)
        signers = _signers(zone, key, zone.find(owner, rdtype))
        if not keep:
            zone.remove(lambda r: r.name == owner and r.type == wanted)
        for text in texts:
            zone.add(owner, ttl, rdtype, text)
        if not keep_rrsig:
            for index, signer in enumerate(signers):
                resign(name, rdtype, key=signer, add=index > 0)(zone, site)

    return apply


def edit(name, rdtype, change, sign=True, **signing):
    """`change` maps each RDATA of the RRset to another."""

    def apply(zone, site):
        for record in zone.find(site.name(name), rdtype):
            record.rdata = change(record.rdata)
        if sign:
            resign(name, rdtype, **signing)(zone, site)

    return apply


def short_ds(octets, **signing):
    """The DS lacks the last octets of its digest; written as of an unknown type (RFC 3597), since no
    tool would take it otherwise."""

    def apply(zone, site):
        for record in zone.find(site.name("@"), "DS"):
            cut = record.rdata.to_wire()[:-octets]
            record.rdata = dns.rdata.GenericRdata(record.rdata.rdclass, record.rdata.rdtype, cut)
        resign("@", "DS", **signing)(zone, site)

    return apply


def older_serial(by, **signing):
    """The version of the zone that came `by` seconds before."""
    return edit("@", "SOA", lambda rdata: rdata.replace(serial=rdata.serial - by), **signing)


def set_ttl(name, rdtype, ttl, signatures=True):
    """Another TTL than the one that was signed."""

    def apply(zone, site):
        for record in zone.find(site.name(name), rdtype):
            record.ttl = ttl
        if signatures:
            for record in zone.signatures(site.name(name), rdtype):
                record.ttl = ttl

    return apply


def set_rrsig_ttl(name, rdtype, ttl):
    def apply(zone, site):
        for record in zone.signatures(site.name(name), rdtype):
            record.ttl = ttl

    return apply


def _bitmap_text(rdata, add_types, remove_types):
    kind = rdata.rdtype
    words = rdata.to_text().split()
    fixed, types = (words[:1], words[1:]) if kind == dns.rdatatype.NSEC else (words[:5], words[5:])
    types = [t for t in types if t not in remove_types] + list(add_types)
    return dns.rdata.from_text("IN", kind, " ".join(fixed + types), relativize=False)


def bitmap(name, more=(), less=(), nsec3=False):
    """Another type list, validly signed."""

    def apply(zone, site):
        owner = zone.nsec3(site.name(name)).name if nsec3 else site.name(name)
        kind = "NSEC3" if nsec3 else "NSEC"
        edit(owner.to_text(), kind, lambda rdata: _bitmap_text(rdata, more, less))(zone, site)

    return apply


def nsec_next(name, target):
    """The NSEC at `name` leads to `target`."""

    def apply(zone, site):
        goal = site.name(target)
        edit(name, "NSEC", lambda rdata: rdata.replace(next=goal))(zone, site)

    return apply


def second_nsec(name, target):
    """One more NSEC at `name`, which leads to `target`; both are signed together."""

    def apply(zone, site):
        first = zone.find(site.name(name), "NSEC")[0]
        second = first.rdata.replace(next=site.name(target))
        replace_rrset(name, "NSEC", [second.to_text()], ttl=first.ttl, keep=True)(zone, site)

    return apply


def second_nsec3(name):
    """One more NSEC3 at the hash of `name`, which leads to the hash before the next."""

    def apply(zone, site):
        first = zone.nsec3(site.name(name))
        short = int.from_bytes(first.rdata.next, "big") - 1
        second = first.rdata.replace(next=short.to_bytes(20, "big"))
        replace_rrset(first.name.to_text(), "NSEC3", [second.to_text()], ttl=first.ttl,
                      keep=True)(zone, site)

    return apply


def drop_nsec3(name):
    """The NSEC3 of `name` goes, and the one before it leads to the one behind it: the chain of a
    signer that did not know the name."""

    def apply(zone, site):
        gone = zone.nsec3(site.name(name))
        nsec3 = sorted({r.name for r in zone.records if r.type == dns.rdatatype.NSEC3})
        before = nsec3[nsec3.index(gone.name) - 1]
        goal = gone.rdata.next
        zone.remove(lambda r: r.name == gone.name)
        edit(before.to_text(), "NSEC3", lambda rdata: rdata.replace(next=goal))(zone, site)

    return apply


def shown_nsec3(name):
    """The empty non-terminal `name` has an NSEC3 that the opt-out chain leads past."""

    def apply(zone, site):
        chain = [r for r in zone.records if r.type == dns.rdatatype.NSEC3]
        parameters = zone.find("@", "NSEC3PARAM")[0].rdata
        owner = dns.dnssec.nsec3_hash(zone.name(name), parameters.salt, parameters.iterations, 1)
        labels = sorted(r.name.labels[0].decode().upper() for r in chain)
        behind = next((label for label in labels if label > owner), labels[0])
        zone.add(owner, chain[0].ttl, "NSEC3", f"1 1 {parameters.iterations} - {behind}")
        for index, signer in enumerate(_signers(zone, None, zone.find("@", "SOA"))):
            resign(owner, "NSEC3", key=signer, add=index > 0)(zone, site)

    return apply


def move_nsec3(label):
    """Every NSEC3 stands below that label instead of right below the apex."""

    def apply(zone, site):
        below = site.name(label)
        owners = {r.name for r in zone.records if r.type == dns.rdatatype.NSEC3}
        signers = _signers(zone, None, zone.find("@", "SOA"))
        zone.remove(lambda r: r.name in owners and r.type == RRSIG)
        for record in zone.records:
            if record.name in owners:
                record.name = record.name.relativize(zone.apex).concatenate(below)
        for owner in owners:
            moved = owner.relativize(zone.apex).concatenate(below).to_text()
            for index, signer in enumerate(signers):
                resign(moved, "NSEC3", key=signer, add=index > 0)(zone, site)

    return apply


def on_nsec3(name, mutation):
    """`mutation(owner, "NSEC3")` for the NSEC3 record that matches `name`."""

    def apply(zone, site):
        owner = zone.nsec3(site.name(name)).name.to_text()
        mutation(owner, "NSEC3")(zone, site)

    return apply


def no_optout():
    """Every NSEC3 loses its opt-out flag."""

    def apply(zone, site):
        for owner in {r.name for r in zone.records if r.type == dns.rdatatype.NSEC3}:
            edit(owner.to_text(), "NSEC3", lambda rdata: rdata.replace(flags=0))(zone, site)

    return apply


def add_key(flags, material, cut=0, algorithm=None, sign=True, key=None):
    """One more DNSKEY, "extra"; `material` names the role whose pair it takes, `cut` octets of the
    public key get lost, `algorithm` is what it claims to be of."""

    def apply(zone, site):
        whole = zone.keys[material]
        public = base64.b64decode(whole.public)
        short = base64.b64encode(public[:len(public) - cut]).decode()
        zone.keys["extra"] = replace(whole, public=short, flags=flags,
                                     algorithm=algorithm or whole.algorithm)
        zone.add(zone.apex, zone.find("@", "DNSKEY")[0].ttl, "DNSKEY",
                 zone.keys["extra"].dnskey().to_text())
        if sign:
            resign("@", "DNSKEY", key=key)(zone, site)

    return apply


def publish(role):
    """The key of that role joins the DNSKEY RRset, which is signed anew."""

    def apply(zone, site):
        zone.add(zone.apex, zone.find("@", "DNSKEY")[0].ttl, "DNSKEY",
                 zone.keys[role].dnskey().to_text())
        resign("@", "DNSKEY")(zone, site)

    return apply


def only_key(role):
    """The whole zone as it is with that key alone: before or after a roll."""

    def apply(zone, site):
        replace_rrset("@", "DNSKEY", [zone.keys[role].dnskey().to_text()])(zone, site)
        resign_all(key=role)(zone, site)

    return apply


def withdraw(role, sign=True):
    """The key of that role leaves the DNSKEY RRset."""

    def apply(zone, site):
        gone = zone.keys[role].dnskey()
        zone.remove(lambda r: r.rdata == gone)
        if sign:
            resign("@", "DNSKEY")(zone, site)

    return apply


def copy_rrsig(source, target, rdtype):
    """A signature hung on another owner."""

    def apply(zone, site):
        for record in zone.signatures(site.name(source), rdtype):
            zone.records.append(Record(site.name(target), record.ttl, record.rdata))

    return apply


def twin_of(key, algorithm, number):
    """Another public key with the same tag: the tag is a sum of 16-bit words (RFC 4034 B)."""
    if algorithm == key.algorithm:
        public = bytearray(base64.b64decode(key.public))
        end = len(public) - 2 * number - 2   # two words change places
        public[end - 20:end - 18], public[end:end + 2] = (public[end:end + 2],
                                                          public[end - 20:end - 18])
        return replace(key, public=base64.b64encode(bytes(public)).decode())
    for tail in range(65536):
        public = base64.b64encode(b"\x55" * 30 + tail.to_bytes(2, "big")).decode()
        twin = Key(algorithm, public, "", key.flags)
        if twin.tag == key.tag:
            return twin
    raise ValueError("no twin")


def same_tag_key(role, algorithm, count=1):
    """Further DNSKEYs with the tag of the key of `role`."""

    def apply(zone, site):
        for number in range(count):
            twin = twin_of(zone.keys[role], algorithm, number)
            if twin.tag != zone.keys[role].tag:
                raise ValueError("the twin has another tag")
            zone.add(zone.apex, 300, "DNSKEY", twin.dnskey().to_text())
        resign("@", "DNSKEY")(zone, site)

    return apply


def private_algorithm(number=253):
    """Keys and signatures claim an algorithm that nobody knows."""

    def apply(zone, _):
        for record in zone.records:
            if record.type in (dns.rdatatype.DNSKEY, RRSIG):
                record.rdata = record.rdata.replace(algorithm=number)

    return apply


def also_by(role, skip=("DNSKEY",)):
    """A second signature, by the key of that role, beside each that is there."""

    def apply(zone, site):
        sets = {(r.name, r.rdata.type_covered) for r in zone.records if r.type == RRSIG}
        for owner, covered in sorted(sets):
            if dns.rdatatype.to_text(covered) not in skip:
                resign(owner.to_text(), covered, key=role, add=True)(zone, site)

    return apply


def bare_key(public, algorithm=15, flags=256, protocol=3):
    """A DNSKEY of these octets, which sign nothing."""

    def apply(zone, site):
        text = f"{flags} {protocol} {algorithm} {base64.b64encode(public).decode()}"
        zone.add(zone.apex, zone.find("@", "DNSKEY")[0].ttl, "DNSKEY", text)
        resign("@", "DNSKEY")(zone, site)

    return apply


def rsa_octets(bits, exponent=b"\x01\x00\x01", modulus=None, pad=b""):
    """The key field of an RSA key (RFC 3110 2) with some odd modulus."""
    if modulus is None:
        modulus = int.from_bytes(b"\xc5" * (bits // 8), "big") | 1 << (bits - 1) | 1
    return (bytes([len(exponent)]) + exponent + pad
            + modulus.to_bytes((modulus.bit_length() + 7) // 8, "big"))


def key_with_tag_of_revoked(role):
    """A further key that has the tag which the key of `role` gets when it is revoked."""

    def apply(zone, site):
        own = zone.keys[role]
        wanted = own.with_flags(own.flags | 0x80).tag
        for tail in range(65536):
            octets = b"\x55" * 30 + tail.to_bytes(2, "big")
            key = Key(own.algorithm, base64.b64encode(octets).decode(), "", 256)
            if key.tag == wanted:
                return bare_key(octets, own.algorithm)(zone, site)
        raise ValueError("no such key")

    return apply


def as_algorithm(role, number):
    """Key and signatures of that role claim another algorithm of the same arithmetic."""

    def apply(zone, site):
        zone.keys[role] = replace(zone.keys[role], algorithm=number)
        replace_rrset("@", "DNSKEY", [zone.keys[role].dnskey().to_text()], key=role)(zone, site)
        resign_all(key=role)(zone, site)

    return apply
