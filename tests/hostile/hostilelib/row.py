# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What a behaviour is, and the table of all of them."""

from dataclasses import dataclass, field

STATE = {"O": "OK", "W": "WARNING", "C": "CRITICAL", "U": "UNKNOWN"}
ZONE_CHECKS = ("sigs", "ds", "chain", "nsec", "keys")
CHECKS = (*ZONE_CHECKS, "resolvers")
COLUMNS = (*CHECKS, "chain/parent", "ds/parent", "chain/forward", "sigs/forward", "sigs/axfr",
           "nsec/axfr")


def read_expected(path, rows):
    """Fills `expect` of the rows from the file; every row is in it, and nothing else."""
    by_name = {row.name: row for row in rows}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            name, *words = line.split("#")[0].split() or [""]
            if not name:
                continue
            cells = []
            for word in words:
                count, star, cell = word.partition("*")
                cells += [cell] * int(count) if star else [word]
            by_name.pop(name).expect = {column: cell for column, cell in zip(COLUMNS, cells)
                                        if cell != "."}
    if by_name:
        raise ValueError(f"{path}: nothing is expected of {', '.join(by_name)}")


@dataclass
class Row:
    """A behaviour, who plays it, and what each check must say.

    `play` answers a question (see server.Exchange), `accept` is called for each new stream. Both are
    played by both servers of a zone of its own, for which the zone checks are run, and by a resolver,
    which check_dnssec_resolvers asks for a healthy zone; with `also` by the parent of a healthy zone
    (chain and ds), or by the resolver of --forward (chain and sigs). The columns sigs/axfr and
    nsec/axfr are looks at a healthy zone with --axfr from a source that plays it. Without `play` it is the zone that is hostile (`zone`), on honest servers.

    `expect` gives for each column the state and where it is the point the id of a finding that must
    be there: "CRITICAL:ns-timeout"; "A|B" is either. It is read from the file expected."""

    name: str
    about: str
    play: object = None
    accept: object = None
    udp: bool = True
    tcp: bool = True
    zone: object = None              # zones.Spec
    apex: str = ""                   # when it is not NAME.test.
    also: tuple = ()                 # parent, forward
    columns: tuple = ()              # when not all checks are run
    options: tuple = ()              # further options of the zone checks; {now+S} is a moment
    names: tuple = ()                # --name, for checks that have it
    fresh: bool = False              # the same question may have another answer
    one_server: bool = False         # only one of the two servers plays it
    expect: dict = field(default_factory=dict)
    seconds: int = 4                 # -t
    megabytes: int = 40              # of memory at the most
    cpu: float = 0.6                 # seconds of processor time at the most

    @property
    def source_only(self):
        """Only the source of transfers plays it."""
        return any(column.endswith("/axfr") for column in self.columns)

    def expected(self, column):
        """(states, ids of which one must be there)."""
        states, _, ids = self.expect.get(column, "").partition(":")
        return [STATE[letter] for letter in states.split("|") if letter], ids.split("|") if ids else []
