# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""A network namespace of our own, with the lab's addresses on its loopback."""

import os
import subprocess
import sys

from .hosts import local_addresses

SKIPPED = 77  # what test runners take as "could not run here"
_MARK = "CHECK_DNSSEC_LAB_INSIDE"


def enter(own_run=False, as_root=False):
    """Starts this program again inside a new namespace; returns at once when it is inside.

    `own_run`: with an empty /run too, for daemons whose sockets cannot be anywhere else.
    `as_root`: root stays the real one, for programs that give files away, as dpkg does."""
    if os.environ.pop(_MARK, "") == "yes":
        if own_run:
            subprocess.run(["mount", "-t", "tmpfs", "none", "/run"], check=True)
        return
    unshare = "-" + "r" * (not as_root) + "n" + "m" * own_run
    probe = subprocess.run(["unshare", unshare, "true"], capture_output=True, text=True,
                           check=False)
    if probe.returncode != 0:
        print(f"lab: no network namespace to be had here: {probe.stderr.strip()}",
              file=sys.stderr)
        sys.exit(SKIPPED)
    os.environ[_MARK] = "yes"
    command = ["unshare", unshare, "--", sys.executable, "-B", *sys.argv]
    os.execvp(command[0], command)


def bring_up():
    lines = ["link set lo up"]
    for address in local_addresses():
        if ":" in address:
            lines.append(f"addr add {address}/128 dev lo nodad")
        else:
            lines.append(f"addr add {address}/32 dev lo")
    run = subprocess.run(["ip", "-batch", "-"], input="\n".join(lines) + "\n", text=True,
                         capture_output=True, check=False)
    if run.returncode != 0:
        sys.exit(f"lab: cannot set the namespace up: {run.stderr.strip()}")
