# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Running programs, and saying what is seen."""

import subprocess
import time


class Trouble(Exception):
    """What was found wrong."""


def run(*words, within=600, allowed=(0,), **more):
    """Its standard output and standard error; Trouble when it ends otherwise than allowed."""
    words = [str(word) for word in words]
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
                              check=False, timeout=within, **more)
    except subprocess.TimeoutExpired as error:
        said = (error.stdout or b"").decode(errors="replace")[-3000:]
        raise Trouble(f"{' '.join(words)}: not done after {within} s: {said}") from error
    if done.returncode not in allowed:
        raise Trouble(f"{' '.join(words)}: exit status {done.returncode}: {done.stdout[-4000:]}")
    return done.stdout


class Steps:
    """Says how long each step took."""

    def __init__(self):
        self.wrong = 0

    def take(self, title, step, *arguments):
        """The step's result; None when it failed, which is said and counted."""
        began = time.monotonic()
        result = None
        print(f"== {title}", flush=True)
        try:
            result = step(*arguments)
            words = "done"
        except Trouble as trouble:
            self.wrong += 1
            words = f"FAILED: {trouble}"
        print(f"== {title}: {words} ({time.monotonic() - began:.0f} s)", flush=True)
        return result


def demand(condition, words):
    if not condition:
        raise Trouble(words)
