#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What the plugins say of the future, and the pictures they draw, in the lab.

usage: outlook.py BINARY_DIR        (tests/lab/lab run -- outlook.py …)

A forecast is right when it comes true: judged at the moment that it names as the last good one (--at),
nothing has failed, and a second later the zone has. Pictures: files by their endings, with and without
Graphviz, and the tree that only a terminal gets.
"""

import json
import os
import pty
import re
import resource
import stat
import subprocess
import sys
import tempfile
import time
import unittest

BINARIES = sys.argv.pop(1)
# Whose signatures, or their DS's, end before those of the root, where "the clock is wrong" begins.
ZONES = ("offline-ksk-ending", "jitter", "three-weeks", "ten-days", "two-weeks-renewed-at-five",
         "two-days-online", "rrsig-expiring-crit", "rrsig-expiring-short-life",
         "rrsig-expiring-one-ns", "rrsig-expiring-mx", "rrsig-expiring-dnskey", "ds-rrsig-expiring")
FAILED = {"critical", "emergency"}
YEAR = 400 * 86400


def command(plugin, zone, *options):
    return [os.path.join(BINARIES, f"check_dnssec_{plugin}"), "-z", zone, "--root-hints",
            os.environ["LAB_HINTS"], "--trust-anchor", os.environ["LAB_ANCHOR"], "-w", "0:",
            "-c", "0:", *options]


def run(plugin, zone, *options, **more):
    done = subprocess.run(command(plugin, zone, *options), capture_output=True, text=True,
                          check=False, timeout=30, **more)
    assert not done.stderr, done.stderr
    return done


def document(plugin, zone, *options):
    done = run(plugin, zone, "--output", "json", *options)
    return json.loads(done.stdout), done.returncode


def failures(plugin, zone, moment):
    """Ids of what has failed at that moment; signatures that end soon have not."""
    seen, _ = document(plugin, zone, "--at", str(moment))
    return {one["id"] for one in seen["findings"] if one["tier"] in FAILED}


def turns(plugin, zone, *kinds):
    """The moments of these kinds that come before the root's signatures end."""
    events = document(plugin, zone, "--forecast", f"{YEAR}s")[0]["forecast"]
    root = min(e["time"] for e in events if e["zone"] == ".")
    return [e["time"] for e in events if e["kind"] in kinds and e["time"] < root]


class Forecast(unittest.TestCase):
    def test_what_is_foretold_happens_then_and_not_before(self):
        for zone in ZONES:
            seen = 0
            for plugin in ("chain", "sigs"):
                moments = turns(plugin, f"{zone}.test", "failing", "dark")
                seen += len(moments)
                with self.subTest(zone=zone, plugin=plugin):
                    if moments:
                        self.assertEqual(failures(plugin, f"{zone}.test", min(moments)), set())
                        self.assertNotEqual(failures(plugin, f"{zone}.test", min(moments) + 1),
                                            set())
            self.assertGreater(seen, 0, zone)

    def test_the_zone_goes_dark_as_a_whole(self):
        seen = 0
        for zone in ZONES:
            for dark in turns("chain", f"{zone}.test", "dark"):
                with self.subTest(zone=zone):
                    seen += 1
                    before, _ = document("chain", f"{zone}.test", "--at", str(dark))
                    self.assertLess(before["tier"], 4, before["summary"])
                    after, status = document("chain", f"{zone}.test", "--at", str(dark + 1))
                    self.assertEqual((status, after["tier"]), (2, 4), after["summary"])
        self.assertGreater(seen, 5)

    def test_it_changes_neither_the_first_line_nor_the_status(self):
        for zone in ("plain", "rrsig-expiring-crit", "rrsig-expired-soa", "island"):
            at = ("--at", str(int(time.time())))
            bare, foretold = (run("sigs", f"{zone}.test", *at, *more)
                              for more in ((), ("--forecast", "14d")))
            self.assertEqual(bare.returncode, foretold.returncode)
            first = [re.sub(r" \| .*", "", text.stdout.splitlines()[0]) for text in (bare, foretold)]
            self.assertEqual(*first)
            self.assertIn("[INFO] forecast: ", foretold.stdout)
            self.assertNotIn("forecast", bare.stdout)

    def test_who_renews(self):
        text = run("chain", "ds-rrsig-expiring.test", "--forecast", "14d").stdout
        self.assertRegex(text, r"the DS signature of ds-rrsig-expiring\.test at test expires, "
                               r"which test usually renews")
        self.assertIn("nothing within 1d", run("chain", "plain.test", "--forecast", "1d").stdout)


