#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The plugin contract, looked at from outside and without a network.

usage: contract.py BINARY...
"""

import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest

BINARIES = []
OK, CRITICAL, UNKNOWN = 0, 2, 3
SECONDS = 20  # no run here has a reason to take longer

NUMBERS = {  # option: values that are not accepted
    "timeout": ["abc", "0", "601", "-1", "1e1", "0x10", "", "10s5", "nan", "inf", "10:", "10:ok",
                "10:fatal", "1,5", " 5", "5 ", "010"],
    "query-timeout": ["abc", "0", "0.01", "61", "-1", "1e0", ""],
    "retries": ["abc", "-1", "11", "1.5", "4294967298", "", "02", "+1"],
}
SIGS_NUMBERS = {"max-age": ["abc", "0", "-1d", "1x", "", "99999d"],
                "stall-slack": ["abc", "-1d", "1x", "", "99999d"]}
AGES = ["abc", "0", "-1d", "1x", "", "99999d"]
NUMBERS.update({"zsk-max-age": AGES, "ksk-max-age": AGES,
                "notice": ["abc", "-1d", "1x", "", "99999d"]})
NSEC_VALUES = {"expect-denial": ["", "NSEC", "any"], "probes": ["", "abc", "-1", "201", "01"]}
RANGES = ["", "@", ":", "~", "10:~", "20:10", "2d:1d", "010", "0x10", "1e3", "10abc", " 10", "10 ",
          "1,5", "nan", "inf", ".5", "5.", "1:2:3", ":10", "1d:x", "5%:6"]
WORDS = {
    "expect": ["", "Secure", "yes"],
    "output": ["", "xml"],
    "sandbox": ["", "on", "Auto", "no"],
    "at": ["", "tomorrow", "2026-02-30", "2026-12-01T00:00", "+", "+x", "@", "-1", "+9e9"],
    "severity": ["", "no-such-finding=ok", "root-unreachable", "root-unreachable=fatal",
                 "root-unreachable=ok,"],
    "server": ["", "ns1.example", "192.0.2.1:53", "192.0.2.1@0", "192.0.2.1@65536", "[::1]:53"],
    "forward": ["", "resolver.example", "192.0.2.1@x"],
    "name": ["", "a..b", "example.com/NOSUCHTYPE", "example.com/ANY"],
    "resolver": ["", "dns.example", "192.0.2.1@0", "192.0.2.1#", "192.0.2.1#a b", "#dns.example",
                 "192.0.2.1#dns.example@853"],
    "canary-bogus": ["", "a..b"],
    "quorum": ["", "0", "65", "-1", "1.5", "two"],
    "zone": ["", "a..b", "x" * 64, "a|b\n.\x01"],
    "hostname": ["", "a..b"],
    "pin": ["", "x", "12345 13 2", "12345 13 2 ABC", "65536 13 2 AB", "1 256 2 AB", "1 13 2 XY"],
    "max-dangling": ["abc", "0", "-1d", "1x", "", "99999d"],
    "cds-max-age": ["abc", "0", "-1d", "1x", "", "99999d"],
    "policy": ["", "strict", "None"],
    "key-dir": [""],
    "zone-file": [""],
    "tsig-file": [""],
    "ds": ["", "look", "12345 13 2", "65536 13 2 AB", "1 13 2 XY"],
    "threads": ["", "0", "1025", "-1", "1.5", "two"],
    "explain": ["", "no-such-finding", "rrsig-expird", "a|b\nc"],
}


def environment(**more):
    """A clean environment: no configuration of this host, an odd locale."""
    return {"PATH": "/nonexistent", "LC_ALL": "de_DE.UTF-8", **more}


class PluginTest(unittest.TestCase):
    """What every test needs: runs of one binary and a directory."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="contract-")
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)

    def write(self, name, data):
        """A file in the test's directory."""
        path = self.directory / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return str(path)

    def run_plugin(self, binary, *arguments, stdin=b"", **variables):
        """(exit status, standard output as text); standard error must be empty."""
        done = subprocess.run([binary, *arguments], input=stdin, capture_output=True,
                              timeout=SECONDS, env=environment(**variables), check=False)
        shown = f"{pathlib.Path(binary).name} {arguments!r}"
        self.assertEqual(done.stderr, b"", shown)
        self.assertIn(done.returncode, (0, 1, 2, 3), shown)
        return done.returncode, done.stdout.decode("utf-8")

    def assert_error(self, binary, *arguments, names=(), **more):
        """One line on standard output with service and state, exit status 3."""
        status, output = self.run_plugin(binary, *arguments, **more)
        shown = f"{arguments!r} printed {output!r}"
        self.assertEqual(status, UNKNOWN, shown)
        self.assertTrue(output.startswith(service(binary) + " UNKNOWN - "), shown)
        self.assertTrue(output.endswith("\n") and output.count("\n") == 1, shown)
        self.assertLess(len(output), 1024, shown)
        self.assertNotIn("|", output, shown)
        self.assertTrue(output[:-1].isprintable() and output.isascii(), shown)
        for word in names:
            self.assertIn(word, output, shown)
        return output

    def each_binary(self):
        """Every binary as a subtest of its own."""
        for binary in BINARIES:
            with self.subTest(binary=pathlib.Path(binary).name):
                yield binary


