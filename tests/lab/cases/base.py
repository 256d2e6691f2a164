# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The zones everything hangs on: root, top level, the zone of the nameservers' names."""

from lablib.case import CSK, DAY, KSK_ZSK, Case, KeySpec
from lablib.hosts import HOSTS
from lablib.mutate import publish, replace_rrset, resign


def _addresses(hosts):
    return "".join(f"{host.name} IN {'AAAA' if ':' in a else 'A'} {a}\n"
                   for host in hosts for a in host.addresses)


def _named(suffix):
    return _addresses(host for host in HOSTS.values() if host.name.endswith(suffix))


CASES = [
    Case(".", "the root itself as the zone under test", trap="the root has no parent and no DS",
         base=False, text=_named(".rootservers."), servers=("a", "b", "c"), child_ns=("a", "b"),
         keys=(*KSK_ZSK, KeySpec("next", slot=2, signs="none", publish=False)), start=-4 * DAY,
         # Who starts at this server sees a root that both keys sign; see hints.rolling.
         mutate_on={"c": (replace_rrset("@", "NS", [HOSTS["c"].name]), publish("next"),
                          resign("@", "DNSKEY", key="next", add=True))}),
    Case("test.", "a top-level domain with NSEC", base=False, text=_named(".nic.test."),
         keys=KSK_ZSK, servers=("t1", "t2"), start=-2 * DAY),
    Case("example.", "a top-level domain with NSEC3 and opt-out", trap="T7", base=False,
         keys=KSK_ZSK, nsec3="optout", servers=("t1", "t2"), start=-2 * DAY),
    Case("arpa.", "the reverse tree's top", base=False, servers=("t1", "t2")),
    Case("lab", "the zone of the nameservers' names", base=False, text=_named(".lab.test."),
         keys=CSK),
    Case("split", "a parent whose two servers can differ", base=False, keys=CSK,
         servers=("p1", "p2")),
]
