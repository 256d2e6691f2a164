# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Denials of existence as far as the chain needs them (section 5 of the catalogue)."""

import hashlib

from lablib.case import Case, Expect, critical
from lablib.mutate import bitmap, corrupt_rrsig, drop_rrsigs, on_nsec3

RESPONDERS = ("r1", "r2")
# The apex NSEC covers nothing but the wildcard: random names lie in another gap.
GAP = "0 TXT gap"


def _respond(name, about, fault, behaviour, chain, claim, **more):
    return Case(name, about, fault=fault, servers=RESPONDERS, chain=chain, claim=claim,
                behaviour={host: behaviour for host in RESPONDERS}, **more)


def _around_wildcard(zone):
    """Two names whose NSEC3 hashes (no salt, no iterations) enclose that of the zone's wildcard so
    closely that the record which covers it covers no random name and is not the apex's."""
    def digest(name):
        labels = [label.encode() for label in name.split(".")]
        wire = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
        return int.from_bytes(hashlib.sha1(wire).digest()[:4], "big")

    star, near = digest(f"*.{zone}"), 1 << 20
    names = [f"w{number}" for number in range(1 << 15)]
    below = next(name for name in names if 0 < star - digest(f"{name}.{zone}") < near)
    above = next(name for name in names if 0 < digest(f"{name}.{zone}") - star < near)
    return f"{below} TXT x\n{above} TXT x"


_RCODE = "Unbound goes by the proof, which is that of a no-data answer, not by the RCODE"
NXDOMAIN_BOGUS = {"@ SOA": "secure", "nothere A": "bogus"}
NODATA_BOGUS = {"@ SOA": "secure", "@ TYPE65280": "bogus"}