def service(binary):
    """check_dnssec_sigs is the service DNSSEC SIGS."""
    return pathlib.Path(binary).name.removeprefix("check_").replace("_", " ").upper()


def is_sigs(binary):
    return binary.endswith("_sigs")


def is_nsec(binary):
    return binary.endswith("_nsec")


class Words(PluginTest):
    """Help, version, lists."""

    def test_help(self):
        for binary in self.each_binary():
            for arguments in (["-h"], ["--help"], ["--frob", "-h"], ["-t", "x", "--help"]):
                status, output = self.run_plugin(binary, *arguments)
                self.assertEqual(status, UNKNOWN)
                self.assertIn("Usage: " + pathlib.Path(binary).name, output)
                for part in ("--zone", "Default:", "Exit states:", "Examples:", "7d:"):
                    self.assertIn(part, output)
                for line in output.splitlines():
                    self.assertLessEqual(len(line), 80, line)

    def test_version(self):
        for binary in self.each_binary():
            for argument in ("-V", "--version"):
                status, output = self.run_plugin(binary, argument)
                self.assertEqual(status, UNKNOWN)
                self.assertRegex(output, rf"\A{pathlib.Path(binary).name} \d+\.\d+\.\d+\S*\n\Z")

    def test_findings(self):
        for binary in self.each_binary():
            status, output = self.run_plugin(binary, "--list-findings")
            self.assertEqual(status, OK)
            ids = [line.split("  ", 2)[0] for line in output.splitlines()]
            self.assertEqual(len(ids), len(set(ids)))
            self.assertIn("root-unreachable", ids)
            for line in output.splitlines():
                self.assertRegex(line, r"\A[a-z0-9]+(-[a-z0-9]+)*  "
                                       r"(INFO|UNKNOWN|WARNING|CRITICAL|EMERGENCY)  \S.*\.\Z")
                self.assertNotIn("|", line)

    def test_explanations(self):
        for binary in self.each_binary():
            _, output = self.run_plugin(binary, "--list-findings")
            for line in output.splitlines()[::9]:  # the unit tests print them all
                name, tier, _ = line.split("  ", 2)
                status, words = self.run_plugin(binary, "--explain", name)
                self.assertEqual(status, OK, name)
                self.assertIn(f"{name} ({tier})\n", words)
                self.assertIn("What to do:\n", words)


