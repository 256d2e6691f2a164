# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Delegations in which several things meet, and those of which one server has another version:
check_dnssec_ds has to tell the one that matters, and where."""

from lablib.case import DAY, HOUR, KSK_ZSK, Case, KeySpec, critical, ok, unknown, warning
from lablib.ds import ds, raw_ds
from lablib.mutate import (add, bitmap, drop, only_key, replace_rrset, resign, same_tag_key, twin_of,
                           unsign)

from cases.ds import DELETE, EXPECT_INSECURE, STANDBY, cds, cdnskey

GONE = {"start": -30 * DAY, "end": -3 * HOUR}
STRANGER = "12345 13 2 " + "AB" * 32
NEXT = KeySpec("next", signs="none", slot=4, publish=False)
STALE = "dnskey-not-signed-by-ds-key"


def _ds(name, about, expect, **more):
    return Case(name, about, chain=None, sigs=None, others={"ds": expect}, **more)


def _split(name, about, expect, *p2, **more):
    """The parent's second server has another version."""
    return _ds(name, about, expect, zone=f"{name}.split.test.", parent_mutate_on={"p2": p2},
               **{"claim": "varies", **more})


def _ds_of_twin(role, algorithm):
    return lambda keys, apex: twin_of(keys[role], algorithm, 0).ds(apex)


def _ds_of(role):
    """The DS of that key takes the place of what is there."""

    def apply(zone, site):
        replace_rrset("@", "DS", [ds(role)(site.keys, site.origin.to_text())])(zone, site)

    return apply


