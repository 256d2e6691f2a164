#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The runbook says of every finding what the plugins say of it, word for word, and nothing else.

usage: findings_page.py MANPAGE BINARY...
"""

import json
import pathlib
import re
import subprocess
import sys

HEADING = re.compile(r"^\.Ss (?P<id>[a-z0-9-]+) \((?P<tier>[A-Z]+)\)$")
ESCAPES = {"aq": "'", "dq": '"'}


def plain(line):
    """A line of running text as it is printed."""
    line = re.sub(r"\\\((..)", lambda match: ESCAPES[match[1]], line)
    return re.sub(r"\\([-e&])", lambda match: {"-": "-", "e": "\\", "&": ""}[match[1]], line)


def sections(lines):
    """{id: words of its section}, with the tier and the names of macros' items in them."""
    found, words = {}, None
    for line in lines:
        match = HEADING.match(line)
        if match:
            words = found.setdefault(match["id"], [match["tier"]])
        elif line.startswith(".Sh "):
            words = None
        elif words is not None and not line.startswith((".Bl ", ".El")):
            text = re.sub(r"^\.(It|Xr) ", "", line) if line.startswith(".") else plain(line)
            words += text.split()
    return found


def wanted(documents):
    """The same of what the plugins say."""
    findings, plugins = {}, {}
    for document in documents:
        for finding in document["findings"]:
            findings[finding["id"]] = finding
            plugins.setdefault(finding["id"], []).append(document["plugin"])
    result = {}
    for one, finding in findings.items():
        see = f"{finding['reference']}. " if finding["reference"] else ""
        reporters = " , ".join(f"{plugin} 1" for plugin in plugins[one])
        result[one] = (f"{finding['tier']} {finding['sentence']} Verify: {finding['verify']} "
                       f"Repair: {finding['remedy']} Confirm: {finding['confirm']} "
                       f"See: {see}Reported by {reporters} .").split()
    return result


def main(arguments):
    if len(arguments) < 2:
        raise SystemExit(__doc__)
    page = pathlib.Path(arguments[0])
    documents = [json.loads(subprocess.run([binary, "--help", "--output", "json"], check=False,
                                           capture_output=True, text=True, timeout=20).stdout)
                 for binary in arguments[1:]]
    has = sections(page.read_text(encoding="utf-8").splitlines())
    should = wanted(documents)
    wrong = [f"{one} is not on the page" for one in sorted(set(should) - set(has))]
    wrong += [f"{one} is on the page only" for one in sorted(set(has) - set(should))]
    wrong += [f"{one} is told in other words: {' '.join(has[one])}"
              for one in sorted(set(should) & set(has)) if has[one] != should[one]]
    if list(has) != sorted(has):
        wrong.append("the findings are not in the order of their ids")
    for line in wrong:
        print(f"{page}: {line}")
    print(f"{page}: {len(has)} findings, {len(wrong)} complaints"
          + (": run packaging/generate BINARY_DIR" if wrong else ""))
    return 1 if wrong or not should else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