class Usage(PluginTest):
    """What is not accepted, and how that is said."""

    def test_no_zone(self):
        for binary in self.each_binary():
            self.assert_error(binary, names=["--zone"])
            self.assert_error(binary, "-v", names=["--zone"])

    def test_no_resolver(self):
        for binary in self.each_binary():
            if binary.endswith("_resolvers"):
                self.assert_error(binary, "-z", "example.com", names=["--resolver"])
                self.assert_error(binary, "-z", "example.com", "--resolver", "192.0.2.1",
                                  "--quorum", "2", names=["--quorum"])

    def test_errors_as_json(self):
        """Zabbix looks at nothing but the document."""
        for binary in self.each_binary():
            for arguments in (["--output", "json"], ["--output=json", "-z", "a..b"],
                              ["--output", "json", "-z", "example", "--trust-anchor", "/nonexistent"],
                              ["--output", "json", "--replay", "/dev/null"]):
                status, output = self.run_plugin(binary, *arguments)
                document = json.loads(output)
                self.assertEqual((status, document["state"], document["exit_status"],
                                  document["findings"]), (UNKNOWN, "UNKNOWN", UNKNOWN, []))
                self.assertTrue(document["summary"])

    def test_errors_for_zabbix(self):
        more = self.write("x.ini", "[a]\noutput=zabbix\n")
        asked = ["-z", "example", "--resolver", "192.0.2.1"]
        for binary in self.each_binary():
            zone = asked if binary.endswith("_resolvers") else asked[:2]
            for arguments in ([], ["-z", "a..b"], ["--zones", "/nonexistent"],
                              [*zone, "--trust-anchor", "/nonexistent"],
                              [*zone, "--root-hints", "/nonexistent"],
                              ["--replay", "/dev/null"]):
                for output in (["--output", "zabbix"], [f"--extra-opts=a@{more}"]):
                    status, text = self.run_plugin(binary, *arguments, *output)
                    document = json.loads(text)
                    self.assertEqual((status, document["zones"], document["totals"]["state"]),
                                     (UNKNOWN, [], UNKNOWN))
                    self.assertTrue(document["totals"]["summary"])

    def test_unknown_options(self):
        for binary in self.each_binary():
            for word in ("--frobnicate", "-q", "--warn", "--zon=x", "--WARNING=5", "-p", "--port=53",
                         "-?", "-5", "--a|b\nc", "--" + "x" * 9000):
                self.assert_error(binary, "-z", "example.com", word, "5", names=["option"])
            self.assert_error(binary, "--warn", "5", names=['"--warn"', "--warning"])

    def test_missing_and_surplus_values(self):
        for binary in self.each_binary():
            for arguments in (["-z"], ["-w", "-c", "5"], ["--warning="], ["-z", "--verbose"],
                              ["--record", "--replay"], ["--at="], ["--trust-anchor"]):
                self.assert_error(binary, *arguments, names=["needs a value"])
            self.assert_error(binary, "--verbose=3", names=["--verbose takes no value"])

    def test_bad_values(self):
        for binary in self.each_binary():
            bad = {**NUMBERS, **WORDS, **{name: RANGES for name in ("warning", "critical")}}
            if is_sigs(binary):
                bad.update(SIGS_NUMBERS)
                bad.update({name: RANGES for name in ("dnskey-warning", "dnskey-critical")})
            if is_nsec(binary):
                bad.update(NSEC_VALUES)
            options = self.run_plugin(binary, "--help")[1]
            for name, values in bad.items():
                for value in values if f"--{name}" in options else ():
                    self.assert_error(binary, "example.com", f"--{name}", value,
                                      names=[f"option --{name}"])
                    if value:
                        self.assert_error(binary, "example.com", f"--{name}={value}",
                                          names=[f"option --{name}"])

    def test_value_that_can_be_left_out(self):
        for binary in filter(is_nsec, BINARIES):
            for value in ("abc", "0", "-1", "9001", "1.5"):
                self.assert_error(binary, "example.com", f"--walk={value}",
                                  names=["option --walk", "from 1 to 9000"])

    def test_value_limits_are_named(self):
        for binary in self.each_binary():
            self.assertEqual(
                self.assert_error(binary, "-z", "example.com", "--timeout", "abc"),
                f'{service(binary)} UNKNOWN - option --timeout: "abc" is not a number of seconds '
                "from 1 to 600\n")

    def test_options_of_the_other_plugin(self):
        for binary in self.each_binary():
            if not is_sigs(binary):
                for name in ("max-age", "dnskey-warning", "dnskey-critical"):
                    self.assert_error(binary, "x", f"--{name}=9d", names=[f"--{name}"])

    def test_arbitrary_bytes(self):
        generator = random.Random(20261201)
        for binary in self.each_binary():
            for _ in range(60):
                junk = bytes(generator.randrange(1, 256) for _ in range(generator.randrange(1, 20)))
                # The last argument keeps a run that is accepted from asking anybody anything.
                self.assert_error(binary, b"--timeout", b"x" + junk, names=["--timeout"])
                self.assert_error(binary, b"--unknown-" + junk)


