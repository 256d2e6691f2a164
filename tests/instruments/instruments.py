#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Runs the plugins under ThreadSanitizer or valgrind over a selection of what they can meet, and fails
where the instrument reports anything; tests/instruments/run calls it in the lab.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from instrumentslib import selection, zones  # noqa: E402
from instrumentslib.run import Run, carry_out, differences  # noqa: E402

HERE = Path(__file__).resolve().parent
MOST_AGAIN = 5  # runs of a phase that are repeated when they fail


# Rooms whose code has threads, its own or libunbound's: see CMakeLists.txt.
THREADED_ROOMS = ("zone", "judge", "observe", "resolve", "transport")


class Threads:
    """ThreadSanitizer, which the build has in it."""

    names, slow, compared = 8500, 1.0, True
    status = 66
    control = "race"

    def __init__(self, found):
        self.found = found
        options = f"exitcode={self.status}:suppressions={HERE}/threads.supp:history_size=4"
        self.environment = {"TSAN_OPTIONS": options}
        self.prefix = []

    def adapt(self, said):
        """Where addresses are more random than this runtime can bear (vm.mmap_rnd_bits above 28)."""
        if self.prefix or "unexpected memory mapping" not in said:
            return False
        self.prefix = ["setarch", "--addr-no-randomize"]
        return True

    def command(self, at, binary, words, leaves_looks=False):
        del leaves_looks
        # Within the sandbox a report has no names of functions, but there is one. Of each three runs
        # one shows that the sandbox and the runtime bear each other.
        off = isinstance(at, int) and at % 3
        return [*self.prefix, binary, *words, *(("--sandbox=off",) if off else ())]

    def reports(self, at, ended):
        del at
        found = ended.errors if "ThreadSanitizer" in ended.errors else ""
        if ended.status == self.status and not found:
            found = f"exit status {self.status} without a report"
        return found


class Memory:
    """valgrind's memcheck. It writes code and runs it, which the sandbox forbids."""

    names, slow, compared = 700, 8.0, False
    status = 99
    control = "leak"

    def __init__(self, found):
        self.found = found
        self.environment = {}
        self.flags = [
            "valgrind", "--leak-check=full", f"--error-exitcode={self.status}", "--num-callers=40", "--track-fds=yes", f"--suppressions={HERE}/memory.supp",
            # Threads that wait for each other take turns.
            "--fair-sched=try"]

    def adapt(self, said):
        """Nothing can be done."""
        del said
        return False

    def log(self, at):
        return self.found / f"valgrind-{at}"

    def command(self, at, binary, words, leaves_looks=False):
        # A coroutine that waits is known by a pointer into its frame, which alone makes it "possibly" lost.
        kinds = "definite,indirect" + ("" if leaves_looks else ",possible")
        return [*self.flags, f"--errors-for-leak-kinds={kinds}", f"--show-leak-kinds={kinds}",
                f"--log-file={self.log(at)}", binary, *words, "--sandbox=off"]

    def reports(self, at, ended):
        log = self.log(at).read_text(errors="replace") if self.log(at).exists() else ""
        summary = re.search(r"ERROR SUMMARY: (\d+) errors", log)
        if summary is None and ended.status < 0:
            return ""  # the signal came before the plugin was loaded; whether it may: Run.states
        if summary is None:
            return f"valgrind did not come to its end\n{log[-3000:]}"
        if summary[1] != "0" or ended.status == self.status:
            return log
        return ""

    def descriptors(self, at):
        """Files that were open at the end, without those through which libunbound still asks."""
        log = self.log(at).read_text(errors="replace")
        match = re.search(r"FILE DESCRIPTORS: (\d+) open", log)
        asking = [block for block in re.split(r"(?=Open )", log)
                  if "socket" in block.split("\n")[0] + block.split("\n")[1] and "libunbound" in block]
        return int(match[1]) - len(asking) if match else None


INSTRUMENTS = {"threads": Threads, "memory": Memory}


