# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""All hostile zones in one run: each has the state that it has alone, and the run ends in time."""

import json
import os

import dns.name

FLEET = ("sigs", "ds")
ZONE_TIMEOUT, TIMEOUT = 4, 90
MEGABYTES = 120


def is_plain(row):
    """Nothing but the zone distinguishes the look."""
    return not (row.options or row.names or row.columns)


def run(binaries, launcher, world, rows, check, tag):
    """({apex: document}, what is wrong with the run as such, seconds, megabytes)."""
    apexes = {world.apexes[row.name].to_text(): row for row in rows}
    listed = world.path(f"zones.{check}.{tag}")
    with open(listed, "w", encoding="ascii") as out:
        out.write("".join(f"{apex}\n" for apex in apexes))
    words = [os.path.join(binaries, f"check_dnssec_{check}"), "--zones", listed, "--output", "jsonl",
             "-t", str(TIMEOUT), "--zone-timeout", str(ZONE_TIMEOUT), "--query-timeout", "0.5",
             "--retries", "1", "--concurrency", "24", "--root-hints", world.path("hints"),
             "--trust-anchor", world.path("anchor.key")]
    _, output, errors, seconds, _, megabytes = launcher.run(words, TIMEOUT + 5)
    wrong = [f"on standard error: {errors[:200]!r}"] if errors else []
    documents = [json.loads(line) for line in output.decode("ascii").splitlines()]
    if len(documents) != len(apexes):
        wrong.append(f"{len(documents)} lines for {len(apexes)} zones")
    if seconds > TIMEOUT + 0.5:
        wrong.append(f"took {seconds:.1f} s")
    if megabytes > MEGABYTES:
        wrong.append(f"took {megabytes:.0f} MB of {MEGABYTES}")
    return ({dns.name.from_text(document["zone"]): document for document in documents}, wrong,
            seconds, megabytes)


def differences(documents, world, rows, check):
    """The rows whose state is not that of their row of the table."""
    found = []
    for row in rows:
        document = documents.get(world.apexes[row.name])
        states, _ = row.expected(check)
        if document is None or document["state"] not in states:
            found.append((row, "missing" if document is None else
                          f"{document['state']}, not {' or '.join(states)}: {document['summary'][:160]}"))
    return found


def look(binaries, launcher, world, rows):
    """Prints what differs; gives the number of it. What differs is looked at again in a smaller
    fleet: the servers of so many lies are slow where there is one processor for all of them."""
    rows = [row for row in rows if is_plain(row)]
    failed = 0
    for check in FLEET if rows else ():
        documents, wrong, seconds, megabytes = run(binaries, launcher, world, rows, check, "all")
        different = differences(documents, world, rows, check)
        if different and len(different) <= 40:
            some = [row for row, _ in different]
            again, more, _, _ = run(binaries, launcher, world, some, check, "again")
            different, wrong = differences(again, world, some, check), wrong + more
        for row, words in different:
            print(f"fleet {check} {row.name}: {words}")
        for words in wrong:
            print(f"fleet {check}: {words}")
        failed += len(different) + len(wrong)
        print(f"fleet {check}: {len(rows)} zones in {seconds:.1f} s, {megabytes:.0f} MB", flush=True)
    return failed
