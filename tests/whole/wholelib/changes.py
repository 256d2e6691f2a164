# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Changes to a signed zone beside those of the lab: functions of (zone, site), as there."""

import hashlib

import dns.dnssec
import dns.name
import dns.rdata
import dns.rdatatype

from lablib import mutate
from lablib.case import DAY, HOUR
from lablib.zone import RRSIG, Record, make_rrsig, type_of

NSEC, NSEC3 = dns.rdatatype.NSEC, dns.rdatatype.NSEC3
_HASHES = {1: hashlib.sha384, 2: hashlib.sha512}


def signer(zone):
    return zone.keys.get("zsk") or zone.keys["ksk"]


def put_signature(owner, rdtype, key=None, **forged):
    """One more signature over that RRset, also where none belongs."""

    def apply(zone, site):
        records = zone.find(site.name(owner), rdtype)
        zone.records.append(make_rrsig(records, key or signer(zone), zone.apex, site.now - HOUR,
                                       site.now + 30 * DAY, **forged))

    return apply


def sign_again(key, skip=()):
    """A further signature by `key` beside each that is there."""

    def apply(zone, site):
        sets = {(r.name, r.rdata.type_covered) for r in zone.records if r.type == RRSIG}
        for owner, covered in sorted(sets):
            if dns.rdatatype.to_text(covered) not in skip:
                mutate.resign(owner.to_text(), covered, key=key, add=True)(zone, site)

    return apply


def sign_rrsigs(owner):
    """The RRSIG RRset of that owner is itself signed."""

    def apply(zone, site):
        records = [r for r in zone.records if r.type == RRSIG and r.name == site.name(owner)]
        zone.records.append(make_rrsig(records, signer(zone), zone.apex, site.now - HOUR,
                                       site.now + 30 * DAY))

    return apply


def _signature_of_absent(zone, site, owner, rdtype, text):
    zone.add(site.name(owner), 300, rdtype, text)
    put_signature(owner, rdtype)(zone, site)
    zone.remove(lambda r: r.name == site.name(owner) and r.type == type_of(rdtype))


def signature_of_absent(owner, rdtype, text):
    """A signature that stayed when its RRset went."""
    return lambda zone, site: _signature_of_absent(zone, site, owner, rdtype, text)


def twice(owner, rdtype):
    def apply(zone, site):
        zone.records += [Record(r.name, r.ttl, r.rdata) for r in zone.find(site.name(owner), rdtype)]

    return apply


def _upper(name):
    return dns.name.from_text(name.to_text().upper())


def upper_owner(owner):
    """Half of its records: the owner is the same in any case."""

    def apply(zone, site):
        for record in [r for r in zone.records if r.name == site.name(owner)][::2]:
            record.name = _upper(record.name)

    return apply


def upper_data(owner, rdtype):
    def apply(zone, site):
        for record in zone.find(site.name(owner), rdtype):
            record.rdata = record.rdata.replace(exchange=_upper(record.rdata.exchange))

    return apply


def upper_next():
    """Signed as it stands."""

    def apply(zone, site):
        for record in [r for r in zone.records if r.type == NSEC]:
            goal = _upper(record.rdata.next)
            record.rdata = record.rdata.replace(next=goal)
            sign_case_kept(record.name, zone, site)

    return apply


def sign_case_kept(owner, zone, site):
    """The library lowers the case of NSEC's next name, which RFC 6840 5.1 forbids."""
    record = zone.find(owner, NSEC)[0]
    generic = dns.rdata.GenericRdata(record.rdata.rdclass, NSEC, record.rdata.to_wire())
    plain = Record(record.name, record.ttl, generic)
    zone.remove(lambda r: r.name == owner and r.covers(NSEC))
    zone.records.append(make_rrsig([plain], signer(zone), zone.apex, site.now - HOUR,
                                   site.now + 30 * DAY))


def optout_everywhere():
    def apply(zone, site):
        for record in [r for r in zone.records if r.type == NSEC3]:
            record.rdata = record.rdata.replace(flags=1)
            mutate.resign(record.name.to_text(), "NSEC3")(zone, site)

    return apply


def ttl_signed(owner, rdtype, ttl):
    """Another TTL, signed so."""

    def apply(zone, site):
        for record in zone.find(site.name(owner), rdtype):
            record.ttl = ttl
        mutate.resign(owner, rdtype)(zone, site)

    return apply


def one_ttl(owner, rdtype, ttl):
    """One record of the RRset has another TTL."""
    return lambda zone, site: setattr(zone.find(site.name(owner), rdtype)[0], "ttl", ttl)


