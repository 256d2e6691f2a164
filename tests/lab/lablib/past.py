# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Gives a plugin memories: it looks at the zone as it is now, or at another case's zone as this one
was once, and what it remembers is then moved into the past and to the right name."""

import base64
import glob
import hashlib
import json
import os
import shutil
import subprocess

import dns.name

STATEFUL = ("sigs", "ds", "nsec", "keys")
_RUNS = ("since", "last_run", "seen", "first_seen", "last_seen", "first_signing", "last_signing",
         "ttl_seen")
_SIGNATURES = ("inception", "expiration")
_DIGESTS = {1: hashlib.sha1, 2: hashlib.sha256, 4: hashlib.sha384}


def _move(item, seconds, kept):
    """Everything that happened, happened that much earlier; but signatures whose inception is in
    `kept` are still those of now."""
    fields = list(_RUNS)
    if item.get("inception") not in kept:
        fields += _SIGNATURES
    for field in fields:
        if field in item:
            item[field] -= seconds


def _digest(kind, owner, dnskey):
    return _DIGESTS[kind](owner.to_digestable() + dnskey).digest()


def _rename(document, old, new):
    """DS and CDS of a key hold the zone's name in their digest (RFC 4034 5.1.4)."""
    keys = [base64.b64decode(r["rdata"]) for r in document["records"] if r["type"] == "DNSKEY"]
    for record in document["records"]:
        rdata = base64.b64decode(record["rdata"])
        if record["type"] not in ("DS", "CDS") or rdata[3] not in _DIGESTS:
            continue
        for key in keys:
            if _digest(rdata[3], old, key) == rdata[4:]:
                rdata = rdata[:4] + _digest(rdata[3], new, key)
                record["rdata"] = base64.b64encode(rdata).decode()
                break
    document["zone"] = new.to_text()


def _file(directory):
    """The one state file that is there, and what it says."""
    found = glob.glob(os.path.join(directory, "*", "*.json"))
    if len(found) != 1:
        raise RuntimeError(f"{len(found)} state files in {directory}")
    with open(found[0], encoding="utf-8") as text:
        return found[0], json.load(text)


def _write(old_path, document, name):
    os.unlink(old_path)
    path = os.path.join(os.path.dirname(old_path), name.rstrip(".") + ".json")
    with open(path, "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as out:
        json.dump(document, out)


def remember(case, cases, directory, command, environment):
    """Leads the plugin through case.past, oldest first; `command` makes its words for a case.
    What it then remembers lies in `directory`."""
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory, mode=0o700)
    at, kept = None, set()
    here = case.apex
    for earlier in sorted(case.past, key=lambda one: -one.ago):
        then = cases[earlier.of] if earlier.of else case
        if at is not None:
            _travel(directory, here, then.apex, at - earlier.ago, kept)
        here, at = then.apex, earlier.ago
        words = [*command(then), "--expect", "any", "--state-dir", directory]
        subprocess.run(words, capture_output=True, env=environment, check=False,
                       timeout=case.timeout + 10)
        document = _file(directory)[1]
        if earlier.same_signatures:
            kept |= {signing["inception"] for signing in document["newest"]}
    _travel(directory, here, case.apex, at, kept)


def _travel(directory, old, new, seconds, kept):
    path, document = _file(directory)
    _move(document, seconds, ())
    for group in ("records", "signings", "newest", "lasting"):
        for item in document[group]:
            _move(item, seconds, kept)
    _rename(document, dns.name.from_text(old), dns.name.from_text(new))
    _write(path, document, new)
