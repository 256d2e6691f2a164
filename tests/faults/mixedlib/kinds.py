# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The faults of a host, each put into the plan of one run by chance."""

import errno
import functools
import os
import resource
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import shims

GIGABYTE = 1 << 30


@dataclass
class Plan:
    """One run: what is started, and what happens to it."""

    words: list
    seconds: float                  # its --timeout
    output: str = "text"
    memory: Path | None = None      # its state directory
    file: Path | None = None        # its state file
    before: list = field(default_factory=list)   # in front of the command: unshare -n
    at_start: list = field(default_factory=list)  # in the child, before it runs the program
    address_space: int = 0          # in octets; 0: no limit
    variables: dict = field(default_factory=dict)
    stdout: str = "read"            # read, full, closed, gone, device
    signals: list = field(default_factory=list)  # (after seconds, number)
    faults: list = field(default_factory=list)
    any_state: bool = False         # the clock lies: whatever is said is right
    may_warn: bool = False          # of the state file


def limit(kind, value):
    return functools.partial(resource.setrlimit, kind, (value, value))


def smallest_address_space(plugin):
    """In MB, in which the program starts; below that no line of ours is ever run."""
    for size in range(16, 512, 4):
        done = subprocess.run([plugin, "--version"], capture_output=True, check=False,
                              preexec_fn=limit(resource.RLIMIT_AS, size << 20))
        if done.returncode == 3 and not done.stderr:
            return size
    return None


class Kinds:
    """`directory` is for what they need; `smallest` the address space in MB in which the program
    starts, None where it cannot be limited."""

    def __init__(self, directory, smallest, preloads):
        self.directory, self.smallest = directory, smallest
        self.library = shims.build(directory) if preloads else None
        self.all = {
            "descriptors": self.descriptors, "file size": self.file_size,
            "no network": self.no_network, "output": self.output, "descriptors closed": self.closed,
            "state": self.state, "state disk": self.disk, "signal": self.signal, "kill": self.kill,
            "paused": self.paused, "deadline": self.deadline}
        if smallest is not None:
            self.all["memory"] = self.memory
        if preloads:
            self.all["clock"] = self.clock
            self.all["threads"] = self.threads

    def put(self, plan, chance):
        """None to three faults that do not get in each other's way."""
        for name in chance.sample(sorted(self.all), chance.choice((0, 1, 1, 1, 2, 2, 3))):
            if self.all[name](plan, chance) is not False:
                plan.faults.append(name)

    def descriptors(self, plan, chance):
        plan.at_start.append(limit(resource.RLIMIT_NOFILE, chance.randint(6, 80)))

    def memory(self, plan, chance):
        most = chance.choice((self.smallest + 30, self.smallest + 200, 1000))
        plan.address_space = chance.randint(self.smallest, most) << 20

    def file_size(self, plan, chance):
        if plan.before:
            return False  # the shell would tell
        plan.at_start.append(limit(resource.RLIMIT_FSIZE, chance.choice((0, 1, 100, 1000, 5000))))
        plan.may_warn = True
        return True

    def threads(self, plan, chance):
        plan.variables.update(shims.few_threads(self.library, chance.choice((0, 0, 1, 2))))

    def no_network(self, plan, _chance):
        if plan.before:
            return False
        plan.before = ["unshare", "-n"]
        return True

    def output(self, plan, chance):
        plan.stdout = chance.choice(("full", "closed", "gone", "device"))
        if plan.stdout == "full" and "-t" not in plan.words:
            plan.seconds = 2
            plan.words += ["-t", "2"]

    def closed(self, plan, chance):
        plan.at_start.append(functools.partial(os.close, chance.choice((0, 2))))

    def state(self, plan, chance):
        """Something else in the state file's place, in a state directory of its own."""
        if not plan.file or not plan.file.is_file() or "state disk" in plan.faults:
            return False
        text = plan.file.read_bytes()
        place = self.new_place(chance, "odd")
        file = place / plan.file.relative_to(plan.memory)
        file.parent.mkdir(mode=0o700)
        kind = chance.choice(("torn", "flipped", "link", "fifo", "directory", "huge", "device"))
        if kind == "torn":
            file.write_bytes(text[:chance.randrange(len(text))])
        elif kind == "flipped":
            octets = bytearray(text)
            for _ in range(chance.randint(1, 8)):
                octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)
            file.write_bytes(octets)
        elif kind == "link":
            file.symlink_to(plan.file)
        elif kind == "fifo":
            os.mkfifo(file)
        elif kind == "directory":
            file.mkdir()
        elif kind == "huge":
            with open(file, "wb") as opened:
                opened.truncate(GIGABYTE)
        else:
            file.symlink_to("/dev/zero")
        self.elsewhere(plan, place)
        return True

    def disk(self, plan, chance):
        """Full or read-only, on a file system of its own that goes with the run."""
        if not plan.file or plan.before or {"state", "file size"} & set(plan.faults):
            return False
        place = self.new_place(chance, "disk")
        fill = chance.choice(("cat /dev/zero >fill", "mount -o remount,ro .",
                              "mkdir -m 700 check_dnssec_sigs check_dnssec_nsec; cat /dev/zero >fill"))
        plan.before = ["unshare", "-m", "sh", "-c",
                       'mount -t tmpfs -o size=16k,mode=700 none "$0" && '
                       f'(cd "$0" && {fill}) 2>/dev/null; exec "$@"', str(place)]
        self.elsewhere(plan, place)
        return True

    def new_place(self, chance, kind):
        """A directory of its own; a second look at the same run begins with an empty one."""
        place = self.directory / f"{kind}-{chance.randrange(1 << 48):x}"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700)
        return place

    @staticmethod
    def elsewhere(plan, place):
        plan.words[plan.words.index("--state-dir") + 1] = str(place)
        plan.memory, plan.file, plan.may_warn = place, None, True

    def signal(self, plan, chance):
        for _ in range(chance.choice((1, 1, 2, 3))):
            plan.signals.append((chance.uniform(0.005, 0.4),
                                 chance.choice((signal.SIGTERM, signal.SIGTERM, signal.SIGINT,
                                                signal.SIGPIPE, signal.SIGCHLD, signal.SIGWINCH))))

    def kill(self, plan, chance):
        plan.signals.append((chance.uniform(0.005, 0.4), signal.SIGKILL))

    def paused(self, plan, chance):
        start = chance.uniform(0.005, 0.3)
        plan.signals += [(start, signal.SIGSTOP),
                         (start + chance.uniform(0.01, 0.5), signal.SIGCONT)]

    def deadline(self, plan, chance):
        if "-t" in plan.words:
            return False
        plan.seconds = round(chance.uniform(1, 1.5), 2)
        plan.words += ["-t", str(plan.seconds)]
        return True

    def clock(self, plan, chance):
        jump = chance.choice((-400 * 86400, -90000, -3600, -5, 5, 3600, 90000, 400 * 86400))
        plan.variables.update(shims.jumping(self.library, jump))
        plan.any_state = True
        if plan.file and "--state-dir" in plan.words:
            self.elsewhere(plan, self.new_place(chance, "clock"))


def full_pipe():
    """(read end, write end) of a pipe that takes no more."""
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    try:
        while True:
            os.write(write_end, b"x" * 4096)
    except BlockingIOError as error:
        assert error.errno == errno.EAGAIN
    os.set_blocking(write_end, True)
    return read_end, write_end
