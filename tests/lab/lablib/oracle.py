# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Independent validators confirm what a case claims: unbound-host, delv, and named as a validating
resolver. Where they differ, the case says so for each and gives the reason."""

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode

from .hosts import RESOLVER

ORACLES = ("unbound", "delv", "named")
TIMEOUT = "no answer in a minute"
_CONFIG = """server:
  root-hints: "{dir}/hints"
  trust-anchor-file: "{dir}/anchor.key"
  val-sig-skew-min: 0
  val-sig-skew-max: 0
  trust-anchor-signaling: no
  do-not-query-localhost: no
  local-zone: "test." nodefault
  local-zone: "2.0.192.in-addr.arpa." nodefault
  local-zone: "100.51.198.in-addr.arpa." nodefault
"""


def questions(case):
    """[(name, type, {oracle: verdict})] of a case's claim."""
    claim = case.claim if isinstance(case.claim, dict) else {"@ SOA": case.claim}
    apex = dns.name.from_text(case.apex)
    result = []
    for question, verdict in claim.items():
        name, kind = question.split()
        name = apex if name == "@" else dns.name.from_text(name, apex)
        if isinstance(verdict, dict):
            if not case.reason:
                raise ValueError(f"{case.name}: validators differ, but no reason is given")
            others = verdict.get("else", "secure")
            each = {oracle: verdict.get(oracle, others) for oracle in ORACLES}
        else:
            each = dict.fromkeys(ORACLES, verdict)
        result.append((name.to_text(), kind, each))
    return result


def _run(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False,
                              errors="replace")
        return done.stdout + done.stderr
    except subprocess.TimeoutExpired:
        return TIMEOUT


def ask_unbound(directory, name, kind):
    text = _run(["unbound-host", "-C", os.path.join(directory, "unbound.conf"), "-v", "-t", kind,
                 name])
    if "(BOGUS" in text:
        return "bogus", text
    if text == TIMEOUT:
        return "failed", text
    if "SERVFAIL" in text:
        return "bogus" if "validation failure" in text else "failed", text
    if "(secure)" in text and "(insecure)" not in text:
        return "secure", text
    return ("insecure" if "(insecure)" in text else "failed"), text


def ask_delv(directory, name, kind):
    text = _run(["delv", "-a", os.path.join(directory, "bind.keys"), "+root=.",
                 f"@{RESOLVER.v4}", "+nocrypto", name, kind])
    if re.search(r"^; (negative response, )?fully validated", text, re.M):
        return "secure", text
    if re.search(r"^; (negative response, )?unsigned answer", text, re.M):
        return "insecure", text
    if re.search(r"insecurity proof failed|no valid|broken trust chain|verify failure|"
                 r"failed to verify|RRSIG failed|must be secure|no valid DS", text):
        return "bogus", text
    return "failed", text


def ask_named(_, name, kind):
    query = dns.message.make_query(name, kind, want_dnssec=True)
    query.flags |= dns.flags.AD
    try:
        answer, _ = dns.query.udp_with_fallback(query, RESOLVER.v4, timeout=40)
    except dns.exception.DNSException as error:
        return "failed", str(error)
    if answer.rcode() == dns.rcode.SERVFAIL:
        query.flags |= dns.flags.CD
        unchecked, _ = dns.query.udp_with_fallback(query, RESOLVER.v4, timeout=40)
        verdict = "failed" if unchecked.rcode() == dns.rcode.SERVFAIL else "bogus"
        return verdict, "SERVFAIL"
    return ("secure" if answer.flags & dns.flags.AD else "insecure"), answer.to_text()


ASK = {"unbound": ask_unbound, "delv": ask_delv, "named": ask_named}


def agrees(claimed, found):
    """A validator may say SERVFAIL where it means bogus; "varies" depends on the server picked."""
    if claimed in ("varies", "skip"):
        return found != "insecure" or claimed == "skip"
    if claimed == "bogus":
        return found in ("bogus", "failed")
    return claimed == found


def _confirm(task):
    directory, case, name, kind, each = task
    lines = []
    for oracle, claimed in each.items():
        if claimed == "skip":
            continue
        found, text = ASK[oracle](directory, name, kind)
        if not agrees(claimed, found):
            lines.append(f"{case.name}: {oracle} says {found} of {name} {kind}, the lab claims "
                         f"{claimed}: " + " / ".join(text.strip().splitlines()[:6]))
    return lines


def run(options, cases, directory):
    with open(os.path.join(directory, "unbound.conf"), "w", encoding="ascii") as out:
        out.write(_CONFIG.format(dir=directory))
    tasks = [(directory, case, *question) for case in cases.values()
             if re.search(options.only, case.name) for question in questions(case)]
    failed = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for lines in pool.map(_confirm, tasks):
            failed += bool(lines)
            for line in lines:
                print(line, flush=True)
    print(f"oracle: {len(tasks) - failed} questions agree, {failed} do not")
    return 1 if failed else 0
