# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Zones that wait for their first DS by authenticated bootstrapping (RFC 9615)."""

from lablib.case import KSK_ZSK, Case, ok, warning
from lablib.ds import ds
from lablib.hosts import HOSTS

from cases.ds import both, cds

NS1, NS2 = HOSTS["ns1"].name, HOSTS["ns2"].name
ELSEWHERE = "ns.unsigned-hosts.test."
BOOTSTRAP = ("--bootstrap",)
UNHEARD = ok(info=("island-of-trust",), absent=("dsboot-signal-broken",))
MENTIONED = ok(info=("dsboot-signal-broken",))


def _cds(role):
    return lambda keys, apex: "CDS " + ds(role)(keys, apex)


def _cdnskey(role):
    return lambda keys, apex: "CDNSKEY " + keys[role].dnskey().to_text()


SIGNAL = (_cds("ksk"), _cdnskey("ksk"))


def _waiting(name, about, signals, expect, fault="", **more):
    """A signed zone without a DS."""
    return Case(name, about, fault=fault, claim="insecure", chain=None, sigs=None, ds=[],
                signals=signals, options=("--expect", "insecure"), others={"ds": expect},
                **{"keys": KSK_ZSK, "mutate": both("ksk"), **more})


def _wanted(of, about, expect, fault=""):
    """The same zone, where bootstrapping is expected."""
    return Case(f"{of}-wanted", about, fault=fault, of=f"{of}.test.", claim="skip", chain=None,
                sigs=None, options=("--expect", "insecure"), others={"ds": expect},
                own_options={"ds": BOOTSTRAP})


def _broken(*words):
    return warning("dsboot-signal-broken", words=words)


CASES = [
    Case("unsigned-hosts", "an unsigned zone that a nameserver's name is in", signed=False,
         text="ns A 198.51.100.53\nns AAAA 2001:db8:3::2", claim="insecure",
         options=("--expect", "insecure")),
    _waiting("boot-right", "both nameservers vouch for its CDS and CDNSKEY",
             {NS1: SIGNAL, NS2: SIGNAL}, UNHEARD),
    _wanted("boot-right", "… as they should", ok(words=("rfc 9615",), absent=(
        "dsboot-signal-broken",))),
    _waiting("boot-missing", "one of two nameservers does not", {NS1: SIGNAL}, MENTIONED),
    _wanted("boot-missing", "… and should", _broken("ns2.lab.test", "no CDS and CDNSKEY"),
            fault="dsboot-signal-broken"),
    _waiting("boot-half", "one of two nameservers has no CDNSKEY of it",
             {NS1: SIGNAL, NS2: SIGNAL[:1]}, MENTIONED),
    _wanted("boot-half", "… and should", _broken("ns2.lab.test", "no CDNSKEY"),
            fault="dsboot-signal-broken"),
    _waiting("boot-differs", "one nameserver vouches for another key",
             {NS1: SIGNAL, NS2: (_cds("zsk"), _cdnskey("zsk"))}, MENTIONED),
    _wanted("boot-differs", "… and must not", _broken("ns2.lab.test", "other CDS and CDNSKEY"),
            fault="dsboot-signal-broken"),
    _waiting("boot-insecure", "one nameserver's name is in an unsigned zone",
             {NS1: SIGNAL, ELSEWHERE: SIGNAL}, MENTIONED, child_ns=("ns1",), parent_ns=("ns1",),
             ns_names=(ELSEWHERE,)),
    _wanted("boot-insecure", "… so that it proves nothing",
            _broken("ns.unsigned-hosts.test", "not secure"), fault="dsboot-signal-broken"),
    _waiting("boot-none", "no nameserver vouches for it, as for most zones", {}, UNHEARD),
    _wanted("boot-none", "… and both should", _broken("ns1.lab.test", "ns2.lab.test"),
            fault="dsboot-signal-broken"),
    _waiting("boot-in-zone", "the names of the nameservers are in the zone", {}, UNHEARD,
             own_names=True),
    _wanted("boot-in-zone", "… so that none can vouch for it", _broken("in the zone itself"),
            fault="dsboot-signal-broken"),
    _waiting("boot-cds-alone", "CDS alone, everywhere", {NS1: SIGNAL[:1], NS2: SIGNAL[:1]}, UNHEARD,
             mutate=(cds("ksk"),)),
    _wanted("boot-cds-alone", "… which is enough", ok(absent=("dsboot-signal-broken",))),
    _waiting("boot-no-cds", "neither CDS nor CDNSKEY", {}, UNHEARD, mutate=()),
    _wanted("boot-no-cds", "… and bootstrapping needs one", _broken("neither CDS nor CDNSKEY"),
            fault="dsboot-signal-broken"),
    Case("boot-done", "the DS is there: nobody has to vouch any more", of="cds-good.test.",
         claim="skip", chain=None, sigs=None, own_options={"ds": BOOTSTRAP},
         others={"ds": ok(absent=("dsboot-signal-broken",))}),
]
