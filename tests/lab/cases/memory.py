# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What only earlier runs can tell: each case is a zone with a past, told as the zones of other cases
that it was like once. Where two steps are right and one is missing, the twin takes that one too."""

from lablib.case import DAY, HOUR, KSK_ZSK, MINUTE, Case, Earlier, KeySpec, critical, ok, warning
from lablib.mutate import resign, set_ttl

SIX_DAYS = tuple(Earlier(days * DAY, "plain") for days in (32, 26, 20, 14))
NOT_SINCE = (Earlier(8 * DAY - MINUTE, same_signatures=True), Earlier(DAY, same_signatures=True))


def _remembers(plugin, name, about, of, past, expect, fault="", options=()):
    """Another look at a zone, of one plugin."""
    return Case(name, about, fault=fault, of=f"{of}.test.", past=past, chain=None, sigs=None,
                claim="skip", others={plugin: expect}, own_options={plugin: options})


def _ds(*words, **more):
    return _remembers("ds", *words, **more)


def _keys(*words, **more):
    return _remembers("keys", *words, **more)


def _nsec(*words, **more):
    return _remembers("nsec", *words, **more)


def _sigs(name, about, of, past, expect, **more):
    return Case(name, about, of=f"{of}.test.", past=past, chain=None, claim="skip", sigs=expect,
                **more)


CASES = [
    # The DS set.
    Case("ds-removed", "the DS that was there two hours ago is gone", fault="ds-removed",
         keys=KSK_ZSK, ds=[], past=(Earlier(2 * HOUR, "ksk-zsk"),), claim="insecure", chain=None,
         sigs=None, others={"ds": critical("ds-removed", words=("2h ago", "publish"))}),
    _ds("ds-removed-any", "… where any state is expected", "ds-removed",
        (Earlier(2 * HOUR, "ksk-zsk"),), warning("ds-removed", allow=(
            "ds-missing-for-signed-zone",)), fault="ds-removed", options=("--expect", "any")),
    _ds("ds-removed-wanted", "… where it is meant to be insecure", "ds-removed",
        (Earlier(2 * HOUR, "ksk-zsk"),), ok(info=("ds-removed",)),
        options=("--expect", "insecure")),
    _ds("ds-not-removed", "the DS is as it was", "ksk-zsk", (Earlier(2 * HOUR),),
        ok(absent=("ds-removed", "ds-ttl-vs-rollover"))),
    Case("ds-ttl-vs-rollover", "the old key went a minute after its DS, which caches keep for five",
         fault="ds-ttl-vs-rollover", keys=(KeySpec("new", slot=2, signs="dnskey"), KSK_ZSK[1]),
         past=(Earlier(HOUR, "ksk-double-1"), Earlier(MINUTE, "ksk-double-1")), claim="secure",
         chain=None, sigs=None, others={"ds": critical("ds-ttl-vs-rollover", words=("until",))}),
    _ds("ds-ttl-waited", "… or the old DS left the caches before its key went",
        "ds-ttl-vs-rollover", (Earlier(HOUR, "ksk-double-1"), Earlier(10 * MINUTE, "ksk-double-3"),
                               Earlier(MINUTE, "ksk-double-3")),
        ok(absent=("ds-ttl-vs-rollover",))),
    _ds("ds-ttl-both", "… or caches hold both", "ds-ttl-vs-rollover",
        (Earlier(HOUR, "ksk-double-2"), Earlier(MINUTE, "ksk-double-2")),
        ok(absent=("ds-ttl-vs-rollover",))),
    _ds("ds-stale-long", "a DS without a key for 15 days", "ds-stale", (Earlier(15 * DAY),),
        warning("ds-stale-member", words=("for 15d",)), fault="ds-stale-member"),
    _ds("ds-stale-patient", "… which --max-dangling allows", "ds-stale", (Earlier(15 * DAY),),
        ok(info=("ds-stale-member",)), options=("--max-dangling", "16d")),
    _ds("ds-stale-lately", "a DS that came with a rollover 13 days ago", "ds-stale",
        (Earlier(90 * DAY, "ds-good"), Earlier(13 * DAY)), ok(info=("ds-stale-member",))),
    _ds("cds-pending", "the parent has not acted on CDS for 8 days", "ksk-roll-double-key",
        (Earlier(8 * DAY),), warning("cds-pending", words=("for 8d",)), fault="cds-pending"),
    _ds("cds-pending-patient", "… which --cds-max-age allows", "ksk-roll-double-key",
        (Earlier(8 * DAY),), ok(info=("cds-pending",)), options=("--cds-max-age", "9d")),
    _ds("cds-pending-lately", "the parent has had CDS for 6 days", "ksk-roll-double-key",
        (Earlier(60 * DAY, "cds-good"), Earlier(6 * DAY)), ok(info=("cds-pending",))),
    _ds("cds-pending-island", "an island's parent may never look", "going-secure",
        (Earlier(80 * DAY),), warning("ds-missing-for-signed-zone", info=("cds-pending",)),
        options=("--expect", "any")),
    # Rollovers that are too fast.
    _keys("ds-swapped-too-early", "the DS changed a minute after the new key came", "ksk-double-3",
          (Earlier(HOUR, "ksk-zsk"), Earlier(MINUTE, "ksk-zsk")),
          critical("ds-swapped-before-dnskey-propagated"),
          fault="ds-swapped-before-dnskey-propagated"),
    _keys("ds-swapped-in-time", "… an hour after it", "ksk-double-3",
          (Earlier(2 * HOUR, "ksk-zsk"), Earlier(HOUR, "ksk-double-1"),
           Earlier(MINUTE, "ksk-double-1")),
          ok(info=("rollover-in-progress",), absent=("ds-swapped-before-dnskey-propagated",))),
    _keys("zsk-used-too-early", "the new ZSK signs alone, a minute after it was not there",
          "zsk-prepublish-3", (Earlier(HOUR, "ksk-zsk"), Earlier(MINUTE, "ksk-zsk")),
          critical("dnskey-used-before-published-long-enough"),
          fault="dnskey-used-before-published-long-enough"),
    _keys("zsk-used-in-time", "… an hour after it was published", "zsk-prepublish-3",
          (Earlier(2 * HOUR, "ksk-zsk"), Earlier(HOUR, "zsk-prepublish-1"),
           Earlier(MINUTE, "zsk-prepublish-1")),
          ok(info=("rollover-in-progress",), absent=("dnskey-used-before-published-long-enough",))),
    Case("ttl-of-a-week", "the key set has a TTL of a week", keys=KSK_ZSK,
         mutate=(set_ttl("@", "DNSKEY", 7 * DAY), resign("@", "DNSKEY", key="ksk"))),
    _keys("zsk-ttl-lowered-lately", "… which it had until three days ago", "zsk-prepublish-3",
          (Earlier(9 * DAY, "ttl-of-a-week"), Earlier(3 * DAY, "ttl-of-a-week"),
           Earlier(2 * DAY, "zsk-prepublish-1"), Earlier(MINUTE, "zsk-prepublish-1")),
          critical("dnskey-used-before-published-long-enough", words=("only since 2d",)),
          fault="dnskey-used-before-published-long-enough"),
    _keys("zsk-ttl-lowered-in-time", "… until eight days ago, as before a rollover",
          "zsk-prepublish-3",
          (Earlier(9 * DAY, "ttl-of-a-week"), Earlier(8 * DAY, "ttl-of-a-week"),
           Earlier(7 * DAY - HOUR, "ksk-zsk"), Earlier(6 * DAY, "ksk-zsk"),
           Earlier(DAY, "zsk-prepublish-1"), Earlier(MINUTE, "zsk-prepublish-1")),
          ok(info=("rollover-in-progress",), absent=("dnskey-used-before-published-long-enough",))),
    _keys("zsk-withdrawn-too-early", "the old ZSK is gone a minute after it signed",
          "zsk-prepublish-4", (Earlier(HOUR, "zsk-prepublish-1"), Earlier(
              MINUTE, "zsk-prepublish-1")),
          critical("dnskey-withdrawn-too-early", words=("1m",)),
          fault="dnskey-withdrawn-too-early"),
    _keys("zsk-withdrawn-in-time", "… an hour after it", "zsk-prepublish-4",
          (Earlier(3 * HOUR, "zsk-prepublish-1"), Earlier(HOUR, "zsk-prepublish-3"),
           Earlier(MINUTE, "zsk-prepublish-3")),
          ok(absent=("dnskey-withdrawn-too-early", "dnskey-used-before-published-long-enough"))),
    # Rollovers that never end.
    _keys("zsk-rollover-stuck", "two ZSK have signed side by side for 31 days", "zsk-double-1",
          (Earlier(31 * DAY),), warning("rollover-stuck", words=("31d",)), fault="rollover-stuck"),
    _keys("zsk-rollover-slow", "… for 29 days", "zsk-double-1",
          (Earlier(60 * DAY, "ksk-zsk"), Earlier(29 * DAY)),
          ok(info=("rollover-in-progress",), absent=("rollover-stuck",))),
    _keys("ksk-rollover-stuck", "two KSK have signed the key set for 91 days", "ksk-double-1",
          (Earlier(91 * DAY),), warning("rollover-stuck", words=("91d",)), fault="rollover-stuck"),
    _keys("ksk-rollover-slow", "… for 89 days", "ksk-double-1",
          (Earlier(200 * DAY, "ksk-zsk"), Earlier(89 * DAY)),
          ok(info=("rollover-in-progress",), absent=("rollover-stuck",))),
    _keys("dnskey-revoked-lingering", "a revoked key has been there for 61 days", "ksk-revoked",
          (Earlier(61 * DAY),), warning("dnskey-revoked-lingering", words=("61d",)),
          fault="dnskey-revoked-lingering"),
    _keys("dnskey-revoked-lately", "… for 59 days", "ksk-revoked",
          (Earlier(90 * DAY, "ksk-zsk"), Earlier(59 * DAY)),
          ok(info=("rollover-in-progress",), absent=("dnskey-revoked-lingering",))),
    # Ages of keys.
    _keys("key-age-remembered", "a ZSK that came 95 days ago", "zsk-prepublish-4",
          (Earlier(100 * DAY, "ksk-zsk"), Earlier(95 * DAY), Earlier(DAY)),
          warning("key-too-old", words=("95d old", "from the state")), fault="key-too-old",
          options=("--zsk-max-age", "90d")),
    _keys("key-age-at-least", "… that was there when looking began", "zsk-prepublish-4",
          (Earlier(95 * DAY), Earlier(DAY)), warning("key-too-old", words=("at least 95d",)),
          fault="key-too-old", options=("--zsk-max-age", "90d")),
    _keys("key-age-due", "… 65 days ago: in the month before it is due", "zsk-prepublish-4",
          (Earlier(100 * DAY, "ksk-zsk"), Earlier(65 * DAY), Earlier(DAY)),
          ok(info=("key-rotation-due",)), options=("--zsk-max-age", "90d")),
    _keys("key-age-young", "… 30 days ago", "zsk-prepublish-4",
          (Earlier(100 * DAY, "ksk-zsk"), Earlier(30 * DAY), Earlier(DAY)),
          ok(absent=("key-rotation-due",)), options=("--zsk-max-age", "90d")),
    # The signer's habit.
    _sigs("signer-refreshed", "the signatures are newer than those of yesterday's run", "plain",
          (Earlier(7 * DAY),), ok(info=("signer-refreshed",))),
    _sigs("signer-not-refreshed", "the signatures are those of the last run", "plain",
          (Earlier(MINUTE, same_signatures=True),), ok(absent=("signer-refreshed",))),
    Case("signed-8-days-ago", "signed 8 days ago, for a month", start=-8 * DAY, end=22 * DAY),
    _sigs("signer-late", "… by a signer that came every 6 days so far", "signed-8-days-ago",
          (*SIX_DAYS, *NOT_SINCE), warning("signer-stalled", words=("seen 3 times",)),
          fault="signer-stalled"),
    _sigs("signer-slack", "… and may come as late as this", "signed-8-days-ago",
          (*SIX_DAYS, *NOT_SINCE), ok(absent=("signer-stalled",)), sigs_options=("--stall-slack", "3d")),
    _sigs("signer-punctual", "signed an hour ago by that signer", "plain",
          (*SIX_DAYS, Earlier(8 * DAY)),
          ok(info=("signer-refreshed",), absent=("signer-stalled",))),
    # Changes that do not end.
    _nsec("nsec3param-several-for-long", "two NSEC3PARAM records, for two days", "nsec3param-several",
          (Earlier(2 * DAY), Earlier(HOUR)), warning("nsec3param-multiple", words=("2d",)),
          fault="nsec3param-multiple"),
    _nsec("nsec3param-several-for-hours", "… for hours", "nsec3param-several",
          (Earlier(9 * DAY, "nsec3"), Earlier(20 * HOUR)), ok(info=("nsec3param-multiple",))),
    _nsec("nsec3param-several-again", "… a week ago, and again now", "nsec3param-several",
          (Earlier(9 * DAY), Earlier(7 * DAY, "nsec3"), Earlier(5 * DAY, "nsec3")),
          ok(info=("nsec3param-multiple",))),
    _nsec("nsec3-salts-differ-for-long", "the servers use different salts, for two days",
          "nsec3-salts-differ", (Earlier(2 * DAY),),
          critical("nsec3-param-inconsistent-ns", words=("2d",)),
          fault="nsec3-param-inconsistent-ns"),
    _keys("bind-signing-for-long", "BIND's note of a key to be applied, for two days",
          "bind-signing-in-progress", (Earlier(2 * DAY),),
          warning("bind-signing-in-progress", words=("2d",)), fault="bind-signing-in-progress"),
    # The memory itself.
    Case("state-unusable", "a file where the directory should be", fault="state-unusable",
         of="plain.test.", claim="skip", sigs=warning("state-unusable"),
         others={plugin: warning("state-unusable") for plugin in ("ds", "nsec", "keys")},
         own_options={plugin: ("--state-dir", "{dir}/built.json")
                      for plugin in ("sigs", "ds", "nsec", "keys")}),
]
