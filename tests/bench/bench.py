#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Measures the plugins beside a bare libunbound program and delv; tests/bench/run calls it in the lab.

Each program is run from start to exit, in turns, so that whatever else the machine does meets all of
them; the medians count. delv leaves the resolving to the lab's resolver, whose work is not counted.
It answers one question a run: to learn what check_dnssec_chain learns from its validator (a positive
answer, a nonexistent name, a nonexistent type) it runs three times, which is the line compared with.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

RESOLVER = "192.0.2.254"
WARM_UP = 1  # runs that are not counted: the files are on no disk yet
BARE, DELV = "bare_lookup", "delv, three answers"
MOST_CPU_TO_BARE, MOST_CPU_TO_DELV, MOST_MEMORY_MB = 1.5, 0.25, 12
SIGS = "check_dnssec_sigs"
MOST_CPU_TO_SIGS, MOST_MEMORY_OTHERS_MB = 1.5, 14  # the checks that ask more than sigs does


def programs(tree, zone):
    """name -> (commands, words their outputs must hold when they worked)"""
    hints, anchor = os.environ["LAB_HINTS"], os.environ["LAB_ANCHOR"]
    lab = Path(os.environ["LAB_DIR"])
    look = ["-z", zone, "--root-hints", hints, "--trust-anchor", anchor]

    def delv(name, kind):
        return ["/usr/bin/delv", "-a", lab / "bind.keys", "+root=.", f"@{RESOLVER}", name, kind]

    three = [delv(zone, "SOA"), delv(f"a-name-that-nobody-has.{zone}", "A"), delv(zone, "TYPE65280")]
    return {
        BARE: ([[tree / "tests/bench/bare_lookup", anchor, hints, zone + "."]], "0 failed"),
        "delv SOA": (three[:1], "fully validated"),
        DELV: (three, "fully validated"),
        **{name: ([[tree / "plugins" / name, *look, *more]], " OK - ") for name, more in (
            ("check_dnssec_chain", []), (SIGS, []),
            ("check_dnssec_ds", []), ("check_dnssec_nsec", []), ("check_dnssec_keys", []),
            ("check_dnssec_resolvers", ["--resolver", RESOLVER]))},
    }


def measure(tree, name, command, words):
    """(wall ms, CPU ms, peak MB) of one run; ends everything when it did not do its work."""
    with tempfile.NamedTemporaryFile() as output:
        line = subprocess.run([tree / "tests/bench/measure", output.name, *command],
                              capture_output=True, text=True, check=True).stdout
        text = Path(output.name).read_text(errors="replace")
    status, wall, cpu, memory = line.split()
    if status != "0" or words not in text:
        sys.exit(f"bench: {name} ended with {status} and said: {text.strip()[:500]}")
    return float(wall), float(cpu), int(memory) / 1024


def target(share, most):
    return f"{share:5.2f} {'met' if share <= most else 'MISSED'} (<= {most:g})"


def show(name, median, medians):
    wall, cpu, memory = median
    cells = [f"{name:<22}{wall:9.1f} ms{cpu:9.1f} ms{memory:8.1f} MB"]
    bare, delv = cpu / medians[BARE][1], cpu / medians[DELV][1]
    if name.startswith("check_") and name not in ("check_dnssec_chain", SIGS):
        cells += [f"{bare:5.2f}", target(cpu / medians[SIGS][1], MOST_CPU_TO_SIGS) + " to sigs",
                  "memory " + ("met" if memory <= MOST_MEMORY_OTHERS_MB else "MISSED")
                  + f" (<= {MOST_MEMORY_OTHERS_MB} MB)"]
    elif name.startswith("check_"):
        cells += [target(bare, MOST_CPU_TO_BARE), target(delv, MOST_CPU_TO_DELV),
                  "memory " + ("met" if memory <= MOST_MEMORY_MB else "MISSED")
                  + f" (<= {MOST_MEMORY_MB} MB)"]
    else:
        cells += [f"{bare:5.2f}", f"{delv:5.2f}"]
    print("   ".join(f"{cell:<18}" for cell in cells).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", type=Path, help="a build tree with CHECK_DNSSEC_BENCH")
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--zone", default="plain.test")
    options = parser.parse_args()
    tree = options.tree.resolve()
    asked = programs(tree, options.zone)
    results = {name: [] for name in asked}
    for run in range(options.runs + WARM_UP):
        for name, (commands, words) in asked.items():
            figures = [measure(tree, name, command, words) for command in commands]
            wall, cpu, memory = zip(*figures)
            if run >= WARM_UP:
                results[name].append((sum(wall), sum(cpu), max(memory)))
    medians = {name: tuple(statistics.median(column) for column in zip(*rows))
               for name, rows in results.items()}
    print(f"{options.zone}, medians of {options.runs} runs, one after the other in turns, "
          f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<22}{'wall':>12}{'CPU':>12}{'peak':>11}   {'CPU to bare':<18}   CPU to delv")
    for name, median in medians.items():
        show(name, median, medians)


if __name__ == "__main__":
    main()
