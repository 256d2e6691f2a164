# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Holds the catalogue against the cases: every finding is seen in the lab, or it says here why not."""

import os
import re
import sys

from .check import PLUGINS

CATALOGUE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                         *[os.pardir] * 3, "common", "judge", "faults.def")
WHOLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), *[os.pardir] * 2, "whole")
# Findings without a case, and why.
EXEMPT = {
    "deadline-reached": "questions are planned so that the time is enough, whatever the servers do: "
                        "the test of the contract has a file that never ends",
    "family-unreachable": "the namespace has both families and every host of it answers: a unit "
                          "test and the tests of the contract have it",
    **dict.fromkeys(
        ("axfr-incomplete", "tsig-key-weak"),
        "unit tests have the findings, and tests/whole/transfers.py transfers from BIND, NSD, Knot "
        "and a server that lies"),
    "verify-budget-exceeded": "tests/whole/hostile.py has a zone that takes longer than it gets",
    **dict.fromkeys(("duplicate-rr", "ds-unknown-digest-in-zone", "zonemd-unsupported"),
                    "no fault: a unit test has it"),
}


def findings():
    """The ids of the catalogue, in its order."""
    with open(CATALOGUE, encoding="utf-8") as text:
        return re.findall(r'^FAULT\(\w+, "([a-z0-9-]+)"', text.read(), re.MULTILINE)


def seen(cases):
    """{id: a case that expects it}. Of alternatives only the one that the case is about counts."""
    result = {}
    for case in cases.values():
        for plugin in PLUGINS:
            expect = case.expected(plugin)[1]
            for wanted in (*expect.ids, *expect.info) if expect else ():
                choice = wanted.split("|")
                for one in choice:
                    if len(choice) == 1 or one == case.fault:
                        result.setdefault(one, case.name)
    return result


def seen_in_files():
    """The same of the whole zones with one defect each, where the first of alternatives counts."""
    sys.path.append(WHOLE)
    from wholelib.defects import DEFECTS  # noqa: E402
    return {defect.ids.split("|")[0]: defect.name for defect in DEFECTS}


def complaints(ids, covered):
    """What is wrong with the cases and with the lists above, in words."""
    lines = [f"{one}: no case expects it" for one in ids
             if one not in covered and one not in EXEMPT]
    lines += [f"{one}: exempt, but the case {covered[one]} expects it"
              for one in sorted(EXEMPT) if one in covered]
    return lines + [f"{one}: exempt, but not in the catalogue"
                    for one in sorted(EXEMPT) if one not in ids]


def run(cases):
    ids = findings()
    lines = complaints(ids, {**seen_in_files(), **seen(cases)})
    if not ids:
        lines = [f"{CATALOGUE}: no finding in it"]
    for line in lines:
        print(line)
    print(f"{len(ids)} findings, {len(EXEMPT)} exempt, {len(lines)} wrong")
    return 1 if lines else 0
