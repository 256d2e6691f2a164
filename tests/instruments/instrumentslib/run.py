# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""One run of a plugin, and what happens to it from outside."""

import os
import pty
import re
import signal
import subprocess
import threading
import time
from dataclasses import dataclass

PATIENCE = 300  # seconds until a run counts as hung


@dataclass(frozen=True)
class Run:
    """`states` are the exit states that the run may have, `says` is found in its output."""

    name: str
    check: str
    words: tuple
    states: tuple = (0,)
    says: str = r"^DNSSEC |^\{|^#|^\[|^check_dnssec|^- check_dnssec"
    feed: tuple = ()          # to standard input: octets, or seconds to wait between them
    kill: tuple = ()          # (signal, after seconds) …
    terminal: bool = False    # standard error is one
    judge: object = None      # of (exit status, output): what is wrong, in words
    shows: str = ""           # found on the terminal
    quiet: bool = True        # nothing may come on standard error
    cut: bool = False         # may be ended by its deadline while looks are under way


    @property
    def leaves_looks(self):
        """Whether coroutines may be waiting at the end."""
        return self.cut or bool(self.kill)


@dataclass
class Ended:
    status: int
    output: str
    errors: str
    seconds: float


def _feed(pipe, parts):
    try:
        with pipe:
            for part in parts:
                if isinstance(part, bytes):
                    pipe.write(part)
                    pipe.flush()
                else:
                    time.sleep(part)
    except BrokenPipeError:
        pass  # it has ended


def _drain(terminal, into):
    try:
        while True:
            octets = os.read(terminal, 1 << 16)
            if not octets:
                return
            into.append(octets)
    except OSError:
        return  # nobody has the other end any more


def carry_out(run, command, environment):
    """Runs it to its end."""
    began = time.monotonic()
    shown, master = [], None
    errors = subprocess.PIPE
    if run.terminal:
        master, errors = pty.openpty()
    process = subprocess.Popen(command, stdin=subprocess.PIPE if run.feed else subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=errors, env=environment)
    helpers = []
    if run.terminal:
        os.close(errors)
        helpers.append(threading.Thread(target=_drain, args=(master, shown)))
    if run.feed:
        helpers.append(threading.Thread(target=_feed, args=(process.stdin, run.feed), daemon=True))
        process.stdin = None
    for helper in helpers:
        helper.start()
    for number, after in run.kill:
        time.sleep(max(0.0, began + after - time.monotonic()))
        process.send_signal(number)
    try:
        output, said = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        output, said = process.communicate()
        said = (said or b"") + b"\ndid not end\n"
    if run.terminal:
        helpers[0].join()
        os.close(master)
        said = b"".join(shown)
    return Ended(process.returncode, output.decode(errors="replace"),
                 said.decode(errors="replace"), time.monotonic() - began)


def differences(run, ended):
    """What is wrong with a run, apart from what the instrument says."""
    wrong = []
    errors = ended.errors
    if run.terminal:
        if run.shows and not re.search(run.shows, errors):
            wrong.append(f"the terminal does not show {run.shows!r}: {errors[-300:]!r}")
    elif errors and run.quiet:
        wrong.append(f"on standard error: {errors[:300]!r}")
    if run.judge is not None:
        return wrong + run.judge(ended.status, ended.output)
    if ended.status not in run.states:
        wrong.append(f"exit status {ended.status}, not {run.states}: {ended.output[:300]!r}")
    # The handler of a signal may come before there is anything to say, but for these.
    if not re.search(run.says, ended.output, re.MULTILINE):
        wrong.append(f"does not say {run.says!r}: {ended.output[:300]!r}")
    return wrong


TERM, INT = signal.SIGTERM, signal.SIGINT
