#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The sanitizers' build reads the sources of a room together, in batches that change with each new
file: what an unnamed namespace defines must not be defined again in the same room, nor hide what a
header of the room declares.

usage: unity.py REPOSITORY
"""
import re
import sys
from collections import defaultdict
from pathlib import Path

ALONE = re.compile(r"exchange_tls\.cpp|zone_file(_cut)?\.cpp|check_dnssec_\w+\.cpp")  # in targets of their own
UNNAMED = re.compile(r"^namespace \{\n(.*?)^\}  // namespace$", re.MULTILINE | re.DOTALL)
FUNCTION = re.compile(r"^(?!using |namespace |template|return|else|static_assert)"
                      r"[A-Za-z][\w:<>,&*\[\] ]*[ &*](\w+)\(([^;{]*?)\)[^;{}()]*\{", re.MULTILINE)
CONSTANT = re.compile(r"^(?:inline )?constexpr [^=;{]*?\b(k[A-Z]\w*)\b", re.MULTILINE)
CLASS = re.compile(r"^(?:struct|class|enum(?: class)?) (\w+)[^;{]*\{", re.MULTILINE)

DECLARED = re.compile(r"^(?!using |namespace |template|return|static_assert|//)"
                      r"[A-Za-z\[][\w:<>,&*\[\] ]*[ &*](\w+)\(", re.MULTILINE)


def definitions(text):
    """What the unnamed namespaces of a source define: names, with parameters for functions."""
    for body in UNNAMED.findall(text):
        yield from ((match[1], " ".join(match[2].split())) for match in FUNCTION.finditer(body))
        for pattern in (CONSTANT, CLASS):
            yield from ((match[1], None) for match in pattern.finditer(body))


def parameters(text):
    """Types alone, as far as they can be told: `const Name& zone, int n` and `const Name& a, int b`."""
    return tuple(re.sub(r"\s*\b\w+( = .*)?$", "", one).strip() for one in text.split(", "))


def clashes(room):
    """Lines that say what two sources of a room both define."""
    found = defaultdict(list)
    for source in sorted(room.glob("*.cpp")):
        if ALONE.fullmatch(source.name):
            continue
        for name, arguments in set(definitions(source.read_text(encoding="utf-8"))):
            key = (name, None if arguments is None else parameters(arguments))
            found[key].append(source.name)
    for (name, _), sources in sorted(found.items(), key=str):
        if len(set(sources)) > 1:
            yield f"{room}: {name} is defined in {' and '.join(sorted(set(sources)))}"
    for header in sorted(room.glob("*.hpp")):
        # Within unnamed namespaces the unnamed function would be found, and the search end there.
        hidden = set(DECLARED.findall(header.read_text(encoding="utf-8")))
        for (name, arguments), sources in sorted(found.items(), key=str):
            others = sorted(set(sources) - {header.with_suffix(".cpp").name})
            if arguments is not None and name in hidden and others:
                yield f"{room}: {name} of {header.name} is hidden by that of {' and '.join(others)}"


def main(arguments):
    if len(arguments) != 1:
        print(__doc__.strip())
        return 2
    root = Path(arguments[0])
    rooms = [room for place in ("common", "tests/unit") for room in sorted((root / place).iterdir())
             if room.is_dir()] + [root / "plugins"]
    lines = [line for room in rooms for line in clashes(room)]
    for line in lines:
        print(line)
    print(f"{len(rooms)} rooms, {len(lines)} names defined twice")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