class Graph(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def draw(self, name, zone="ds-no-matching-dnskey.test", **environment):
        done = run("chain", zone, "--graph", self.path(name),
                   env={**os.environ, **environment})
        self.assertEqual([one for one in os.listdir(self.folder.name) if "draft" in one], [])
        return done

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def test_graphviz_text(self):
        done = self.draw("chain.dot")
        self.assertEqual(done.returncode, 2)
        text = self.read("chain.dot").decode("ascii")
        self.assertTrue(text.startswith("digraph"))
        self.assertIn("BROKEN: no DS at test", text.replace("\\n", " ").replace("  ", " "))

    def test_a_file_that_cannot_be_written_hides_nothing(self):
        for zone, status in (("ds-no-matching-dnskey.test", 2), ("plain.test", 3)):
            for option in ("--graph", "--record"):
                done = run("chain", zone, option, self.path("none/x.dot"))
                self.assertEqual(done.returncode, status, done.stdout)
                self.assertIn(f"option {option}: cannot write", done.stdout)
                self.assertIn("EMERGENCY" if status == 2 else "but for that: plain.test is secure",
                              done.stdout.splitlines()[0])

    def test_a_record_is_replaced_whole_or_not_at_all(self):
        def little():
            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
        self.assertEqual(run("chain", "plain.test", "--record", self.path("r")).returncode, 0)
        before = self.read("r")
        done = run("chain", "plain.test", "--record", self.path("r"), preexec_fn=little)
        self.assertEqual(done.returncode, 3)
        self.assertIn("cannot write", done.stdout)
        self.assertIn("File too large", done.stdout)
        self.assertEqual((self.read("r"), os.listdir(self.folder.name)), (before, ["r"]))

    def test_a_record_without_signals_is_not_judged_for_bootstrapping(self):
        zone = "unsigned.test"
        for more, words in (((), "does not hold what the nameservers signal, so it cannot go with "
                             "--bootstrap"), (("--bootstrap",), "[dsboot-signal-broken]")):
            run("ds", zone, "--expect", "any", "--record", self.path("r"), *more)
            done = run("ds", zone, "--expect", "any", "--replay", self.path("r"), "--bootstrap")
            self.assertIn(words, done.stdout.splitlines()[0])

    def test_a_pipe_is_refused_and_a_link_followed(self):
        os.mkfifo(self.path("pipe.dot"))
        done = self.draw("pipe.dot")
        self.assertIn("is no plain file", done.stdout)
        self.assertTrue(stat.S_ISFIFO(os.stat(self.path("pipe.dot")).st_mode))
        os.symlink("real.dot", self.path("link.dot"))
        self.draw("link.dot")
        self.assertTrue(os.path.islink(self.path("link.dot")))
        self.assertTrue(self.read("real.dot").startswith(b"digraph"))

    def test_a_signal_ends_the_program_that_draws(self):
        tools = self.path("tools")
        os.mkdir(tools)
        with open(os.path.join(tools, "dot"), "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\necho $$ > {self.path('number')}\nexec sleep 30\n")
        os.chmod(os.path.join(tools, "dot"), 0o755)
        drawing = subprocess.Popen(
            command("chain", "plain.test", "--graph", self.path("x.svg"), "--sandbox", "off"),
            stdout=subprocess.PIPE, env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"})
        for _ in range(100):
            if os.path.exists(self.path("number")) and self.read("number").endswith(b"\n"):
                break
            time.sleep(0.05)
        drawing.terminate()
        output, _ = drawing.communicate(timeout=3)
        self.assertEqual(drawing.returncode, 3, output)
        self.assertRaises(ProcessLookupError, os.kill, int(self.read("number")), 0)
        self.assertEqual(sorted(os.listdir(self.folder.name)), ["number", "tools"])

    def test_a_file_is_replaced(self):
        with open(self.path("chain.dot"), "w", encoding="ascii") as file:
            file.write("old")
        self.draw("chain.dot")
        self.assertTrue(self.read("chain.dot").startswith(b"digraph"))

    def test_drawn_by_dot(self):
        if subprocess.run(["sh", "-c", "command -v dot"], capture_output=True,
                          check=False).returncode:
            self.skipTest("no Graphviz")
        self.draw("chain.svg")
        self.assertIn(b"<svg", self.read("chain.svg"))
        self.draw("chain.png")
        self.assertTrue(self.read("chain.png").startswith(b"\x89PNG"))

    def test_without_graphviz(self):
        done = self.draw("chain.svg", zone="plain.test", PATH="/nonexistent")
        self.assertEqual(done.returncode, 0)
        self.assertIn("dot is not installed", done.stdout)
        self.assertEqual(os.listdir(self.folder.name), [])

    def fake(self, script):
        os.mkdir(self.path("bin"))
        name = self.path("bin/dot")
        with open(name, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\n" + script)
        os.chmod(name, stat.S_IRWXU)
        return self.path("bin") + ":" + os.environ["PATH"]

    def test_dot_that_fails(self):
        done = self.draw("chain.svg", zone="plain.test", PATH=self.fake("exit 1\n"))
        self.assertEqual(done.returncode, 0)
        self.assertIn("dot failed", done.stdout)

    def test_dot_that_hangs(self):
        path = self.fake("sleep 60\n")
        began = time.monotonic()
        done = run("chain", "plain.test", "--graph", self.path("chain.svg"), "-t", "2",
                   env={**os.environ, "PATH": path})
        self.assertLess(time.monotonic() - began, 2.5)
        self.assertEqual(done.returncode, 0)
        self.assertIn("dot took too long", done.stdout)

    def test_a_file_that_cannot_be_written(self):
        for name in ("no/such/place.dot", "no/such/place.svg"):
            done = run("chain", "plain.test", "--graph", self.path(name))
            self.assertEqual(done.returncode, 3)
            self.assertIn("option --graph: cannot write ", done.stdout.splitlines()[0])

    def test_one_zone_only(self):
        done = run("chain", "plain.test", "-z", "ksk-zsk.test", "--graph", self.path("chain.dot"))
        self.assertEqual(done.returncode, 3)
        self.assertIn("takes one zone", done.stdout)


def at_terminal(*options, **environment):
    """What a terminal is shown."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(command("chain", "plain.test", *options), stdout=follower,
                               env={**os.environ, **environment})
    os.close(follower)
    text = b""
    try:
        while chunk := os.read(leader, 65536):
            text += chunk
    except OSError:  # the other end is closed
        pass
    process.wait(timeout=30)
    os.close(leader)
    return text.decode().replace("\r\n", "\n")


class Tree(unittest.TestCase):
    def test_at_a_terminal(self):
        text = at_terminal("-v", LC_ALL="C.UTF-8", NO_COLOR="", TERM="xterm")
        self.assertIn("└─ plain.test secure", text)
        self.assertIn("\033[32m", text)
        text = at_terminal("-v", LC_ALL="C", NO_COLOR="1")
        self.assertIn("`- plain.test secure", text)
        self.assertNotIn("\033", text)

    def test_not_without_verbose(self):
        self.assertNotIn("└─", at_terminal(LC_ALL="C.UTF-8"))

    def test_not_in_a_pipe(self):
        text = run("chain", "plain.test", "-v", env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout
        self.assertIn("\n    plain.test. secure\n", text)
        self.assertNotIn("─", text)


if __name__ == "__main__":
    unittest.main()