CASES = [
    # Several members.
    _ds("mixed-members", "two digests of the key that signs, a standby key, a key to come",
        ok(info=("ds-stale-member", "ds-key-standby-not-signing", "ds-sha1-beside-sha256"),
           words=("2 of 4 DS",)),
        keys=(*STANDBY, NEXT), ds=[ds("ksk", digest=1), ds("ksk"), ds("standby"), ds("next")]),
    _ds("mixed-eight", "four keys, two digests of each", warning("ds-too-many", words=("8 DS",)),
        fault="ds-too-many", ds=[ds(role, digest=digest) for role in ("csk", "k1", "k2", "k3")
                                 for digest in (2, 4)],
        keys=(KeySpec("csk"), *(KeySpec(f"k{n}", signs="none", slot=n) for n in (1, 2, 3)))),
    _ds("mixed-sha384-next", "SHA-256 of the key that signs, SHA-384 of one to come",
        ok(info=("ds-stale-member",)), keys=(KeySpec("csk"), NEXT),
        ds=[ds("csk"), ds("next", digest=4)]),
    _ds("mixed-sha1-now", "SHA-1 of the key that signs, SHA-256 of one to come",
        critical("ds-no-matching-dnskey", words=("ignored", "publish")),
        fault="ds-no-matching-dnskey", keys=(KeySpec("csk"), NEXT),
        ds=[ds("csk", digest=1), ds("next")],
        claim={"@ SOA": {"unbound": "secure", "else": "bogus"}},
        reason="Unbound takes a SHA-1 DS beside a stronger one (RFC 4509 3 forbids it)"),
    _ds("mixed-all-wrong", "a wrong tag, a wrong digest, a wrong algorithm, a stranger",
        critical("ds-digest-mismatch|ds-keytag-mismatch|ds-alg-mismatch",
                 words=("EMERGENCY", "publish")), fault="ds-digest-mismatch", claim="bogus",
        ds=[ds("csk", tag=1), ds("csk", corrupt=True), ds("csk", algorithm=8), raw_ds(STRANGER)]),
    # Key tags are not unique (RFC 4034 appendix B).
    _ds("twin-idle", "the DS names an idle key, of the tag and algorithm of the one that signs",
        critical("ds-key-does-not-sign", words=("EMERGENCY",)), fault="ds-key-does-not-sign",
        trap="T28", mutate=(same_tag_key("csk", 13),), ds=[_ds_of_twin("csk", 13)], claim="bogus"),
    _ds("twin-beside", "… beside the DS of the key that signs",
        ok(info=("ds-key-standby-not-signing",)), trap="T28", claim="skip",
        mutate=(same_tag_key("csk", 13),), ds=[ds("csk"), _ds_of_twin("csk", 13)]),
    _ds("twin-of-other-algorithm", "the DS names an idle key of that tag and another algorithm",
        critical("ds-key-does-not-sign", words=("EMERGENCY",)), fault="ds-key-does-not-sign",
        trap="T28", mutate=(same_tag_key("csk", 8),), ds=[_ds_of_twin("csk", 8)], claim="bogus"),
    # One parent server differs.
    _split("parent-one-expired", "one parent server's signature of the DS expired",
           critical("ds-rrsig-invalid", words=("p2.lab.test", "expired 3h")),
           resign("@", "DS", **GONE), fault="ds-rrsig-invalid"),
    _split("parent-one-without", "one parent server has no DS and proves it",
           warning("ds-inconsistent-parent-ns", words=("p2.lab.test",)),
           drop("@", "DS"), bitmap("@", less=["DS"]), fault="ds-inconsistent-parent-ns",
           claim="skip"),
    _split("parent-one-lost", "one parent server has lost the DS and proves nothing",
           critical("nods-proof-invalid", "ds-inconsistent-parent-ns", words=("p2.lab.test",)),
           drop("@", "DS"), fault="nods-proof-invalid"),
    _split("parent-one-standby", "one parent server's DS is for a key that does not sign",
           critical("ds-inconsistent-parent-ns", allow=("ds-key-does-not-sign",)),
           _ds_of("standby"), fault="ds-inconsistent-parent-ns", keys=STANDBY, ds=[ds("ksk")]),
    _split("parent-one-forgotten", "unsigned, and one parent server still has the DS",
           critical("ds-inconsistent-parent-ns", allow=("ds-but-unsigned-zone",)),
           add("@", "DS", STRANGER), bitmap("@", more=["DS"]), fault="ds-inconsistent-parent-ns",
           options=EXPECT_INSECURE, signed=False, ds=[], claim="skip"),
    Case("slowparent", "a parent of which one server is silent", base=False,
         servers=("r1", "silent"), chain=None, sigs=None),
    _ds("child.slowparent", "its child: its own servers are asked all the same",
        ok(info=("ds-undetermined",), words=("and 4 child",))),
    # Which of the two depends on the parent server that Unbound happens to ask.
    _ds("slowparent-short", "… unless the time is too short for that",
        unknown("deadline-reached|parent-unreachable", allow=("parent-unreachable",)),
        of="child.slowparent.test.", claim="skip", options=("--timeout", "3")),
    # One server of the zone differs.
    _ds("child-one-stale", "one server has the keys before the rollover",
        critical(STALE, words=("ns2.lab.test", "a key that the ds names")), fault=STALE,
        keys=(KeySpec("csk"), KeySpec("old", signs="none", slot=4, publish=False)),
        mutate_on={"ns2": (only_key("old"),)}, claim="varies"),
    _ds("child-one-unsigned", "one server has the unsigned zone",
        critical(STALE, words=("ns2.lab.test", "there is no dnskey")), fault=STALE,
        mutate_on={"ns2": (unsign(),)}, claim="varies"),
    _ds("child-one-expired", "the signature of one server's key set expired",
        critical(STALE, words=("ns2.lab.test", "expired 3h")), fault=STALE,
        mutate_on={"ns2": (resign("@", "DNSKEY", **GONE),)}, claim="varies"),
    # Requests.
    _ds("cds-digests", "CDS of two digests, one CDNSKEY", ok(absent=("cds-pending",)),
        keys=KSK_ZSK, mutate=(cds("ksk"), cds("ksk", digest=4), cdnskey("ksk"))),
    _ds("cds-wrong-digest", "the digest of CDS is wrong",
        critical("cds-cdnskey-mismatch", "cds-no-matching-dnskey", words=("another digest",)),
        fault="cds-cdnskey-mismatch", keys=KSK_ZSK,
        mutate=(cds("ksk", corrupt=True), cdnskey("ksk"))),
    _ds("cds-delete-one", "a delete request at one server of two",
        critical("cds-delete-present", "cds-inconsistent-ns", words=("r1.lab.test",)),
        fault="cds-delete-present", keys=KSK_ZSK, servers=("r1", "r2"), mutate_on={"r1": DELETE}),
    # Names.
    _ds("odd_-name", "a name with an underscore", ok()),
    _ds("odd-dot", "a name with a dot in a label", ok(words=("046dot",)),
        zone="odd\\.dot.test."),
]
