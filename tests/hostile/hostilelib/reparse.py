# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The output as Nagios and Icinga take it apart: nothing of it may be taken for something else."""

import re

STATES = {0: "OK", 1: "WARNING", 2: "CRITICAL", 3: "UNKNOWN"}
MOST = 8191  # octets that Nagios keeps
FIRST = re.compile(r"DNSSEC (SIGS|DS|CHAIN|NSEC|KEYS|RESOLVERS) (OK|WARNING|CRITICAL|UNKNOWN) - \S")
FINDING = re.compile(r"\[(OK|INFO|WARNING|CRITICAL|EMERGENCY|UNKNOWN)\] ([a-z0-9-]+): \S")
NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
RANGE = rf"(?:@?(?:~|{NUMBER})?:?(?:{NUMBER})?)?"
LABEL = r"(?:'[^'=|]+'|[A-Za-z0-9_./-]+)"
DATUM = re.compile(rf"{LABEL}=(?:U|{NUMBER})(?:s|ms|us|%|B|KB|MB|c)?"
                   rf"(?:;{RANGE}(?:;{RANGE}(?:;(?:{NUMBER})?(?:;(?:{NUMBER})?)?)?)?)?$")


def as_nagios(text):
    """(text, performance data): what stands behind the first | of the first line, and of the lines
    below behind the first | among them."""
    first, _, rest = text.partition("\n")
    words, _, perfdata = first.partition("|")
    long_words, _, more = rest.partition("|")
    return words + "\n" + long_words, perfdata + " " + more


def as_icinga(text):
    """The same by lines: what stands behind the first | of each."""
    words, perfdata = [], []
    for line in text.split("\n"):
        left, _, right = line.partition("|")
        words.append(left)
        perfdata.append(right)
    return "\n".join(words), " ".join(perfdata)


def data_of(perfdata):
    return re.findall(r"(?:'[^']*'|[^\s'])+", perfdata)


def problems(octets, status):
    """What is wrong with it, in words; and the ids of the findings with their tiers."""
    wrong = []
    strange = sorted(set(octets) - set(range(32, 127)) - {10})
    if strange:
        wrong.append(f"octets {strange[:5]} in the output")
    text = octets.decode("latin-1").rstrip("\n")
    if not 0 < len(octets) <= MOST + 1:
        wrong.append(f"{len(octets)} octets")
    head = FIRST.match(text)
    if not head:
        return [*wrong, f"first line: {text[:120]!r}"], {}
    if status not in STATES or head.group(2) != STATES[status]:
        wrong.append(f"says {head.group(2)} and exits {status}")
    again = [line for line in text.split("\n")[1:] if re.match(r"DNSSEC [A-Z]+ [A-Z]+ ", line)]
    if again:
        wrong.append(f"a second report: {again[0][:80]!r}")
    if text.count("|") > 1 or "|" not in text.partition("\n")[0] + "|"[text.count("|"):]:
        wrong.append(f"{text.count('|')} times |")
    (_, nagios), (_, icinga) = as_nagios(text), as_icinga(text)
    if data_of(nagios) != data_of(icinga):
        wrong.append("Nagios and Icinga read other performance data")
    wrong += [f"no performance data: {datum!r}" for datum in data_of(nagios)
              if not DATUM.match(datum)][:3]
    found = {}
    for line in text.split("\n"):
        match = FINDING.match(line)
        if match:
            found.setdefault(match.group(2), match.group(1))
        elif line.startswith("[") and not line.startswith("[INFO] "):
            wrong.append(f"a line that looks like a finding: {line[:80]!r}")
    return wrong, found
