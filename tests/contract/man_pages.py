#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Compares a plugin with its manual page: options and findings, both ways.

usage: man_pages.py BINARY MANPAGE
"""

import pathlib
import re
import subprocess
import sys

HELP_OPTION = re.compile(r"^  (?:-(?P<letter>\w), |    )--(?P<name>[a-z0-9-]+)")
PAGE_FINDING = re.compile(r"^\.It Sy (?P<id>\S+) Pq (?P<tier>\S+)$")


def run(binary, argument, status):
    """Standard output of one run that must end with this status."""
    done = subprocess.run([binary, argument], capture_output=True, text=True, timeout=20,
                          check=False)
    if done.returncode != status or done.stderr:
        raise SystemExit(f"{binary} {argument}: exit status {done.returncode}, "
                         f"standard error {done.stderr!r}")
    return done.stdout


def help_options(text):
    """{"--zone", "-z", ...} of --help."""
    options = set()
    for match in filter(None, map(HELP_OPTION.match, text.splitlines())):
        options.add("--" + match["name"])
        if match["letter"]:
            options.add("-" + match["letter"])
    return options


def page_options(lines):
    """The same of the page's `.It Fl z , Fl -zone Ns = Ns Ar ZONE` items."""
    options = set()
    for line in lines:
        if line.startswith(".It Fl "):
            words = line.split()
            options |= {"-" + after for word, after in zip(words, words[1:]) if word == "Fl"}
    return options


def differences(what, binary_has, page_has):
    """Lines that say what is on one side only."""
    return ([f"{what} {one} is not on the page" for one in sorted(binary_has - page_has)] +
            [f"{what} {one} is on the page only" for one in sorted(page_has - binary_has)])


def main(arguments):
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    binary, page = arguments
    lines = pathlib.Path(page).read_text(encoding="utf-8").splitlines()

    options = help_options(run(binary, "--help", 3))
    listed = run(binary, "--list-findings", 0).splitlines()
    findings = {tuple(line.split("  ", 2)[:2]) for line in listed}
    if not options or not findings:
        raise SystemExit(f"{binary}: no options or no findings were understood")
    described = {(match["id"], match["tier"])
                 for match in filter(None, map(PAGE_FINDING.match, lines))}

    wrong = differences("option", options, page_options(lines))
    wrong += differences("finding", {" ".join(one) for one in findings},
                         {" ".join(one) for one in described})
    name = pathlib.Path(binary).name
    if f".Nm {name}" not in lines:
        wrong.append(f"the page does not name {name}")
    for line in wrong:
        print(f"{page}: {line}")
    if not wrong:
        print(f"{page}: {len(options)} options and {len(findings)} findings agree with {name}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
