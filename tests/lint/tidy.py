#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""clang-tidy over the sources of the build but the unit tests, remembering what was clean.

usage: tidy.py BUILD_TREE CACHE_FOLDER [FILE...]

The build tree was made by Ninja and built: from its record of dependencies comes which headers a
source read. A source is looked at again only when it, one of those headers, its compile command, a
.clang-tidy or clang-tidy itself changed. Version 14 is the reference, as for clang-format; without
it the test is skipped (77).
"""
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SKIPPED = 77
# Boost 1.74 does not recognise the coroutines of clang with libstdc++, and the tree is g++'s.
CLANG_ARGUMENTS = ["-DBOOST_ASIO_HAS_CO_AWAIT=1", "-DBOOST_ASIO_HAS_STD_COROUTINE=1"]
# The analyzer's full depth takes three times as long; it follows coroutines for minutes even so.
CLANG_ARGUMENTS += ["-Xclang", "-analyzer-config", "-Xclang", "mode=shallow"]
# Unit tests are Boost.Test's macros to it; the compiler's warnings and the sanitizers watch those.
LEFT_OUT = "tests/unit/"
# The analyzer is half of the time, and follows pointers: it looks where bytes and C interfaces are.
ANALYZED = ("common/dns/", "common/dnssec/", "common/resolve/", "tests/fuzz/", "plugins/signals.cpp")
COROUTINES = "/boost/asio/awaitable.hpp"
WITHOUT_ANALYZER = "-clang-analyzer-*"


def find_tidy():
    """The program and its version line, or (None, why)."""
    for name in ("clang-tidy-14", "clang-tidy"):
        program = shutil.which(name)
        if program:
            version = subprocess.run([program, "--version"], capture_output=True, text=True,
                                     check=True).stdout
            if re.search(r"version 14\.", version):
                return program, version
    return None, "clang-tidy 14 is the reference and is not here (package clang-tidy-14)"


def dependencies(tree):
    """object -> the files it was made from, as Ninja recorded them."""
    text = subprocess.run(["ninja", "-C", str(tree), "-t", "deps"], capture_output=True, text=True,
                          check=True).stdout
    made, current = {}, None
    for line in text.splitlines():
        if line.startswith("    "):
            made[current].append(str((tree / line.strip()).resolve()))
        elif ": #deps" in line:
            current = line.split(": #deps")[0]
            made[current] = []
    return made


class Source:
    def __init__(self, entry, files):
        self.path = Path(entry["file"]).resolve()
        self.name = str(self.path.relative_to(REPOSITORY))
        self.command = entry["command"]
        self.files = files
        coroutines = any(file.endswith(COROUTINES) for file in files)
        self.arguments = [f"--extra-arg={argument}" for argument in CLANG_ARGUMENTS]
        analyzed = self.name.startswith(ANALYZED) and not coroutines
        self.arguments += [] if analyzed else [f"--checks={WITHOUT_ANALYZER}"]

    def key(self, version, contents, tree):
        """What its cleanness depends on, as one hash: the same in every checkout."""
        words = json.dumps([version, self.arguments, self.command])
        for file in sorted(set(self.files), key=lambda file: file.replace(str(REPOSITORY), "")):
            words += f"\n{file} {contents(file)}"
        for folder in self.path.parents:
            words += contents(str(folder / ".clang-tidy"))
            if folder == REPOSITORY:
                break
        words = words.replace(str(tree), "TREE").replace(str(REPOSITORY), "REPOSITORY")
        return hashlib.sha256(words.encode()).hexdigest()


class Contents:
    """Our own files by content, the system's by size and time: those change by package only."""

    def __init__(self):
        self.known = {}

    def __call__(self, file):
        if file not in self.known:
            self.known[file] = self.look(file)
        return self.known[file]

    @staticmethod
    def look(file):
        if not os.path.exists(file):
            return "absent"
        if file.startswith(str(REPOSITORY)):
            return hashlib.sha256(Path(file).read_bytes()).hexdigest()
        status = os.stat(file)
        return f"{status.st_size} {status.st_mtime_ns}"


def sources(tree):
    """The sources to look at, of the compile commands, each once, with what it reads."""
    made = dependencies(tree)
    found, unbuilt = {}, []
    for entry in json.loads((tree / "compile_commands.json").read_text()):
        path = Path(entry["file"]).resolve()
        if path.is_relative_to(REPOSITORY / LEFT_OUT) or path.is_relative_to(tree):
            continue
        words = shlex.split(entry["command"])
        files = made.get(words[words.index("-o") + 1])
        if files is None:
            unbuilt.append(str(path))
        else:
            found.setdefault(path, Source(entry, files))
    return list(found.values()), unbuilt


def look_at(program, tree, source):
    began = time.monotonic()
    run = subprocess.run([program, "-p", str(tree), "--quiet", *source.arguments, str(source.path)],
                         capture_output=True, text=True, check=False)
    # Its standard error counts the warnings it suppressed in system headers, unless it failed.
    output = run.stdout + (run.stderr if run.returncode else "")
    return run.returncode == 0 and not run.stdout.strip(), output, time.monotonic() - began


def main(arguments):
    if len(arguments) < 2:
        print(__doc__.strip())
        return 2
    program, version = find_tidy()
    if not program:
        print("skipped:", version)
        return SKIPPED
    tree, cache = Path(arguments[0]).resolve(), Path(arguments[1])
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:  # somebody else's home
        cache = tree / "tidy"
        cache.mkdir(exist_ok=True)
    wanted = {Path(file).resolve() for file in arguments[2:]}
    all_sources, unbuilt = sources(tree)
    if unbuilt or not all_sources:
        print(f"build {tree} first; not built:", *unbuilt)
        return 1
    contents, waiting = Contents(), []
    for source in all_sources:
        if wanted and source.path not in wanted:
            continue
        stamp = cache / source.key(version, contents, tree)
        if not stamp.exists():
            waiting.append((source, stamp))

    def work(job):
        source, stamp = job
        clean, output, seconds = look_at(program, tree, source)
        if clean:
            stamp.write_text(source.name + "\n")
        print(f"{'clean' if clean else 'NOT CLEAN'} {source.name} ({seconds:.1f} s)",
              *([output.rstrip()] if not clean else []), sep="\n", flush=True)
        return clean

    # The largest first, so that no core waits for the last one.
    waiting.sort(key=lambda job: -len(job[0].files))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(work, waiting))
    print(f"{len(all_sources)} sources: {len(results)} looked at, {results.count(False)} not clean")
    return 1 if results.count(False) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
