#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""clang-tidy over the sources of the build but the unit tests, remembering what was clean.

usage: tidy.py BUILD_TREE CACHE_FOLDER [FILE...]

The build tree was made by Ninja and built: from its record of dependencies comes which headers a
source read. A source is looked at again only when it, one of those headers, its compile command, a
.clang-tidy or clang-tidy itself changed. Version 14 is the reference, as for clang-format; without
it the test is skipped (77).

Most of the time goes into headers, so sources of one folder are looked at together; where anything
is said of such a batch, each of its sources is looked at by itself.
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
CLANG_ARGUMENTS = ["-DBOOST_ASIO_HAS_CO_AWAIT=1", "-DBOOST_ASIO_HAS_STD_COROUTINE=1",
                   "-Wno-unknown-warning-option"]
# The analyzer's full depth takes three times as long; it follows coroutines for minutes even so.
CLANG_ARGUMENTS += ["-Xclang", "-analyzer-config", "-Xclang", "mode=shallow"]
# Unit tests are Boost.Test's macros to it; the compiler's warnings and the sanitizers watch those.
LEFT_OUT = "tests/unit/"
# The analyzer is half of the time, and follows pointers: it looks where bytes and C interfaces are.
ANALYZED = ("common/dns/", "common/dnssec/", "common/resolve/", "tests/fuzz/", "plugins/signals.cpp")
COROUTINES = "/boost/asio/awaitable.hpp"
WITHOUT_ANALYZER = "-clang-analyzer-*"
BATCH = 8
BATCHED = ("common/", "plugins/")  # tests have a .clang-tidy of their own
UNITY = re.compile(r"/Unity/unity_\d+_cxx\.cxx$")
INCLUDED = re.compile(r'^#include "(/[^"]+\.cpp)"$', re.MULTILINE)
# What an anonymous namespace names: two of one name in a batch would be one too many.
ANONYMOUS = re.compile(r"^namespace \{\n(.*?)^\}  // namespace$", re.MULTILINE | re.DOTALL)
DEFINED = re.compile(r"^(?!namespace)[A-Za-z].*?\b(\w+) ?[({=]", re.MULTILINE)


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
        self.checks = "" if analyzed else WITHOUT_ANALYZER

    def key(self, version, contents, tree):
        """What its cleanness depends on, as one hash: the same in every checkout."""
        words = json.dumps([version, self.arguments, self.checks, self.name, self.flags()])
        for file in sorted(set(self.files), key=lambda file: file.replace(str(REPOSITORY), "")):
            words += f"\n{file} {contents(file)}"
        for folder in self.path.parents:
            words += contents(str(folder / ".clang-tidy"))
            if folder == REPOSITORY:
                break
        words = words.replace(str(tree), "TREE").replace(str(REPOSITORY), "REPOSITORY")
        return hashlib.sha256(words.encode()).hexdigest()


    def flags(self):
        """Of its compile command, what other sources of its folder share."""
        words = shlex.split(self.command)
        words = words[next(i for i, word in enumerate(words) if word.startswith("-")):]
        one = [word for word in words if word not in ("-c", str(self.path))]
        at = one.index("-o")
        return one[:at] + one[at + 2:]

    def defined(self):
        text = self.path.read_text(encoding="utf-8")
        own = {name for part in ANONYMOUS.findall(text) for name in DEFINED.findall(part)}
        return own | ({"main"} if "\nint main(" in text else set())


class Batch:
    """Sources that one run of clang-tidy reads as if they were one."""

    def __init__(self, source):
        self.sources, self.defined = [source], source.defined()
        self.kind = self.kind_of(source)

    @staticmethod
    def kind_of(source):
        return source.path.parent, source.flags(), source.checks

    def takes(self, source):
        return (len(self.sources) < BATCH and self.kind == self.kind_of(source)
                and not self.defined & source.defined())

    def take(self, source):
        self.sources.append(source)
        self.defined |= source.defined()


def batches(sources_to_look_at):
    made = []
    for source in sources_to_look_at:
        fitting = [batch for batch in made if batch.takes(source)]
        if fitting and source.name.startswith(BATCHED):
            fitting[0].take(source)
        else:
            made.append(Batch(source))
    return made


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


def written_by_us(tree):
    """The compile commands of the build, those of a unity source as one of each source in it."""
    for entry in json.loads((tree / "compile_commands.json").read_text()):
        path = Path(entry["file"])
        if not UNITY.search(str(path)):
            yield entry
            continue
        for member in INCLUDED.findall(path.read_text(encoding="utf-8")):
            yield {"file": member, "command": entry["command"].replace(str(path), member)}


def sources(tree):
    """The sources to look at, of the compile commands, each once, with what it reads."""
    made = dependencies(tree)
    found, unbuilt = {}, []
    for entry in written_by_us(tree):
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


def look_at(program, source):
    """(is it clean, what is said of it)."""
    checks = [f"--checks={source.checks}"] if source.checks else []
    run = subprocess.run([program, "--quiet", *source.arguments, *checks, str(source.path), "--",
                          *source.flags()], capture_output=True, text=True, check=False)
    # Its standard error counts the warnings it suppressed in system headers, unless it failed.
    output = run.stdout + (run.stderr if run.returncode else "")
    return run.returncode == 0 and not run.stdout.strip(), output


def is_clean(program, tree, batch, number):
    """Is nothing said of these sources, read together?"""
    path = tree / "tidy-batches" / f"{number}.cpp"
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f'#include "{source.path}"\n' for source in batch.sources))
    first = batch.sources[0]
    checks = ",".join(filter(None, (first.checks, "-bugprone-suspicious-include")))
    run = subprocess.run([program, "--quiet", f"--config-file={REPOSITORY}/.clang-tidy",
                          "--header-filter=/(common|plugins)/", *first.arguments,
                          "--extra-arg=-Wno-shadow",  # of another source
                          f"--checks={checks}", str(path), "--", *first.flags()],
                         capture_output=True, text=True, check=False)
    return run.returncode == 0 and not run.stdout.strip()


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

    stamps = {source: stamp for source, stamp in waiting}

    def work(job):
        number, batch = job
        began = time.monotonic()
        dirty = 0
        together = len(batch.sources) > 1 and is_clean(program, tree, batch, number)
        for source in batch.sources:
            clean, output = (True, "") if together else look_at(program, source)
            if clean:
                stamps[source].write_text(source.name + "\n")
            dirty += not clean
            print(f"{'clean' if clean else 'NOT CLEAN'} {source.name}",
                  *([output.rstrip()] if not clean else []), sep="\n", flush=True)
        print(f"batch {number}: {len(batch.sources)} in {time.monotonic() - began:.1f} s"
              + (", together" if together else ""), flush=True)
        return dirty

    # The largest first, so that no core waits for the last one.
    jobs = sorted(enumerate(batches(stamps)),
                  key=lambda job: -len(job[1].sources) * len(job[1].sources[0].files))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        dirty = sum(pool.map(work, jobs))
    print(f"{len(all_sources)} sources: {len(stamps)} looked at, {dirty} not clean")
    return 1 if dirty else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
