# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Faults of the delegation and of the chain above the zone (sections 2 to 4 of the catalogue)."""

from lablib.case import DAY, HOUR, KSK_ZSK, Case, KeySpec, critical, ok, warning
from lablib.ds import ds, raw_ds
from lablib.keys import REVOKE, SEP, ZONE
from lablib.mutate import (bitmap, corrupt_rrsig, drop_rrsig, no_optout, replace_rrset,
                           resign, resign_all)

GONE = {"start": -30 * DAY, "end": -3 * HOUR}
STRANGER = raw_ds("12345 13 2 " + "AB" * 32)
RESPONDERS = ("r1", "r2")
STANDBY = (KeySpec("csk"), KeySpec("standby", signs="none", slot=2))
DS_BREAKS = ("dnskey-not-signed-by-ds-key",)


def _both(expect):
    return {"chain": expect, "sigs": expect}


def _broken(name, about, fault, ids="", words=("EMERGENCY",), allow=(), claim="bogus", **more):
    """A zone whose delegation makes it bogus: both plugins say so."""
    return Case(name, about, fault=fault, claim=claim,
                **{**_both(critical(ids or fault, words=words, allow=(*DS_BREAKS, *allow))),
                   **more})


def _insecure(name, about, fault, ids="", **more):
    """A zone that validators take as unsigned although it should be secure."""
    return Case(name, about, fault=fault, claim="insecure",
                **{**_both(critical(ids or fault)), **more})


EXPECT_ANY = ("--expect", "any")
EXPECT_INSECURE = ("--expect", "insecure")

