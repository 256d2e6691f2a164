# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Who listens where. Every address is a documentation address (RFC 5737, RFC 3849)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Host:
    """A nameserver: its name in the DNS, its addresses, and the server process behind them."""

    name: str
    engine: str
    v4: str = ""
    v6: str = ""

    @property
    def addresses(self):
        return [address for address in (self.v4, self.v6) if address]


HOSTS = {
    "a": Host("a.rootservers.", "nsd-root", "192.0.2.1", "2001:db8:1::1"),
    "b": Host("b.rootservers.", "knot-root", "192.0.2.2", "2001:db8:1::2"),
    # A root server of its own Internet, in which the root rolls its key-signing key.
    "c": Host("c.rootservers.", "responder", "192.0.2.3", "2001:db8:1::3"),
    "t1": Host("t1.nic.test.", "nsd-tld", "192.0.2.11", "2001:db8:2::1"),
    "t2": Host("t2.nic.test.", "knot-tld", "192.0.2.12", "2001:db8:2::2"),
    "ns1": Host("ns1.lab.test.", "nsd-child", "192.0.2.53", "2001:db8:3::1"),
    "ns2": Host("ns2.lab.test.", "knot-child", "198.51.100.53", "2001:db8:3::2"),
    "ns3": Host("ns3.lab.test.", "named-child", "198.51.100.54", "2001:db8:3::3"),
    # Parents that differ: two servers of their own.
    "p1": Host("p1.lab.test.", "nsd-split", "192.0.2.61", "2001:db8:4::1"),
    "p2": Host("p2.lab.test.", "knot-split", "198.51.100.62", "2001:db8:4::2"),
    # The scriptable responder, for what real servers will not do.
    "r1": Host("r1.lab.test.", "responder", "192.0.2.101", "2001:db8:5::1"),
    "r2": Host("r2.lab.test.", "responder", "198.51.100.102", "2001:db8:5::2"),
    "r3": Host("r3.lab.test.", "responder", "198.51.100.103"),
    # Real servers under names with one family only.
    "only4": Host("only4.lab.test.", "nsd-child", "192.0.2.54"),
    "only6": Host("only6.lab.test.", "knot-child", "", "2001:db8:3::6"),
    # Addresses where nothing answers: swallowed, refused by the kernel, without a route.
    "silent": Host("silent.lab.test.", "responder", "192.0.2.110", "2001:db8:5::10"),
    "silent2": Host("silent2.lab.test.", "responder", "198.51.100.110", "2001:db8:5::11"),
    "nobody": Host("nobody.lab.test.", "nobody", "198.51.100.111", "2001:db8:5::12"),
    "unroutable": Host("unroutable.lab.test.", "unroutable", "203.0.113.9", "2001:db8:ffff::9"),
}

# Where the responder sends answers from that must not come from the asked address.
OTHER_ADDRESS = {4: "192.0.2.119", 6: "2001:db8:5::99"}
# A recursive resolver of the lab (BIND, not validating), for delv.
RESOLVER = Host("resolver.lab.test.", "named-resolver", "192.0.2.254", "2001:db8:6::1")
# More resolvers, for check_dnssec_resolvers: Unbound, validating (also over TLS) and not; Knot
# Resolver and PowerDNS Recursor, which validate too.
UNBOUND, PLAIN_UNBOUND = "192.0.2.251", "192.0.2.252"
KRESD, RECURSOR = "192.0.2.250", "192.0.2.249"
# And resolvers that lie, each in its own way: see lablib.liar.
LIARS = {name: f"192.0.2.{number}" for number, name in enumerate((
    "strips_rrsig", "ad_always", "no_ad", "no_ad_denial", "rewrites", "ignores_cd", "forgets_cd",
    "stale", "clock", "thinks_bogus", "fails", "unreachable", "cached", "filtered", "trusts",
    "no_edns", "no_recursion", "refuses", "denies", "old_anchor", "ad_on_error", "no_tcp",
    "lacks_ed448", "forges", "drops_cd", "denies_ad", "dns64", "not_implemented", "truncates",
    "tls_expired", "tls_mute"), 200)}
# The addresses that A and AAAA records of the zones point at; nobody listens.
WEB4, WEB6 = "198.51.100.80", "2001:db8:80::80"


def local_addresses():
    """Every address that the namespace's loopback carries."""
    hosts = [*HOSTS.values(), RESOLVER]
    addresses = [a for host in hosts if host.engine != "unroutable" for a in host.addresses]
    return [*addresses, *OTHER_ADDRESS.values(), UNBOUND, PLAIN_UNBOUND,
            KRESD, RECURSOR, *LIARS.values()]


def by_name(name):
    """The host of that DNS name, or None."""
    return next((host for host in HOSTS.values() if host.name == name), None)
