# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Denial of existence as check_dnssec_nsec looks at it (section 5 of the catalogue)."""

from lablib.case import Case, Expect, critical, ok, warning
from lablib.mutate import bitmap, drop, edit, nsec_next, on_nsec3, replace_rrset, set_ttl

RESPONDERS = ("r1", "r2")
MANY = "\n".join(f"n{number} TXT x" for number in range(40))


def _case(name, about, fault, expect, options=(), **more):
    """A zone of its own; what the other plugins say of it is not the point."""
    more = {"chain": None, "sigs": None, "claim": "skip", **more}
    return Case(name, about, fault=fault, own_options={"nsec": tuple(options)},
                others={"nsec": expect, "ds": None, "keys": None}, **more)


def _look(name, about, of, expect, options=(), **more):
    """Another look at the zone of another case."""
    return _case(name, about, more.pop("fault", ""), expect, options, of=f"{of}.test.", **more)


def _respond(name, about, fault, behaviour, expect, options=(), **more):
    return _case(name, about, fault, expect, options, servers=RESPONDERS,
                 behaviour={host: behaviour for host in RESPONDERS}, **more)


def _every_nsec3(change):
    """`change` maps the RDATA of every NSEC3 record, which is signed anew."""
    def apply(zone, site):
        kind = zone.find("@", "SOA") and {r.name for r in zone.records if r.type == 50}
        for owner in kind:
            edit(owner.to_text(), "NSEC3", change)(zone, site)
    return apply


def _named(name):
    return ("--name", name)