def _put(zone, site, owner, rdtype, texts):
    for text in texts:
        zone.add(site.name(owner), 300, rdtype, text)
    # RFC 7344 4.1 wants CDS and CDNSKEY signed by a key that DS stand for.
    key = zone.keys["ksk"] if rdtype in ("CDS", "CDNSKEY") else signer(zone)
    mutate.resign(owner, rdtype, key=key)(zone, site)
    mutate.bitmap(owner, more=(rdtype,))(zone, site)


def put(owner, rdtype, *texts):
    """A further RRset, signed and listed in the owner's NSEC."""
    return lambda zone, site: _put(zone, site, owner, rdtype, texts)


def more(owner, rdtype, *texts):
    """Further data in an RRset, signed with it."""
    return mutate.replace_rrset(owner, rdtype, texts, keep=True)


def cut(owner, rdtype):
    """An RRset goes, also from its owner's NSEC."""

    def apply(zone, site):
        mutate.drop(owner, rdtype)(zone, site)
        mutate.bitmap(owner, less=(rdtype,))(zone, site)

    return apply


def outside(owner, rdtype, text):
    def apply(zone, site):
        zone.records.append(Record(dns.name.from_text(owner), 300, dns.rdata.from_text(
            "IN", rdtype, text, origin=zone.apex, relativize=False)))

    return apply


def cds(change=lambda text: text, only=None):
    """CDS and CDNSKEY of the key-signing key; `change` maps the CDS."""

    def apply(zone, site):
        key = zone.keys["ksk"]
        if only != "CDNSKEY":
            _put(zone, site, "@", "CDS", [change(key.ds(zone.apex))])
        if only != "CDS":
            _put(zone, site, "@", "CDNSKEY", [key.dnskey().to_text()])

    return apply


def _digest(zone, number):
    """RFC 8976 3.3, SIMPLE."""
    wire = {}
    for r in zone.records:
        if r.name.is_subdomain(zone.apex) and not (
                r.name == zone.apex and (r.type == dns.rdatatype.ZONEMD
                                         or r.covers(dns.rdatatype.ZONEMD))):
            body = r.rdata.to_digestable()
            wire[(r.name, int(r.type), body)] = (
                r.name.to_digestable() + int(r.type).to_bytes(2, "big") + b"\x00\x01"
                + r.ttl.to_bytes(4, "big") + len(body).to_bytes(2, "big") + body)
    return _HASHES[number](b"".join(wire[key] for key in sorted(wire))).hexdigest()


def zonemd(*hashes, serial=0, change=lambda digest: digest, again=False):
    """ZONEMD records; `serial` is added to the zone's, `change` maps the digests. The signatures
    that the digest covers come before it, so the type lists are set first."""

    def apply(zone, site):
        number = zone.find("@", "SOA")[0].rdata.serial + serial
        zone.records = [r for r in zone.records if not (
            r.type == dns.rdatatype.ZONEMD or r.covers(dns.rdatatype.ZONEMD))]
        if "ZONEMD" not in zone.find("@", "NSEC")[0].rdata.to_text():
            mutate.bitmap("@", more=("ZONEMD",))(zone, site)
        for kind in hashes:
            zone.add("@", 300, "ZONEMD", f"{number} 1 {kind} {change(_digest(zone, kind))}")
        if again:
            zone.add("@", 300, "ZONEMD", f"{number} 1 {hashes[0]} {'00' * 48}")
        mutate.resign("@", "ZONEMD", key=signer(zone))(zone, site)

    return apply


def nsec_at(owner, text):
    """An NSEC record where none belongs, signed."""

    def apply(zone, site):
        zone.add(site.name(owner), 300, "NSEC", text)
        mutate.resign(owner, "NSEC", key=signer(zone))(zone, site)

    return apply


def orphan_nsec():
    """A name that has nothing but its NSEC, in the right place of the chain."""

    def apply(zone, site):
        before = zone.find("www", NSEC)[0]
        after = before.rdata.next
        zone.add("wwx", 300, "NSEC", f"{after} RRSIG NSEC")
        mutate.resign("wwx", "NSEC", key=signer(zone))(zone, site)
        mutate.nsec_next("www", "wwx")(zone, site)

    return apply


def hash_of(zone, name):
    parameters = zone.find("@", "NSEC3PARAM")[0].rdata
    return dns.dnssec.nsec3_hash(zone.name(name), parameters.salt, parameters.iterations, 1)


