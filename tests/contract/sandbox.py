#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""A running plugin has given up what it does not need, and does its work all the same; where the
kernel offers less, it says so when that is demanded.

usage: sandbox.py BINARY...
"""
import ctypes
import errno
import pathlib
import socket
import struct
import subprocess
import sys
import unittest

import contract
from contract import SECONDS, UNKNOWN, environment, service

SET_SECCOMP, NO_NEW_PRIVILEGES, FILTER = 22, 38, 2
CREATE_RULESET = 444  # landlock_create_ruleset(), on every machine


def kernel_without_landlock():
    """For a child before it starts the plugin: that call is as unknown as in an older kernel."""
    code = [(0x20, 0, 0, 0), (0x15, 0, 1, CREATE_RULESET), (0x06, 0, 0, 0x50000 | errno.ENOSYS),
            (0x06, 0, 0, 0x7fff0000)]
    steps = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in code))
    program = struct.pack("HxxxxxxP", len(code), ctypes.addressof(steps))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(SET_SECCOMP, FILTER, program, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


def offered():
    """Whether this kernel has all of it."""
    libc = ctypes.CDLL(None, use_errno=True)
    landlock = libc.syscall(CREATE_RULESET, None, 0, 1) >= 1
    return landlock and "Seccomp:" in pathlib.Path("/proc/self/status").read_text("ascii")


class Sandbox(contract.PluginTest):

    def setUp(self):
        super().setUp()
        self.silent = self.silence()

    def silence(self):
        """A resolver that is asked and never answers."""
        silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        silent.bind(("127.0.0.1", 0))
        silent.settimeout(SECONDS)
        self.addCleanup(silent.close)
        return silent

    def begin(self, binary, *more, silent=None, prepare=None):
        forward = f"127.0.0.1@{(silent or self.silent).getsockname()[1]}"
        asked = [binary, "-z", "silent.example", "--forward", forward, "-t", "1.5", *more]
        if binary.endswith("_resolvers"):
            asked += ["--resolver", forward]
        return subprocess.Popen(asked, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env=environment(),
                                preexec_fn=prepare)

    def status(self, process, silent):
        """What the kernel says of a run from its first question on: by then it has given up all
        that it ever does, however late a busy machine let it begin."""
        silent.recv(512)
        lines = pathlib.Path(f"/proc/{process.pid}/status").read_text("ascii").splitlines()
        fields = dict(line.split(":\t", 1) for line in lines)
        return fields["NoNewPrivs"], fields["Seccomp"]

    def end(self, process):
        output, errors = process.communicate(timeout=SECONDS)
        self.assertEqual(errors, "")
        return process.returncode, output

    def test_holds_unless_it_is_off(self):
        if not offered():
            self.skipTest("this kernel has no Landlock or no seccomp")
        for binary in self.each_binary():
            for more, holds in (((), ("1", "2")), (("--sandbox", "require"), ("1", "2")),
                                (("--sandbox=off",), ("0", "0"))):
                silent = self.silence()
                process = self.begin(binary, *more, silent=silent)
                held = self.status(process, silent)
                code, output = self.end(process)
                self.assertEqual(held, holds, more)
                self.assertEqual(code, UNKNOWN, output)
                self.assertTrue(output.startswith(service(binary) + " UNKNOWN - silent.example: "),
                                output)

    def test_older_kernel(self):
        for binary in self.each_binary():
            plain = self.end(self.begin(binary, "--sandbox=off"))
            less = self.end(self.begin(binary, prepare=kernel_without_landlock))
            first = [said.split(" | ")[0] for said in (plain[1], less[1])]
            self.assertEqual((plain[0], first[0]), (less[0], first[1]))
            code, output = self.end(self.begin(binary, "--sandbox=require",
                                               prepare=kernel_without_landlock))
            self.assertEqual(code, UNKNOWN)
            self.assertRegex(output, service(binary) + r" UNKNOWN - option --sandbox: this kernel "
                             r"has no Landlock for files: .*; with auto the plugin runs with what "
                             r"there is\n$")

    def test_what_is_asked_for_is_written(self):
        for binary in self.each_binary():
            name = pathlib.Path(binary).name
            record, written = self.directory / f"{name}.record", self.directory / f"{name}.json"
            self.end(self.begin(binary, "--record", str(record)))
            self.assertIn("silent.example", record.read_text("ascii"))
            self.end(self.begin(binary, "--output", "jsonl", "--output-file", str(written)))
            self.assertIn("silent.example", written.read_text("ascii"))
            code, output = self.end(self.begin(binary, "--replay", str(record)))
            self.assertEqual(code, UNKNOWN)
            self.assertNotIn("cannot read", output)

    def test_links_are_followed(self):
        far, keys, memory = (self.directory / name for name in ("far", "keys", "memory"))
        for folder in (far, keys, memory):
            folder.mkdir(mode=0o700)
        (far / "k").write_text("; Created: 20200101000000 (x)\n", "ascii")
        (keys / "Ksilent.example.+013+16899.key").symlink_to("../far/k")
        for binary in self.each_binary():
            name = pathlib.Path(binary).name
            if name == "check_dnssec_keys":
                _, output = self.end(self.begin(binary, "--key-dir", str(keys)))
                self.assertNotIn("option --key-dir", output)
            if name in ("check_dnssec_keys", "check_dnssec_sigs"):
                (memory / name).symlink_to(far)
                _, output = self.end(self.begin(binary, "--state-dir", str(memory)))
                self.assertNotIn("state-unusable", output)


if __name__ == "__main__":
    if len(sys.argv) < 2 or any(argument.startswith("-") for argument in sys.argv[1:]):
        raise SystemExit(__doc__)
    contract.BINARIES = [str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:]]
    unittest.main(argv=sys.argv[:1], verbosity=1)
