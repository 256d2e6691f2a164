#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Compares a plugin with its manual page, both ways: options with their letters, arguments,
defaults, limits and whether they may be repeated, and findings.

usage: man_pages.py BINARY MANPAGE
"""

import json
import pathlib
import re
import subprocess
import sys

HELP_HEADING = re.compile(r"^  (?:(?P<letter>-\w, )|    )(?P<rest>--(?P<name>[a-z0-9-]+)\S*)$")
LIMITS = re.compile(r"[Ff]rom (\d+(?:\.\d+)?) to (\d+(?:\.\d+)?)")
PAGE_FINDING = re.compile(r"^\.It Sy (?P<id>\S+) Pq (?P<tier>\S+)$")
WITHOUT_EFFECT = {"Ar", "Cm", "Ev", "Li", "Pa", "Sy", "Sx", "Ql", "Em", "Va"}
BRACKETS = {"Oo": "[", "Oc": "]", "Po": "(", "Pc": ")"}
TO_THE_END = {"Op": "[]", "Pq": "()", "Sq": "''"}
CLOSING = set(".,:;)]")


def run(binary, status, *arguments):
    """Standard output of one run that must end with this status."""
    done = subprocess.run([binary, *arguments], capture_output=True, text=True, timeout=20,
                          check=False)
    if done.returncode != status or done.stderr:
        raise SystemExit(f"{binary} {' '.join(arguments)}: exit status {done.returncode}, "
                         f"standard error {done.stderr!r}")
    return done.stdout


def help_options(text):
    """{option: (heading like "-z, --zone=ZONE", words below it)} of --help."""
    options, name = {}, ""
    for line in text.splitlines():
        match = HELP_HEADING.match(line)
        if match:
            name = match["name"]
            options[name] = ((match["letter"] or "") + match["rest"], "")
        elif name and line.startswith("          "):
            options[name] = (options[name][0], f"{options[name][1]} {line.strip()}")
        else:
            name = ""
    return options


def limits_in(words):
    """(least, most) of a number, as the words have them."""
    found = LIMITS.search(words)
    return found.groups() if found else None


class Words:
    """What a line of macros prints, as far as these pages need it."""

    def __init__(self):
        self.text = ""
        self.glued = True

    def add(self, word):
        if not self.glued and word not in CLOSING:
            self.text += " "
        self.text += word
        self.glued = word in {"(", "["}

    def line(self, words):
        closing = []
        words = list(words)
        while words:
            word = words.pop(0)
            if word == "Ns":
                self.glued = True
            elif word == "No" or word in WITHOUT_EFFECT:
                pass
            elif word == "Fl":
                self.add("-" + (words.pop(0) if words and words[0] not in CLOSING else ""))
            elif word in BRACKETS:
                self.glued |= word in {"Oc", "Pc"}
                self.add(BRACKETS[word])
            elif word in TO_THE_END:
                opening, end = TO_THE_END[word]
                self.add(opening)
                self.glued = True
                closing.append(end)
            else:
                self.add(word)
        for end in reversed(closing):
            self.glued = True
            self.add(end)


def printed(lines):
    """The words of some lines of the page, on one line."""
    words = Words()
    for line in lines:
        line = re.sub(r"\\([-e&])", lambda match: {"-": "-", "e": "\\", "&": ""}[match[1]], line)
        if line.startswith("."):
            macros = line[1:].split()
            words.line(macros[1:] if macros[0] == "It" else macros)
        else:
            words.line(line.split())
    return words.text


def page_options(lines):
    """{heading as in --help: words below it} of the page's list of options."""
    options, heading = {}, None
    for line in lines:
        if line.startswith(".It Fl "):
            heading = printed([line])
            options[heading] = []
        elif line == ".El":
            heading = None
        elif heading:
            options[heading].append(line)
    return {heading: printed(below) for heading, below in options.items()}


def default_is_told(default, said):
    """The default in the words of the table, as "The default is 2." or "text (the default)"."""
    plain = re.escape(default)
    return (re.search(rf"The default is (the )?{plain}(?![0-9A-Za-z])", said) or
            re.search(rf"(?<![0-9A-Za-z]){plain} [^.]{{0,40}}\(the default\)", said))


def option_faults(option, helped, said):
    """What the page does not say as the plugin has it."""
    if option["default"] is None:
        if "(the default)" in said or "The default is" in said:
            yield "the page tells a default, the plugin has none"
    elif not default_is_told(option["default"], said):
        yield f"the page does not say \"The default is {option['default']}\""
    if option["repeatable"] != ("ay be repeated" in said):
        yield ("it may be repeated, the page does not say so" if option["repeatable"]
               else "the page says that it may be repeated")
    if limits_in(said) != limits_in(helped):
        yield f"the limits are {limits_in(helped)}, on the page {limits_in(said)}"


def differences(what, binary_has, page_has):
    """Lines that say what is on one side only."""
    return ([f"{what} {one} is not on the page" for one in sorted(binary_has - page_has)] +
            [f"{what} {one} is on the page only" for one in sorted(page_has - binary_has)])


def other_pages(page):
    """The pages that this one has to refer to."""
    return {f"{other.stem} {other.suffix[1:]}" for other in page.parent.glob("check_dnssec*.[1-9]")
            if other.name != page.name}


def main(arguments):
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    binary, page = arguments[0], pathlib.Path(arguments[1])
    lines = page.read_text(encoding="utf-8").splitlines()

    document = json.loads(run(binary, 3, "--help", "--output", "json"))
    helped = help_options(run(binary, 3, "--help"))
    options = {option["name"]: option for option in document["options"]}
    findings = {(finding["id"], finding["tier"]) for finding in document["findings"]}
    if not options or set(options) != set(helped) or not findings:
        raise SystemExit(f"{binary}: --help was not understood")
    on_page = page_options(lines)
    described = {(match["id"], match["tier"])
                 for match in filter(None, map(PAGE_FINDING.match, lines))}

    wrong = differences("option", {heading for heading, _ in helped.values()}, set(on_page))
    for name, (heading, words) in sorted(helped.items()):
        if heading in on_page:
            wrong += [f"option {heading}: {fault}"
                      for fault in option_faults(options[name], words, on_page[heading])]
    wrong += differences("finding", {" ".join(one) for one in findings},
                         {" ".join(one) for one in described})
    references = {" ".join(line.split()[1:3]) for line in lines[lines.index(".Sh SEE ALSO"):]
                  if line.startswith(".Xr ")}
    wrong += [f"SEE ALSO lacks {one}" for one in sorted(other_pages(page) - references)]
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
