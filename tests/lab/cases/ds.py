# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""DS, CDS and CDNSKEY (section 2 of the catalogue), and the stages of a key-signing key's life."""

from lablib.case import DAY, KSK_ZSK, Case, KeySpec, critical, ok, unknown, warning
from lablib.ds import ds, raw_ds
from lablib.keys import SEP
from lablib.mutate import add, corrupt_rrsig, drop_rrsig, resign, set_ttl, short_ds

RESPONDERS = ("r1", "r2")
STANDBY = (*KSK_ZSK, KeySpec("standby", signs="none", slot=2))
DOUBLE = (KeySpec("ksk", signs="dnskey"), KeySpec("next", signs="dnskey", slot=2),
          KeySpec("zsk", sep=False, signs="zone", slot=1))
DELETE = (add("@", "CDS", "0 0 0 00", key="ksk"), add("@", "CDNSKEY", "0 3 0 AA==", key="ksk"))
EXPECT_ANY = ("--expect", "any")
EXPECT_INSECURE = ("--expect", "insecure")
PIN = "12345 13 2 " + "AB" * 32


def _ds(expect, **more):
    """A case that is about check_dnssec_ds alone."""
    return {"chain": None, "sigs": None, "others": {"ds": expect}, **more}


def cds(*roles, signer="ksk", **fields):
    """CDS records for the keys of these roles, signed by `signer`."""

    def apply(zone, site):
        for role in roles:
            text = ds(role, **fields)(zone.keys, zone.apex.to_text())
            add("@", "CDS", text, key=signer)(zone, site)

    return apply


def cdnskey(*roles, signer="ksk"):
    """The same as CDNSKEY."""

    def apply(zone, site):
        for role in roles:
            add("@", "CDNSKEY", zone.keys[role].dnskey().to_text(), key=signer)(zone, site)

    return apply


def both(*roles, signer="ksk"):
    return (cds(*roles, signer=signer), cdnskey(*roles, signer=signer))


