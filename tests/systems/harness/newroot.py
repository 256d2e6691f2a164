# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""This machine's programs under a root directory of the test's own: what is read is what is installed,
what is written lies in memory and goes with the mount namespace of the test.

The root is below /run, which is the namespace's own, and never below a directory that anybody removes:
removing goes through mounts. For the same reason no directory of the machine that can be written to is
mounted in it."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path("/run/newroot")
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
               "HOME": "/root", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
DEVICES = ("null", "zero", "full", "random", "urandom")


class NewRoot:
    """One for a process, which must have called lablib.namespace.enter(own_run=True)."""

    def __init__(self):
        if os.listdir("/run") or not os.path.ismount("/run"):
            raise RuntimeError("/run is not this test's own")
        self.path = ROOT
        self.path.mkdir()
        for name in os.listdir("/"):
            if os.path.islink(f"/{name}"):  # bin, lib and so on
                os.symlink(os.readlink(f"/{name}"), self.path / name)
        for name in ("usr", "var"):
            layers = pathlib.Path(f"/run/layers-{name}")
            for folder in (layers / "upper", layers / "work", self.path / name):
                folder.mkdir(parents=True)
            _mount("-t", "overlay", "overlay", "-o",
                   f"lowerdir=/{name},upperdir={layers}/upper,workdir={layers}/work",
                   self.path / name)
        # In containers some files of /etc are mounts, which no overlay can be laid over. What this
        # user may not read is left out.
        subprocess.run(["cp", "-a", "/etc", self.path], capture_output=True, check=False)
        for name in ("proc", "dev", "run", "tmp", "root"):
            (self.path / name).mkdir()
        _mount("--rbind", "/proc", self.path / "proc")
        for name in DEVICES:
            self.write(f"dev/{name}", "")
            _mount("--bind", f"/dev/{name}", self.path / "dev" / name)
        (self.path / "dev/pts").mkdir()
        _mount("-t", "devpts", "-o", "newinstance,ptmxmode=0666", "devpts", self.path / "dev/pts")
        os.symlink("pts/ptmx", self.path / "dev/ptmx")

    def place(self, source, target):
        """Shows a directory of the test at a path inside."""
        path = self.path / str(target).lstrip("/")
        path.mkdir(parents=True, exist_ok=True)
        _mount("--bind", source, path)

    def write(self, target, text, mode=0o644):
        path = self.path / str(target).lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)

    def command(self, *words, cwd="/"):
        return ["chroot", str(self.path), "env", "-C", cwd, *words]

    def run(self, *words, cwd="/", timeout=120, **more):
        return subprocess.run(self.command(*words, cwd=cwd), capture_output=True, text=True,
                              check=False, timeout=timeout, stdin=subprocess.DEVNULL,
                              env={**ENVIRONMENT, **more})


def possible():
    """Whether this kernel lets an unprivileged namespace have such a file system."""
    script = ("mount -t tmpfs none /run && mkdir /run/u /run/w /run/r && "
              "mount -t overlay overlay -o lowerdir=/usr,upperdir=/run/u,workdir=/run/w /run/r")
    return subprocess.run(["unshare", "-rnm", "sh", "-c", script], capture_output=True,
                          check=False).returncode == 0


def _mount(*words):
    done = subprocess.run(["mount", *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"mount {' '.join(map(str, words))}: {done.stderr.strip()}")
