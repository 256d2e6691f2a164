#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Whole zones that are healthy, or broken by one defect each: what kzonecheck, dnssec-verify,
named-checkzone, ldns-verify-zone, validns and check_dnssec_sigs --zone-file make of them.

usage: peers.py [--dir DIR] [--only REGEX] [--show] [CHECK_DNSSEC_SIGS]

Prints the table fault by tool. Fails where a zone cannot be made, and, when the path of
check_dnssec_sigs is given, where it does not find what it should or complains of a healthy zone.
With --show the words of each tool too. Exits 77 where none of the other tools is there.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, os.pardir, "lab")]

from wholelib import families, tools  # noqa: E402
from wholelib.defects import DEFECTS  # noqa: E402

LOUD = {"warning", "critical", "emergency", "unknown"}
LEGEND = """
kz kzonecheck, dv dnssec-verify, nc named-checkzone, lv ldns-verify-zone, vn validns, us check_dnssec_sigs
+ finds it   . does not   ! complains of the healthy twin as well   x crashes   8 never ends"""


class Zones:
    """The zone files, made in a folder: every family's healthy zone and every broken one."""

    def __init__(self, directory, only):
        self.directory = directory
        self.now = int(time.time())
        self.wanted = re.compile(only)
        self.failed = []
        self._healthy = {}

    def path(self, name):
        return os.path.join(self.directory, name + ".zone")

    def key(self, family):
        return os.path.join(self.directory, family.name + ".key")

    def _write(self, name, zone):
        with open(self.path(name), "w", encoding="ascii") as out:
            out.write(zone.to_text())

    def make(self):
        defects = [one for one in DEFECTS if self.wanted.search(one.name)]
        needed = {one.family for one in defects}
        wanted = [one for one in families.FAMILIES
                  if one.name in needed or self.wanted.search(one.name)]
        for family in wanted:
            zone, site = families.build(self.directory, family, self.now)
            self._healthy[family.name] = zone, site
            self._write(family.name, zone)
            with open(self.key(family), "w", encoding="ascii") as out:
                key = family.signers[0][1].dnskey().to_text()
                out.write(f"{families.APEX} 300 IN DNSKEY {key}\n")
        for defect in defects:
            self._break(defect)
        return wanted, defects

    def _break(self, defect):
        zone, site = self._healthy[defect.family]
        zone = families.clone(zone)
        try:
            for mutation in defect.mutate:
                mutation(zone, families.Site(site.now, site.origin, zone.keys))
            self._write(defect.name, zone)
        except Exception as wrong:  # pylint: disable=broad-except
            self.failed.append(f"{defect.name}: cannot be made: {wrong!r}")


def verdict(found, twin):
    """How a tool's cell reads: what it says of the broken zone beyond what it says of the twin."""
    if tools.CRASHES in found:
        return "x"
    if tools.HANGS in found:
        return "8"
    if found - twin:
        return "+"
    return "!" if found and twin else "."


class Table:
    def __init__(self, zones, binary):
        self.zones = zones
        self.binary = binary
        self.peers = tools.available()
        self.said = {}
        self.wrong = list(zones.failed)

    def ask(self, healthy, defects):
        """Every tool about every zone."""
        ways = [(one.name, one) for one in healthy]
        ways += [(one.name, families.BY_NAME[one.family]) for one in defects]
        tasks = [(name, family, tool) for name, family in ways for tool in self.peers
                 if os.path.exists(self.zones.path(name))]

        def run(task):
            name, family, tool = task
            return tools.complaints(tool, self.zones.path(name), self.zones.key(family), family.csk)

        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            for (name, _, tool), found in zip(tasks, pool.map(run, tasks)):
                self.said[name, tool.name] = found

    def healthy_row(self, family):
        cells = ["!" if self.said[family.name, tool.name] else "." for tool in self.peers]
        if self.binary:
            status, found = tools.ours(self.binary, self.zones.path(family.name),
                                       families.ds_of(family))
            loud = sorted(one for one, tiers in found.items() if tiers & LOUD)
            cells.append("!" if status or loud else ".")
            if status or loud:
                self.wrong.append(f"{family.name}: healthy, but exit status {status}: "
                                  + (", ".join(loud) or "no findings"))
        return cells

    def broken_row(self, defect):
        cells = [verdict(self.said.get((defect.name, tool.name), set()),
                         self.said.get((defect.family, tool.name), set())) for tool in self.peers]
        if self.binary:
            cells.append(self._own(defect))
        return cells

    def _own(self, defect):
        _, found = tools.ours(self.binary, self.zones.path(defect.name),
                              families.ds_of(families.BY_NAME[defect.family]))
        wanted = set(defect.ids.split("|"))
        if any(one in found and (defect.info or found[one] & LOUD) for one in wanted):
            return "+"
        self.wrong.append(f"{defect.name}: not {defect.ids}, but "
                          + (", ".join(sorted(found)) or "nothing"))
        return "."

    def show(self, name):
        for tool in self.peers:
            for line in sorted(self.said.get((name, tool.name), ()))[:4]:
                print(f"        {tool.short}: {line[:150]}")

    def print(self, healthy, defects, words):
        heads = [tool.short for tool in self.peers] + (["us"] if self.binary else [])
        print(f"{'':42}" + " ".join(heads) + "  finding, note")
        for defect in defects:
            note = f" ({defect.note})" if defect.note else ""
            self._print(defect.name, self.broken_row(defect), defect.ids + note, words)
        print("\nhealthy, and legal:")
        for family in healthy:
            self._print(family.name, self.healthy_row(family), family.note or family.about, words)
        print(LEGEND)

    def _print(self, name, cells, note, words):
        print(f"{name:42}" + "  ".join(cells) + "   " + note)
        if words:
            self.show(name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir")
    parser.add_argument("--only", default="")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("binary", nargs="?")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="check_dnssec-whole-") as folder:
        zones = Zones(given.dir or folder, given.only)
        os.makedirs(zones.directory, exist_ok=True)
        healthy, defects = zones.make()
        table = Table(zones, given.binary)
        if not table.peers:
            print("none of the other tools is installed")
            return 77
        table.ask(healthy, defects)
        table.print(healthy, defects, given.show)
        print(f"{len(defects)} broken zones, {len(healthy)} healthy; {len(table.wrong)} surprises")
        print("\n".join(table.wrong))
        return 1 if table.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
