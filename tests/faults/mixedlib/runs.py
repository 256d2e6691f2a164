# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Carries out one plan, and says what is wrong with what came of it."""

import json
import os
import re
import resource
import signal
import subprocess
import time
from dataclasses import dataclass

from hostilelib import reparse

from . import kinds

GRACE = 0.5  # seconds over --timeout
HANGS = 20   # seconds over it, after which nothing is waited for
STATES = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}


@dataclass
class Done:
    status: int
    output: bytes
    errors: bytes
    took: float
    begun: bool = True   # when the first signal came that would end it
    paused: float = 0


def output_for(plan):
    """(what to hand to the child, what to close afterwards, what to read from)."""
    if plan.stdout == "full":
        read_end, write_end = kinds.full_pipe()
        return write_end, [read_end, write_end]
    if plan.stdout == "gone":
        read_end, write_end = os.pipe()
        os.close(read_end)
        return write_end, [write_end]
    if plan.stdout == "device":
        full = os.open("/dev/full", os.O_WRONLY)
        return full, [full]
    return subprocess.PIPE, []


def heeds_signals(process):
    """Whether it has come as far as to hold back what would end it."""
    try:
        with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
            fields = dict(line.split(":\t", 1) for line in file if ":\t" in line)
        held = int(fields["SigBlk"], 16) | int(fields["SigCgt"], 16)
        # Not a shell before it, which holds them back while it waits.
        return fields["Name"].startswith("check_dnssec") and bool(held >> (signal.SIGTERM - 1) & 1)
    except (OSError, KeyError, ValueError):
        return True


def send(process, plan, began):
    """All signals of the plan, each at its time; whether it had begun at the first that ends one."""
    begun, paused, stopped = True, 0.0, None
    ends = (signal.SIGTERM, signal.SIGINT, signal.SIGPIPE)
    for after, number in sorted(plan.signals):
        time.sleep(max(0.0, began + after - time.monotonic()))
        if number in ends and begun:
            begun = heeds_signals(process)
        if process.poll() is not None:
            break
        process.send_signal(number)
        now = time.monotonic()
        if number == signal.SIGSTOP:
            stopped = now
        elif number == signal.SIGCONT and stopped is not None:
            paused, stopped = paused + now - stopped, None
    if stopped is not None:
        process.send_signal(signal.SIGCONT)
    return begun, paused


def carry_out(plan):
    """None when it hangs; then it was killed."""
    stdout, to_close = output_for(plan)

    def prepare():
        if plan.stdout == "closed":
            os.close(1)
        for step in plan.at_start:
            step()
        if plan.address_space:  # the last: nothing of Python's runs any more
            resource.setrlimit(resource.RLIMIT_AS, (plan.address_space, plan.address_space))
    began = time.monotonic()
    process = subprocess.Popen(plan.before + plan.words, stdout=stdout, stderr=subprocess.PIPE,
                               stdin=subprocess.DEVNULL, preexec_fn=prepare,
                               env={**os.environ, **plan.variables})
    try:
        begun, paused = send(process, plan, began)
        output, errors = process.communicate(timeout=plan.seconds + HANGS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None
    finally:
        for number in to_close:
            os.close(number)
    return Done(process.returncode, output or b"", errors, time.monotonic() - began, begun, paused)


def form(plan, done):
    """What is wrong with the form of what was printed."""
    if plan.output == "text":
        return reparse.problems(done.output, done.status)[0]
    if plan.output == "openmetrics":
        text = done.output.decode("ascii", "replace")
        return [] if text.endswith("# EOF\n") or text.startswith("DNSSEC ") else ["no OpenMetrics"]
    try:
        documents = [json.loads(line) for line in done.output.splitlines()] \
            if plan.output == "jsonl" else [json.loads(done.output)]
    except ValueError:
        # Memory may lack for everything but one line.
        return reparse.problems(done.output, done.status)[0]
    if not documents:
        return ["nothing was printed"]
    state = documents[0].get("state")
    return [] if STATES.get(state) == done.status else [f"says {state} and exits {done.status}"]


def told(plan, done):
    """The state that it told: OpenMetrics has it in a sample, and exits 0 when that was written."""
    sample = re.search(rb"(?m)^dnssec_check_state\{.*\} (\d)$", done.output)
    return int(sample[1]) if plan.output == "openmetrics" and sample else done.status


def truth(plan, done, expected):
    """What is wrong with the state: a fault that is not seen must not be OK, nor a legal zone loud."""
    if plan.any_state or expected is None:
        return []
    right, state = {STATES[state] for state in expected.state.split("|")}, told(plan, done)
    if 0 not in right:
        return [] if state != 0 else [f"OK, where {expected.state} is right"]
    allowed = right | {3} | ({1} if plan.may_warn else set())
    return [] if state in allowed else [f"{state}, where {expected.state} is right"]


def lost(file, runs):
    """What is wrong with the state file that had counted so many runs."""
    if runs is None:
        return []
    now = count(file)
    if now is None:
        return ["the state file is gone or torn"]
    return [] if now >= runs else [f"the state forgot: {now} runs of {runs}"]


def count(file):
    """Runs that a state file has counted; None where there is no whole one."""
    try:
        return int(json.loads(file.read_bytes())["runs"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def problems(plan, done, expected):
    """In words; and whether the run was only late."""
    if done is None:
        return ["hangs"], False
    if done.status < 0 and not done.begun and -done.status in (signal.SIGTERM, signal.SIGINT,
                                                               signal.SIGPIPE):
        return [], False
    if done.status == -signal.SIGKILL and "kill" in plan.faults:
        return [], False
    wrong = []
    if done.status not in (0, 1, 2, 3):
        return [f"ended with {done.status}: {done.errors[-300:]!r}"], False
    # The arithmetic of a library below libunbound tells of memory there before it gives up.
    if done.errors and not ("memory" in plan.faults and done.errors.startswith(b"GNU MP: ")):
        wrong.append(f"on standard error {done.errors[:300]!r}")
    if b"internal error" in done.output:
        wrong.append("it broke down")
    if plan.stdout == "read":
        wrong += form(plan, done)
    wrong += truth(plan, done, expected) if plan.stdout == "read" else \
        ["OK, and nobody has read it"] * (done.status == 0)
    if wrong:
        return wrong, False
    if done.took > plan.seconds + GRACE + done.paused:
        return [f"took {done.took:.2f} s of {plan.seconds}"], True
    return [], False
