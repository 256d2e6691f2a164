#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Holds the shape of the repository: what stands at its top, licence headers, file sizes, marks,
overrides of lintian without a reason.

usage: layout.py REPOSITORY
"""
import re
import sys
from pathlib import Path

TOP = {"CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE", "CHANGELOG.md", "plugins",
       "common", "packaging", "tests", "man"}
SOURCES = {".cpp", ".hpp", ".def", ".py", ".bash", ".cmake", ".1", ".7"}
MOST_LINES = 600
TABLES = {".def", ".1", ".7"}  # nobody reads them from end to end: one row a fault
HEADER = ("SPDX-License-Identifier: GPL-3.0-or-later",
          "SPDX-FileCopyrightText: The check_dnssec authors")
MARKS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")


def is_source(file):
    if file.suffix in SOURCES or file.name == "CMakeLists.txt":
        return True
    with file.open("rb") as handle:
        return not file.suffix and handle.read(2) == b"#!"


def sources(repository):
    for entry in sorted(repository.iterdir()):
        if entry.name in {".git", ".build"}:
            continue
        for file in [entry] if entry.is_file() else sorted(entry.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts and is_source(file):
                yield file


def check_source(text, is_table=False):
    lines = text.split("\n")
    for words in HEADER:
        if not any(words in line for line in lines[:5]):
            yield 1, f'the header lacks "{words}"'
    if len(lines) > MOST_LINES + 1 and not is_table:
        yield len(lines), f"more than {MOST_LINES} lines: split it by what it does"
    for number, line in enumerate(lines, 1):
        if MARKS.search(line):
            yield number, "a mark for later: do it now, or open an issue"


def unexplained(text):
    """Numbers of the lines of a file of lintian's overrides that have no comment above them."""
    lines = text.splitlines()
    return [number for number, (before, line) in enumerate(zip(["", *lines], lines), 1)
            if line and not line.startswith("#") and not before.startswith("#")]


def main(arguments):
    if len(arguments) != 1:
        print(__doc__.strip())
        return 2
    repository = Path(arguments[0])
    complaints = [f"{entry.name}: does not belong at the top of the repository"
                  for entry in sorted(repository.iterdir())
                  if not entry.name.startswith(".") and entry.name not in TOP]
    complaints += [f"{name}: is missing" for name in sorted(TOP) if not (repository / name).exists()]
    count = 0
    for file in sources(repository):
        count += 1
        for line, words in check_source(file.read_text(encoding="utf-8"),
                                        file.suffix in TABLES):
            complaints.append(f"{file.relative_to(repository)}:{line}: {words}")
    for file in sorted(repository.glob("packaging/debian/**/*lintian-overrides")):
        complaints += [f"{file.relative_to(repository)}:{line}: an override without an explanation"
                       for line in unexplained(file.read_text(encoding="utf-8"))]
    print("\n".join(complaints + [f"{count} files, {len(complaints)} complaints"]))
    return 1 if complaints or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
