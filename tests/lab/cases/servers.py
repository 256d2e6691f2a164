# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Servers that are down, lame, old or different, and what is legal about servers."""

from lablib.case import DAY, Case, Expect, KeySpec, critical, ok, warning
from lablib.mutate import older_serial, unsign

RESPONDERS = ("r1", "r2")
QUICK = ("--query-timeout", "1", "--retries", "1")


def _both(expect):
    return {"chain": expect, "sigs": expect}


def _one(name, about, fault, behaviour, expect, **more):
    """One of two servers misbehaves."""
    return Case(name, about, fault=fault, servers=RESPONDERS, behaviour={"r2": behaviour},
                **{"claim": "varies", **_both(expect), **more})


def _all(name, about, fault, behaviour, expect, **more):
    """All servers do."""
    return Case(name, about, fault=fault, servers=RESPONDERS,
                behaviour={host: behaviour for host in RESPONDERS},
                **{"claim": "bogus", **_both(expect), **more})


R2 = ("r2.lab.test",)
NO_ANSWERS = ("chain-failed", "zone-not-found", "deadline-reached", "rrsig-missing-all")
FAILED = ("chain-failed", "ds-but-unsigned-zone")

CASES = [
    # Lame.
    _one("lame-refused", "one server refuses", "lame-ns", "refused",
         warning("lame-ns", words=("REFUSED", *R2)), claim="secure"),
    _one("lame-servfail", "one server fails", "lame-ns", "servfail",
         warning("lame-ns", words=("SERVFAIL", *R2)), claim="secure"),
    _one("lame-not-authoritative", "one server answers as a cache does", "lame-ns",
         "not-authoritative", warning("lame-ns", words=R2)),
    _one("lame-upward-referral", "one server refers to the root", "lame-ns", "upward-referral",
         warning("lame-ns", words=R2), claim="secure"),
    Case("lame-not-loaded", "one server has not loaded the zone", fault="lame-ns",
         servers=("ns1", "ns2"), parent_ns=("ns1", "ns2", "ns3"), child_ns=("ns1", "ns2", "ns3"),
         **_both(warning("lame-ns", words=("ns3.lab.test",)))),
    _all("lame-all-refused", "all servers refuse", "lame-ns", "refused",
         critical("lame-ns", words=("EMERGENCY",), allow=FAILED)),
    _all("lame-all-servfail", "all servers fail", "lame-ns", "servfail",
         critical("lame-ns", allow=FAILED)),
    # Silence.
    Case("ns-timeout-silent", "one server swallows everything", fault="ns-timeout",
         servers=("ns1",), parent_ns=("ns1", "silent"), child_ns=("ns1", "silent"),
         options=QUICK, **_both(warning("ns-timeout", words=("silent.lab.test",)))),
    Case("ns-timeout-nobody", "nobody listens at one server's addresses", fault="ns-timeout",
         servers=("ns1",), parent_ns=("ns1", "nobody"), child_ns=("ns1", "nobody"),
         **_both(warning("ns-timeout", words=("nobody.lab.test",)))),
    Case("ns-timeout-unroutable", "one server's addresses have no route", fault="ns-timeout",
         servers=("ns1",), parent_ns=("ns1", "unroutable"), child_ns=("ns1", "unroutable"),
         **_both(warning("ns-timeout", words=("unroutable.lab.test",)))),
    Case("ns-timeout-all", "all servers swallow everything", fault="ns-timeout",
         servers=(), parent_ns=("silent", "silent2"), child_ns=("silent", "silent2"),
         options=QUICK, claim="skip",
         **_both(critical("ns-timeout", words=("EMERGENCY",), allow=NO_ANSWERS))),
    Case("ns-timeout-all-nobody", "nobody listens at any server's address", fault="ns-timeout",
         servers=(), parent_ns=("nobody",), child_ns=("nobody",), claim="skip",
         **_both(critical("ns-timeout", allow=NO_ANSWERS))),
    Case("ns-timeout-short-deadline", "… and only three seconds to find out", claim="skip",
         fault="ns-timeout", of="ns-timeout-all.test.", options=("-t", "3"), timeout=3,
         **_both(Expect("CRITICAL|UNKNOWN", ("ns-timeout|deadline-reached",),
                        allow=NO_ANSWERS + ("ns-timeout",)))),
    Case("ns-timeout-one-short-deadline", "one silent server and three seconds: what was seen "
         "still counts", of="ns-timeout-silent.test.", fault="ns-timeout", claim="skip",
         options=("-t", "3"), timeout=3,
         **_both(Expect("WARNING|UNKNOWN", ("ns-timeout|deadline-reached",),
                        allow=("ns-timeout", "deadline-reached")))),
    Case("parent-silent", "a zone below a parent none of whose servers answers",
         fault="parent-unreachable", of="child.ns-timeout-all.test.", claim="skip",
         options=(*QUICK, "-t", "6"), timeout=6,
         **_both(Expect("CRITICAL|UNKNOWN", ("parent-unreachable|ns-timeout|chain-failed|"
                                             "zone-not-found|deadline-reached",),
                        allow=("parent-unreachable", *NO_ANSWERS)))),
    # EDNS.
    _one("ns-no-edns-one", "one server knows no EDNS", "ns-no-edns", "no-edns",
         critical("ns-no-edns", words=R2, allow=("unsigned-on-one-ns", "rrsig-missing-all"))),
    _all("ns-no-edns", "no server knows EDNS", "ns-no-edns", "no-edns",
         critical("ns-no-edns", allow=("rrsig-missing-all", "dnskey-rrsig-missing",
                                       "nsec-proof-missing", "chain-bogus"))),
    _one("ns-formerr-on-edns", "one server answers EDNS with FORMERR", "ns-no-edns",
         "formerr-on-edns", critical("ns-no-edns", words=R2, allow=(
             "unsigned-on-one-ns", "rrsig-missing-all"))),
    _one("ns-drops-edns", "queries with EDNS never reach one server", "ns-no-edns", "drop-edns",
         critical("ns-no-edns|ns-timeout", words=R2, allow=(
             "ns-timeout", "unsigned-on-one-ns", "rrsig-missing-all")), options=QUICK),
    _one("ns-badvers", "one server calls EDNS 0 a bad version", "ns-no-edns", "badvers",
         critical("ns-no-edns", words=R2, allow=("unsigned-on-one-ns", "rrsig-missing-all",
                                                 "lame-ns"))),
    _one("ns-ignores-do", "one server clears DO", "ns-no-edns", "ignore-do",
         critical("ns-no-edns|unsigned-on-one-ns|rrsig-missing-all", words=R2,
                  allow=("unsigned-on-one-ns", "rrsig-missing-all", "ns-no-edns"))),
    # TCP and size.
    Case("tcp-unavailable", "one server's TCP port is closed", fault="tcp-unavailable",
         servers=("r1", "r3"), chain=warning("tcp-unavailable", words=("r3.lab.test",))),
    Case("tcp-unavailable-truncated", "… and its DNSKEY answer does not fit in UDP",
         fault="tcp-unavailable", servers=("r1", "r3"), behaviour={"r3": "truncate-big"},
         claim="varies", chain=critical("tcp-unavailable", words=("r3.lab.test",)), sigs=None),
    Case("tcp-unavailable-only-server", "… and it is the only server: no key set can be had",
         fault="tcp-unavailable", servers=("r3",), behaviour={"r3": "truncate-big"},
         claim="skip", chain=critical("tcp-unavailable", allow=("chain-failed",)),
         sigs=critical("chain-failed", allow=("ns-timeout",))),
    _one("lame-formerr-other-types", "one server answers FORMERR to types it does not know",
         "lame-ns", "formerr-unknown", warning("lame-ns", words=(*R2, "FORMERR")),
         claim="varies"),
    _one("all-truncated", "one server answers over TCP only, which is legal", "", "truncate", ok(),
         claim="secure", trap="T34"),
    Case("dnskey-response-too-big", "a DNSKEY answer of more than 1232 octets",
         fault="dnskey-response-too-big",
         keys=(KeySpec("csk", 8), *(KeySpec(f"more{n}", 8, sep=False, signs="none", slot=n)
                                    for n in range(1, 4))),
         chain=warning("dnskey-response-too-big")),
    Case("pmtu-blackhole", "large datagrams from one server are lost on the way",
         fault="pmtu-blackhole", servers=RESPONDERS, behaviour={"r2": "lose-large"},
         keys=(KeySpec("csk", 8), *(KeySpec(f"more{n}", 8, sep=False, signs="none", slot=n)
                                    for n in range(1, 4))),
         chain=warning("pmtu-blackhole", "dnskey-response-too-big", words=R2)),
    # Malformed.
    _one("malformed-cut", "one server's packets end in the middle of a record",
         "malformed-response", "cut-without-tc", critical("malformed-response", words=R2)),
    _one("malformed-cut-big", "… but only of packets above 120 octets: short ones pass",
         "malformed-response", "cut-big-without-tc",
         critical("malformed-response|ns-no-edns", words=R2,
                  allow=("malformed-response", "ns-no-edns", "unsigned-on-one-ns"))),
    _one("malformed-garbage", "one server's packets are no messages", "malformed-response",
         "garbage", critical("malformed-response|ns-timeout", words=R2,
                             allow=("ns-timeout", "malformed-response")), options=QUICK),
    _one("malformed-other-question", "one server answers another question",
         "malformed-response", "wrong-question",
         Expect("WARNING|CRITICAL", ("malformed-response|lame-ns|ns-timeout",), words=R2,
                allow=("malformed-response", "lame-ns", "ns-timeout")), options=QUICK),
    _all("malformed-all", "all servers' packets are no messages", "malformed-response",
         "garbage", critical("malformed-response|ns-timeout",
                             allow=("malformed-response", "ns-timeout", *NO_ANSWERS)),
         options=QUICK, claim="skip"),
    _one("other-address", "one server's answers over UDP come from another address",
         "ns-timeout", "other-address",
         Expect("OK|WARNING", allow=("ns-timeout", "malformed-response")), options=QUICK),
    # Sets of servers.
    Case("parent-child-ns-mismatch", "the zone names a server that the parent does not",
         fault="parent-child-ns-mismatch", servers=("ns1", "ns2", "ns3"),
         parent_ns=("ns1", "ns2"), chain=warning("parent-child-ns-mismatch",
                                                 words=("ns3.lab.test",))),
    Case("parent-child-ns-mismatch-old", "the parent names a server that was retired, with an "
         "unsigned copy", fault="parent-child-ns-mismatch", servers=("ns1", "ns2", "ns3"),
         child_ns=("ns1", "ns2"), mutate_on={"ns3": (unsign(),)}, claim="varies",
         chain=critical("parent-child-ns-mismatch", "unsigned-on-one-ns",
                        words=("ns3.lab.test",)),
         sigs=critical("unsigned-on-one-ns", words=("ns3.lab.test",),
                       allow=("rrsig-missing-all", "dnskey-inconsistent-ns"))),
    Case("unsigned-on-one-ns", "one server has the zone without signatures",
         fault="unsigned-on-one-ns", mutate_on={"ns2": (unsign(),)}, claim="varies",
         **_both(critical("unsigned-on-one-ns", words=("ns2.lab.test",),
                          allow=("rrsig-missing-all", "dnskey-inconsistent-ns")))),
    Case("soa-serial-spread", "one server is ten days behind, its signatures are fresh",
         fault="soa-serial-spread", mutate_on={"ns2": (older_serial(10 * DAY),)},
         **_both(Expect("OK|WARNING", allow=("soa-serial-spread", "serial-lag-with-aging-sigs")))),
    # Legal.
    _all("slow", "both servers take half a second", "", "slow:0.5", ok(), claim="secure"),
    _one("slow-one", "one server takes more than a second", "", "slow:1.2", ok(),
         claim="secure"),
    _one("lossy", "one server loses the first packet of each question", "", "lossy", ok(),
         claim="secure"),
    _all("forged-id-first", "a packet with a wrong id comes before each answer", "",
         "wrong-id-first", ok(), claim="secure"),
    _all("unknown-option", "answers carry an EDNS option nobody asked for", "",
         "unknown-option", ok(), claim="secure"),
]
