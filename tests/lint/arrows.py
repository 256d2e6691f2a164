#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Holds the direction of the arrows between the rooms: who may include what, and who may print.

usage: arrows.py REPOSITORY
"""
import re
import sys
from pathlib import Path

# Each room, and the rooms whose headers it may include besides its own.
ROOMS = {
    "dns": set(),
    "dnssec": {"dns"},
    "resolve": {"dnssec", "dns"},
    "transport": {"dnssec", "dns"},
    "zone": {"dnssec", "dns"},
    "observe": {"zone", "resolve", "transport", "dnssec", "dns"},
    "memory": {"dns"},
    "confine": set(),
    "judge": {"zone", "dnssec", "dns"},
    "plugin": {"judge", "dnssec", "dns"},
    "plugins": {"plugin", "judge", "memory", "observe", "zone", "resolve", "transport", "dnssec",
                "dns", "confine"},
}
# Single headers a room may include of a room it otherwise may not: plain data.
EXCEPTIONS = {"judge": {"observe/observation.hpp", "memory/memory.hpp"}}
# Headers that must stay poorer than their room, because the exceptions lead to them.
PLAIN_DATA = {"observe/observation.hpp": {"dns", "dnssec"}, "memory/memory.hpp": {"dns"}}

# Not arpa/inet.h, whose inet_ntop() is spelling, nor poll.h, which waits for any file.
SOCKET_HEADERS = r"(sys/(socket|un|epoll|select)|netinet/.*|netdb|net/if|ifaddrs)\.h"
# System headers that belong to few rooms: pattern of the whole name, the rooms, why.
OWNED_HEADERS = [
    (r"boost/asio/ssl(/.*|\.hpp)", set(), "TLS belongs to transport/exchange_tls.cpp"),
    (r"openssl/.*", {"dnssec"}, "OpenSSL belongs to dnssec"),
    (r"unbound(-event)?\.h", {"resolve"}, "libunbound belongs to resolve"),
    (r"libzscanner/.*", {"observe"}, "libzscanner belongs to observe"),
    (r"boost/asio(/.*|\.hpp)", {"transport", "resolve", "observe", "plugins"},
     "Asio belongs to the rooms that wait"),
    (SOCKET_HEADERS, {"transport"}, "sockets belong to transport"),
    (r"iostream|print", {"plugin"}, "only plugin prints"),
]
# Single files that may include what their room may not.
FILE_EXCEPTIONS = {
    "transport/exchange_tls.cpp": r"boost/asio/ssl/.*|openssl/(err|ssl|x509_vfy)\.h",
}
PRINTING = re.compile(
    r"\bstd::w?(?:cout|cerr|clog)\b|(?<![\w.>])(?:std::|::)?(?:v?f?printf|puts|fputs|putchar|fwrite)\s*\(")
PRINTING_ROOMS = {"plugin"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)
SUFFIXES = {".hpp", ".cpp", ".h", ".hh", ".cc", ".def", ".inc", ".ipp"}
# Comments, and string and character literals: what neither includes nor prints.
COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|(R"\(.*?\)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\')',
                     re.DOTALL)


def without_comments(text):
    return COMMENT.sub(lambda match: match.group(1) or re.sub(r"[^\n]", "", match.group(0)), text)


def without_literals(text):
    return COMMENT.sub(lambda match: re.sub(r"[^\n]", "", match.group(0)), text)


def check_own_include(room, file, header, common):
    """Of a header in quotes: is it written "room/file", is it there, does the arrow allow it?"""
    target = header.split("/")[0]
    if room == "plugins" and "/" not in header and (common.parent / room / header).is_file():
        return None
    if "/" not in header or target not in ROOMS:
        return f'"{header}": write it as "room/file.hpp"'
    if not (common / header).is_file():
        return f'"{header}": no such file under common/'
    allowed = PLAIN_DATA.get(file, ROOMS[room] | {room})
    if target in allowed or header in EXCEPTIONS.get(room, set()):
        return None
    if file in PLAIN_DATA:
        return f'"{header}": this header is plain data and may include only ' + ", ".join(
            sorted(allowed))
    return f'"{header}": {room} must not know {target}'


def check_system_include(room, file, header):
    if header.split("/")[0] in ROOMS and "." in header:
        return f"<{header}>: write our own headers in quotes"
    if re.fullmatch(FILE_EXCEPTIONS.get(file, "$^"), header):
        return None
    for pattern, rooms, why in OWNED_HEADERS:
        if re.fullmatch(pattern, header) and room not in rooms:
            return f"<{header}>: {why}"
    return None


def check_text(room, file, text, common):
    """All complaints about one file, as (line, words). `file` is its path below its parent."""
    commentless = without_comments(text)
    for match in INCLUDE.finditer(commentless):
        line = commentless.count("\n", 0, match.start(1)) + 1
        header = match.group(2)
        words = (check_own_include(room, file, header, common) if match.group(1) == '"' else
                 check_system_include(room, file, header))
        if words:
            yield line, words
    if room in PRINTING_ROOMS:
        return
    code = without_literals(text)
    for match in PRINTING.finditer(code):
        yield code.count("\n", 0, match.start()) + 1, f"{match.group(0).strip('( ')}: only plugin prints"


def sources(repository):
    """(room, file) for every source; a folder under common/ that is no room is an error."""
    for folder in sorted((repository / "common").iterdir()):
        if folder.is_dir() and folder.name not in ROOMS:
            yield None, folder
    for room in ROOMS:
        root = repository / "plugins" if room == "plugins" else repository / "common" / room
        for file in sorted(root.rglob("*")):
            if file.suffix in SUFFIXES:
                yield room, file


def check_tree(repository):
    """All complaints about a repository, as lines of text, and how many files were read."""
    complaints, count = [], 0
    for room, file in sources(repository):
        where = file.relative_to(repository)
        if room is None:
            complaints.append(f"{where}: not a room the arrows know")
            continue
        count += 1
        name = str(where).removeprefix("common/")
        for line, words in check_text(room, name, file.read_text(encoding="utf-8"),
                                      repository / "common"):
            complaints.append(f"{where}:{line}: {words}")
    return complaints, count


def main(arguments):
    if len(arguments) != 1:
        print(__doc__.strip())
        return 2
    complaints, count = check_tree(Path(arguments[0]))
    for complaint in complaints:
        print(complaint)
    if count == 0:
        print(f"{arguments[0]}: no sources found: is this the repository?")
        return 1
    print(f"{count} files, {len(complaints)} includes or prints against the arrows")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
