# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Starts programs for a larger process and says what each cost. A process of its own, and a small
one: Linux counts the memory of the process that starts another towards the other's peak.

Reads a line of JSON for each program: [number, output file, error file, words]; writes one for each
that has ended: [number, exit status, seconds, processor seconds, megabytes]."""

import json
import os
import sys
import threading
import time

started = {}
more = threading.Semaphore(0)


def start(number, output, errors, words):
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
               (os.POSIX_SPAWN_OPEN, 1, output, flags, 0o600),
               (os.POSIX_SPAWN_OPEN, 2, errors, flags, 0o600)]
    began = time.monotonic()
    started[os.posix_spawn(words[0], words, os.environ, file_actions=actions)] = number, began
    more.release()


def wait():
    while True:
        more.acquire()
        pid, status, usage = os.wait4(-1, 0)
        ended = time.monotonic()
        while pid not in started:   # it ended before start() could note it
            time.sleep(0.001)
        number, began = started.pop(pid)
        print(json.dumps([number, os.waitstatus_to_exitcode(status), ended - began,
                          usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]), flush=True)


def main():
    threading.Thread(target=wait, daemon=True).start()
    for line in sys.stdin:
        start(*json.loads(line))


if __name__ == "__main__":
    main()
