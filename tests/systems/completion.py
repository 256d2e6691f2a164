#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Bash completes every option of every command, and the values that can be known.

usage: completion.py BINARY_DIR

Loads packaging/completion/check_dnssec as bash-completion does, under the names it is installed by,
and asks its function as readline would. Exit status 77: bash-completion is not installed.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPT = HERE.parent.parent / "packaging/completion/check_dnssec"
LIBRARY = "/usr/share/bash-completion/bash_completion"
CHECKS = ("chain", "sigs", "ds", "nsec", "keys", "resolvers")
SEPARATOR = "\x1f"

# The library is read without `set -u`, which it does not bear.
DRIVER = """. {library}
declare -A functions
load() {{
  if declare -F _comp_load >/dev/null; then _comp_load -- "$1"; else __load_completion "$1"; fi
  local spec=$(complete -p "$1")
  spec=${{spec#*-F }}
  functions[$1]=${{spec%% *}}
}}
compopt() {{ [[ $* != *nospace* ]] || nospace=yes; }}
try() {{
  local line=$1 function=${{functions[${{2##*/}}]}}
  shift
  COMP_LINE=$line COMP_POINT=${{#line}} COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_TYPE=9
  COMPREPLY=() nospace=no
  "$function" "$1" "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD - 1]}}"
  printf '%s\\x1f' "$nospace" "${{COMPREPLY[@]}}"
  printf '\\n'
}}
"""


class Case:
    """One press of the tab key: the command line, and a test of what is proposed."""

    def __init__(self, line, judge):
        self.line = line
        self.judge = judge

    def call(self):
        # As readline splits it: = and : are words of their own.
        words = [part for word in self.line.split(" ") for part in re.split("([=:])", word) if part]
        if self.line[-1] in " =":
            words.append("")
        return "try " + " ".join(shlex.quote(word) for word in [self.line, *words])


def exactly(*words):
    return lambda nospace, found: None if set(found) == set(words) else \
        f"proposes {sorted(found)}, not {sorted(words)}"


def completes_to(word):
    """That word is among them; the cursor stays behind its =, where it is the only one."""
    def judge(nospace, found):
        if word not in found:
            return f"does not propose {word}"
        if found == [word] and nospace != word.endswith("="):
            return f"{'stays at' if nospace else 'leaves'} {word}"
        return None
    return judge


def option_cases(command, row):
    name, argument = row["name"], row["argument"]
    waits = row["kind"] != "flag" and not argument.startswith("[")
    yield Case(f"{command} --{name}", completes_to(f"--{name}" + ("=" if waits else "")))
    spellings = [f"--{name}="] + [f"--{name} "] * waits
    if row["letter"]:
        yield Case(f"{command} -{row['letter']}", completes_to(f"-{row['letter']}"))
        spellings += [f"-{row['letter']} "] * waits
    if row["kind"] == "flag":
        return
    for spelling in spellings:
        if row["kind"] == "file":
            wanted = ("folder",) if argument == "DIR" else ("folder", "file.key")
            yield Case(f"{command} {spelling}", exactly(*wanted))
        elif row["kind"] == "word" and name != "explain":
            known = re.findall(r"[\w-]+", row["description"])
            yield Case(f"{command} {spelling}", lambda nospace, found: None if len(found) > 1 and
                       set(found) <= set(known) else f"proposes {sorted(found)}")
        elif name != "explain":
            yield Case(f"{command} {spelling}", exactly())


def cases(command, document, seen):
    """All options are proposed; each of them is looked at by itself where it is new."""
    rows, ids = document["options"], [finding["id"] for finding in document["findings"]]
    every = {f"--{row['name']}" for row in rows}
    letters = {f"-{row['letter']}" for row in rows if row["letter"]}
    for line, wanted in ((f"{command} --zone=example.com --", every), (f"{command} -", every | letters),
                         (f"{command} -v ", every | letters)):
        yield Case(line, lambda nospace, found, wanted=wanted: None if
                   {word.rstrip("=") for word in found} == wanted else f"proposes {sorted(found)}")
    for row in rows:
        if row["name"] not in seen:
            yield from option_cases(command, row)
        seen.add(row["name"])
    yield Case(f"{command} --explain ", exactly(*ids))
    yield Case(f"{command} --explain={ids[0][:4]}",
               exactly(*(one for one in ids if one.startswith(ids[0][:4]))))
    yield Case(f"{command} -v --outp", exactly("--output=", "--output-file="))
    yield Case(f"{command} --output=js", exactly("json", "jsonl"))
    yield Case(f"{command} --nonsense", exactly())


def describe(binary):
    done = subprocess.run([binary, "--help", "--output", "json"], capture_output=True, text=True,
                          check=False, timeout=20)
    return json.loads(done.stdout)


def run(directory, every):
    """What bash says for each case: a list of (nospace, words), and its complaints."""
    library = directory / "library/completions"
    library.mkdir(parents=True)
    loads = ""
    for check in CHECKS:
        (library / f"check_dnssec_{check}").symlink_to(SCRIPT)
        loads += f"load check_dnssec_{check}\n"
    work = directory / "work"
    (work / "folder").mkdir(parents=True)
    (work / "file.key").touch()
    script = directory / "driver"
    script.write_text(DRIVER.format(library=LIBRARY) + loads +
                      "\n".join(case.call() for case in every) + "\n", encoding="utf-8")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", script], cwd=work, capture_output=True, text=True,
        check=False, timeout=50,
        env={**os.environ, "BASH_COMPLETION_USER_DIR": str(library.parent)})
    answers = [line.split(SEPARATOR)[:-1] for line in done.stdout.splitlines()]
    return [(fields[0] == "yes", [word for word in fields[1:] if word]) if fields else (False, [])
            for fields in answers], done.stderr


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 2
    if not os.path.exists(LIBRARY):
        print("skipped: bash-completion is not here")
        return 77
    every, seen = [], set()
    for check in CHECKS:
        binary = Path(arguments[0]).resolve() / f"check_dnssec_{check}"
        every += cases(str(binary), describe(binary), seen)
    with tempfile.TemporaryDirectory(prefix="check_dnssec-completion-") as directory:
        answers, errors = run(Path(directory), every)
    wrong = 0
    if errors or len(answers) != len(every):
        print(f"{len(answers)} answers to {len(every)} cases; bash says: {errors[:2000]}")
        wrong += 1
    for case, answer in zip(every, answers):
        complaint = case.judge(*answer)
        if complaint:
            print(f"{case.line.split('/')[-1]}: {complaint}")
            wrong += 1
    print(f"{len(every)} cases, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
