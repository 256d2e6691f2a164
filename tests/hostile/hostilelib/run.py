# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Runs the plugins and holds them to the row: time, form, state, memory, processor time."""

import json
import os
import queue
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from .reparse import STATES, problems
from .row import CHECKS
from .world import HEALTHY, INFRASTRUCTURE

GRACE = 0.5          # seconds over -t
MOST_AGAIN = 40      # looks that are repeated when they fail
HANG = 20            # seconds after which a run is ended
NAMED = ("sigs", "chain", "nsec")     # checks with --name



@dataclass
class Outcome:
    """One run."""

    row: object
    column: str
    status: int = -1
    output: bytes = b""
    errors: bytes = b""
    seconds: float = 0
    cpu: float = 0
    megabytes: float = 0
    again: bool = False      # the second look
    wrong: list = field(default_factory=list)
    found: dict = field(default_factory=dict)

    @property
    def state(self):
        return STATES.get(self.status, f"exit {self.status}")


def columns_of(row):
    if row.columns:
        return row.columns
    more = {"parent": ("chain/parent", "ds/parent"), "forward": ("chain/forward", "sigs/forward")}
    return (*CHECKS, *(column for part in row.also for column in more[part]))


def command(binaries, world, row, column):
    check, _, part = column.partition("/")
    words = [os.path.join(binaries, f"check_dnssec_{check}"), "-t", str(row.seconds), "-vv",
             "--query-timeout", "0.5", "--retries", "1",
             "--root-hints", world.path("hints")]
    zone, anchor = world.apexes[row.name].to_text(), "anchor.key"
    if "--at" in row.options:
        anchor = f"anchor.{row.name}"
    if check == "resolvers":
        zone = HEALTHY if row.play else zone
        words += ["--resolver", world.address(row, 2) if row.play else INFRASTRUCTURE["recursor"]]
    elif part == "parent":
        zone = "below." + zone
    elif part == "forward":
        zone = HEALTHY
        words += ["--forward", world.address(row, 2)]
    elif part == "axfr":
        words += [f"--axfr={world.address(row, 3)}"]
    if check in NAMED and not part:
        for name in row.names:
            words += ["--name", name if name.endswith(".") else f"{name}.{zone}"]
    return [*words, "--trust-anchor", world.path(anchor), *row.options, "-z", zone]


class Launcher:
    """Runs programs by way of a small process; see launcher.py."""

    def __init__(self, directory):
        self.directory = directory
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", os.path.join(os.path.dirname(__file__), "launcher.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lock = threading.Lock()
        self.waiting = {}
        self.number = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            number, *rest = json.loads(line)
            self.waiting.pop(number).put(rest)

    def run(self, words, patience=HANG):
        """(status, output, errors, seconds, processor seconds, megabytes)."""
        answer = queue.Queue()
        with self.lock:
            self.number += 1
            paths = [os.path.join(self.directory, f"{self.number}.{kind}") for kind in ("out", "err")]
            self.waiting[self.number] = answer
            self.process.stdin.write(json.dumps([self.number, *paths, words]) + "\n")
            self.process.stdin.flush()
        try:
            status, *costs = answer.get(timeout=patience)
        except queue.Empty:
            return -1, b"", b"did not end", patience, 0, 0
        texts = []
        for path in paths:
            with open(path, "rb") as text:
                texts.append(text.read())
            os.unlink(path)
        return (status, *texts, *costs)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(5)


def judge(outcome):
    row, column = outcome.row, outcome.column
    wrong, outcome.found = problems(outcome.output, outcome.status)
    if outcome.errors:
        wrong.append(f"on standard error: {outcome.errors[:120]!r}")
    if outcome.seconds > row.seconds + GRACE:
        wrong.append(f"took {outcome.seconds:.2f} s of {row.seconds}")
    if outcome.megabytes > row.megabytes:
        wrong.append(f"took {outcome.megabytes:.0f} MB of {row.megabytes}")
    if outcome.cpu > row.cpu:
        wrong.append(f"took {outcome.cpu:.2f} s of processor time of {row.cpu}")
    states, wanted = row.expected(column)
    if outcome.state not in states:
        wrong.append(f"{outcome.state}, not {' or '.join(states) or 'expected at all'}")
    if wanted and not set(wanted) & set(outcome.found):
        wrong.append(f"no {' or '.join(wanted)}")
    outcome.wrong = wrong
    return outcome


def look(task):
    binaries, launcher, world, row, column = task
    outcome = Outcome(row, column, *launcher.run(command(binaries, world, row, column)))
    return judge(outcome)


def look_at_all(binaries, launcher, world, rows, jobs):
    """Every row by every column. What is wrong is tried again, alone: the machine may have been too
    busy for somebody's patience. A few only: else it is not the machine."""
    tasks = [(binaries, launcher, world, row, column) for row in rows for column in columns_of(row)]
    with ThreadPoolExecutor(jobs) as pool:
        outcomes = list(pool.map(look, tasks))
    again = [at for at, outcome in enumerate(outcomes) if outcome.wrong]
    if len(again) <= MOST_AGAIN:
        for at in again:
            outcomes[at] = look(tasks[at])
            outcomes[at].again = True
    return outcomes
