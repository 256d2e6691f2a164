#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Runs over many zones of the lab that are ended early, or watched at a terminal.

usage: lab run -- fleet.py BINARY_DIR
"""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from terminal import shown_at

PLUGINS = Path()
QUICK = ("plain.test", "nsec3-optout.test")
SLOW = "ns-timeout-all.test"  # its servers are silent


class FleetTest(unittest.TestCase):
    """check_dnssec_sigs --zones."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="check_dnssec-fleet-")
        self.addCleanup(directory.cleanup)
        self.list = Path(directory.name) / "zones"

    def begin(self, zones, *words, **more):
        self.list.write_text("".join(f"{zone}\n" for zone in zones), encoding="ascii")
        return subprocess.Popen(
            [PLUGINS / "check_dnssec_sigs", "--zones", self.list, "--root-hints",
             os.environ["LAB_HINTS"], "--trust-anchor", os.environ["LAB_ANCHOR"], *words],
            stdout=subprocess.PIPE, text=True, **{"stderr": subprocess.PIPE, **more})

    def test_a_signal_reports_what_is_known(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            run = self.begin((*QUICK, SLOW, "plain.test."), "-t", "60", "--zone-timeout", "30")
            time.sleep(2)
            began = time.monotonic()
            run.send_signal(number)
            text, errors = run.communicate(timeout=30)
            self.assertLess(time.monotonic() - began, 2)
            self.assertEqual(errors, "")
            self.assertRegex(text, r"^DNSSEC SIGS (CRITICAL|UNKNOWN) - (EMERGENCY: )?3 zones: .*2 OK; "
                                   r"ns-timeout-all\.test: ")
            self.assertNotEqual(run.returncode, 0)

    def test_what_there_was_no_time_for_is_said_of_each(self):
        zones = [f"n{number}.{SLOW}" for number in range(200)]
        began = time.monotonic()
        run = self.begin(zones, "-t", "2", "--rate-per-server", "4", "--output", "jsonl")
        text, errors = run.communicate(timeout=30)
        self.assertLess(time.monotonic() - began, 4)
        self.assertEqual(errors, "")
        documents = [json.loads(line) for line in text.splitlines()]
        self.assertEqual(sorted(zones), sorted(document["zone"] for document in documents))
        left = [document for document in documents if "not looked at" in document["summary"]]
        self.assertGreater(len(left), 100)
        self.assertEqual({document["state"] for document in left}, {"UNKNOWN"})
        self.assertEqual({finding["id"] for document in left for finding in document["findings"]},
                         {"deadline-reached"})

    def test_locks_that_are_kept_delay_the_run_once(self):
        states = self.list.parent / "states"
        folder = states / "check_dnssec_sigs"
        folder.mkdir(mode=0o700, parents=True)
        states.chmod(0o700)
        kept = []
        for number in range(64):
            kept.append((folder / f".lock-{number:02X}").open("w", encoding="ascii"))
            self.addCleanup(kept[-1].close)
            fcntl.flock(kept[-1], fcntl.LOCK_EX)
        zones = [f"{number}.{zone}" for number in range(10) for zone in QUICK] + [*QUICK]
        began = time.monotonic()
        text = self.begin(zones, "-t", "60", "--state-dir", states, "--output",
                          "jsonl").communicate(timeout=60)[0]
        documents = [json.loads(line) for line in text.splitlines()]
        told = [document for document in documents
                if any("lslocks" in note for note in document["notes"])]
        self.assertEqual(len(told), len(documents), text)
        self.assertLess(time.monotonic() - began, 15, text)

    def test_progress_at_a_terminal(self):
        master, terminal = os.openpty()
        run = self.begin((*QUICK, SLOW), "-t", "60", "--zone-timeout", "4", stderr=terminal)
        os.close(terminal)
        text = run.communicate(timeout=30)[0]
        self.assertIn("3 zones: ", text)
        shown = shown_at(master)
        self.assertRegex(shown, r"\r\x1b\[K2 of 3 zones, 0 not OK, \d+ zones/s")
        self.assertTrue(shown.endswith("\r\x1b[K"), shown)

    def test_lists_that_are_none(self):
        for content, words in ((b"", "names no zone"), (b"\0\1\2\n", "line 1: "),
                               (b"a.test\n" + b"x" * 300 + b".test\n", "line 2: "),
                               (b"plain.test timeout=1\n", "line 1: ")):
            self.list.write_bytes(content)
            done = subprocess.run([PLUGINS / "check_dnssec_chain", "--zones", self.list],
                                  capture_output=True, text=True, check=False, timeout=30)
            self.assertEqual((done.returncode, done.stderr), (3, ""), done.stdout)
            self.assertRegex(done.stdout, "^DNSSEC CHAIN UNKNOWN - .*--zones.*" + re.escape(words))
            self.assertEqual(done.stdout.count("\n"), 1)


if __name__ == "__main__":
    if len(sys.argv) != 2 or "LAB_HINTS" not in os.environ:
        sys.exit(__doc__.strip())
    PLUGINS = Path(sys.argv[1]).resolve()
    sys.exit(not unittest.main(argv=sys.argv[:1], exit=False).result.wasSuccessful())
