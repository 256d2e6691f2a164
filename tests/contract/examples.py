#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Follows README.md and the manual pages: runs every command that they show, in the lab.

usage: examples.py BINARY_DIR SOURCE_DIR        (tests/lab/lab run -- examples.py …)

The lab has the zone example.com and its own root, so each command runs as it is printed, through
wrappers that say where that root is. It must be understood (no usage error), say nothing on standard
error and end in time; what is only a zone's name must be OK; where the output is shown too, the
plugin must say the same, but for figures.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

COMMAND = re.compile(r"(?:\$ )?(?P<command>check_dnssec_\w+ .*)")
USAGE_ERROR = re.compile(r"UNKNOWN - (option|unknown option|no zone given|no resolver given)")
PLAIN = re.compile(r"check_dnssec_\w+ (-v )?-z example\.com( -v+| --zone-file example\.com\.signed.*)?")
SECONDS = 75
# What stands for a file or directory of the reader's, below the test's own directory.
PLACES = ("/var/lib/check_dnssec", "/keys", "/var/lib/nagios4")
AUTHORITY = "/etc/ssl/our-ca.pem"
TSIG_KEY = "/etc/check_dnssec/transfer.key"
ZONES = "/etc/check_dnssec/zones"
ZONE_FILE = "example.com.signed"
ZONES_FILE = "zones.txt"
HANDED = re.compile(r"--output (passive|spool|icinga-api|openmetrics|zabbix)\b")
RESOLVER = "192.0.2.251"  # a validating one of the lab
FIGURES = (  # what may differ between the text and a run
    (re.compile(r"\d+[dhms]( \d+[hms])?"), "TIME"), (re.compile(r"\d+"), "N"))


def blocks_of_readme(text):
    """The lines of indented blocks, in their order."""
    for line in text.splitlines():
        if line.startswith("    "):
            yield line[4:]
        elif line:
            yield ""


def lines_of_page(page):
    """The section EXAMPLES as a reader sees it, each command on one line."""
    text = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=400", page], check=True,
                          capture_output=True, text=True).stdout
    text = re.sub(".\b", "", text)
    section = re.search(r"^EXAMPLES\n(.*?)^\S", text, re.MULTILINE | re.DOTALL)
    for line in section[1].splitlines() if section else ():
        yield line.strip()


def examples(lines):
    """(command, the output shown or nothing) of each; a backslash at the end continues a line."""
    found, pending = [], ""
    for line in lines:
        line = pending + line.strip() if pending else line
        pending = line[:-1] if line.endswith("\\") else ""
        if pending:
            continue
        match = COMMAND.match(line.removeprefix("command_line $USER1$/"))
        if match:
            found.append([match["command"].split("    #")[0].split("   #")[0].strip(), ""])
        elif found and not found[-1][1] and line.startswith("DNSSEC "):
            found[-1][1] = line
    return [tuple(one) for one in found]


def in_general(line):
    """A shown line without what differs from run to run, up to where the text cuts it."""
    line = line.split(" | ")[0]
    for pattern, word in FIGURES:
        line = pattern.sub(word, line)
    return line


def fill(command, place):
    """What a monitoring system would fill in, and files of the test's own."""
    command = re.sub(r"\$(HOSTNAME|ARG\d)\$", "example.com", command)
    command = command.replace("$HOSTADDRESS$", RESOLVER)
    for path in PLACES:
        command = command.replace(path, f"{place}{path}")
    command = command.replace(TSIG_KEY, f"{place}/transfer.key")
    command = command.replace(ZONES, f"{place}/{ZONES_FILE}")
    return command.replace(AUTHORITY, f"{os.environ['LAB_DIR']}/run/unbound/tls.pem")


def complaints(command, shown, place, path):
    """What is wrong with one command, in words."""
    done = subprocess.run(["/bin/sh", "-c", fill(command, place)], cwd=place, capture_output=True,
                          text=True, timeout=SECONDS, env={**os.environ, "PATH": path}, check=False)
    first = done.stdout.split("\n", 1)[0]
    if done.stderr:
        yield f"standard error: {done.stderr[:200]!r}"
    if done.returncode not in (0, 1, 2, 3) or USAGE_ERROR.search(first):
        yield f"exit status {done.returncode}: {first}"
    if PLAIN.fullmatch(command) and done.returncode != 0:
        yield f"not OK: {first}"
    if HANDED.search(command) and done.returncode != 0:
        yield f"exit status {done.returncode} of results that were to be handed over: {first}"
    if shown and in_general(shown) != in_general(first):
        yield f"it is shown as {shown!r} and says {first!r}"


def prepare(binaries, place):
    """A directory of wrappers that know the lab's root; returns the PATH."""
    wrappers = pathlib.Path(place) / "bin"
    wrappers.mkdir()
    for binary in pathlib.Path(binaries).glob("check_dnssec_*"):
        wrapper = wrappers / binary.name
        wrapper.write_text(f'#!/bin/sh\nexec {binary.resolve()} --root-hints "$LAB_HINTS" '
                           '--trust-anchor "$LAB_ANCHOR" "$@"\n', encoding="ascii")
        wrapper.chmod(0o755)
    for path in PLACES:
        (pathlib.Path(place) / path.lstrip("/")).mkdir(parents=True, mode=0o700)
    shutil.copy(os.path.join(os.environ["LAB_DIR"], "zones/nsd-child/example.com.zone"),
                pathlib.Path(place) / ZONE_FILE)
    (pathlib.Path(place) / ZONES_FILE).write_text("example.com\nexample.net\n", encoding="ascii")
    nagios = pathlib.Path(place) / "var" / "lib" / "nagios4"
    (nagios / "spool" / "checkresults").mkdir(parents=True)
    (nagios / "rw").mkdir()
    (nagios / "rw" / "nagios.cmd").touch()  # the real one is a FIFO
    key = pathlib.Path(place) / "transfer.key"
    key.write_text('key "transfer" { algorithm hmac-sha256; secret "c2VjcmV0IG9mIHRoZSB0ZXN0Lg=="; };\n',
                   encoding="ascii")
    key.chmod(0o600)
    return f"{wrappers}:/usr/bin:/bin"


def main(arguments):
    if len(arguments) != 2 or "LAB_HINTS" not in os.environ:
        print(__doc__)
        return 2
    source = pathlib.Path(arguments[1])
    documents = {"README.md": examples(blocks_of_readme((source / "README.md").read_text("utf-8")))}
    for page in sorted((source / "man").glob("*.[17]")):
        if ".Sh EXAMPLES\n" in page.read_text("utf-8"):
            documents[f"man/{page.name}"] = examples(lines_of_page(page))
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="examples-") as place:
        path = prepare(arguments[0], place)
        for name, commands in documents.items():
            if not commands:
                print(f"{name}: no command was found")
                failed += 1
            for command, shown in commands:
                wrong = list(complaints(command, shown, place, path))
                for words in wrong:
                    print(f"{name}: {command}: {words}")
                passed += not wrong
                failed += bool(wrong)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
