# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Runs the plugins on every case and compares what they say with what the case expects."""

import json
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from . import fleet, past

STATES = {0: "OK", 1: "WARNING", 2: "CRITICAL", 3: "UNKNOWN"}
LOUD = ("warning", "critical", "emergency", "unknown")
PLUGINS = ("chain", "sigs", "ds", "nsec", "keys", "resolvers")
NAMELESS = ("ds", "keys")  # these look at no names but the apex
MOST_AGAIN = 5  # looks of a run that are repeated when they fail
GRACE = 0.5  # seconds over --timeout that a plugin may take


def fill(word, case, environment):
    """Options may speak of {zone}, {dir} and {now+SECONDS} (of the build)."""
    word = word.replace("{zone}", case.apex.rstrip(".") or ".").replace(
        "{dir}", environment["LAB_DIR"])
    return re.sub(r"\{now([+-]\d+)\}",
                  lambda m: str(int(environment["LAB_NOW"]) + int(m.group(1))), word)


def without_names(words):
    """The options without --name NAME, which not every plugin has."""
    return [word for at, word in enumerate(words)
            if word != "--name" and (at == 0 or words[at - 1] != "--name")]


def command(binaries, plugin, case, environment):
    own = {"chain": case.chain_options, "sigs": case.sigs_options}.get(plugin, ())
    own = (*own, *case.own_options.get(plugin, ()))
    common = without_names(case.options) if plugin in NAMELESS else case.options
    options = [fill(word, case, environment) for word in (*common, *own)]
    directory = environment["LAB_DIR"]
    return [os.path.join(binaries, f"check_dnssec_{plugin}"), "-z", case.apex,
            "--root-hints", os.path.join(directory, case.hints),
            "--trust-anchor", os.path.join(directory, case.anchor), "--output", "json", *options]


def known_ids(binaries):
    """{plugin: ids in its catalogue}, empty where the binary cannot say."""
    result = {}
    for plugin in PLUGINS:
        run = subprocess.run([os.path.join(binaries, f"check_dnssec_{plugin}"), "--list-findings"],
                             capture_output=True, text=True, check=False)
        result[plugin] = {line.split()[0] for line in run.stdout.splitlines() if line.split()}
    return result


def compare(expect, status, document):
    """Differences in words."""
    wrong = []
    state = STATES.get(status, f"exit status {status}")
    if state not in expect.state.split("|"):
        wrong.append(f"state {state}, not {expect.state}")
    findings = document.get("findings", [])
    loud = {f["id"] for f in findings if f["tier"] in LOUD}
    quiet = {f["id"] for f in findings if f["tier"] not in LOUD}
    may = set(expect.allow)
    for wanted in expect.ids:
        choice = set(wanted.split("|"))
        may |= choice
        if not choice & loud:
            wrong.append(f"no {wanted}")
    for extra in sorted(loud - may):
        text = next(f["text"] for f in findings if f["id"] == extra and f["tier"] in LOUD)
        wrong.append(f"unexpected {extra}: {text}")
    for wanted in expect.info:
        if not set(wanted.split("|")) & quiet:
            wrong.append(f"no INFO {wanted}")
    wrong += [f"{unwanted} is there" for unwanted in expect.absent if unwanted in loud | quiet]
    everything = json.dumps(document, ensure_ascii=False).lower()
    wrong += [f"no word {word!r}" for word in expect.words if word.lower() not in everything]
    return wrong


def look(task):
    """One run of one plugin; returns (label, differences, seconds, document or None)."""
    binaries, plugin, case, cases, environment = task
    expect = case.expected(plugin)[1]
    words = command(binaries, plugin, case, environment)
    if case.past and expect is not None and plugin in past.STATEFUL:
        memory = os.path.join(environment["LAB_DIR"], "memory", case.name, plugin)
        try:
            past.remember(case, cases, memory,
                          lambda then: command(binaries, plugin, then, environment), environment)
        except (OSError, ValueError, RuntimeError, subprocess.TimeoutExpired) as error:
            return f"{case.name} {plugin}", [f"nothing was remembered: {error}"], 0, None
        words += ["--state-dir", memory]
    began = time.monotonic()
    try:
        run = subprocess.run(words, capture_output=True, text=True, env=environment, check=False,
                             errors="replace", timeout=case.timeout + 10)
    except subprocess.TimeoutExpired:
        return f"{case.name} {plugin}", ["did not end"], case.timeout + 10, None
    except OSError as error:
        return f"{case.name} {plugin}", [str(error)], 0, None
    spent = time.monotonic() - began
    wrong = []
    if run.stderr:
        wrong.append(f"on standard error: {run.stderr.strip()[:200]!r}")
    if spent > case.timeout + GRACE:
        wrong.append(f"took {spent:.1f} s of {case.timeout} s")
    try:
        document = json.loads(run.stdout)
    except ValueError:
        return f"{case.name} {plugin}", wrong + [f"no JSON (exit status {run.returncode}): "
                                                 f"{run.stdout.strip()[:200]!r}"], spent, None
    if expect is not None:
        wrong += compare(expect, run.returncode, document)
        if wrong:
            wrong.append("it said: " + str(document.get("summary", "")))
    return f"{case.name} {plugin}", wrong, spent, document


def unknown_ids(cases, known):
    """Expectations that no plugin could ever meet."""
    lines = []
    for case in cases:
        for plugin in PLUGINS:
            expect = case.expected(plugin)[1]
            for wanted in (*expect.ids, *expect.info, *expect.absent) if expect and known[plugin] else ():
                if not set(wanted.split("|")) & known[plugin]:
                    lines.append(f"{case.name} {plugin}: {wanted} is not in the catalogue")
    return lines


def run(options, cases, environment):
    chosen = [case for case in cases.values() if re.search(options.only, case.name)]
    lines = unknown_ids(chosen, known_ids(options.binaries))
    failed = len(lines)
    for line in lines:
        print(line, flush=True)
    tasks = [(options.binaries, plugin, case, cases, environment)
             for case in chosen for plugin in PLUGINS if case.expected(plugin)[0]]
    slowest, again, looks = ("", 0.0), [], {}
    with ThreadPoolExecutor(options.jobs) as pool:
        for task, (label, wrong, spent, document) in zip(tasks, pool.map(look, tasks)):
            looks[id(task[2]), task[1]] = (task[2], document)
            slowest = max(slowest, (label, spent), key=lambda pair: pair[1])
            if wrong:
                again.append((label, task))
                print(f"{label}: " + "; ".join(wrong), flush=True)
    # On a busy machine a server of the lab may be too slow for somebody's patience; what is wrong
    # is wrong alone too. A few only: else it is not the machine.
    for label, task in again:
        wrong = look(task)[1] if len(again) <= MOST_AGAIN else ["not tried again"]
        failed += bool(wrong)
        print(f"{label}: alone: " + ("; ".join(wrong) or "as expected"), flush=True)
    different, compared = fleet.compare(options.binaries, looks, environment)
    for line in different:
        print(line, flush=True)
    failed += len(different)
    print(f"{compared} looks were the same in one run for all zones" if not different else
          f"{len(different)} of {compared} looks differ in one run for all zones", flush=True)
    print(f"slowest: {slowest[0]}, {slowest[1]:.1f} s")
    print(f"{max(0, len(tasks) - failed)} passed, {failed} failed")
    return 1 if failed else 0
