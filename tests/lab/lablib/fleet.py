# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Looks at the zones of all cases in one run, and compares with what single runs found."""

import json
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

PLUGINS = ("chain", "sigs", "ds", "nsec", "keys")
TIMEOUT = 120  # seconds for all zones of one run
AGAIN = 12  # runs that may come to the same


def is_plain(case, plugin):
    """Nothing but the zone distinguishes the look from others."""
    own = {"chain": case.chain_options, "sigs": case.sigs_options}.get(plugin, ())
    return not (case.options or own or case.own_options.get(plugin) or case.past)


def said(document):
    """What must be the same; texts tell of random names and of the second."""
    return document["state"], frozenset(
        (finding["id"], finding["tier"], tuple(sorted(finding["servers"])))
        for finding in document["findings"])


def in_one_run(binaries, plugin, zones, hints, anchor, environment):
    """{zone: document}, and what is wrong with the run as such."""
    with tempfile.NamedTemporaryFile("w", suffix=".zones") as listed:
        listed.write("".join(f"{zone}\n" for zone in zones))
        listed.flush()
        run = subprocess.run(
            [os.path.join(binaries, f"check_dnssec_{plugin}"), "--zones", listed.name,
             "--root-hints", hints, "--trust-anchor", anchor, "--output", "jsonl",
             "-t", str(TIMEOUT)],
            capture_output=True, text=True, env=environment, check=False, timeout=TIMEOUT + 10)
    documents = {}
    for line in run.stdout.splitlines():
        document = json.loads(line)
        documents[document["zone"]] = document
    wrong = [] if not run.stderr else [f"on standard error: {run.stderr[:200]!r}"]
    missing = set(zones) - set(documents)
    if missing or len(run.stdout.splitlines()) != len(zones):
        wrong.append(f"{len(run.stdout.splitlines())} lines for {len(zones)} zones; missing: "
                     f"{sorted(missing)[:5]}")
    return documents, wrong


def alone_again(binaries, plugin, zone, paths, environment):
    """The document of one more single run."""
    run = subprocess.run(
        [os.path.join(binaries, f"check_dnssec_{plugin}"), "-z", zone, "--root-hints", paths[0],
         "--trust-anchor", paths[1], "--output", "json"],
        capture_output=True, text=True, env=environment, check=False, timeout=30)
    return json.loads(run.stdout)


def is_chance(alone, together, *look):
    """Does a single run come to what the common one said, or a common one to what the single said?
    Where servers differ, and where a random name falls into a gap, chance picks what is seen."""
    binaries, plugin, zone, paths, environment = look
    if any(said(alone_again(*look)) == together for _ in range(AGAIN)):
        return True
    again = (in_one_run(binaries, plugin, [zone], *paths, environment)[0] for _ in range(AGAIN))
    return any(said(documents[zone]) == alone for documents in again if zone in documents)


def groups_of(looks, plugin):
    """{(hints, anchor): {zone: document of the single run}}."""
    groups = {}
    for (_, of), (case, document) in looks.items():
        if of == plugin and document is not None and is_plain(case, plugin):
            zone = document.get("zone")
            if zone:
                groups.setdefault((case.hints, case.anchor), {})[zone] = document
    return groups


def compare_group(binaries, plugin, paths, singles, environment):
    """Of the zones with the same hints and anchor."""
    documents, troubles = in_one_run(binaries, plugin, list(singles), *paths, environment)
    wrong = [f"{plugin} of all: {one}" for one in troubles]
    for zone, document in documents.items():
        alone, together = said(singles[zone]), said(document)
        if alone != together and not is_chance(alone, together, binaries, plugin, zone, paths,
                                               environment):
            wrong.append(f"{plugin} {zone}: alone {alone[0]}, among others {together[0]}: "
                         f"{sorted(alone[1] ^ together[1])}")
    return wrong, len(documents)


def compare(binaries, looks, environment):
    """Differences in words, and how many zones were compared."""
    groups = [(binaries, plugin, [os.path.join(environment["LAB_DIR"], name) for name in names],
               singles, environment)
              for plugin in PLUGINS for names, singles in groups_of(looks, plugin).items()]
    # A run's last seconds are those of the servers that do not answer.
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        results = list(pool.map(lambda group: compare_group(*group), groups))
    return [line for wrong, _ in results for line in wrong], sum(count for _, count in results)
