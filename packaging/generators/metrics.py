# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The performance data of each check, for graphs. tests/systems/metrics.py holds this table against
what the checks really print."""


class Metric:
    """One label: what to call it, its unit ("" is a plain number), what it means, and when it is
    missing."""

    def __init__(self, label, title, unit, meaning, missing=""):
        self.label = label
        self.title = title
        self.unit = unit
        self.meaning = meaning
        self.missing = missing


_SERVERS = (
    Metric("servers", "Server addresses", "", "Addresses of nameservers that were asked."),
    Metric("servers_failing", "Server addresses failing", "",
           "Addresses of nameservers that gave no usable answer."),
)
_RUN = (
    Metric("questions", "Questions asked", "", "Questions that this run asked."),
    Metric("time", "Run time", "s", "How long this run took."),
)
_TIER = Metric("tier", "Tier", "", "0 OK, 1 INFO, 2 WARNING, 3 CRITICAL, 4 EMERGENCY.",
               "while the state is UNKNOWN")

METRICS = {
    "chain": (
        Metric("remaining", "Remaining validity", "s",
               "Time until the first signature on the chain of trust ends.",
               "where no signature was seen on the chain"),
        *_SERVERS, *_RUN,
        Metric("links", "Links", "", "Zones on the chain of trust, the trust anchor's included."),
        _TIER,
    ),
    "sigs": (
        Metric("remaining", "Remaining validity", "s",
               "Time until the first signature of the zone ends, on any server.",
               "where the zone has no signatures"),
        *_SERVERS, *_RUN,
        Metric("newest_age", "Age of the newest signature", "s",
               "Grows without end when the signer has stopped.", "where the zone has no signatures"),
        Metric("rrsets", "RRsets", "", "RRsets looked at, on all servers."),
        Metric("signatures", "Signatures", "", "Signatures looked at, on all servers."),
        _TIER,
    ),
    "ds": (
        *_SERVERS, *_RUN,
        Metric("parent_servers", "Parent server addresses", "",
               "Addresses of the parent's nameservers that were asked for the DS."),
        Metric("parent_servers_failing", "Parent server addresses failing", "",
               "Those that gave no usable answer."),
        Metric("ds", "DS records", "", "DS records at the parent."),
        Metric("ds_matching", "DS records with a key", "",
               "Those that match a key which signs the DNSKEY RRset."),
        Metric("keys", "Keys", "", "Keys of the zone as the chain of trust has them."),
        _TIER,
    ),
    "nsec": (
        *_SERVERS, *_RUN,
        Metric("walked", "Names walked", "", "Names of the NSEC chain that were followed.",
               "without --walk"),
        Metric("iterations", "NSEC3 iterations", "", "0 is right (RFC 9276)."),
        Metric("salt", "NSEC3 salt", "B", "0 is right (RFC 9276)."),
        Metric("optout", "NSEC3 opt-out", "", "1 where the opt-out flag is set."),
        Metric("denials", "Denials proven", "", "Denials that were verified, on all servers."),
        _TIER,
    ),
    "keys": (
        *_SERVERS, *_RUN,
        Metric("keys", "Keys", "", "Keys published by any server."),
        Metric("ksk_age", "Age of the oldest key-signing key", "s",
               "As far as signatures, --key-dir or the memory of earlier runs tell it.",
               "where the zone has no keys"),
        Metric("zsk_age", "Age of the oldest zone-signing key", "s",
               "As far as signatures, --key-dir or the memory of earlier runs tell it.",
               "where the zone has no keys"),
        Metric("dnskey_size", "DNSKEY answer", "B",
               "The largest answer with the keys; above 1232 it may need TCP."),
        _TIER,
    ),
    "resolvers": (
        Metric("slowest", "Slowest answer", "s", "The slowest answer of any resolver.",
               "where no resolver answered"),
        *_RUN,
        Metric("resolvers", "Resolvers", "", "Resolvers that were asked."),
        Metric("resolvers_validating", "Resolvers validating", "",
               "Those that were seen to validate."),
        _TIER,
    ),
}
