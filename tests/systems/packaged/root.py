# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""A clean Debian in a directory, and the package's life in it."""

import os
import re
import shutil
import stat
import time
from pathlib import Path

from .contents import CHECKS, DEB_NAME
from .step import Trouble, demand, run

IN_ROOT = Path(__file__).resolve().parent.parent / "in-root"
CONFIG = "etc/nagios-plugins/config/dnssec.cfg"
MEMORY = "var/lib/check_dnssec"
FRESH_FOR = 30 * 86400  # seconds a clean root is used again
# Where apt and dpkg keep what they did, and what they make anew at each installation.
THEIRS = re.compile(r"^(var/(cache|log|backups)/|var/lib/(apt|dpkg)/|etc/ld\.so\.cache$|tmp/|"
                    r"var/lib/systemd/|(dev|proc|sys|run)/)")


def make_tar(path):
    """A minimal Debian of this machine's release, from this machine's mirrors; kept."""
    if path.exists() and time.time() - path.stat().st_mtime < FRESH_FOR:
        print(f"   {path} is there already")
        return path
    targets = run("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT) "
                  "$(ORIGIN)", "Created-By: Packages")
    rows = [line.split() for line in targets.splitlines()]
    lines = [f"deb {uri} {suite} {component}" for uri, suite, component, *origin in rows
             if origin[:1] in (["Debian"], ["Ubuntu"])]
    demand(lines, f"apt has no source of Debian's: {targets}")
    suite = min((line.split()[2] for line in lines), key=len)
    part = path.with_suffix(".part.tar")
    run("mmdebstrap", "--variant=minbase", suite, part, *dict.fromkeys(lines), within=900)
    part.rename(path)
    print(f"   {path}: {suite}, {path.stat().st_size >> 20} MiB")
    return path


class Root:
    """The clean Debian, unpacked."""

    def __init__(self, tar, path):
        self.path = Path(path)
        if self.path.exists():
            self.remove()
        self.path.mkdir(parents=True)
        run("tar", "-C", path, "--numeric-owner", "-xf", tar)
        policy = self.path / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        policy.chmod(0o755)
        shutil.copy("/etc/resolv.conf", self.path / "etc/resolv.conf")

    def run(self, *words, **more):
        return run(IN_ROOT, self.path, "env", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive",
                   *words, **more)

    def apt(self, *words):
        return self.run("apt-get", "-y", "-o", "Dpkg::Options::=--force-confold", *words)

    def install(self, package):
        shutil.copy(package, self.path / "tmp")
        return self.apt("install", f"/tmp/{os.path.basename(package)}")

    def files(self):
        """Every path but those that the package system itself keeps."""
        found = set()
        for folder, folders, files in os.walk(self.path):
            inner = os.path.relpath(folder, self.path)
            for name in files + folders:
                path = name if inner == "." else os.path.join(inner, name)
                if not THEIRS.search(path + "/"):
                    found.add(path)
        return found

    def remove(self):
        """What is mounted in it would be emptied with it: that must be gone first."""
        with open("/proc/self/mountinfo", encoding="utf-8") as table:
            mounted = [line.split()[4] for line in table]
        inside = [place for place in mounted if Path(place).is_relative_to(self.path.resolve())]
        for place in reversed(inside):
            run("umount", "--lazy", place)
        shutil.rmtree(self.path)


def older(package, directory):
    """The same package as version 0.0.9, with a file and a line of configuration that are gone."""
    tree = Path(directory) / "older"
    run("dpkg-deb", "--raw-extract", package, tree)
    control = tree / "DEBIAN/control"
    text = re.sub(r"(?m)^Version: .*$", "Version: 0.0.9-1", control.read_text(encoding="utf-8"))
    control.write_text(text, encoding="utf-8")
    gone = tree / f"usr/share/doc/{DEB_NAME}/examples/gone"
    gone.write_text("no longer shipped\n", encoding="ascii")
    with (tree / CONFIG).open("a", encoding="utf-8") as config:
        config.write("# a line of the older version\n")
    (tree / "DEBIAN/md5sums").unlink()
    path = Path(directory) / f"{DEB_NAME}_0.0.9-1_all-older.deb"
    run("dpkg-deb", "--root-owner-group", "--build", tree, path)
    shutil.rmtree(tree)
    return path


def look_at_installed(root, version):
    """What the package left in the root: version, programs, the directory of memory."""
    said = root.run("dpkg-query", "-W", "-f=${Version} ${db:Status-Abbrev}", DEB_NAME)
    demand(said.strip() == f"{version} ii", f"{DEB_NAME} is {said}, not {version}")
    for check in CHECKS:
        said = root.run(f"/usr/lib/nagios/plugins/check_dnssec_{check}", "--version", allowed=(3,))
        demand(f"check_dnssec_{check}" in said, f"check_dnssec_{check} --version: {said}")
    memory = os.stat(root.path / MEMORY)
    demand(stat.S_IMODE(memory.st_mode) == 0o1777 and memory.st_uid == 0,
           f"/{MEMORY} has mode {memory.st_mode:o}, owner {memory.st_uid}")


def live(root, old, new, version, look):
    """Installed old, upgraded, changed, used, removed and purged: what is left of it?"""
    root.run("apt-get", "update")
    before = root.files()
    root.install(old)
    look_at_installed(root, "0.0.9-1")
    gone = root.path / f"usr/share/doc/{DEB_NAME}/examples/gone"
    config = root.path / CONFIG
    demand(gone.exists() and "older version" in config.read_text(encoding="utf-8"),
           "the older package is not what it should be")
    root.install(new)
    look_at_installed(root, version)
    demand(not gone.exists() and "older version" not in config.read_text(encoding="utf-8"),
           "the upgrade leaves files or configuration of the older version behind")
    strange = [path for path in root.files() if path.endswith((".dpkg-old", ".dpkg-new", ".dpkg-dist"))]
    demand(not strange, f"the upgrade leaves {strange}")
    print("   installed, upgraded: nothing of the older version left")

    with config.open("a", encoding="utf-8") as file:
        file.write("# the operator's\n")
    root.apt("install", "--reinstall", f"/tmp/{os.path.basename(new)}")
    demand("the operator's" in config.read_text(encoding="utf-8"),
           "the operator's change of the configuration is lost")
    look()

    root.apt("remove", DEB_NAME)
    demand(config.exists() and (root.path / MEMORY).exists(),
           "removing takes the configuration or the memory away")
    root.apt("purge", "--autoremove", DEB_NAME)
    left = sorted(root.files() - before)
    lost = sorted(before - root.files())
    if left or lost:
        raise Trouble(f"after the purge there is more: {left[:20]}, and less: {lost[:20]}")
    print(f"   removed and purged: the same {len(before)} paths as before")
