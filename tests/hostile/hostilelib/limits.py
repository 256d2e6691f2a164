# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What hostile zones cost beside a healthy zone of as many records: at most twice the processor time,
or the work was cut off with work-limit. And the counts that the JSON document gives, against the
limits of dnssec/work.hpp."""

import json

from . import content
from .row import ZONE_CHECKS, Row
from .zones import Spec

MOST_VERIFICATIONS, MOST_FAILURES, MOST_ROUNDS = 4000, 256, 100000
FACTOR = 2
RUNS = 3
SLACK = 0.02  # seconds of processor time that two runs of one thing may differ by


def twin_of(world, row):
    """A healthy zone with as many records at the apex, of TXT."""
    count = world.records[row.name]
    return Row(row.name + "-twin", f"{count} records, one key, one signature a set", zone=Spec(
        text=content.filler(max(1, count - 25), octets=24)))


def cost(launcher, words):
    """(least processor seconds of some runs, the last document)."""
    seconds, document = [], {}
    for _ in range(RUNS):
        _, output, _, _, cpu, _ = launcher.run(words)
        seconds.append(cpu)
        document = json.loads(output)
    return min(seconds), document


def over(work):
    limits = {"verifications": MOST_VERIFICATIONS, "failures": MOST_FAILURES,
              "hash_rounds": MOST_ROUNDS}
    return [f"{work[name]} {name}, over {most}" for name, most in limits.items()
            if work[name] > most]


def compare(launcher, world, command, pairs):
    """Prints a line for each trap and check; gives the number of those that are wrong."""
    failed = 0
    print(f"{'':18}{'':8}{'cpu':>9}{'healthy':>9}{'x':>6}{'verified':>10}{'failed':>8}{'rounds':>8}")
    for trap, twin in pairs:
        for check in ZONE_CHECKS:
            spent, document = cost(launcher, [*command(trap, check), "--output", "json"])
            usual, healthy = cost(launcher, [*command(twin, check), "--output", "json"])
            work = document["work"]
            limited = any(f["id"] == "work-limit" for f in document["findings"])
            wrong = over(work)
            if spent > FACTOR * usual + SLACK and not limited:
                wrong.append("more than twice the healthy zone, and no work-limit")
            if healthy["state"] != "OK" and check not in ("chain", "keys"):
                wrong.append(f"the healthy zone is {healthy['state']}: {healthy['summary']}")
            if healthy["work"]["failures"]:
                wrong.append("failed verifications in a healthy zone")
            failed += bool(wrong)
            print(f"{trap.name:18}{check:8}{spent:9.3f}{usual:9.3f}{spent / usual:6.1f}"
                  f"{work['verifications']:10}{work['failures']:8}{work['hash_rounds']:8}"
                  f"{'  work-limit' if limited else ''}{'  WRONG: ' if wrong else ''}"
                  f"{'; '.join(wrong)}", flush=True)
    return failed