CASES = [
    # DS against DNSKEY.
    _broken("ds-no-matching-dnskey", "the DS names a key that the zone does not have",
            "ds-no-matching-dnskey", ds=[STRANGER]),
    _broken("ds-no-matching-dnskey-one-ns", "one server still has the key before the roll",
            "ds-no-matching-dnskey", claim="varies", keys=STANDBY, words=("ns2.lab.test",),
            ids="ds-no-matching-dnskey|dnskey-not-signed-by-ds-key|dnskey-inconsistent-ns",
            allow=("dnskey-inconsistent-ns", "ds-no-matching-dnskey", "ds-key-rrsig-invalid"),
            mutate_on={"ns2": (replace_rrset("@", "DNSKEY", [
                "257 3 13 " + "mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxIL"
                "fDLUT0rAK9iUzy1L53eKGQ=="]),)}),
    _broken("ds-digest-mismatch", "the digest of the DS is wrong", "ds-digest-mismatch",
            ds=[ds("csk", corrupt=True)]),
    Case("ds-digest-mismatch-beside-good", "a DS with a wrong digest beside the good one",
         fault="ds-digest-mismatch", ds=[ds("csk"), ds("csk", digest=4, corrupt=True)],
         **_both(warning("ds-digest-mismatch"))),
    Case("ds-sha1-wrong-sha256-right", "a broken SHA-1 digest beside a good SHA-256",
         fault="ds-digest-mismatch", ds=[ds("csk"), ds("csk", digest=1, corrupt=True)],
         **_both(warning("ds-digest-mismatch"))),
    _broken("ds-keytag-mismatch", "the key tag of the DS is wrong", "ds-keytag-mismatch",
            ds=[ds("csk", tag=1)]),
    _broken("ds-alg-mismatch", "the algorithm of the DS is wrong", "ds-alg-mismatch",
            ds=[ds("csk", algorithm=8)]),
    _insecure("ds-alg-unsupported-only", "the only DS has an unassigned algorithm",
              "ds-alg-unsupported-only", ds=[ds("csk", algorithm=100)]),
    Case("ds-alg-unsupported-any", "… where that is expected to be any",
         of="ds-alg-unsupported-only.test.", options=EXPECT_ANY, claim="skip",
         **_both(warning("ds-alg-unsupported-only"))),
    _insecure("ds-digest-unsupported-only", "the only DS has an unassigned digest type",
              "ds-digest-unsupported-only", ds=[ds("csk", digest_type=100)]),
    _broken("ds-key-does-not-sign", "the key that the DS names is published but signs nothing",
            "ds-key-does-not-sign", keys=STANDBY, ds=[ds("standby")]),
    _broken("ds-key-rrsig-invalid", "the DNSKEY signature by the DS key is damaged",
            "ds-key-rrsig-invalid", mutate=(corrupt_rrsig("@", "DNSKEY"),),
            allow=("rrsig-crypto-invalid",)),
    _broken("ds-key-rrsig-expired", "the DNSKEY signature by the key-signing key expired, the "
            "zone-signing key's did not", "ds-key-rrsig-invalid", keys=KSK_ZSK,
            mutate=(resign("@", "DNSKEY", key="ksk", **GONE),
                    resign("@", "DNSKEY", key="zsk", add=True)),
            allow=("rrsig-expired",)),
    _broken("ds-to-non-zone-key", "the DS names a key whose Zone bit is off",
            "ds-to-non-zone-key",
            keys=(KeySpec("zsk", sep=False, slot=1),
                  KeySpec("odd", slot=2, signs="none", flags=SEP)),
            mutate=(resign("@", "DNSKEY", key="odd", add=True),), ds=[ds("odd")],
            claim={"@ SOA": {"unbound": "bogus"}}, reason="BIND does not look at the Zone bit"),
    # RFC 5011 2.1 forbids the use as an anchor only: validators still go on with it.
    Case("ds-to-revoked-key", "the DS names a key that is revoked", fault="ds-to-revoked-key",
         keys=(KeySpec("zsk", sep=False, slot=1),
               KeySpec("gone", slot=2, signs="none", flags=ZONE | SEP | REVOKE)),
         mutate=(resign("@", "DNSKEY", key="gone", add=True),), ds=[ds("gone")],
         **_both(critical("ds-to-revoked-key"))),
    _broken("ds-before-revocation", "the DS names a key that was revoked since",
            "ds-to-revoked-key", ids="ds-to-revoked-key|ds-no-matching-dnskey",
            keys=(KeySpec("zsk", sep=False, slot=1),
                  KeySpec("gone", slot=2, signs="none", flags=ZONE | SEP | REVOKE),
                  KeySpec("before", slot=2, signs="none", publish=False)),
            mutate=(resign("@", "DNSKEY", key="gone", add=True),), ds=[ds("before")]),
    _broken("ds-but-unsigned-zone", "the zone moved to a host without DNSSEC, the DS stayed",
            "ds-but-unsigned-zone", signed=False, ds=[ds("csk")]),
    _broken("dnskey-rrsig-missing", "the DNSKEY RRset has no signature", "dnskey-rrsig-missing",
            mutate=(drop_rrsig("@", "DNSKEY"),)),
    _broken("dnskey-signed-by-zsk-only", "only the zone-signing key signs DNSKEY",
            "ds-key-does-not-sign", keys=KSK_ZSK, mutate=(resign("@", "DNSKEY", key="zsk"),)),
    _insecure("ds-missing-for-signed-zone", "signed, but no DS at the parent",
              "ds-missing-for-signed-zone", ds=[]),
    Case("island", "an island of trust that may be one", trap="T12", ds=[], claim="insecure",
         options=EXPECT_ANY, chain=ok(info=("island-of-trust|ds-missing-for-signed-zone",)),
         sigs=ok(info=("island-of-trust|ds-missing-for-signed-zone",))),
    Case("island-expected", "an island of trust, expected to be insecure", trap="T12",
         of="island.test.", options=EXPECT_INSECURE, claim="skip"),
    Case("island-anchored", "an island of trust with an anchor of its own", of="island.test.",
         anchor="anchor.island", claim="skip"),
    Case("island-expired", "an island whose signatures expired: broken once a DS comes",
         fault="rrsig-expired", ds=[], mutate=(resign_all(**GONE),), claim="insecure",
         options=EXPECT_ANY, chain=None, sigs=critical("rrsig-expired", allow=(
             "ds-key-rrsig-invalid",))),
    # The parent.
    _broken("ds-rrsig-expired", "the parent's signature over the DS expired", "ds-rrsig-invalid",
            parent_mutate=(resign("@", "DS", key="zsk", **GONE),), words=("parent",)),
    _broken("ds-rrsig-missing", "the parent's DS has no signature", "ds-rrsig-invalid",
            parent_mutate=(drop_rrsig("@", "DS"),), words=("parent",)),
    _broken("ds-rrsig-crypto", "the parent's signature over the DS is damaged",
            "ds-rrsig-invalid", parent_mutate=(corrupt_rrsig("@", "DS"),), words=("parent",)),
    Case("ds-rrsig-expiring", "the parent's signature over the DS ends in 12 h",
         fault="rrsig-expiring-warn",
         parent_mutate=(resign("@", "DS", key="zsk", start=-20 * DAY, end=12 * HOUR),),
         chain=warning("rrsig-expiring-warn", words=("DS",)), sigs=None),
    _broken("nods-proof-missing-bit", "the parent's NSEC at the unsigned delegation has the DS bit",
            "nods-proof-invalid", signed=False, parent_mutate=(bitmap("@", more=["DS"]),),
            words=("parent",), sigs=None),
    _broken("nods-proof-soa-bit", "the parent's NSEC at the cut is that of a child's apex",
            "nods-proof-invalid", signed=False, parent_mutate=(bitmap("@", more=["SOA"]),),
            words=("parent",), sigs=None),
    _broken("nods-proof-no-ns-bit", "the parent's NSEC at the cut lacks the NS bit",
            "nods-proof-invalid", signed=False, parent_mutate=(bitmap("@", less=["NS"]),),
            words=("parent",), sigs=None, claim={"@ SOA": {"named": "varies", "else": "bogus"}},
            reason="named takes the NSEC as proof of a name without SOA"),
    _broken("nods-proof-crypto", "the parent's NSEC at the unsigned delegation is damaged",
            "nods-proof-invalid", signed=False, parent_mutate=(corrupt_rrsig("@", "NSEC"),),
            words=("parent",), sigs=None),
    _broken("nods-proof-expired", "the parent's NSEC at the unsigned delegation expired",
            "nods-proof-invalid", signed=False,
            parent_mutate=(resign("@", "NSEC", key="zsk", **GONE),), words=("parent",),
            sigs=None),
    Case("noproof", "a parent that never proves anything", servers=RESPONDERS,
         fault="nsec-proof-missing", behaviour={host: "strip-denial" for host in RESPONDERS},
         text="a-cut NS ns1.lab.test.",
         claim={"@ SOA": "secure", "nothere A": "bogus"}, chain=critical("nsec-proof-missing")),
    _broken("child.noproof", "its unsigned child: no proof that there is no DS",
            "nods-proof-missing", signed=False, words=("parent",), sigs=None),
    Case("optparent", "a parent with NSEC3 whose opt-out flags were lost", nsec3="optout",
         text="a-cut NS ns1.lab.test.", mutate=(no_optout(),)),
    _broken("child.optparent", "its unsigned child, covered but not opted out",
            "nods-proof-optout-flag-missing", signed=False, words=("parent",), sigs=None),
    Case("manyiterations", "a parent with 200 NSEC3 iterations", nsec3="yes", iterations=150,
         claim={"@ SOA": "secure"}, text="a-cut NS ns1.lab.test.", chain=None, sigs=None),
    Case("child.manyiterations", "its unsigned child", fault="nods-nsec3-iterations",
         signed=False, claim="insecure", sigs=None,
         chain=critical("nods-nsec3-iterations", allow=("chain-insecure-where-secure-expected",))),
    Case("ds-inconsistent", "one parent server has another DS", zone="ds-inconsistent.split.test.",
         fault="ds-inconsistent-parent-ns", claim="varies",
         parent_mutate_on={"p2": (replace_rrset("@", "DS", ["12345 13 2 " + "AB" * 32]),)},
         chain=critical("ds-inconsistent-parent-ns",
                        allow=("ds-no-matching-dnskey", "chain-bogus")), sigs=None),
    Case("ds-inconsistent-one-more", "one parent server has one DS more",
         zone="ds-inconsistent-one-more.split.test.", fault="ds-inconsistent-parent-ns",
         parent_mutate_on={"p2": (replace_rrset("@", "DS", [
             "12345 13 2 " + "AB" * 32,
             "54321 13 2 " + "CD" * 32], keep=True),)},
         chain=warning("ds-inconsistent-parent-ns")),
    Case("ds-same", "parents that agree", zone="ds-same.split.test."),
    Case("oldparent", "a parent of which one server knows no DS", servers=RESPONDERS,
         behaviour={"r1": "referral-for-ds"}, text="a-cut NS ns1.lab.test."),
    Case("child.oldparent", "its child: a DS question gets a referral from one server",
         fault="ds-referral-instead-of-answer", claim="varies",
         chain=warning("ds-referral-instead-of-answer"), sigs=None),
    # Further up.
    Case("broken.", "a top-level domain whose DS in the root names no key of it", base=False,
         fault="ds-no-matching-dnskey", servers=("t1", "t2"), ds=[STRANGER], claim="bogus",
         **_both(critical("ds-no-matching-dnskey", words=("EMERGENCY",), allow=DS_BREAKS))),
    Case("below", "a zone below it: not its own fault", parent="broken.", claim="bogus",
         fault="chain-bogus-at-ancestor",
         **_both(critical("chain-bogus-at-ancestor", words=("broken", "EMERGENCY")))),
    Case("unsigned-below", "an unsigned zone below it", zone="unsigned.broken.", claim="bogus",
         fault="chain-bogus-at-ancestor", signed=False,
         **_both(critical("chain-bogus-at-ancestor", words=("broken",)))),
    Case("child.ds-key-rrsig-expired", "a child of a zone whose DNSKEY signature expired",
         fault="chain-bogus-at-ancestor", claim="bogus", **_both(critical(
             "chain-bogus-at-ancestor", words=("ds-key-rrsig-expired.test",)))),
    _insecure("child.ds-alg-unsupported-only", "a child of a zone with an unknown algorithm",
              "chain-algorithm-unsupported",
              chain=critical("chain-algorithm-unsupported|chain-insecure-where-secure-expected",
                             allow=("chain-insecure-where-secure-expected",
                                    "chain-algorithm-unsupported")),
              sigs=critical("chain-insecure-where-secure-expected")),
    _insecure("unsigned", "an unsigned zone", "chain-insecure-where-secure-expected",
              signed=False),
    _insecure("child.unsigned", "a signed zone below an unsigned one",
              "chain-insecure-where-secure-expected",
              **_both(critical("chain-insecure-where-secure-expected",
                               words=("unsigned.test",)))),
    Case("unsigned-expected", "an unsigned zone, expected to be one", trap="T13",
         of="unsigned.test.", options=EXPECT_INSECURE, claim="skip"),
    Case("unsigned-any", "an unsigned zone that may be one", trap="T13", of="unsigned.test.",
         options=EXPECT_ANY, claim="skip"),
    Case("secure-unexpected", "secure, but expected to be insecure", fault="secure-unexpected",
         of="plain.test.", options=EXPECT_INSECURE, claim="skip",
         **_both(critical("secure-unexpected"))),
    Case("secure-not-bogus", "secure, but expected to be bogus", fault="secure-unexpected",
         of="plain.test.", options=("--expect", "bogus"), claim="skip",
         **_both(critical("secure-unexpected"))),
    Case("bogus-expected", "bogus, as expected: a test zone", of="ds-no-matching-dnskey.test.",
         options=("--expect", "bogus"), claim="skip", sigs=None),
    Case("trust-anchor-mismatch", "the anchor file names another root key",
         fault="trust-anchor-mismatch", of="plain.test.", anchor="anchor.other", claim="skip",
         **_both(critical("trust-anchor-mismatch", words=("anchor",)))),
    # Beside the chain.
    Case("cname-target-bogus", "www leads into a bogus zone", fault="cname-target-bogus",
         base=False, text="@ A 198.51.100.80\nwww CNAME www.ds-no-matching-dnskey.test.",
         claim={"@ SOA": "secure", "www A": "bogus"}, chain_options=("--name", "www.{zone}/A"),
         chain=warning("cname-target-bogus", words=("ds-no-matching-dnskey.test",))),
    Case("ns-host-zone-bogus", "a nameserver's name is in a bogus zone",
         fault="ns-host-zone-bogus", ns_names=("ns9.ds-no-matching-dnskey.test.",), sigs=None,
         chain=warning("ns-host-zone-bogus", words=("ns9.ds-no-matching-dnskey.test",),
                       allow=("ns-timeout", "missing-glue"))),
    Case("glue-mismatch", "the glue of one server is an address it does not have any more",
         fault="glue-mismatch", own_names=True, glue={"ns1": ("192.0.2.54",)},
         chain=warning("glue-mismatch")),
    Case("missing-glue", "one nameserver inside the zone has no address at all",
         fault="missing-glue", own_names=True, ns_names=("ns9.missing-glue.test.",),
         chain=warning("missing-glue", words=("ns9.missing-glue.test",)), sigs=None),
    Case("glue-bogon", "one nameserver has a private address", fault="glue-bogon",
         text="ns9 A 10.1.2.3", ns_names=("ns9.glue-bogon.test.",),
         chain=warning("glue-bogon", allow=("ns-timeout", "missing-glue", "glue-mismatch")),
         sigs=None),
]