class ExtraOpts(PluginTest):
    """--extra-opts: a replay that is missing shows which options arrived, without a network."""

    def test_good_files(self):
        for binary in self.each_binary():
            name = pathlib.Path(binary).name
            plain = self.assert_error(binary, "-z", "a.example", "--replay", "/missing/b")
            text = ("# comment\n; comment\n[other]\nnot for us\n"
                    f"[ {name} ]\r\nzone = a.example \r\nreplay=/missing/a\nverbose=\n"
                    "warning=2d:\n[last]\nx=y\n")
            file = self.write("plugins.ini", text)
            later = ["--replay", "/missing/b"]
            self.assertEqual(self.assert_error(binary, f"--extra-opts=@{file}", *later), plain)
            self.assertEqual(self.assert_error(binary, *later, f"--extra-opts={name}@{file}"), plain)
            self.assertEqual(self.assert_error(binary, "--extra-opts", *later, MP_CONFIG_FILE=file),
                             plain)
            self.assertEqual(self.assert_error(binary, "--extra-opts", *later,
                                               NAGIOS_CONFIG_PATH=f":/x:{self.directory}"), plain)
            self.assertEqual(self.assert_error(binary, "--extra-opts=@-", *later,
                                               stdin=text.encode()), plain)

    def test_bad_files(self):
        for binary in self.each_binary():
            for line in ("retries", "=1", "t=5", "frob=1", "help=", "explain=x", "extra-opts=a@b",
                         "verbose=1", "warning=", "retries=99", "warning=20:10", "[open"):
                file = self.write("bad.ini", f"[a]\n{line}\n")
                self.assert_error(binary, "x", f"--extra-opts=a@{file}", names=["line 2"])
            file = self.write("bad.ini", "retries=1\n[a]\n")
            self.assert_error(binary, "x", f"--extra-opts=a@{file}", names=["line 1"])
            file = self.write("bad.ini", b"[a]\n\xff\xfe|\0=\x01\n")
            self.assert_error(binary, "x", f"--extra-opts=a@{file}", names=["line 2"])

    def test_missing(self):
        for binary in self.each_binary():
            file = self.write("x.ini", "[a]\nretries=1\n")
            self.assert_error(binary, "x", f"--extra-opts=@{file}", names=["no section"])
            self.assert_error(binary, "x", f"--extra-opts=b@{file}", names=["no section"])
            self.assert_error(binary, "x", "--extra-opts=a@/missing/x.ini", names=["/missing/x.ini"])
            self.assert_error(binary, "x", f"--extra-opts=a@{self.directory}", names=["cannot read"])
            self.assert_error(binary, "x", "--extra-opts=a@/dev/zero", names=["1 MiB"])
            self.assert_error(binary, "x", "--extra-opts", MP_CONFIG_FILE="/missing/x.ini",
                              names=["/missing/x.ini"])


class Replay(PluginTest):
    """Records that are none."""

    def test_missing_and_garbage(self):
        generator = random.Random(7)
        files = {
            "empty": b"",
            "noise": bytes(generator.randrange(256) for _ in range(5000)),
            "list": b"[]",
            "object": b"{}",
            "null": b"null",
            "number": b"1e999",
            "deep": b"[" * 100000,
            "deeper": b'{"a":' * 100000,
            "cut": b'{"asked": "example.com", "servers": [',
            "text": b'"a|b\\nc"',
            "zero": b"\0" * 100,
        }
        for binary in self.each_binary():
            self.assert_error(binary, "--replay", "/missing/record")
            self.assert_error(binary, "--replay", str(self.directory))
            self.assert_error(binary, "--replay", "/dev/null")
            for name, data in files.items():
                with self.subTest(file=name):
                    self.assert_error(binary, "--replay", self.write(name, data))


class SideFiles(PluginTest):
    """Files beside the report that cannot be written or read, where nobody answers: UNKNOWN as it
    is, and all that was found is printed."""

    def look(self, binary, *more):
        asked = ["-z", "silent.example", "--forward", "127.0.0.1@1", "-t", "3"]
        if binary.endswith("_resolvers"):
            asked += ["--resolver", "127.0.0.1@1"]
        status, output = self.run_plugin(binary, *asked, *more)
        self.assertEqual(status, UNKNOWN, output)
        return output

    def test_a_record_that_cannot_be_written_hides_no_finding(self):
        for binary in self.each_binary():
            plain = self.look(binary)
            output = self.look(binary, "--record", str(self.directory / "none" / "record"))
            findings = [re.findall(r"^\[UNKNOWN\] (\S+):", text, re.MULTILINE)
                        for text in (plain, output)]
            self.assertTrue(findings[0], plain)
            self.assertEqual(findings[0], findings[1], output)
            self.assertRegex(output, r"\A[A-Z ]+ UNKNOWN - option --record: cannot write .*; but for "
                                     r"that: silent\.example: .*\[" + findings[0][0])
            self.assertRegex(output, r"(?m)^\[INFO\] option --record: cannot write \"\S*record\": "
                                     r"No such file or directory \(make the directory, or name")

    def test_a_key_directory_that_cannot_be_read_is_a_finding_of_its_own(self):
        for binary in filter(lambda one: one.endswith("_keys"), BINARIES):
            output = self.look(binary, "--key-dir", str(self.directory / "none"))
            self.assertIn("[UNKNOWN] key-dir-unreadable: option --key-dir: cannot read ", output)
            self.assertNotIn("state-unusable", output)


