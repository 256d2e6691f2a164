# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Prints the table of cases."""

import re

from .check import PLUGINS


def _expected(expect):
    if expect is None:
        return "any"
    return " ".join([expect.state, *expect.ids])


def show(cases, only):
    for case in cases.values():
        if only and not re.search(only, case.name):
            continue
        kind = case.fault or "legal" + (f" ({case.trap})" if case.trap else "")
        print(f"{case.name}: {case.about}")
        print(f"    zone {case.apex}  {kind}")
        print(f"    claim {case.claim}")
        print("    " + "; ".join(f"{plugin} {_expected(case.expected(plugin)[1])}"
                                 for plugin in PLUGINS if case.expected(plugin)[0]))
