#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Zone files that are none, never end, or are too much: one clear line each, UNKNOWN, in time and in
bounded memory.

usage: hostile.py CHECK_DNSSEC_SIGS
"""

import base64
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "contract"))
from terminal import shown_at  # noqa: E402

PLUGIN = ""
APEX = "zone.test"
HEAD = ("$ORIGIN zone.test.\n$TTL 3600\n@ SOA ns1 hostmaster 1 2 3 4 5\n@ NS ns1\n"
        "ns1 A 192.0.2.1\n")
MOST_MEMORY_MB = 120


class HostileTest(unittest.TestCase):
    """Each case is a file, or what comes through a pipe."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="check_dnssec-hostile-")
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def file(self, content, name="zone"):
        path = self.directory / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run_plugin(self, *words, timeout=5, **more):
        began = time.monotonic()
        done = subprocess.run([PLUGIN, "-z", APEX, "-t", str(timeout), *map(str, words)],
                              capture_output=True, text=True, check=False, timeout=60, **more)
        self.assertLess(time.monotonic() - began, timeout + 0.5 + 2)  # a loaded machine's start
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def expect_unknown(self, pattern, *words, **more):
        status, text = self.run_plugin(*words, **more)
        first = text.split("\n", 1)[0]
        self.assertEqual(status, 3, text)
        self.assertRegex(first, r"^DNSSEC SIGS UNKNOWN - ")
        self.assertRegex(first, pattern)

    def expect_unknown_file(self, pattern, content):
        path = self.file(content)
        self.expect_unknown(re.escape(str(path)) + pattern, "--zone-file", path)

    def test_syntax_errors_name_the_line(self):
        self.expect_unknown_file(":6: ", HEAD + "www A not-an-address\n")
        self.expect_unknown_file(":7: ", HEAD + "\nwww NOSUCHTYPE x\n")
        self.expect_unknown_file(":6: ", HEAD + "www TXT ( \"never closed\"\n")
        self.expect_unknown_file(":6: ", HEAD + "www TXT \"never closed\n")
        self.expect_unknown_file(":6: .*INCLUDE", HEAD + "$INCLUDE /etc/passwd\n")

    def test_what_is_no_zone_file(self):
        # The first octet is no syntax: a comment would reach to the end.
        noise = b"\1" + random.Random(20261201).randbytes(100_000).replace(b"\n", b"x")
        self.expect_unknown_file(":1: ", noise)
        self.expect_unknown_file(".* holds no records", b";" + noise)
        self.expect_unknown_file(":1: ", b"\0" * 10_000)
        self.expect_unknown("neither a file nor a pipe", "--zone-file", self.directory)
        self.expect_unknown("nowhere", "--zone-file", self.directory / "nowhere")

    def test_empty_files_are_never_ok(self):
        for content in ("", "\n\n; nothing\n", "other.test. 1 IN A 192.0.2.1\n"):
            status, text = self.run_plugin("--zone-file", self.file(content))
            self.assertNotEqual(status, 0, text)

    def test_usage(self):
        path = self.file(HEAD)
        self.expect_unknown("--axfr", "--zone-file", path, "--axfr=127.0.0.1")
        self.expect_unknown("--server", "--zone-file", path, "--server", "127.0.0.1")
        self.expect_unknown("--zone-file.*one zone", "--zone-file", path, "-z", "other.test")
        self.expect_unknown("--ds", "--zone-file", path, "--ds", "12345 13")

    def test_tsig_files(self):
        for content, mode, pattern in (("key a { };", 0o600, "--tsig-file"),
                                       ("", 0o600, "--tsig-file"),
                                       ('key "a" { algorithm hmac-sha256; secret "AAAA"; };', 0o644,
                                        "--tsig-file.*(chmod|others)")):
            path = self.file(content, "key")
            path.chmod(mode)
            self.expect_unknown(pattern, "--axfr=127.0.0.1@1", "--server", "127.0.0.1@1",
                                "--tsig-file", path)

    def stream(self, line):
        """The plugin's output and peak memory in MB for a file of endless lines on a pipe."""
        feeder = subprocess.Popen(["sh", "-c", f"cat \"$1\"; exec yes '{line}'", "sh",
                                   self.file(HEAD)], stdout=subprocess.PIPE)
        with feeder, tempfile.TemporaryFile("w+") as output:
            began = time.monotonic()
            plugin = subprocess.Popen([PLUGIN, "-z", APEX, "-t", "8", "--zone-file", "-"],
                                      stdin=feeder.stdout, stdout=output)
            feeder.stdout.close()
            _, status, usage = os.wait4(plugin.pid, 0)
            plugin.returncode = os.waitstatus_to_exitcode(status)
            self.assertLess(time.monotonic() - began, 10.5)
            feeder.kill()
            output.seek(0)
            return plugin.returncode, output.read(), usage.ru_maxrss / 1024

    def test_an_rrset_without_end(self):
        status, text, memory = self.stream("www TXT \"" + "x" * 200 + "\"")
        self.assertEqual(status, 3, text)
        self.assertRegex(text, r"standard input:\d+: www\.zone\.test has more than 4 MiB")
        self.assertLess(memory, MOST_MEMORY_MB)

    def test_time_is_up(self):
        """A pipe that says nothing more, and signatures that take longer than there is time."""
        reader, writer = os.pipe()
        os.write(writer, HEAD.encode())
        try:
            self.expect_unknown("time|deadline", "--zone-file", "-", stdin=reader, timeout=2)
        finally:
            os.close(reader)
            os.close(writer)

    def begun(self, *words, **more):
        """The plugin while it waits for the rest of a zone from standard input, which is returned too."""
        reader, writer = os.pipe()
        plugin = subprocess.Popen([PLUGIN, "-z", APEX, "-t", "20", "--zone-file", "-", *words],
                                  stdin=reader, stdout=subprocess.PIPE, text=True, **more)
        os.close(reader)
        os.write(writer, HEAD.encode())
        return plugin, writer

    def test_progress_at_a_terminal(self):
        """A person sees how far it is, and the line is gone when the report comes."""
        master, terminal = os.openpty()
        plugin, writer = self.begun(stderr=terminal)
        os.close(terminal)
        time.sleep(3)
        os.close(writer)
        self.assertRegex(plugin.communicate(timeout=30)[0], "^DNSSEC SIGS CRITICAL - .*zone-unsigned")
        shown = shown_at(master)
        self.assertRegex(shown, r"\r\x1b\[K3 records read, 0 of 0 or more signatures verified, 0/s")
        self.assertTrue(shown.endswith("\r\x1b[K"), shown)

    def test_signals(self):
        """Whoever ends it hears what became of it."""
        for number in (signal.SIGTERM, signal.SIGINT):
            for words, pattern in (((), "^DNSSEC SIGS UNKNOWN - zone.test: ended by a signal"),
                                   (("--output", "json"), '"summary": ?"zone.test: ended by a signal')):
                plugin, writer = self.begun(*words, stderr=subprocess.PIPE)
                time.sleep(0.5)
                plugin.send_signal(number)
                text, errors = plugin.communicate(timeout=30)
                os.close(writer)
                self.assertEqual((plugin.returncode, errors), (3, ""), text)
                self.assertRegex(text, pattern)

    def test_not_all_was_verified(self):
        """verify-budget-exceeded: far more signatures than can be verified in the time."""
        window = [time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() + days * 86400))
                  for days in (20, -1)]
        tag = subprocess.run([PLUGIN, "-z", APEX, "--zone-file", "-", "-v"], input=HEAD + KEY_P384,
                             capture_output=True, text=True, check=False).stdout
        tag = re.search(r"(?m)^key (\d+): algorithm 14", tag)[1]
        numbers = base64.b64encode(b"\x7f" * 96).decode()  # within the curve's order, twice
        signature = f"14 3 3600 {window[0]} {window[1]} {tag} zone.test. {numbers}"
        names = "".join(f"n{i} A 192.0.2.1\nn{i} RRSIG A {signature}\n" for i in range(60_000))
        path = self.file(HEAD + KEY_P384 + names)
        self.expect_unknown(r"[\d,]+ of 60,000 signatures were verified.*\[verify-budget-exceeded\]",
                            "--zone-file", path, "--threads", "1", "--severity", SEVERITIES, timeout=3)

    def test_memory_that_is_not_there(self):
        """One line and UNKNOWN when the kernel gives no more."""
        path = self.directory / "large"
        with open(path, "w", encoding="ascii") as out:
            out.write(HEAD)
            out.writelines(f"host{i} A 192.0.2.1\n" for i in range(1_500_000))
        limit = 160 << 20
        status, text = self.run_plugin(
            "--zone-file", path, "--threads", "1", timeout=20,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        self.assertEqual(status, 3, text)
        self.assertRegex(text, "UNKNOWN - out of memory")


# A point of P-384 (its generator, SEC 2 2.5.1): the arithmetic is the dearest of the algorithms'.
KEY_P384 = ("@ DNSKEY 257 3 14 qofKIr6LBTeOscce8yCtdG4dO2KLp5uYWfdB4IJUKjhVAvJdv1UpbDpUXjhydgq3NhfeSpYm"
            "LG9dnpi/kpLcKfj0Hb0omhR86doxE7XwuMAKYLHOHX6BnXpDHXyQ6g5f\n")
# What else is wrong with such a zone is not what the case is about.
SEVERITIES = ",".join(f"{one}=ok" for one in (
    "rrsig-crypto-invalid", "rrsig-missing", "nsec-missing-at-name", "zone-unsigned", "nsec3param-missing",
    "dnskey-rrsig-missing", "rrsig-missing-all", "dnskey-not-signed-by-ksk", "work-limit"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    PLUGIN = os.path.abspath(sys.argv[1])
    sys.exit(not unittest.main(argv=sys.argv[:1], exit=False).result.wasSuccessful())