class State(PluginTest):
    """--show-state: what is remembered, in words; looking changes nothing."""

    def each_with_memory(self):
        """Those that remember, and where their file of a.example is."""
        for binary in self.each_binary():
            if "--show-state" in self.run_plugin(binary, "--help")[1]:
                folder = self.directory / pathlib.Path(binary).name
                yield binary, folder, folder / "a.example.json"

    def show(self, binary, *more):
        return self.run_plugin(binary, "-z", "A.Example", "--state-dir", str(self.directory),
                               "--show-state", *more)

    def put(self, folder, file, text):
        folder.mkdir(mode=0o700, exist_ok=True)
        file.write_text(text)
        file.chmod(0o600)

    def test_nothing(self):
        for binary, folder, _ in self.each_with_memory():
            status, output = self.show(binary)
            self.assertEqual(status, OK)
            self.assertIn("nothing is remembered", output)
            self.assertFalse(folder.exists())
            self.assert_error(binary, "-z", "a.example", "--show-state", names=["--state-dir"])

    def test_words(self):
        for binary, folder, file in self.each_with_memory():
            self.put(folder, file, json.dumps({
                "format": "check_dnssec state", "version": 1, "check": folder.name,
                "zone": "a.example.", "since": 1700000000, "last_run": 1700864000, "runs": 11,
                "signings": [], "newest": [], "records": [
                    {"type": "DNSKEY", "rdata": "AQEDDQ==", "ttl": 3600, "first_seen": 1700086400,
                     "last_seen": 1700864000}]}))
            status, output = self.show(binary)
            self.assertEqual(status, OK)
            self.assertIn("11 runs from 2023-11-14T22:13Z to 2023-11-24T22:13Z", output)
            self.assertIn("first seen 2023-11-15T22:13Z, TTL 1h", output)
            # Only the signer's habit is learned from signatures alone.
            self.assertEqual("re-signing" in output, is_sigs(binary))
            self.assertEqual(json.loads(self.show(binary, "--output", "json")[1])["runs"], 11)

    def test_garbage_stays(self):
        for binary, folder, file in self.each_with_memory():
            self.put(folder, file, "{")
            for _ in range(2):
                status, output = self.show(binary)
                self.assertEqual(status, UNKNOWN)
                self.assertIn("not whole JSON; the next run sets it aside", output)
                self.assertEqual(file.read_text(), "{")
            status, output = self.show(binary, "--output", "json")
            self.assertEqual((status, json.loads(output)["state"]), (UNKNOWN, "UNKNOWN"))


class StandardOutput(PluginTest):
    """An output that is gone or full is no OK, and changes no other exit status."""

    def status_with(self, binary, redirect, argument):
        """Exit status of a run whose standard output a shell redirected."""
        done = subprocess.run(["/bin/sh", "-c", f'exec "$0" "$1" {redirect}', binary, argument],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=SECONDS, env=environment(),
                              check=False)
        self.assertEqual(done.stderr, b"", redirect)
        return done.returncode

    def test_closed_or_full(self):
        for binary in self.each_binary():
            for redirect in (">&-", "<&- >&-", ">/dev/full"):
                self.assertEqual(self.status_with(binary, redirect, "--help"), UNKNOWN, redirect)
                self.assertEqual(self.status_with(binary, redirect, "--list-findings"), UNKNOWN,
                                 redirect)
                self.assertEqual(self.status_with(binary, redirect, "--frob"), UNKNOWN, redirect)

    def test_reader_went_away(self):
        for binary in self.each_binary():
            read_end, write_end = os.pipe()
            os.close(read_end)
            with os.fdopen(write_end, "wb") as output:
                done = subprocess.run([binary, "--list-findings"], stdin=subprocess.DEVNULL,
                                      stdout=output, stderr=subprocess.PIPE, timeout=SECONDS,
                                      env=environment(), check=False)
            self.assertEqual((done.returncode, done.stderr), (UNKNOWN, b""))


if __name__ == "__main__":
    if len(sys.argv) < 2 or any(argument.startswith("-") for argument in sys.argv[1:]):
        raise SystemExit(__doc__)
    BINARIES = [str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:]]
    unittest.main(argv=sys.argv[:1])