class Session:
    """Runs, and what came of them."""

    def __init__(self, options, instrument):
        self.options, self.instrument = options, instrument
        self.environment = {**os.environ, "LC_ALL": "C", **instrument.environment}
        self.environment.pop("MP_STATE_PATH", None)
        self.count, self.reported, self.wrong = 0, [], []

    def plugin(self, at, run):
        binary = self.options.tree / "plugins" / f"check_dnssec_{run.check}"
        return self.instrument.command(at, binary, run.words, run.leaves_looks)

    def one(self, at, run, command_of):
        command = [str(word) for word in command_of(at, run)]
        ended = carry_out(run, command, self.environment)
        report = self.instrument.reports(at, ended)
        wrong = [] if report else differences(run, ended)
        return at, run, command, report, wrong

    def all(self, phase, select, command_of=None):
        """The runs that `select` names, each by the command that `command_of` makes; gives {name: number}."""
        command_of = command_of or self.plugin
        if not re.search(self.options.only, phase):
            return {}
        runs = select()
        began = time.monotonic()
        again = []
        numbered = list(enumerate(runs, self.count))
        self.count += len(runs)
        with ThreadPoolExecutor(self.options.jobs) as pool:
            for at, run, command, report, wrong in pool.map(
                    lambda pair: self.one(*pair, command_of), numbered):
                label = f"{at}: {run.check}, {run.name}"
                if report:
                    file = self.instrument.found / f"report-{at}"
                    file.write_text(" ".join(command) + "\n" + report, encoding="utf-8")
                    self.reported.append(label)
                    print(f"{label}: REPORTED, see {file}", flush=True)
                for line in wrong:
                    print(f"{label}: {line}", flush=True)
                again += [(at, run, label)] if wrong else []
        # A server of the lab may be too slow on a busy machine; what is wrong is wrong alone too.
        for at, run, label in again:
            report, wrong = "", ["not tried again"]
            if len(again) <= MOST_AGAIN:
                report, wrong = self.one(at, run, command_of)[3:]
            self.wrong += [label] if report or wrong else []
            print(f"{label}: alone: " + ("; ".join(wrong) or report or "as it should be"), flush=True)
        print(f"{phase}: {len(runs)} runs, {time.monotonic() - began:.0f} s", flush=True)
        return {run.name: at for at, run in numbered}

    def control(self):
        """The instrument sees what is wrong on purpose, and nothing else."""
        binary = self.options.tree / "tests/instruments/instruments_control"
        for word, wanted in ((self.instrument.control, self.instrument.status), ("none", 0)):
            while True:
                done = subprocess.run(self.instrument.command(f"control-{word}", binary, (word,)), text=True,
                                      env=self.environment, check=False, capture_output=True)
                if done.returncode == wanted:
                    break
                if not self.instrument.adapt(done.stderr):
                    sys.exit(f"instruments: {binary} {word} ended with {done.returncode}, not {wanted}: the "
                             f"instrument does not work here: {done.stderr[-500:]}")

    def unit_tests(self):
        """Their own checks are for another day: some are of time, which is short here."""
        runs = [Run(f"test_{room}", room, ("--random", "--color_output=no"), judge=lambda *_: [], quiet=False)
                for room in THREADED_ROOMS]
        self.all("unit tests", lambda: runs,
                 lambda _, run: [*self.instrument.prefix, self.options.tree / "tests/unit" / run.name, *run.words])


def descriptors(session, place, instrument):
    """A run over many zones has hardly more files open at its end than one over few: a resolver more may
    have been needed, but not one file a zone."""
    few, many, spare = 10, 80, 10
    counts = []
    for zone_count in (few, many):
        for at in session.all("descriptors", lambda: selection.many_zones(place, zone_count)[:1]).values():
            counts.append(instrument.descriptors(at))
    if counts and (None in counts or counts[1] - counts[0] >= spare):
        session.wrong.append("descriptors")
        print(f"descriptors open at the end of runs over {few} and {many} zones: {counts}", flush=True)


def by_transfer(session, place):
    knots = {}
    try:
        for kind, change in (("p256", None), ("rsa-nsec3-iterations", None), ("rsa", "corrupt")):
            signed = zones.make(place.scratch, kind, place.names, change)
            knots[kind, change] = zones.Knot(zones.whole.program("knotd"), signed), signed
        session.all("transfers", lambda: selection.transfers(place, knots))
    finally:
        for knot, _ in knots.values():
            knot.stop()


def with_lab(session, place, instrument):
    session.all("looks", lambda: selection.looks(place, instrument.compared))
    session.all("ended early", lambda: selection.ended_early(place))
    session.all("records", lambda: selection.records(place))
    session.all("replays of records", lambda: selection.replays_of_records(place))
    session.all("many zones", lambda: selection.many_zones(place, 20 if place.slow > 1 else 150))
    if isinstance(instrument, Memory):
        descriptors(session, place, instrument)
    by_transfer(session, place)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instrument", choices=INSTRUMENTS)
    parser.add_argument("tree", type=Path, help="the build")
    parser.add_argument("--work", type=Path, metavar="DIRECTORY",
                        help="where large zones, which take a minute to sign, and reports are kept")
    parser.add_argument("--only", default="", metavar="REGEX", help="phases")
    parser.add_argument("--short", action="store_true", help="some runs that need no lab")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    options.tree = options.tree.resolve()
    if options.instrument == "memory" and not shutil.which("valgrind"):
        print("instruments: there is no valgrind")
        return 77
    with tempfile.TemporaryDirectory(prefix="check_dnssec-instruments-") as directory:
        work = (options.work or Path(directory)).resolve()
        found = work / f"found-{options.instrument}"
        shutil.rmtree(found, ignore_errors=True)
        found.mkdir(parents=True)
        instrument = INSTRUMENTS[options.instrument](found)
        place = selection.Place(work, instrument.names, instrument.slow)
        session = Session(options, instrument)
        session.control()
        if options.short:
            session.all("short", lambda: selection.short(place))
        else:
            if isinstance(instrument, Threads):
                session.unit_tests()
            session.all("no input", lambda: selection.no_input(place))
            session.all("replays", selection.replays)
            session.all("whole zones", lambda: selection.whole_zones(place))
            with_lab(session, place, instrument)
        for label in session.reported if options.work is None else ():
            print((found / f"report-{label.split(':')[0]}").read_text(encoding="utf-8")[:8000])
    print(f"{session.count} runs, {len(session.reported)} reported, {len(session.wrong)} otherwise wrong")
    return 1 if session.reported or session.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
