# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The zones that README.md and the manual pages speak of: their commands run here as printed."""

from lablib.case import KSK_ZSK, Case


def _top(name):
    return Case(f"{name}.", f"the top-level domain {name}", base=False, keys=KSK_ZSK,
                servers=("t1", "t2"))


CASES = [
    *map(_top, ("com", "net", "org")),
    Case("example.com.", "the zone of the manual's examples", keys=KSK_ZSK),
    Case("example.net.", "… and another of them"),
    Case("example.org.", "… and a third"),
]
