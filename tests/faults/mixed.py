#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Many looks at zones of the lab while the host fails in several ways at once, by chance.

usage: lab run --resolver -- mixed.py BINARY_DIR RUNS [SEED [NUMBER OF ONE RUN]]

Each run ends in time with one well-formed report; no broken zone is OK, no healthy one broken, and
what earlier runs learned is there afterwards. Prints a table: fault by binary, and the states.
"""

import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "hostile"), str(HERE.parent / "lab"), str(HERE)]

from lablib import case as lab_cases  # noqa: E402
from lablib import check  # noqa: E402
from mixedlib import kinds, runs  # noqa: E402

AT_ONCE = 6
STATEFUL = ("sigs", "nsec", "keys")
OUTPUTS = ("text", "text", "text", "json", "jsonl", "openmetrics")
# A real resolver answers it differently from what earlier runs left in its cache.
FROM_CACHE = ("resolver-nsec3-limit",)
STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN", "ended")


class Mixed:
    def __init__(self, binaries, seed, directory):
        self.binaries, self.seed, self.directory = binaries, seed, directory
        self.sanitized = b"__asan_init" in (binaries / "check_dnssec_sigs").read_bytes()
        smallest = None if self.sanitized else kinds.smallest_address_space(
            binaries / "check_dnssec_resolvers")
        self.kinds = kinds.Kinds(directory, smallest, not self.sanitized)
        cases = lab_cases.load()
        # Those with a past have a state of their own.
        self.cases = {plugin: [case for case in cases.values()
                               if case.expected(plugin)[0] and not case.past
                               and case.name not in FROM_CACHE]
                      for plugin in check.PLUGINS}
        self.lock = threading.Lock()
        self.states, self.faults, self.plans = Counter(), Counter(), Counter()
        self.wrong, self.late = [], []

    def plan(self, number):
        chance = random.Random(f"{self.seed} {number}")
        plugin = chance.choice(check.PLUGINS)
        remembers = plugin in STATEFUL and chance.random() < 0.6
        # A few zones come again and again there: several runs at once, and much to be lost.
        case = chance.choice(self.cases[plugin][:6] if remembers else self.cases[plugin])
        words = check.command(str(self.binaries), plugin, case, os.environ)
        output = chance.choice(OUTPUTS)
        words[words.index("--output") + 1] = output
        plan = runs.kinds.Plan(words, case.timeout, output)
        if remembers and "--state-dir" not in words:
            plan.memory = self.directory / f"memory-{chance.randrange(2)}"
            plan.memory.mkdir(mode=0o700, exist_ok=True)
            plan.file = self.file_of(plan.memory, plugin, case)
            plan.words += ["--state-dir", str(plan.memory)]
        self.kinds.put(plan, chance)
        return plan, case, plugin

    @staticmethod
    def file_of(memory, plugin, case):
        apex = case.apex.rstrip(".").lower()
        return memory / f"check_dnssec_{plugin}" / f"{apex}.json"

    def one(self, number, alone=False):
        plan, case, plugin = self.plan(number)
        before = runs.count(plan.file) if plan.file else None
        done = runs.carry_out(plan)
        wrong, late = runs.problems(plan, done, case.expected(plugin)[1])
        forgot = runs.lost(plan.file, before) if plan.file else []
        if late and not forgot and not alone:
            with self.lock:
                self.late.append(number)  # the machine may have been busy
            return
        self.note(number, plan, plugin, done, wrong + forgot)

    def all(self, numbers):
        with ThreadPoolExecutor(AT_ONCE) as crew:
            list(crew.map(self.one, numbers))
        for number in self.late:
            self.one(number, alone=True)

    def note(self, number, plan, plugin, done, wrong):
        with self.lock:
            state = STATES[done.status] if done and 0 <= done.status <= 3 else "ended"
            self.states[plugin, state] += 1
            for fault in plan.faults or ["none"]:
                self.faults[fault, plugin] += 1
                self.plans[fault, state] += 1
            if wrong:
                self.wrong.append(number)
                print(f"run {number} ({', '.join(plan.faults) or 'no fault'}): {'; '.join(wrong)}\n"
                      f"  {' '.join(map(str, plan.before + plan.words))}\n"
                      f"  it said {done.output[:400] if done else b''!r}", flush=True)

    def table(self):
        checks = check.PLUGINS
        print(f"{'fault':20}" + "".join(f"{name:>10}" for name in (*checks, *STATES)))
        for fault in sorted({fault for fault, _ in self.faults}):
            print(f"{fault:20}" + "".join(f"{self.faults[fault, name]:10}" for name in checks)
                  + "".join(f"{self.plans[fault, state]:10}" for state in STATES))
        print(f"{'runs':20}" + "".join(
            f"{sum(self.states[name, state] for state in STATES):10}" for name in checks)
            + "".join(f"{sum(self.states[name, state] for name in checks):10}" for state in STATES))


def main(arguments):
    if not 2 <= len(arguments) <= 4 or "LAB_HINTS" not in os.environ:
        print(__doc__.strip())
        return 2
    count = int(arguments[1])
    seed = arguments[2] if len(arguments) > 2 else str(random.SystemRandom().randrange(1 << 32))
    numbers = [int(arguments[3])] if len(arguments) > 3 else range(count)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="check_dnssec-mixed-") as directory:
        mixed = Mixed(Path(arguments[0]).resolve(), seed, Path(directory))
        mixed.all(numbers)
    mixed.table()
    print(f"{len(numbers)} runs in {time.monotonic() - began:.0f} s, seed {seed}; "
          f"{len(mixed.late)} were late and looked again, alone; {len(mixed.wrong)} wrong")
    return 1 if mixed.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
