#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The plugin always answers by its deadline, and when it is told to end.

usage: deadline.py BINARY...
"""

import contextlib
import os
import pathlib
import resource
import signal
import socket
import subprocess
import sys
import time
import unittest

import contract
from contract import CRITICAL, SECONDS, UNKNOWN, environment, service


class Deadline(contract.PluginTest):
    """Against a resolver on loopback that never answers: -t, SIGTERM and SIGINT."""

    def setUp(self):
        super().setUp()
        silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        silent.bind(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        self.forward = f"127.0.0.1@{silent.getsockname()[1]}"

    def words(self, binary):
        """What makes the binary wait for someone who does not answer."""
        asked = ["-z", "silent.example", "--forward", self.forward]
        return asked + (["--resolver", self.forward] if binary.endswith("_resolvers") else [])

    def start(self, binary, seconds, prepare=None):
        """A run that has nothing to wait for but its deadline."""
        return subprocess.Popen(
            [binary, *self.words(binary), "-t", str(seconds)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(), preexec_fn=prepare)

    def assert_unknown(self, binary, process):
        """It said in time that it could not look."""
        output, errors = process.communicate(timeout=SECONDS)
        self.assertEqual((process.returncode, errors), (UNKNOWN, b""), output)
        self.assertTrue(output.startswith(service(binary).encode() + b" UNKNOWN - silent.example: "),
                        output)

    def test_timeout(self):
        for binary in self.each_binary():
            for seconds in (1.5, 3):
                began = time.monotonic()
                self.assert_unknown(binary, self.start(binary, seconds))
                took = time.monotonic() - began
                self.assertLess(took, seconds + 0.5)
                self.assertGreater(took, seconds * 0.4, "it had nothing else to wait for")

    def test_signals(self):
        for binary in self.each_binary():
            for number in (signal.SIGTERM, signal.SIGINT):
                process = self.start(binary, 20)
                time.sleep(1)
                began = time.monotonic()
                process.send_signal(number)
                self.assert_unknown(binary, process)
                self.assertLess(time.monotonic() - began, 0.5)

    def test_signals_while_the_list_of_zones_is_read(self):
        for binary in self.each_binary():
            if binary.endswith("_resolvers"):
                continue
            for number in (signal.SIGTERM, signal.SIGINT):
                process = subprocess.Popen(
                    [binary, "--zones", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE, env=environment())
                time.sleep(1)
                process.send_signal(number)
                with contextlib.closing(process.stdin):
                    output, errors = process.stdout.read(), process.stderr.read()
                    self.assertEqual((process.wait(SECONDS), errors), (UNKNOWN, b""), output)
                self.assertIn(b"before the list of zones was read", output)

    def test_too_few_open_files(self):
        for binary in self.each_binary():
            process = self.start(
                binary, 5, lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20)))
            output, errors = process.communicate(timeout=SECONDS)
            self.assertEqual((process.returncode, errors), (UNKNOWN, b""), output)
            self.assertIn(b"raise its limit", output)

    def test_pipe_that_nobody_writes(self):
        pipe = self.directory / "pipe"
        os.mkfifo(pipe)
        for binary in self.each_binary():
            for option in ("--trust-anchor", "--root-hints", "--replay"):
                began = time.monotonic()
                done = subprocess.run(
                    [binary, *(self.words(binary) if option != "--replay" else []), option, pipe,
                     "-t", "1:critical"], stdin=subprocess.DEVNULL, capture_output=True,
                    timeout=SECONDS, env=environment(), check=False)
                self.assertLess(time.monotonic() - began, 1.5)
                self.assertEqual((done.returncode, done.stderr), (CRITICAL, b""), option)
                self.assertRegex(done.stdout.decode(), r"\ADNSSEC \w+ CRITICAL - .*cut off after 1s: "
                                 r".*\[deadline-reached\]\n\Z", option)

    def test_zone_file_that_nobody_writes(self):
        pipe = self.directory / "pipe"
        os.mkfifo(pipe)
        writer = os.open(pipe, os.O_RDWR)
        self.addCleanup(os.close, writer)
        for binary in self.each_binary():
            if not binary.endswith(("_sigs", "_nsec")):
                continue
            done = subprocess.run(
                [binary, "-z", "zone.example", "--zone-file", pipe, "-t", "1:critical"],
                stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, env=environment(),
                check=False)
            self.assertEqual((done.returncode, done.stderr), (CRITICAL, b""))
            self.assertRegex(done.stdout.decode(), r"\ADNSSEC \w+ CRITICAL - zone\.example: .*not read "
                             r"to its end in time.* \[deadline-reached\]\n\Z")

    def test_options_that_nobody_writes(self):
        pipe = self.directory / "pipe"
        os.mkfifo(pipe)
        for binary in self.each_binary():
            began = time.monotonic()
            done = subprocess.run(
                [binary, *self.words(binary), "-t", "1:critical", f"--extra-opts=@{pipe}"],
                stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, env=environment(),
                check=False)
            self.assertLess(time.monotonic() - began, 1.5)
            self.assertEqual((done.returncode, done.stderr), (CRITICAL, b""))
            self.assertRegex(done.stdout.decode(), r"\ADNSSEC \w+ CRITICAL - silent\.example: cut off "
                             r"after 1s: option --extra-opts: .*pipe.* \[deadline-reached\]\n\Z")

    def test_signals_while_a_file_is_read(self):
        pipe = self.directory / "pipe"
        os.mkfifo(pipe)
        for binary in self.each_binary():
            options = [["--trust-anchor", pipe], ["--root-hints", pipe], ["--replay", pipe],
                       [f"--extra-opts=@{pipe}"],
                       ["--output", "zabbix", "--trust-anchor", pipe]]
            if binary.endswith("_resolvers"):
                options.append(["--tls-ca", pipe, "--resolver", "127.0.0.1@853#x.example"])
            for more in options:
                asked = self.words(binary) if "--replay" not in more else []
                process = subprocess.Popen(
                    [binary, *asked, *more, "-t", "20"], stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
                time.sleep(0.7)
                began = time.monotonic()
                process.terminate()
                output, errors = process.communicate(timeout=SECONDS)
                self.assertLess(time.monotonic() - began, 0.5, more)
                self.assertEqual((process.returncode, errors), (UNKNOWN, b""), output)
                self.assertIn(b"ended by a signal before ", output)

    def test_reader_that_reads_nothing(self):
        for binary in self.each_binary():
            read_end, write_end = os.pipe()
            os.set_blocking(write_end, False)
            with contextlib.suppress(BlockingIOError):
                while True:
                    os.write(write_end, b"x" * 4096)
            os.set_blocking(write_end, True)
            began = time.monotonic()
            done = subprocess.run([binary, *self.words(binary), "-t", "1"],
                                  stdin=subprocess.DEVNULL, stdout=write_end, stderr=subprocess.PIPE,
                                  timeout=SECONDS, env=environment(), check=False)
            self.assertLess(time.monotonic() - began, 1.5)
            self.assertEqual((done.returncode, done.stderr), (UNKNOWN, b""))
            os.close(read_end)
            os.close(write_end)

    def test_signal_before_it_looks(self):
        """One that came while the program was loading waits until it can be told."""
        def prepare():
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
            os.kill(os.getpid(), signal.SIGTERM)

        for binary in self.each_binary():
            began = time.monotonic()
            self.assert_unknown(binary, self.start(binary, 20, prepare))
            self.assertLess(time.monotonic() - began, 5)


if __name__ == "__main__":
    if len(sys.argv) < 2 or any(argument.startswith("-") for argument in sys.argv[1:]):
        raise SystemExit(__doc__)
    contract.BINARIES = [str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:]]
    unittest.main(argv=sys.argv[:1], verbosity=1)
