#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What this host may do to a run: no descriptors, memory, disk or network left, files that are none,
a clock that jumps, nobody who reads, signals. Each run must answer in time with one report that is
right or says that it could not look; it never calls a broken zone OK, and loses no memory.

usage: lab run --resolver -- faults.py BINARY_DIR [NAME OF A TEST...]
"""
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "hostile")]
from hostilelib import reparse  # noqa: E402
from mixedlib.kinds import GIGABYTE, full_pipe, smallest_address_space  # noqa: E402
from mixedlib.kinds import limit as limited  # noqa: E402
from mixedlib.runs import heeds_signals  # noqa: E402
import shims  # noqa: E402

PLUGINS = Path()
CHECKS = ("chain", "sigs", "ds", "nsec", "keys", "resolvers")
HEALTHY, BROKEN = "plain.test", "ds-key-rrsig-expired.test"
SEES_BROKEN = ("chain", "sigs")
SEED = int(os.environ.get("FAULTS_SEED", random.SystemRandom().randrange(1 << 32)))


class Run:
    """One look, and what is wrong with its answer."""

    def __init__(self, words, seconds, **more):
        began = time.monotonic()
        more.setdefault("stdin", subprocess.DEVNULL)
        self.words = words
        done = subprocess.run(words, stdout=more.pop("stdout", subprocess.PIPE),
                              stderr=subprocess.PIPE, timeout=seconds + 20, check=False, **more)
        self.took, self.seconds = time.monotonic() - began, seconds
        self.status, self.output, self.errors = done.returncode, done.stdout or b"", done.stderr

    def problems(self, printed=True):
        wrong = []
        if self.status not in (0, 1, 2, 3):
            wrong.append(f"ended with {self.status}")
        # The arithmetic of a library below libunbound tells of memory there before it gives up.
        if self.errors and not self.errors.startswith(b"GNU MP: "):
            wrong.append(f"said on standard error {self.errors[:200]!r}")
        if b"internal error" in self.output:
            wrong.append("it broke down")
        if printed:
            wrong += reparse.problems(self.output, self.status)[0]
        return wrong

    def __str__(self):
        return f"{' '.join(map(str, self.words))}: {self.status} {self.output[:300]!r}"


class FaultTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="check_dnssec-faults-")
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        self.chance = random.Random(f"{SEED} {self.id()}")

    def words(self, check, zone, *more, seconds=5):
        words = [str(PLUGINS / f"check_dnssec_{check}"), "-z", zone, "--root-hints",
                 os.environ["LAB_HINTS"], "--trust-anchor", os.environ["LAB_ANCHOR"],
                 "-t", str(seconds), *map(str, more)]
        return words + (["--resolver", "192.0.2.254"] if check == "resolvers" else [])

    def look(self, check, zone, *more, seconds=5, limit=None, printed=True, **how):
        """A run that must be in order, whatever its state; late ones have a second chance."""
        words = self.words(check, zone, *more, seconds=seconds)
        for last in (False, True):
            run = Run(words, seconds, preexec_fn=limit, **how)
            if run.took <= seconds + 0.5:
                break
            self.assertFalse(last, f"took {run.took:.2f} s: {run}")
        self.assertEqual(run.problems(printed), [], f"{run}\nFAULTS_SEED={SEED}")
        return run

    def right_or_unknown(self, check, zone, run):
        """Never OK where it is broken; nothing worse than "could not look" where it is healthy."""
        if zone == BROKEN and check in SEES_BROKEN:
            self.assertIn(run.status, (2, 3), run)
        elif zone == HEALTHY:
            self.assertIn(run.status, (0, 3), run)

    @staticmethod
    def side_by_side(function, tasks):
        """What it gives for each; most of the time of a run is waiting."""
        with ThreadPoolExecutor(4 * os.cpu_count()) as crew:
            return list(crew.map(function, tasks))

    def each(self, limits, *more, checks=CHECKS, zones=(HEALTHY, BROKEN)):
        """Looks by each check under each limit."""
        def one(task):
            check, zone, limit = task
            run = self.look(check, zone, *more, limit=limit)
            self.right_or_unknown(check, zone, run)
            return run.status
        tasks = [(check, zone, limit) for check in checks for zone in zones for limit in limits]
        return self.side_by_side(one, tasks)


class Limits(FaultTest):

    def test_no_descriptors(self):
        states = self.each([limited(resource.RLIMIT_NOFILE, count) for count in range(6, 42, 5)])
        self.assertIn(3, states, "the limit was felt")

    def test_no_memory(self):
        """From what a start takes; below that no line of ours is ever run."""
        smallest = smallest_address_space(PLUGINS / "check_dnssec_resolvers")
        sizes = [smallest + more for more in (0, 200, 1000)] + self.chance.sample(
            range(smallest + 1, smallest + 24), 7)
        steps = [limited(resource.RLIMIT_AS, size << 20) for size in sizes]
        states = self.each(steps, zones=(HEALTHY,)) + self.each(steps[::3], zones=(BROKEN,))
        self.assertIn(3, states, "the limit was felt")

    def test_no_threads(self):
        library = shims.build(self.directory)

        def one(task):
            check, zone, most = task
            run = self.look(check, zone, env={**os.environ, **shims.few_threads(library, most)})
            self.right_or_unknown(check, zone, run)
            if most == 0:
                self.assertIn(b"no further thread can be made", run.output)
        self.side_by_side(one, [(check, zone, most) for check in CHECKS
                                for zone in (HEALTHY, BROKEN) for most in (0, 1)])

    def test_breaking_down_twice(self):
        """Only one of two threads that break down at once has the last word."""
        library = shims.build(self.directory)

        def one(check):
            run = Run(self.words(check, HEALTHY), 5,
                      env={**os.environ, **shims.breaking_down(library)})
            self.assertEqual(run.problems(), ["it broke down"], run)
            self.assertEqual((run.status, run.output.count(b"\n")), (3, 1), run)
        self.side_by_side(one, 20 * CHECKS)

    def test_no_file_sizes(self):
        """Which the system tells by a signal."""
        for check in ("sigs", "nsec", "keys"):
            run = self.look(check, HEALTHY, "--state-dir", self.directory / "s",
                            limit=limited(resource.RLIMIT_FSIZE, 0))
            self.assertEqual(run.status, 1, run)
            self.assertIn(b"[state-unusable]", run.output)


class Network(FaultTest):

    def test_none_at_all(self):
        def alone(check):
            words = ["unshare", "-n", *self.words(check, HEALTHY)]
            run = Run(words, 5)
            self.assertEqual(run.problems(), [], run)
            self.assertEqual(run.status, 2 if check == "resolvers" and run.status == 2 else 3, run)
            self.assertLess(run.took, 5.5)
        for check in CHECKS:
            alone(check)

    def test_no_ipv6(self):
        script = 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6 && exec "$@"'
        probe = subprocess.run(["unshare", "-n", "sh", "-c", script, "sh", "true"],
                               capture_output=True, check=False)
        if probe.returncode != 0:
            self.skipTest("IPv6 cannot be turned off here")
        for check in CHECKS:
            run = Run(["unshare", "-n", "sh", "-c", script, "sh", *self.words(check, HEALTHY)], 5)
            self.assertEqual(run.problems(), [], run)


class Output(FaultTest):

    def test_full_pipe(self):
        """Nobody reads, and the pipe takes no more: the run ends all the same."""
        def one(check):
            read_end, write_end = full_pipe()
            run = self.look(check, HEALTHY, "-vvv", seconds=2, printed=False, stdout=write_end)
            self.assertEqual(run.status, 3, run)
            os.close(read_end)
            os.close(write_end)
        self.side_by_side(one, CHECKS)
        # A usage error has no --timeout of its own.
        read_end, write_end = full_pipe()
        run = Run([PLUGINS / "check_dnssec_sigs", "--no-such-option"], 0.5, stdout=write_end)
        self.assertEqual((run.status, run.errors), (3, b""), run)
        self.assertLess(run.took, 1)
        os.close(read_end)
        os.close(write_end)

    def test_full_device_and_closed_descriptors(self):
        def closing(*numbers):
            return lambda: [os.close(number) for number in numbers]
        for check in CHECKS:
            with open("/dev/full", "wb") as full:
                run = self.look(check, HEALTHY, printed=False, stdout=full)
                self.assertEqual(run.status, 3, run)
            self.right_or_unknown(check, HEALTHY, self.look(check, HEALTHY, limit=closing(0)))
            run = self.look(check, HEALTHY, limit=closing(1), printed=False)
            self.assertEqual(run.status, 3, run)
            run = self.look(check, HEALTHY, limit=closing(0, 1, 2), printed=False)
            self.assertEqual(run.status, 3, run)


class Files(FaultTest):
    """In the place of those that options name."""

    def odd_files(self):
        fifo, huge = self.directory / "fifo", self.directory / "huge"
        os.mkfifo(fifo)
        with open(huge, "wb") as file:
            file.truncate(GIGABYTE)
        return [fifo, huge, self.directory, "/dev/zero", "/dev/null", "/dev/full",
                self.directory / "none", self.directory / "none" / "deeper"]

    def test_to_be_read(self):
        options = {"sigs": ("--zones", "--replay", "--zone-file", "--tsig-file", "--trust-anchor",
                            "--root-hints"), "keys": ("--key-dir",), "resolvers": ("--tls-ca",)}
        def one(task):
            odd, check, name = task
            more = [name, odd]
            if name == "--tsig-file":
                more += ["--axfr"]
            if name == "--tls-ca":
                more += ["--resolver", "192.0.2.254@853#x.test"]
            run = self.look(check, BROKEN, *more, seconds=2)
            self.assertNotEqual(run.status, 0, run)
        self.side_by_side(one, [(odd, check, name) for odd in self.odd_files()
                                for check, names in options.items() for name in names])

    def test_to_be_written(self):
        for odd in self.odd_files():
            if odd == "/dev/null" or odd == self.directory / "huge":
                continue  # which may be written to
            for more in (["--record", odd], ["--output-file", odd],
                         ["--output", "passive", "--command-file", odd],
                         ["--output", "spool", "--spool-dir", odd]):
                with self.subTest(options=[str(word) for word in more]):
                    if more[0] == "--record" and odd == "/dev/zero" or odd == self.directory:
                        continue
                    before = odd.stat().st_ino if isinstance(odd, Path) and odd.exists() else 0
                    run = self.look("sigs", HEALTHY, *more, seconds=3,
                                    printed=odd not in ("/dev/zero", self.directory / "none"))
                    if odd == self.directory / "none":
                        for made in (odd,):
                            if made.is_file():
                                made.unlink()
                    else:
                        self.assertEqual(run.status, 0 if odd == "/dev/zero" and run.status == 0
                                         else 3, run)
                    if before:
                        self.assertEqual(odd.stat().st_ino, before, "nothing was replaced")


class Memory(FaultTest):
    """What is remembered of earlier runs."""

    def remembered(self, check="sigs"):
        place = self.directory / f"state-{check}"
        self.look(check, HEALTHY, "--state-dir", place)
        files = [path for path in place.rglob("*") if path.is_file() and path.stat().st_size > 100]
        self.assertEqual(len(files), 1, list(place.rglob("*")))
        return place, files[0]

    def test_torn_at_each_length(self):
        def one(check):
            place, file = self.remembered(check)
            text = file.read_bytes()
            whole = len(text.rstrip())
            lengths = random.Random(f"{SEED} {check}").sample(range(whole), 12) + [0, 1, whole - 1]
            for length in lengths:
                file.write_bytes(text[:length])
                run = self.look(check, HEALTHY, "--state-dir", place)
                self.assertEqual(run.status, 1, run)
                self.assertIn(b"[state-unusable]", run.output)
                run = self.look(check, HEALTHY, "--state-dir", place)
                self.assertEqual(run.status, 0, f"it begins anew: {run}")
        self.side_by_side(one, ("sigs", "nsec", "keys"))

    def test_is_something_else(self):
        place, file = self.remembered()
        text = file.read_bytes()
        other = self.directory / "other"

        def link():
            other.write_bytes(text)
            file.symlink_to(other)

        def huge():
            with open(file, "wb") as opened:
                opened.truncate(GIGABYTE)
        for make in (link, huge, lambda: os.mkfifo(file), lambda: file.mkdir(),
                     lambda: file.symlink_to("/dev/zero")):
            file.unlink()
            make()
            run = self.look("sigs", HEALTHY, "--state-dir", place)
            self.assertEqual(run.status, 1, run)
            self.assertIn(b"it was set aside as", run.output)
            if other.exists():
                self.assertEqual(other.read_bytes(), text, "written through a link")
                other.unlink()
            self.assertTrue(file.is_file() and not file.is_symlink(), "it begins anew")

    def test_disk_is_full_or_read_only(self):
        """On file systems of their own, which go with the run."""
        script = ('mount -t tmpfs -o size=16k,mode=700 none "$1" && cd "$1" && '
                  'if [ "$2" = full ]; then cat /dev/zero >fill 2>/dev/null; '
                  'else mount -o remount,ro "$1"; fi; shift 2; exec "$@"')
        place = self.directory / "disk"
        place.mkdir()
        def one(task):
            how, check, more = task
            words = ["unshare", "-m", "sh", "-c", script, "sh", str(place), how,
                     *self.words(check, HEALTHY, *more)]
            run = Run(words, 5)
            self.assertEqual(run.problems("jsonl" not in more), [], run)
            self.assertEqual(run.status, 1 if "--state-dir" in more else 3, run)
            if "jsonl" in more:
                self.assertEqual(json.loads(run.output)["state"], "UNKNOWN", run)
            self.assertLess(run.took, 5.5)
        self.side_by_side(one, [(how, check, more) for how in ("full", "read-only")
                                for check in ("sigs", "nsec", "keys")
                                for more in (["--state-dir", place / "state"],
                                             ["--record", place / "r"],
                                             ["--output", "jsonl", "--output-file", place / "o"],
                                             ["--output", "spool", "--spool-dir", place])])

    def test_killed_at_random_moments(self):
        place, file = self.remembered()
        words = self.words("sigs", HEALTHY, "--state-dir", place)
        for _ in range(60):
            run = subprocess.Popen(words, stdout=subprocess.DEVNULL)
            time.sleep(self.chance.uniform(0, 0.25))
            run.kill()
            run.wait()
            self.assertGreater(file.stat().st_size, 100)
        run = self.look("sigs", HEALTHY, "--state-dir", place, "-v")
        self.assertEqual(run.status, 0, run)
        self.assertNotIn(b"set aside", run.output)


class Moments(FaultTest):

    def test_signals_at_random_moments(self):
        def one(task):
            number, check, zone = task
            run = subprocess.Popen(self.words(check, zone), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
            time.sleep(self.chance.uniform(0.03, 0.2))
            begun = heeds_signals(run)
            run.send_signal(number)
            output, errors = run.communicate(timeout=10)
            if run.returncode == -number and not begun:
                return
            wrong, _ = reparse.problems(output, run.returncode)
            self.assertEqual((wrong, errors), ([], b""), output)
            if zone == BROKEN and check in SEES_BROKEN:
                self.assertNotEqual(run.returncode, 0, output)
        self.side_by_side(one, [(number, check, zone) for check in CHECKS
                                for number in (signal.SIGTERM, signal.SIGINT, signal.SIGPIPE,
                                               signal.SIGCHLD) for zone in (HEALTHY, BROKEN)])

    def test_clock_that_jumps(self):
        library = shims.build(self.directory)

        def one(task):
            jump, check, zone = task
            run = self.look(check, zone, "--state-dir", self.directory / f"clock{jump}",
                            env={**os.environ, **shims.jumping(library, jump)})
            if zone == BROKEN and check in SEES_BROKEN:
                self.assertNotEqual(run.status, 0, run)
        self.side_by_side(one, [(jump, check, zone) for zone in (HEALTHY, BROKEN)
                                for check in ("chain", "sigs", "keys")
                                for jump in (-90000, -3600, 3600, 90000, 400 * 86400)])

    def test_500_at_once(self):
        began = time.monotonic()
        runs = []
        for number in range(500):
            check = CHECKS[number % 5]
            zone = HEALTHY if number % 3 else BROKEN
            runs.append((check, zone, subprocess.Popen(
                self.words(check, zone, seconds=30), stdout=subprocess.PIPE,
                stderr=subprocess.PIPE)))
        states = []
        for check, zone, run in runs:
            output, errors = run.communicate(timeout=60)
            wrong, _ = reparse.problems(output, run.returncode)
            self.assertEqual((wrong, errors), ([], b""), output)
            if zone == BROKEN and check in SEES_BROKEN:
                self.assertIn(run.returncode, (2, 3), output)
            states.append(run.returncode)
        self.assertLess(time.monotonic() - began, 45)
        self.assertGreater(states.count(0), 150)


if __name__ == "__main__":
    if len(sys.argv) < 2 or "LAB_HINTS" not in os.environ:
        raise SystemExit(__doc__)
    PLUGINS = Path(sys.argv[1]).resolve()
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