def orphan_nsec3(name, types=""):
    """An NSEC3 of a name that is not there, in the right place of the ring."""

    def apply(zone, site):
        owner = hash_of(zone, name)
        chain = sorted((r for r in zone.records if r.type == NSEC3), key=lambda r: r.name)
        before = [r for r in chain if r.name.labels[0].decode().upper() < owner]
        before = (before or chain)[-1]
        after = before.rdata.to_text().split()[4]
        flags = before.rdata.flags
        zone.add(owner, before.ttl, "NSEC3", f"1 {flags} 0 - {after} {types}")
        mutate.resign(owner, "NSEC3", key=signer(zone))(zone, site)
        text = f"1 {flags} 0 - {owner} " + " ".join(before.rdata.to_text().split()[5:])
        mutate.replace_rrset(before.name.to_text(), "NSEC3", [text])(zone, site)

    return apply


def gap(name):
    """The NSEC3 of a name goes, and nothing leads past."""

    def apply(zone, site):
        owner = zone.nsec3(site.name(name)).name
        zone.remove(lambda r: r.name == owner)

    return apply


def nsec3_fields(name, **fields):
    """Other fields of one NSEC3, signed so."""
    return mutate.on_nsec3(name, lambda owner, kind: mutate.edit(
        owner, kind, lambda rdata: rdata.replace(**fields)))


def all_nsec3(**fields):
    def apply(zone, site):
        for owner in {r.name for r in zone.records if r.type == NSEC3}:
            mutate.edit(owner.to_text(), "NSEC3", lambda rdata: rdata.replace(**fields))(zone, site)

    return apply


def move_owner(name, label):
    """The NSEC3 of a name stands under another label."""

    def apply(zone, site):
        owner = zone.nsec3(site.name(name)).name
        zone.remove(lambda r: r.name == owner and r.type == RRSIG)
        for record in zone.records:
            if record.name == owner:
                record.name = zone.name(label)
        mutate.resign(label, "NSEC3", key=signer(zone))(zone, site)

    return apply


def flags_of(role, flags):
    """The key of that role gets other flags; what it signs is signed anew, the keys by the KSK."""

    def apply(zone, site):
        old = zone.keys[role]
        key = old.with_flags(flags)
        zone.keys[role] = key
        sets = sorted({(r.name, r.rdata.type_covered) for r in zone.records
                       if r.type == RRSIG and r.rdata.key_tag == old.tag})
        texts = [key.dnskey().to_text() if r.rdata == old.dnskey() else r.rdata.to_text()
                 for r in zone.find("@", "DNSKEY")]
        mutate.replace_rrset("@", "DNSKEY", texts, key="ksk")(zone, site)
        for owner, covered in sets:
            if covered != dns.rdatatype.DNSKEY:
                mutate.resign(owner.to_text(), covered, key=key)(zone, site)

    return apply


def drop_algorithm(owner, rdtype, algorithm):
    """The signatures of one algorithm over an RRset go."""

    def apply(zone, site):
        name, covered = site.name(owner), type_of(rdtype)
        zone.remove(lambda r: r.name == name and r.covers(covered)
                    and r.rdata.algorithm == algorithm)

    return apply


def publish_key(key):
    """One more DNSKEY, signed with the others."""

    def apply(zone, site):
        zone.add("@", 300, "DNSKEY", key.dnskey().to_text())
        mutate.resign("@", "DNSKEY", key="ksk")(zone, site)

    return apply


def loose_nsec3():
    """An NSEC3 record in a zone with NSEC."""

    def apply(zone, site):
        owner = dns.dnssec.nsec3_hash(zone.apex, "", 0, 1)
        zone.add(owner, 300, "NSEC3", f"1 1 0 - {owner} SOA NS RRSIG DNSKEY")
        mutate.resign(owner, "NSEC3", key=signer(zone))(zone, site)

    return apply


def param_bit_gone():
    """The apex's NSEC3 does not list NSEC3PARAM."""

    def apply(zone, site):
        owner = next(r.name for r in zone.records if r.type == NSEC3
                     and "NSEC3PARAM" in r.rdata.to_text())
        mutate.edit(owner.to_text(), "NSEC3", lambda rdata: dns.rdata.from_text(
            "IN", "NSEC3", rdata.to_text().replace(" NSEC3PARAM", ""), relativize=False))(zone, site)

    return apply


def short_ds(owner, octets):
    """The DS lacks the end of its digest: no tool's own text form would take it."""

    def apply(zone, site):
        for record in zone.find(site.name(owner), "DS"):
            record.rdata = dns.rdata.GenericRdata(record.rdata.rdclass, record.rdata.rdtype,
                                                  record.rdata.to_wire()[:-octets])
        mutate.resign(owner, "DS")(zone, site)

    return apply