CASES = [
    # Proofs that the chain's cases break, looked at by this check.
    _look("n-proof-missing", "negative answers without NSEC", "nsec-proof-missing",
          critical("nsec-proof-missing"), fault="nsec-proof-missing"),
    _look("n-proof-missing3", "negative answers without NSEC3", "nsec3-proof-missing",
          critical("nsec-proof-missing"), fault="nsec-proof-missing"),
    _look("n-rrsig-missing", "no NSEC has a signature", "nsec-rrsig-missing",
          critical("nsec-rrsig-missing"), fault="nsec-rrsig-missing"),
    _look("n-rrsig-invalid", "the apex NSEC's signature is damaged", "nsec-rrsig-invalid",
          critical("nsec-rrsig-invalid"), fault="nsec-rrsig-invalid"),
    _look("n-rrsig-invalid3", "the apex NSEC3's signature is damaged", "nsec3-rrsig-invalid",
          critical("nsec-rrsig-invalid"), fault="nsec-rrsig-invalid"),
    _look("n-rrsig-expired3", "the NSEC3 signatures expired", "rrsig-expired-nsec3",
          critical("nsec-rrsig-expired"), fault="nsec-rrsig-expired"),
    _look("n-name-not-covered", "no NSEC covers the name", "nxdomain-name-not-covered",
          critical("nxdomain-name-not-covered|nsec-proof-missing",
                   allow=("nsec-proof-missing", "nxdomain-name-not-covered")),
          fault="nxdomain-name-not-covered"),
    _look("n-name-not-covered3", "no NSEC3 covers the next closer name",
          "nxdomain-name-not-covered3", critical("nxdomain-name-not-covered", allow=(
              "nxdomain-wildcard-not-covered", "closest-encloser-missing")),
          fault="nxdomain-name-not-covered"),
    _look("n-wildcard-not-covered", "no NSEC denies the wildcard", "nxdomain-wildcard-not-covered",
          critical("nxdomain-wildcard-not-covered"), fault="nxdomain-wildcard-not-covered"),
    _look("n-wildcard-not-covered3", "no NSEC3 denies the wildcard",
          "nxdomain-wildcard-not-covered3", critical("nxdomain-wildcard-not-covered"),
          fault="nxdomain-wildcard-not-covered"),
    _look("n-encloser-missing", "no NSEC3 matches the closest encloser",
          "closest-encloser-missing", critical("closest-encloser-missing", allow=(
              "nxdomain-name-not-covered", "nxdomain-wildcard-not-covered")),
          fault="closest-encloser-missing"),
    _look("n-no-match", "the NSEC of a no-data answer is another name's", "nodata-no-match",
          critical("nodata-no-match", allow=("ds-at-apex-denial",)), fault="nodata-no-match"),
    _look("n-no-match3", "the NSEC3 of a no-data answer is another name's", "nodata-no-match3",
          critical("nodata-no-match", allow=("ds-at-apex-denial",)), fault="ds-at-apex-denial"),
    _look("n-in-bitmap", "the apex NSEC lists the type that is denied", "nodata-type-in-bitmap",
          critical("nodata-type-in-bitmap"), fault="nodata-type-in-bitmap"),
    _look("n-wildcard-proof", "a wildcard answer without proof", "wildcard-proof-missing",
          critical("wildcard-proof-missing"), _named("*.wild.{zone}/TXT"),
          fault="wildcard-proof-missing"),
    _look("n-soa-wrong", "the SOA of another zone", "soa-owner-wrong",
          critical("soa-owner-wrong"), fault="soa-owner-wrong"),
    _look("n-soa-missing", "no SOA", "soa-missing-in-negative",
          warning("soa-missing-in-negative"), fault="soa-missing-in-negative"),
    _look("n-ent", "NXDOMAIN for an empty non-terminal", "ent-nxdomain",
          critical("ent-nxdomain"), _named("deep.ent.{zone}/A"), fault="ent-nxdomain"),
    _look("n-unsigned", "an unsigned zone where a secure one was expected", "insecure-delegation",
          critical("chain-insecure-where-secure-expected"),
          fault="chain-insecure-where-secure-expected"),
    # Type lists.
    _case("bitmap-lacks-mx", "the apex NSEC does not list MX", "existing-type-missing-from-bitmap",
          critical("existing-type-missing-from-bitmap", words=("lacks MX",)),
          mutate=(bitmap("@", less=["MX"]),)),
    _case("bitmap3-lacks-mx", "the apex NSEC3 does not list MX",
          "existing-type-missing-from-bitmap",
          critical("existing-type-missing-from-bitmap", words=("lacks MX",)), nsec3="yes",
          mutate=(bitmap("@", less=["MX"], nsec3=True),)),
    _case("bitmap-lacks-a-wildcard", "the wildcard's NSEC does not list A: Slack, 2021",
          "existing-type-missing-from-bitmap",
          critical("existing-type-missing-from-bitmap", words=("lacks A",)),
          _named("*.wild.{zone}/TXT"), text="*.wild TXT wild\n*.wild A 198.51.100.81",
          mutate=(bitmap("*.wild", less=["A"]),)),
    _case("bitmap-extra", "the apex NSEC lists CAA, which is not there", "extra-type-in-bitmap",
          warning("extra-type-in-bitmap", words=("CAA",)), mutate=(bitmap("@", more=["CAA"]),)),
    _case("bitmap3-extra-cname", "www's NSEC3 lists DNAME, which is not there",
          "extra-type-in-bitmap", critical("extra-type-in-bitmap", words=("DNAME",)),
          _named("www.{zone}/A"), nsec3="yes", mutate=(bitmap("www", more=["DNAME"], nsec3=True),)),
    _case("bitmap-apex", "the apex NSEC does not list DNSKEY", "nsec-apex-type-list",
          critical("nsec-apex-type-list"), mutate=(bitmap("@", less=["DNSKEY"]),)),
    _case("bitmap-own-bits", "an NSEC does not list NSEC", "nsec-rrsig-nsec-bits",
          warning("nsec-rrsig-nsec-bits"), text="aaa TXT x",
          mutate=(bitmap("aaa", less=["NSEC"]),)),
    _case("bitmap-delegation", "the NSEC at a delegation lists TXT", "nsec-delegation-bits",
          critical("nsec-delegation-bits"), text="aaa NS ns1.lab.test.",
          mutate=(bitmap("aaa", more=["TXT"]),)),
    # The chain.
    _case("span-over-www", "an NSEC leads past www, which exists", "existing-name-covered",
          critical("existing-name-covered"), _named("www.{zone}/A"),
          text="aaa TXT x\nzzz TXT x", mutate=(nsec_next("aaa", "zzz"),)),
    _case("chain-hole", "a name on the chain has no NSEC", "nsec-chain-broken",
          critical("nsec-chain-broken"), ("--walk",), text="zz TXT x\nzzz TXT x",
          mutate=(drop("zz", "NSEC"),)),
    _case("chain-loop", "the last NSEC leads to the second name", "nsec-last-not-apex",
          critical("nsec-last-not-apex"), ("--walk",), text="aaa TXT x\nzzz TXT x",
          mutate=(nsec_next("zzz", "aaa"),)),
    _case("chain-out-of-zone", "the last NSEC leads out of the zone", "nsec-next-out-of-zone",
          critical("nsec-next-out-of-zone"), ("--walk",), text="zzz TXT x",
          mutate=(nsec_next("zzz", "www.plain.test."),)),
    _look("walk", "the whole chain is walked", "plain",
          ok(words=("is closed",), info=("zone-walkable",)), ("--walk",)),
    _look("walk-many", "a longer chain", "many-names", ok(words=("is closed",)), ("--walk",)),
    _look("walk-some", "five names of it", "many-names", ok(words=("as far as asked",)),
          ("--walk=5",)),
    _look("walk-cuts", "a chain with zone cuts", "unsigned-glue", ok(words=("is closed",)),
          ("--walk",), trap="T10"),
    _look("walk-samehost", "zone cuts whose zones the same servers have", "samehost",
          ok(words=("is closed",)), ("--walk",), trap="T14"),
    _look("walk-wildcard", "a chain with a wildcard", "wildcard", ok(words=("is closed",)),
          ("--walk", *_named("*.wild.{zone}/TXT"))),
    _look("walk-nsec3", "there is no chain of names to walk", "nsec3",
          ok(words=("no NSEC chain",)), ("--walk",)),
    _look("probes-nsec3", "forty random names, NSEC3", "responder-nsec3", ok(),
          ("--probes", "40")),
    _look("probes-wildcard3", "names below a wildcard, NSEC3", "wildcard-nsec3", ok(),
          _named("*.wild.{zone}/TXT")),
    # NSEC3's parameters.
    _case("iterations-51", "51 iterations", "nsec3-iterations",
          warning("nsec3-iterations", words=("Knot Resolver",)), nsec3="yes", iterations=51),
    _case("iterations-101", "101 iterations", "nsec3-iterations", critical("nsec3-iterations"),
          nsec3="yes", iterations=101),
    _case("iterations-200", "200 iterations", "nsec3-cpu-bomb",
          critical("nsec3-iterations", "nsec3-cpu-bomb", words=("Unbound",)), nsec3="yes",
          iterations=200),
    _look("salted", "a salt is no fault", "nsec3-salt",
          warning("nsec3-iterations", info=("nsec3-salt",))),
    _look("opted-out", "opt-out is told", "nsec3-optout", ok(info=("nsec3-optout-small-zone",)),
          trap="T7"),
    _respond("nsec3param-none", "an NSEC3 zone without NSEC3PARAM", "nsec3param-missing",
             "deny-nsec3param", critical("nsec3param-missing", allow=(
                 "existing-type-missing-from-bitmap", "extra-type-in-bitmap")), nsec3="yes"),
    _case("nsec3param-several", "two NSEC3PARAM records", "nsec3param-multiple",
          ok(info=("nsec3param-multiple",)), nsec3="yes", servers=RESPONDERS,
          mutate=(replace_rrset("@", "NSEC3PARAM", ["1 0 0 AABB"], keep=True),)),
    _case("nsec3param-flagged", "NSEC3PARAM with flags beside a good one", "nsec3param-flags",
          warning("nsec3param-flags", info=("nsec3param-multiple",)), nsec3="yes",
          servers=RESPONDERS,
          mutate=(replace_rrset("@", "NSEC3PARAM", ["1 1 0 -"], keep=True),)),
    _case("nsec3-salts-differ", "the servers use different salts", "nsec3-param-inconsistent-ns",
          warning("nsec3-param-inconsistent-ns"), nsec3="yes",
          signed_on={"ns2": {"salt": "AABB"}}),
    _case("nsec3-flags-unknown", "NSEC3 records have an unknown flag", "nsec3-unknown-flags",
          critical("nsec3-unknown-flags"), nsec3="yes", servers=RESPONDERS,
          mutate=(_every_nsec3(lambda rdata: rdata.replace(flags=2)),)),
    _case("nsec3-algorithm-unknown", "NSEC3 records use hash algorithm 6", "nsec3-hash-algorithm",
          critical("nsec3-hash-algorithm", allow=("nsec3param-mismatch",)), nsec3="yes",
          servers=RESPONDERS,
          mutate=(_every_nsec3(lambda rdata: rdata.replace(algorithm=6)),)),
    _case("nsec-ttl", "the apex NSEC has a TTL of a minute", "nsec-ttl-not-soa-min",
          ok(info=("nsec-ttl-not-soa-min",)), mutate=(set_ttl("@", "NSEC", 60),)),
    # Servers.
    _respond("nsec3param-servfail", "SERVFAIL for NSEC3PARAM", "nsec-query-error",
             "servfail-nsec3param", warning("nsec-query-error")),
    _respond("compact-half", "NXNAME for some names only", "compact-denial-nxname-broken",
             "compact-denial-half", warning("compact-denial-nxname-broken"), ("--probes", "12")),
    # What the owner means.
    _look("expected-nsec", "NSEC is meant", "plain", ok(), ("--expect-denial", "nsec")),
    _look("expected-nsec3", "NSEC3 is meant", "nsec3", ok(), ("--expect-denial", "nsec3")),
    _look("expected-minimal", "denials made for each answer are meant", "minimal-nsec", ok(),
          ("--expect-denial", "minimal"), trap="T8"),
    _look("expected-compact", "compact denial is minimal too", "compact-denial", ok(),
          ("--expect-denial", "minimal"), trap="T9"),
    _look("unexpected-nsec", "NSEC, where NSEC3 is meant", "plain",
          Expect("WARNING", ("denial-unexpected",)), ("--expect-denial", "nsec3"),
          fault="denial-unexpected"),
]
