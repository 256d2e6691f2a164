# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The other programs that check zone files, and what they complain of."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass

from .families import APEX

HANGS, CRASHES = "hangs", "crashes"
PATIENCE = 20  # seconds; validns follows a chain that leads back for ever


@dataclass(frozen=True)
class Tool:
    name: str
    short: str
    command: tuple
    words: str                 # a line with these is a complaint
    csk: tuple = ()            # further arguments for zones with one key


TOOLS = [
    Tool("kzonecheck", "kz", ("kzonecheck", "-d", "on", "-o", APEX), r"^\[|[Ff]ailed|error:|warning:"),
    Tool("dnssec-verify", "dv", ("dnssec-verify", "-q", "-o", APEX), r"\S", csk=("-z",)),
    Tool("named-checkzone", "nc", ("named-checkzone", "-i", "local", APEX), r"\S"),
    Tool("ldns-verify-zone", "lv", ("ldns-verify-zone", "-V", "2", "-k", "KEY"), r"\S"),
    Tool("validns", "vn", ("validns", "-p", "all", "-z", APEX), r"\S"),
]
# What they say of a zone that they like.
CONTENT = re.compile(r"Zone is verified and complete|^OK$|loaded serial|No semantic error"
                     r"|Cannot chase the root|^Zone is verified|^\s*$")


def available():
    return [tool for tool in TOOLS if shutil.which(tool.name)]


def _key(line, file):
    """A line without what differs between two zones of one family."""
    line = line.replace(file, "FILE")
    line = re.sub(r"FILE:\d+", "FILE:N", line)
    return re.sub(r"\d{10,}|\b\d+ (seconds|days)", "N", line).strip()


def complaints(tool, file, key, csk=False):
    """The set of lines that a program complains with, or a word in capitals for how it ended."""
    command = [key if word == "KEY" else word for word in tool.command]
    command += [*(tool.csk if csk else ()), file]
    try:
        run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False,
                             timeout=PATIENCE, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return {HANGS}
    if run.returncode < 0:
        return {CRASHES}
    lines = {_key(line, file) for line in (run.stdout + run.stderr).splitlines()
             if re.search(tool.words, line) and not CONTENT.search(line)}
    return lines | ({"exit status"} if run.returncode else set())


def ours(binary, file, ds):
    """The exit status of check_dnssec_sigs for a zone file, and its findings' {id: tiers}."""
    command = [binary, "-z", APEX, "--zone-file", file, "--output", "json", "--timeout", "60"]
    command += ["--ds", ds] if ds else []
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=90)
    found = {}
    for finding in json.loads(run.stdout).get("findings", []):
        found.setdefault(finding["id"], set()).add(finding["tier"])
    return run.returncode, found
