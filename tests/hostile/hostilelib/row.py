# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What a behaviour is, and the table of all of them."""

from dataclasses import dataclass, field

ZONE_CHECKS = ("sigs", "ds", "chain", "nsec", "keys")
CHECKS = (*ZONE_CHECKS, "resolvers")


@dataclass
class Row:
    """A behaviour, who plays it, and what each check must say.

    `play` answers a question (see server.Exchange), `accept` is called for each new stream. Both are
    played by both servers of a zone of its own, for which the zone checks are run, and by a resolver,
    which check_dnssec_resolvers asks for a healthy zone; with `also` by the parent of a healthy zone
    (chain and ds), by the resolver of --forward (chain and sigs), or by the source of a transfer
    (sigs and nsec). Without `play` it is the zone that is hostile (`zone`), on honest servers.

    `expect` gives for each column, or "*" for those not named, the state and where it is the point
    the id of a finding that must be there: "CRITICAL ns-timeout"; "A|B" is either."""

    name: str
    about: str
    play: object = None
    accept: object = None
    udp: bool = True
    tcp: bool = True
    zone: object = None              # zones.Spec
    apex: str = ""                   # when it is not NAME.test.
    also: tuple = ()                 # parent, forward, transfer
    columns: tuple = ()              # when not all checks are run
    options: tuple = ()              # further options of the zone checks; {now+S} is a moment
    names: tuple = ()                # --name, for checks that have it
    one_server: bool = False         # only one of the two servers plays it
    expect: dict = field(default_factory=dict)
    seconds: int = 2                 # -t
    megabytes: int = 40              # of memory at the most
    cpu: float = 0.6                 # seconds of processor time at the most

    def expected(self, column):
        return self.expect.get(column, self.expect.get("*", ""))