CASES = [
    _respond("nsec-proof-missing", "negative answers without NSEC", "nsec-proof-missing",
             "strip-denial", critical("nsec-proof-missing"), {**NXDOMAIN_BOGUS, **NODATA_BOGUS},
             sigs=None),
    _respond("nsec3-proof-missing", "negative answers without NSEC3", "nsec-proof-missing",
             "strip-denial", critical("nsec-proof-missing"), {**NXDOMAIN_BOGUS, **NODATA_BOGUS},
             nsec3="yes", sigs=None),
    Case("nsec-proof-missing-one-ns", "one server gives negative answers without NSEC",
         fault="nsec-proof-missing", servers=RESPONDERS, behaviour={"r2": "strip-denial"},
         claim={"@ SOA": "secure", "nothere A": "varies"}, sigs=None,
         chain=critical("nsec-proof-missing", words=("r2.lab.test",), allow=("chain-bogus",))),
    Case("nsec-rrsig-missing", "no NSEC has a signature", fault="nsec-rrsig-invalid",
         mutate=(drop_rrsigs(["NSEC"]),), claim={**NXDOMAIN_BOGUS, **NODATA_BOGUS},
         chain=critical("rrsig-missing"),
         sigs=critical("rrsig-missing")),
    Case("nsec-rrsig-invalid", "the signature of the apex NSEC is damaged",
         fault="nsec-rrsig-invalid", mutate=(corrupt_rrsig("@", "NSEC"),), claim=NODATA_BOGUS,
         chain=critical("rrsig-crypto-invalid"),
         sigs=critical("rrsig-crypto-invalid")),
    Case("nsec3-rrsig-invalid", "the signature of the apex NSEC3 is damaged",
         fault="nsec-rrsig-invalid", nsec3="yes", mutate=(on_nsec3("@", corrupt_rrsig),),
         claim=NODATA_BOGUS, chain=critical("rrsig-crypto-invalid"),
         sigs=critical("rrsig-crypto-invalid")),
    _respond("nxdomain-name-not-covered", "no NSEC covers the name", "nxdomain-name-not-covered",
             "no-name-cover", critical("nxdomain-name-not-covered|nsec-proof-missing"),
             NXDOMAIN_BOGUS, text=GAP),
    _respond("nxdomain-name-not-covered3", "no NSEC3 covers the next closer name",
             "nxdomain-name-not-covered", "no-name-cover",
             critical("nxdomain-name-not-covered|nxdomain-wildcard-not-covered|"
                      "closest-encloser-missing", allow=(
                          "nxdomain-wildcard-not-covered", "closest-encloser-missing")),
             NXDOMAIN_BOGUS, nsec3="yes", text="\n".join(f"n{n} TXT x" for n in range(40))),
    _respond("nxdomain-wildcard-not-covered", "no NSEC denies the wildcard",
             "nxdomain-wildcard-not-covered", "no-wildcard-cover",
             critical("nxdomain-wildcard-not-covered"),
             {"@ SOA": "secure", "nothere A": "bogus"}, text=GAP),
    _respond("nxdomain-wildcard-not-covered3", "no NSEC3 denies the wildcard",
             "nxdomain-wildcard-not-covered", "no-wildcard-cover",
             critical("nxdomain-wildcard-not-covered"), NXDOMAIN_BOGUS, nsec3="yes",
             text=_around_wildcard("nxdomain-wildcard-not-covered3.test")),
    _respond("closest-encloser-missing", "no NSEC3 matches the closest encloser",
             "closest-encloser-missing", "no-encloser",
             critical("closest-encloser-missing", allow=("nxdomain-name-not-covered",)),
             # Many names, so that the record left out does not cover the probe by chance as well.
             NXDOMAIN_BOGUS, nsec3="yes", text="\n".join(f"n{n} TXT x" for n in range(40))),
    _respond("nodata-no-match", "the NSEC of a no-data answer is another name's",
             "nodata-no-match", "other-denial", critical("nodata-no-match"), NODATA_BOGUS,
             sigs=None),
    _respond("nodata-no-match3", "the NSEC3 of a no-data answer is another name's",
             "nodata-no-match", "other-denial", critical("nodata-no-match"), NODATA_BOGUS,
             nsec3="yes", sigs=None),
    Case("nodata-type-in-bitmap", "the apex NSEC lists the type that is denied",
         fault="nodata-type-in-bitmap", mutate=(bitmap("@", more=["TYPE65280"]),),
         claim=NODATA_BOGUS, chain=critical("nodata-type-in-bitmap"), sigs=None),
    Case("nodata-type-in-bitmap3", "the apex NSEC3 lists the type that is denied",
         fault="nodata-type-in-bitmap", nsec3="yes",
         mutate=(bitmap("@", more=["TYPE65280"], nsec3=True),), claim=NODATA_BOGUS,
         chain=critical("nodata-type-in-bitmap"), sigs=None),
    _respond("nodata-mx-in-bitmap", "MX is denied though its bit is set", "nodata-type-in-bitmap",
             "deny-existing", critical("nodata-type-in-bitmap"),
             {"@ SOA": "secure", "@ MX": "bogus"}, sigs=None,
             chain_options=("--name", "{zone}/MX")),
    _respond("wildcard-proof-missing", "a wildcard answer without the denial of the name",
             "wildcard-proof-missing", "no-wildcard-proof", critical("wildcard-proof-missing"),
             {"@ SOA": "secure", "some.wild TXT": "bogus"}, text="*.wild TXT wild",
             sigs=critical("wildcard-proof-missing"),
             options=("--name", "some.wild.{zone}/TXT")),
    _respond("wildcard-proof-missing3", "a wildcard answer without the denial of the name, NSEC3",
             "wildcard-proof-missing", "no-wildcard-proof", critical("wildcard-proof-missing"),
             {"@ SOA": "secure", "some.wild TXT": "bogus"}, text="*.wild TXT wild", nsec3="yes",
             sigs=critical("wildcard-proof-missing"),
             options=("--name", "some.wild.{zone}/TXT")),
    _respond("soa-owner-wrong", "negative answers carry the SOA of another zone",
             "soa-owner-wrong", "wrong-soa", critical("soa-owner-wrong"), "secure", sigs=None),
    _respond("soa-missing-in-negative", "negative answers carry no SOA", "soa-owner-wrong",
             "no-soa", Expect("OK|WARNING|CRITICAL", allow=("soa-owner-wrong",)), "secure"),
    _respond("ent-nxdomain", "NXDOMAIN for a name that has names below it", "ent-nxdomain",
             "ent-nxdomain", critical("ent-nxdomain"),
             {"@ SOA": "secure", "ent A": {"unbound": "secure", "else": "bogus"}},
             text="deep.ent A 198.51.100.82", sigs=None, reason=_RCODE,
             options=("--name", "deep.ent.{zone}/A")),
    _respond("nxdomain-inconsistent-by-type", "NXDOMAIN for a type that the apex lacks",
             "nxdomain-inconsistent-by-type", "nxdomain-by-type",
             critical("nxdomain-inconsistent-by-type", allow=("nxdomain-name-not-covered",)),
             {"@ SOA": "secure", "@ TYPE65280": {"unbound": "secure", "else": "bogus"}}, sigs=None,
             reason=_RCODE),
    _respond("dname-cname-mismatch", "the CNAME made from a DNAME leads elsewhere",
             "dname-cname-mismatch", "dname-wrong-cname", critical("dname-cname-mismatch"),
             {"@ SOA": "secure"}, text="old DNAME new\nx.new A 198.51.100.83", sigs=None,
             options=("--name", "x.old.{zone}/A")),
    _respond("dname-no-cname", "a DNAME answer without the CNAME made from it",
             "dname-cname-mismatch", "dname-no-cname",
             Expect("OK|WARNING|CRITICAL", allow=("dname-cname-mismatch",)), {"@ SOA": "secure"},
             text="old DNAME new\nx.new A 198.51.100.83", sigs=None,
             options=("--name", "x.old.{zone}/A")),
]
