# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Zones made and signed in memory: a hundred of them in a few seconds, with no signer's opinion of
what may be signed."""

import base64
import time
from dataclasses import dataclass, field, replace

import dns.dnssec
import dns.name
import dns.rdata
import dns.rdatatype
from cryptography.hazmat.primitives.asymmetric import ec

from lablib.keys import Key
from lablib.mutate import Site
from lablib.zone import Record, Zone, make_rrsig

T = dns.rdatatype
HOUR, DAY = 3600, 86400
NOW = int(time.time())
TTL = 300


def new_key():
    """A key pair for ECDSAP256SHA256."""
    private = ec.generate_private_key(ec.SECP256R1())
    public = private.public_key().public_numbers()
    octets = public.x.to_bytes(32, "big") + public.y.to_bytes(32, "big")
    secret = base64.b64encode(private.private_numbers().private_value.to_bytes(32, "big"))
    return Key(13, base64.b64encode(octets).decode(), f"PrivateKey: {secret.decode()}\n")


@dataclass(frozen=True)
class Spec:
    """What a zone is made of. `text` are further records, relative to the apex; `ns` the names of
    its servers and `parent_ns` those that the parent gives, where it gives others; `mutate` are
    functions of (zone, site) as the lab's."""

    text: str = ""
    ns: tuple = ()
    parent_ns: tuple = ()
    soa: str = "ns.servers.test. hostmaster.test. 1 7200 3600 604800 300"
    nsec3: tuple | None = None     # iterations, salt in hex or "-"
    start: int = -HOUR             # of the signatures, from now
    end: int = 30 * DAY
    mutate: tuple = ()
    ds: tuple | None = None        # texts at the parent, else that of the key
    signed: bool = True
    base: bool = True
    trap_keys: tuple = ()          # for ds="all": a DS for each
    children: list = field(default_factory=list)   # (apex, ns names, DS texts)


USUAL = ("@ A 198.51.100.80\n@ MX 10 mail\n@ TXT \"v=spf1 -all\"\nwww A 198.51.100.80\n"
         "mail A 198.51.100.81\n")


def record(apex, owner, kind, text, ttl=TTL):
    rdata = dns.rdata.from_text("IN", kind, text, origin=apex, relativize=False)
    name = apex if owner == "@" else dns.name.from_text(owner, apex)
    return Record(name, ttl, rdata)


def plain_records(apex, spec, key):
    records = [record(apex, "@", "SOA", spec.soa)]
    records += [record(apex, "@", "NS", name) for name in spec.ns]
    for line in ((USUAL if spec.base else "") + spec.text).splitlines():
        if line.strip():
            owner, kind, text = line.split(None, 2)
            records.append(record(apex, owner, kind, text))
    for child, servers, digests in spec.children:
        records += [record(apex, child, "NS", name) for name in servers]
        records += [record(apex, child, "DS", text) for text in digests]
    if spec.signed:
        records.append(Record(apex, TTL, key.dnskey()))
        if spec.nsec3:
            records.append(record(apex, "@", "NSEC3PARAM", f"1 0 {spec.nsec3[0]} {spec.nsec3[1]}"))
    return records


class Chain:
    """Which names are the zone's own, and the types at each."""

    def __init__(self, apex, records):
        cuts = {r.name for r in records if r.type == T.NS and r.name != apex}
        self.cuts = cuts
        self.types = {}
        for one in records:
            above = any(one.name.is_subdomain(cut) and one.name != cut for cut in cuts)
            glue = one.name in cuts and one.type not in (T.NS, T.DS)
            if not above and not glue:
                self.types.setdefault(one.name, set()).add(one.type)

    def is_signed(self, name, rdtype):
        return rdtype in self.types.get(name, ()) and (name not in self.cuts or rdtype == T.DS)

    def nsec(self, apex):
        names = sorted(self.types)
        for at, name in enumerate(names):
            bits = " ".join(T.to_text(t) for t in sorted(self.types[name] | {T.NSEC, T.RRSIG}))
            follow = names[(at + 1) % len(names)].to_text()
            yield record(apex, name.to_text(), "NSEC", f"{follow} {bits}")

    def nsec3(self, apex, iterations, salt):
        types = dict(self.types)
        for name in list(types):
            while name != apex:
                name = name.parent()
                types.setdefault(name, set())
        octets = b"" if salt == "-" else bytes.fromhex(salt)
        hashed = sorted((dns.dnssec.nsec3_hash(name, octets, iterations, 1), kinds, name)
                        for name, kinds in types.items())
        for at, (label, kinds, name) in enumerate(hashed):
            insecure = not kinds or (name in self.cuts and T.DS not in kinds)
            bits = " ".join(T.to_text(t) for t in sorted(kinds | (set() if insecure else {T.RRSIG})))
            follow = hashed[(at + 1) % len(hashed)][0]
            yield record(apex, label, "NSEC3", f"1 0 {iterations} {salt} {follow} {bits}")


def build(apex, spec, key):
    """The signed zone."""
    records = plain_records(apex, spec, key)
    zone = Zone(apex, records, {"csk": key})
    if spec.signed:
        chain = Chain(apex, records)
        made = list(chain.nsec3(apex, *spec.nsec3) if spec.nsec3 else chain.nsec(apex))
        sets = {}
        for one in records + made:
            if one in made or chain.is_signed(one.name, one.type):
                sets.setdefault((one.name, one.type), []).append(one)
        records += made
        records += [make_rrsig(members, key, apex, NOW + spec.start, NOW + spec.end)
                    for members in sets.values()]
    site = Site(NOW, apex, {"csk": key})
    for change in spec.mutate:
        change(zone, site)
    return zone


def ds_texts(apex, spec, key):
    if spec.ds is not None:
        return list(spec.ds)
    return [key.ds(apex)] if spec.signed else []


def with_more(spec, **more):
    return replace(spec, **more)
