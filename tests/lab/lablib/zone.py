# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""A signed zone as a list of records that faults can be put into, and signing with BIND's and
ldns' tools."""

import os
import subprocess
import time
from dataclasses import dataclass

import dns.dnssec
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.RRSIG as rrsig_module

DNSSEC_TYPES = {dns.rdatatype.from_text(t) for t in
                ("RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY", "CDS", "CDNSKEY")}
RRSIG = dns.rdatatype.RRSIG


@dataclass
class Record:
    """One record of a zone file."""

    name: dns.name.Name
    ttl: int
    rdata: dns.rdata.Rdata

    @property
    def type(self):
        return self.rdata.rdtype

    def covers(self, rdtype):
        return self.type == RRSIG and self.rdata.type_covered == rdtype

    def to_text(self):
        kind = dns.rdatatype.to_text(self.type)
        return f"{self.name} {self.ttl} IN {kind} {self.rdata.to_text()}"


def type_of(text):
    return dns.rdatatype.from_text(text) if isinstance(text, str) else text


class Zone:
    """Records by hand. Names may be given relative to the apex, `@` is the apex."""

    def __init__(self, apex, records, keys):
        self.apex = dns.name.from_text(apex) if isinstance(apex, str) else apex
        self.records = records
        self.keys = keys

    def name(self, text):
        if isinstance(text, dns.name.Name):
            return text
        return self.apex if text == "@" else dns.name.from_text(text, self.apex)

    def find(self, name, rdtype):
        name, rdtype = self.name(name), type_of(rdtype)
        return [r for r in self.records if r.type == rdtype and r.name == name]

    def signatures(self, name, rdtype):
        name, rdtype = self.name(name), type_of(rdtype)
        return [r for r in self.records if r.covers(rdtype) and r.name == name]

    def remove(self, wrong):
        """Removes the records that `wrong` says yes to; there must be one."""
        kept = [r for r in self.records if not wrong(r)]
        if len(kept) == len(self.records):
            raise ValueError(f"{self.apex}: nothing to remove")
        self.records = kept

    def add(self, name, ttl, kind, text):
        rdata = dns.rdata.from_text("IN", kind, text, origin=self.apex, relativize=False)
        self.records.append(Record(self.name(name), ttl, rdata))

    def nsec3(self, name):
        """The NSEC3 record that matches a name."""
        parameters = self.find("@", "NSEC3PARAM")[0].rdata
        wanted = dns.dnssec.nsec3_hash(self.name(name), parameters.salt, parameters.iterations, 1)
        owner = dns.name.from_text(wanted, self.apex)
        return next(r for r in self.records if r.type == dns.rdatatype.NSEC3 and r.name == owner)

    def to_text(self):
        soa = [r for r in self.records if r.type == dns.rdatatype.SOA]
        rest = [r for r in self.records if r.type != dns.rdatatype.SOA]
        return "".join(r.to_text() + "\n" for r in soa + rest)


def signed_data(records, rrsig):
    """What a signature signs: RFC 4034 3.1.8.1."""
    owner = records[0].name
    if rrsig.labels < len(owner) - 1 - owner.is_wild():
        suffix = owner.split(rrsig.labels + 1)[1]
        owner = dns.name.Name((b"*",)).concatenate(suffix)
    head = rrsig.to_wire(origin=None)[:18] + rrsig.signer.to_digestable()
    bodies = sorted({r.rdata.to_digestable() for r in records})
    prefix = owner.to_digestable() + int(records[0].type).to_bytes(2, "big") + b"\x00\x01"
    prefix += rrsig.original_ttl.to_bytes(4, "big")
    return head + b"".join(prefix + len(b).to_bytes(2, "big") + b for b in bodies)


def make_rrsig(records, key, signer, inception, expiration, **forged):
    """An RRSIG record over `records`. `forged` overrides fields: they are signed as forged."""
    first = records[0]
    fields = {
        "type_covered": first.type, "algorithm": key.algorithm,
        "labels": len(first.name) - 1 - first.name.is_wild(), "original_ttl": first.ttl,
        "expiration": expiration & 0xFFFFFFFF, "inception": inception & 0xFFFFFFFF,
        "key_tag": key.tag, "signer": signer, **forged}
    values = [dns.rdataclass.IN, RRSIG] + [fields[f] for f in (
        "type_covered", "algorithm", "labels", "original_ttl", "expiration", "inception",
        "key_tag", "signer")]
    blank = rrsig_module.RRSIG(*values, b"\x00" * 64)
    signature = key.sign(signed_data(records, blank))
    return Record(first.name, first.ttl, blank.replace(signature=signature))


def parse(text):
    """Records of `dnssec-signzone -O full` output: one a line, absolute names."""
    records = []
    for line in text.splitlines():
        if not line or line.startswith(";"):
            continue
        name, ttl, _, kind, rest = line.split(None, 4)
        rdata = dns.rdata.from_text("IN", kind, rest, relativize=False)
        records.append(Record(dns.name.from_text(name), int(ttl), rdata))
    return records


def stamp(moment):
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(moment))


def _bind_command(directory, apex, plain, options):
    command = ["dnssec-signzone", "-q", "-P", "-O", "full", "-n", "1", "-d", directory,
               "-o", apex, "-f", "-", "-s", stamp(options["start"]), "-e", stamp(options["end"])]
    if options.get("dnskey_end"):
        command += ["-X", stamp(options["dnskey_end"])]
    if options.get("csk"):
        command.append("-z")
    elif options.get("ksk_only_dnskey", True):
        command.append("-x")
    if options.get("nsec3"):
        command += ["-3", options.get("salt", "-"), "-H", str(options.get("iterations", 0))]
        if options["nsec3"] == "optout":
            command.append("-A")
    return [*command, plain]


def _ldns_command(apex, plain, options):
    command = ["ldns-signzone", "-o", apex, "-f", "-", "-i", stamp(options["start"]),
               "-e", stamp(options["end"])]
    if options["nsec3"]:
        command += ["-n", "-t", str(options["iterations"])]
    return [*command, plain]


def sign(directory, apex, text, signers, published, options):
    """Signs a zone text with dnssec-signzone, or with ldns-signzone, which starts twice as fast.

    `signers` sign, `published` are DNSKEYs only. `options` has start, end (absolute), dnskey_end,
    nsec3 (None, "yes", "optout"), iterations, salt, csk, ksk_only_dnskey, ldns.
    """
    os.makedirs(directory, exist_ok=True)
    stem = "root" if apex == "." else apex.rstrip(".")
    plain = os.path.join(directory, stem + ".plain")
    with open(plain, "w", encoding="ascii") as out:
        out.write(text)
        for key in [*signers, *published]:
            out.write(f"{apex} {options['dnskey_ttl']} IN DNSKEY {key.dnskey().to_text()}\n")
    command = (_ldns_command(apex, plain, options) if options["ldns"]
               else _bind_command(directory, apex, plain, options))
    command += [key.write(directory, apex) for key in signers]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise RuntimeError(f"{command[0]} {apex}: {run.stderr}")
    return parse(run.stdout)