CASES = [
    # The DS set.
    Case("ds-good", "one DS, one key", **_ds(ok(words=("1 DS at test", "agree")))),
    Case("ds-sha1-only", "the only DS is SHA-1", fault="ds-sha1-only", ds=[ds("csk", digest=1)],
         **_ds(warning("ds-sha1-only", words=("13 2 ",))), claim="skip"),
    Case("ds-sha1-beside", "two digests of one key", trap="T24",
         ds=[ds("csk", digest=1), ds("csk")],
         **_ds(ok(info=("ds-sha1-beside-sha256",)))),
    Case("ds-sha384-only", "SHA-384 alone", ds=[ds("csk", digest=4)],
         **_ds(ok(info=("ds-sha256-missing",)))),
    Case("ds-sha1-wrong", "a broken SHA-1 digest beside a good SHA-256", fault="ds-digest-mismatch",
         ds=[ds("csk"), ds("csk", digest=1, corrupt=True)], **_ds(warning("ds-digest-mismatch"))),
    Case("ds-digest-length", "the only DS lacks an octet of its digest",
         zone="ds-digest-length.split.test.", fault="ds-digest-length",
         parent_mutate=(short_ds(1),), claim="skip", **_ds(critical("ds-digest-length"))),
    Case("ds-ttl-too-long", "a DS with a TTL of three days", fault="ds-ttl-too-long",
         parent_mutate=(set_ttl("@", "DS", 3 * DAY), resign("@", "DS", key="zsk")),
         **_ds(warning("ds-ttl-too-long", words=("3d",)))),
    Case("ds-ttl-long", "… of a day and a half", parent_mutate=(
        set_ttl("@", "DS", 3 * DAY // 2), resign("@", "DS", key="zsk")),
         **_ds(ok(info=("ds-ttl-too-long",)))),
    Case("ds-ttl-day", "… of a day, as many parents have it", parent_mutate=(
        set_ttl("@", "DS", DAY), resign("@", "DS", key="zsk")),
         **_ds(ok(absent=("ds-ttl-too-long",)))),
    Case("ds-alg-wrong-beside", "a DS with a wrong algorithm beside the good one",
         fault="ds-alg-mismatch", ds=[ds("csk"), ds("csk", algorithm=8)],
         **_ds(warning("ds-alg-mismatch", allow=("ds-algorithm-incomplete",))), claim="skip"),
    Case("ds-tag-wrong-beside", "a DS with a wrong tag beside the good one",
         fault="ds-keytag-mismatch", ds=[ds("csk"), ds("csk", tag=1)],
         **_ds(warning("ds-keytag-mismatch"))),
    Case("ds-stale", "a DS without a key beside the good one", trap="T3",
         ds=[ds("csk"), raw_ds(PIN)], **_ds(ok(info=("ds-stale-member",)))),
    Case("ds-standby", "a DS for a standby key", trap="T2", keys=STANDBY,
         ds=[ds("ksk"), ds("standby")], **_ds(ok(info=("ds-key-standby-not-signing",)))),
    Case("ds-non-sep", "a combined key of flags 256", trap="T1",
         keys=(KeySpec("csk", sep=False),), **_ds(ok(info=("ds-to-non-sep-key",)))),
    Case("ds-algorithm-incomplete", "a DS of an algorithm that does not sign",
         fault="ds-algorithm-incomplete", ds=[ds("csk"), raw_ds("12345 8 2 " + "AB" * 32)],
         **_ds(warning("ds-algorithm-incomplete")), claim="skip"),
    Case("ds-gost-beside", "a GOST digest beside a good one", trap="T25",
         ds=[ds("csk"), raw_ds("12345 13 3 " + "AB" * 32)], claim="skip",
         **_ds(ok(info=("ds-digest-deprecated-gost",)))),
    Case("ds-unknown-digest", "an unknown digest type beside a good one", trap="T25",
         ds=[ds("csk"), ds("csk", digest_type=100)], **_ds(ok(info=("ds-digest-unknown",)))),
    Case("ds-too-many", "eight DS, seven of keys that are gone", fault="ds-too-many", claim="skip",
         ds=[ds("csk"), *(raw_ds(f"{tag} 13 2 " + "AB" * 32) for tag in range(101, 108))],
         **_ds(warning("ds-too-many"))),
    Case("ds-no-match", "the DS is for another key", fault="ds-no-matching-dnskey",
         ds=[raw_ds(PIN)], claim="skip",
         **_ds(critical("ds-no-matching-dnskey", words=("EMERGENCY", "12345", "publish")))),
    Case("ds-pin-wrong", "another DS than the one pinned", fault="ds-unexpected",
         of="ds-good.test.", claim="skip",
         **_ds(critical("ds-unexpected", words=("12345",)), own_options={"ds": ("--pin", PIN)})),
    Case("ds-pin-right", "the DS set that is pinned", ds=[raw_ds(PIN)], claim="skip",
         own_options={"ds": ("--pin", PIN, "--expect", "bogus")}, **_ds(ok())),
    Case("ds-at-child-apex", "a DS at the zone's own apex", fault="ds-at-child-apex",
         servers=RESPONDERS, mutate=(add("@", "DS", PIN),), claim="skip",
         **_ds(warning("ds-at-child-apex"))),
    Case("ds-one-server-unsigned-keys", "one server's keys are signed by the zone-signing key",
         fault="dnskey-not-signed-by-ds-key", keys=KSK_ZSK, claim="skip",
         mutate_on={"ns2": (resign("@", "DNSKEY", key="zsk"),)},
         **_ds(critical("dnskey-not-signed-by-ds-key|ds-key-does-not-sign",
                        allow=("dnskey-not-signed-by-ds-key", "ds-key-does-not-sign")))),
    # Parents that do not answer as they should.
    Case("noparent", "a parent that does not know the child on its own servers", base=False),
    Case("child.noparent", "the child: its servers serve it, the parent denies it",
         fault="ds-nxdomain", delegated=False, claim="skip", **_ds(critical("ds-nxdomain"))),
    *(Case(f"{name}{number}parent", f"a parent of which {number} give no good answer about DS",
           base=False, servers=RESPONDERS, behaviour={host: behaviour for host in hosts})
      for name, behaviour in (("noaa", "ds-without-aa"), ("failing", "ds-servfail"))
      for number, hosts in (("one", RESPONDERS[:1]), ("both", RESPONDERS))),
    Case("child.noaabothparent", "its child: DS without authority", fault="ds-non-authoritative",
         claim="skip", **_ds(unknown("ds-non-authoritative"))),
    Case("child.noaaoneparent", "… from one server of two", claim="skip",
         **_ds(ok(info=("ds-non-authoritative",)))),
    Case("child.failingbothparent", "its child: no answer about DS", fault="ds-undetermined",
         claim="skip", **_ds(unknown("ds-undetermined"))),
    Case("child.failingoneparent", "… from one server of two", claim="skip",
         **_ds(ok(info=("ds-undetermined",)))),
    # CDS and CDNSKEY.
    Case("cds-good", "CDS and CDNSKEY of the key that has the DS", keys=KSK_ZSK,
         mutate=both("ksk"), **_ds(ok())),
    Case("cds-alone", "CDS without CDNSKEY", keys=KSK_ZSK, mutate=(cds("ksk"),),
         **_ds(ok(info=("cds-without-cdnskey",)))),
    Case("cdnskey-alone", "CDNSKEY without CDS", keys=KSK_ZSK, mutate=(cdnskey("ksk"),),
         **_ds(ok(info=("cdnskey-without-cds",)))),
    Case("cds-cdnskey-mismatch", "CDS and CDNSKEY of different keys", fault="cds-cdnskey-mismatch",
         keys=DOUBLE, ds=[ds("ksk")], mutate=(cds("ksk"), cdnskey("next")),
         **_ds(critical("cds-cdnskey-mismatch"))),
    Case("cds-no-matching-dnskey", "CDS for a key that is not there",
         fault="cds-no-matching-dnskey",
         keys=(*KSK_ZSK, KeySpec("next", signs="none", slot=4, publish=False)),
         mutate=both("next"), **_ds(critical("cds-no-matching-dnskey"))),
    Case("cds-key-does-not-sign", "CDS for a key that does not sign beside one that does",
         fault="cds-dnskey-not-signed-by-cds-key", keys=STANDBY, mutate=both("ksk", "standby"),
         **_ds(warning("cds-dnskey-not-signed-by-cds-key"))),
    Case("cds-unsigned", "CDS without a signature", fault="cds-unsigned", keys=KSK_ZSK,
         servers=RESPONDERS, mutate=(*both("ksk"), drop_rrsig("@", "CDS")),
         **_ds(critical("cds-unsigned"))),
    Case("cds-rrsig-invalid", "a damaged signature over CDS", fault="cds-rrsig-invalid",
         keys=KSK_ZSK, mutate=(*both("ksk"), corrupt_rrsig("@", "CDS")),
         **_ds(critical("cds-rrsig-invalid"))),
    Case("cds-unknown-signer", "CDS signed by a key that is not published",
         fault="cds-signed-by-unknown-key",
         keys=(*KSK_ZSK, KeySpec("gone", signs="none", slot=4, publish=False)),
         mutate=both("ksk", signer="gone"), **_ds(critical("cds-signed-by-unknown-key"))),
    Case("cds-signed-by-zsk", "CDS signed by the zone-signing key only",
         fault="cds-not-signed-by-ds-key", keys=KSK_ZSK, mutate=both("ksk", signer="zsk"),
         **_ds(warning("cds-not-signed-by-ds-key"))),
    Case("cds-inconsistent-ns", "one server has no CDS", fault="cds-inconsistent-ns", keys=KSK_ZSK,
         mutate_on={"ns1": both("ksk")}, **_ds(warning("cds-inconsistent-ns"))),
    Case("cds-to-non-zone-key", "CDS for a key whose Zone bit is off", fault="cds-to-non-zone-key",
         keys=(*KSK_ZSK, KeySpec("odd", slot=2, signs="none", flags=SEP)),
         mutate=both("ksk", "odd"), **_ds(critical("cds-to-non-zone-key"))),
    Case("cds-delete-mixed", "a delete request beside a key's CDS", fault="cds-delete-mixed",
         keys=KSK_ZSK, mutate=(cds("ksk"), add("@", "CDS", "0 0 0 00", key="ksk")),
         servers=RESPONDERS, **_ds(critical("cds-delete-mixed"))),
    Case("cds-delete-malformed", "algorithm 0 with a key tag", fault="cds-delete-malformed",
         keys=KSK_ZSK, servers=RESPONDERS, mutate=(add("@", "CDS", "1 0 0 00", key="ksk"),),
         **_ds(warning("cds-delete-malformed"))),
    # Stages of rollovers: double key-signing key, double DS, going insecure, going secure.
    Case("ksk-roll-double-key", "both keys sign DNSKEY, CDS asks for the new one", keys=DOUBLE,
         ds=[ds("ksk")], mutate=both("next"), **_ds(ok(info=("cds-pending",)))),
    Case("ksk-roll-double-key-done", "… the DS was changed, the old key still signs", keys=DOUBLE,
         ds=[ds("next")], mutate=both("next", signer="next"), **_ds(ok())),
    Case("ksk-roll-double-ds", "both DS, the new key not yet there", trap="T3",
         keys=(*KSK_ZSK, KeySpec("next", signs="none", slot=4, publish=False)),
         ds=[ds("ksk"), ds("next")], **_ds(ok(info=("ds-stale-member",)))),
    Case("ksk-roll-double-ds-changed", "… the new key signs, the old one is gone", trap="T4",
         keys=(KeySpec("next", signs="dnskey", slot=4), KeySpec("zsk", sep=False, signs="zone",
               slot=1), KeySpec("ksk", signs="none", publish=False)),
         ds=[ds("ksk"), ds("next")], **_ds(ok(info=("ds-stale-member",)))),
    Case("going-insecure", "a delete request, the DS still there", fault="cds-delete-present",
         keys=KSK_ZSK, mutate=DELETE, servers=RESPONDERS, **_ds(critical("cds-delete-present"))),
    Case("going-insecure-any", "… where any state is expected", of="going-insecure.test.",
         claim="skip", options=EXPECT_ANY, **_ds(warning("cds-delete-present"))),
    Case("gone-insecure", "… and the DS is gone", keys=KSK_ZSK, ds=[], mutate=DELETE,
         servers=RESPONDERS, claim="insecure", options=EXPECT_INSECURE,
         **_ds(ok(info=("cds-delete-present",)))),
    Case("going-secure", "signed, with CDS, and no DS yet", keys=KSK_ZSK, ds=[],
         mutate=both("ksk"), claim="insecure", options=EXPECT_ANY,
         **_ds(warning("ds-missing-for-signed-zone", info=("cds-pending",)))),
]
