# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Denial of existence as check_dnssec_nsec looks at it (section 5 of the catalogue)."""

from lablib.case import Case, Expect, critical, ok, warning
from lablib.mutate import (
    bitmap, drop, drop_nsec3, edit, move_nsec3, no_optout, nsec_next, replace_rrset, second_nsec,
    second_nsec3, set_ttl)

RESPONDERS = ("r1", "r2")
MANY = "\n".join(f"n{number} TXT x" for number in range(40))
CUT = "cut NS ns1.lab.test."
SECURE_CUT = CUT + "\ncut DS 12345 13 2 " + "AB" * 32
WILD = "*.wild TXT wild\nhost.wild TXT host"


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
          "extra-type-in-bitmap", critical("extra-type-in-bitmap", words=("DNAME",), allow=(
              "closest-encloser-missing",)),  # nothing is denied below a DNAME
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
    # Both sides of zone cuts.
    _case("cut", "an unsigned delegation", "", ok(), _named("cut.{zone}/NS"), text=CUT, trap="T10"),
    _case("cut3", "an unsigned delegation, NSEC3", "", ok(), _named("cut.{zone}/NS"), text=CUT,
          nsec3="yes", trap="T10"),
    _case("cut3-optout", "an unsigned delegation that opt-out leaves out", "",
          ok(info=("nsec3-optout-small-zone",)), _named("cut.{zone}/NS"), text=CUT,
          nsec3="optout", trap="T7"),
    _case("cut-secure", "a secure delegation, and a name below it", "", ok(),
          (*_named("cut.{zone}/NS"), *_named("www.cut.{zone}/A")), text=SECURE_CUT, trap="T10"),
    _case("cut3-secure", "a secure delegation, and a name below it, NSEC3", "", ok(),
          (*_named("cut.{zone}/NS"), *_named("www.cut.{zone}/A")), text=SECURE_CUT, nsec3="yes",
          trap="T10"),
    _case("cut-lacks-ns", "the NSEC at an unsigned delegation does not list NS",
          "nsec-delegation-bits", critical("nsec-delegation-bits"), _named("cut.{zone}/NS"),
          text=CUT, mutate=(bitmap("cut", less=["NS"]),)),
    _case("cut-lists-ds", "the NSEC at an unsigned delegation lists DS", "nsec-delegation-bits",
          critical("nsec-delegation-bits|extra-type-in-bitmap"), _named("cut.{zone}/NS"),
          text=CUT, mutate=(bitmap("cut", more=["DS"]),)),
    _case("cut-lacks-ds", "the NSEC at a secure delegation does not list DS",
          "nsec-delegation-bits",
          critical("nsec-delegation-bits|existing-type-missing-from-bitmap"),
          _named("cut.{zone}/NS"), text=SECURE_CUT, mutate=(bitmap("cut", less=["DS"]),)),
    _case("cut3-without-nsec3", "an unsigned delegation has no NSEC3, and there is no opt-out",
          "nsec3-missing-insecure-delegation", critical("nsec3-missing-insecure-delegation"),
          _named("cut.{zone}/NS"), text=CUT, nsec3="optout", mutate=(no_optout(),)),
    _respond("cut-denied-by-parent", "what is below a cut is denied by the NSEC at the cut",
             "denial-from-wrong-zone", "parents-denial", critical("denial-from-wrong-zone"),
             _named("www.cut.{zone}/A"), text=SECURE_CUT),
    _respond("cut3-denied-by-parent", "what is below a cut is denied by the NSEC3 at the cut",
             "denial-from-wrong-zone", "parents-denial", critical("denial-from-wrong-zone"),
             _named("www.cut.{zone}/A"), text=SECURE_CUT, nsec3="yes"),
    _respond("ds-at-apex", "DS at the apex is denied by www's NSEC", "ds-at-apex-denial",
             "other-ds-denial", warning("ds-at-apex-denial")),
    _respond("ds-at-apex3", "DS at the apex is denied by www's NSEC3", "ds-at-apex-denial",
             "other-ds-denial", warning("ds-at-apex-denial"), nsec3="yes"),
    # Wildcards.
    _case("wild", "a wildcard, and names beside and below it", "", ok(),
          (*_named("*.wild.{zone}/TXT"), *_named("x.host.wild.{zone}/TXT")), text=WILD, trap="T11"),
    _case("wild3", "a wildcard, and names beside and below it, NSEC3", "", ok(),
          (*_named("*.wild.{zone}/TXT"), *_named("x.host.wild.{zone}/TXT")), text=WILD,
          nsec3="yes", trap="T11"),
    _respond("wildcard-too-far", "a name below one that exists is made from a wildcard",
             "wildcard-expansion-invalid", "far-wildcard",
             critical("wildcard-expansion-invalid", allow=("nodata-no-match",)),
             _named("x.host.wild.{zone}/TXT"), text=WILD,
             claim={"@ SOA": "secure", "x.host.wild TXT": {"named": "varies", "else": "bogus"}},
             reason="BIND makes the NXDOMAIN by itself when it knows the NSEC (RFC 8198)"),
    _respond("wildcard-too-far3", "a name below one that exists is made from a wildcard, NSEC3",
             "wildcard-expansion-invalid", "far-wildcard",
             critical("wildcard-expansion-invalid|wildcard-proof-missing",
                      allow=("nodata-no-match",)),
             _named("x.host.wild.{zone}/TXT"), text=WILD, nsec3="yes",
             claim={"@ SOA": "secure", "x.host.wild TXT": "bogus"}),
    _respond("wildcard-too-far-host", "… found by the name above it", "wildcard-expansion-invalid",
             "far-wildcard", critical("wildcard-expansion-invalid", allow=("nodata-no-match",)),
             _named("host.wild.{zone}/A"), text=WILD + "\n*.wild A 198.51.100.81"),
    _case("wildcard-denied", "an NSEC leads past the wildcard that answers are made from",
          "wildcard-expansion-invalid",
          critical("wildcard-expansion-invalid", allow=(
              "existing-name-covered", "nodata-no-match", "nsec-chain-broken")),
          _named("some.wild.{zone}/TXT"), text="*.wild TXT wild\nwilc TXT x",
          mutate=(nsec_next("wilc", "www"),)),
    _respond("wildcard-half-nodata", "no data at a wildcard without the wildcard's own NSEC",
             "wildcard-nodata-proof", "half-wildcard-nodata", critical("wildcard-nodata-proof"),
             _named("*.wild.{zone}/TXT"), text=WILD + "\nwild TXT x\n0.wild TXT x"),
    _respond("wildcard-half-nodata3", "no data at a wildcard without the wildcard's own NSEC3",
             "wildcard-nodata-proof", "half-wildcard-nodata", critical("wildcard-nodata-proof"),
             _named("*.wild.{zone}/TXT"), text=WILD + "\n" + MANY, nsec3="yes"),
    # Names beside those that exist, below them, and between them and the apex.
    _case("span-before-www", "among many names an NSEC leads past www, which exists",
          "existing-name-covered", critical("existing-name-covered"), _named("www.{zone}/A"),
          text=MANY + "\nwwv TXT x\nwwx TXT x", mutate=(nsec_next("wwv", "wwx"),)),
    _case("span-behind-www", "among many names www's NSEC leads past the next name",
          "nsec-chain-broken",
          critical("nsec-chain-broken|existing-name-covered"),
          (*_named("www.{zone}/A"), *_named("wwx.{zone}/TXT")),
          text=MANY + "\nwwx TXT x\nwwy TXT x", mutate=(nsec_next("www", "wwy"),)),
    _case("bitmap-of-host", "the NSEC of a name asked for does not list AAAA, which is there",
          "existing-type-missing-from-bitmap",
          critical("existing-type-missing-from-bitmap", words=("lacks AAAA",)),
          _named("www.{zone}/A"), mutate=(bitmap("www", less=["AAAA"]),)),
    _case("name3-without-nsec3", "a name asked for has no NSEC3", "existing-name-covered",
          critical("existing-name-covered|nodata-no-match", allow=(
              "existing-name-covered", "nodata-no-match")), _named("www.{zone}/A"), nsec3="yes",
          servers=RESPONDERS, mutate=(drop_nsec3("www"),)),
    _case("ent3-without-nsec3", "an empty non-terminal has no NSEC3", "nodata-no-match",
          critical("nodata-no-match", allow=("closest-encloser-missing",)),
          _named("deep.ent.{zone}/A"), text="deep.ent A 198.51.100.82", nsec3="yes",
          servers=RESPONDERS, mutate=(drop_nsec3("ent"),)),
    # Records that are wrong by themselves.
    _case("two-nsec", "the apex has two NSEC records", "nsec-multiple-at-name",
          critical("nsec-multiple-at-name"), mutate=(second_nsec("@", "www"),)),
    _case("two-nsec3", "the apex has two NSEC3 records of one chain", "nsec-multiple-at-name",
          critical("nsec-multiple-at-name"), nsec3="yes", servers=RESPONDERS,
          mutate=(second_nsec3("@"),)),
    _case("nsec3-next-short", "the next hash of every NSEC3 is 19 octets long",
          "nsec3-owner-or-next-invalid", critical("nsec3-owner-or-next-invalid"), nsec3="yes",
          servers=RESPONDERS,
          mutate=(_every_nsec3(lambda rdata: rdata.replace(next=rdata.next[:-1])),)),
    _case("nsec3-owner-deep", "the NSEC3 records stand two labels below the apex",
          "nsec3-owner-or-next-invalid", critical("nsec3-owner-or-next-invalid"), nsec3="yes",
          servers=RESPONDERS, mutate=(move_nsec3("hashed"),)),
    _respond("nsec3param-other", "NSEC3PARAM names a salt, the NSEC3 records have none",
             "nsec3param-mismatch", "other-nsec3param", critical("nsec3param-mismatch"),
             nsec3="yes"),
    _case("nsec3param-no-chain", "NSEC3PARAM names a salt that no NSEC3 has, on real servers",
          "nsec3param-mismatch", critical("nsec3param-mismatch|nsec-proof-missing"), nsec3="yes",
          servers=("ns1", "ns2", "ns3"),
          mutate=(replace_rrset("@", "NSEC3PARAM", ["1 0 0 AABB"]),)),
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
    _respond("kinds-mixed", "NXDOMAIN is proven by NSEC3, no data by NSEC", "nsec-nsec3-mixed",
             "mixed-kinds", critical("nsec-nsec3-mixed", allow=("extra-type-in-bitmap",)),
             nsec3="yes"),
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
