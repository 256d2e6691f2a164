# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What packages hold: hardening of the programs, and whether two packages hold the same."""

import gzip
import hashlib
import os
import re
import stat
import subprocess

from .step import Trouble, demand, run

CHECKS = ("chain", "sigs", "ds", "nsec", "keys", "resolvers")
DEB_NAME = "monitoring-plugins-dnssec"
# Files that only one kind of package has.
ONLY_DEB = re.compile(r"^DOC/(copyright|changelog(\.Debian)?\.gz)$|^usr/share/lintian(/|$)")
ONLY_RPM = re.compile(r"^DOC/CHANGELOG\.md$|^usr/share/licenses(/|$)|^usr/lib/\.build-id/")


def unpack_deb(package, directory):
    run("dpkg-deb", "--extract", package, directory)


def unpack_rpm(package, directory):
    os.makedirs(directory)
    archive = subprocess.run(["rpm2cpio", package], stdout=subprocess.PIPE, check=True).stdout
    subprocess.run(["cpio", "--quiet", "-idm", "--no-absolute-filenames"], input=archive,
                   cwd=directory, check=True)


def is_program(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def harden(directory):
    """Every program is built as hardening=+all has it, with the shared C++ runtime."""
    programs = [os.path.join(directory, "usr/lib/nagios/plugins", f"check_dnssec_{check}")
                for check in CHECKS]
    for program in programs:
        said = run("readelf", "--wide", "--file-header", "--dynamic", "--program-headers",
                   "--dyn-syms", program)
        marks = {
            "position-independent": re.search(r"Type: +DYN .*", said) and " PIE" in said,
            "relocations read-only": "GNU_RELRO" in said,
            "bound at once": re.search(r"\bNOW\b", said),
            "stack protector": "__stack_chk_fail" in said,
            "fortified": re.search(r"__\w+_chk\b(?<!__stack_chk)", said),
            "no executable stack": re.search(r"GNU_STACK .* RW +0x", said),
            "no search path": "RPATH" not in said and "RUNPATH" not in said,
            "shared C++ runtime": "libstdc++.so.6" in said,
            "stripped": ".debug_info" not in run("readelf", "--wide", "--section-headers", program),
        }
        lacking = [mark for mark, there in marks.items() if not there]
        demand(not lacking, f"{program}: not {', '.join(lacking)}")
    print(f"   {len(programs)} programs: {', '.join(marks)}")


def digest(path):
    """Of what a file says: manual pages are compressed by different programs."""
    if os.path.islink(path):
        return "-> " + os.readlink(path)
    if is_program(path):
        return "program"
    with open(path, "rb") as file:
        data = file.read()
    return hashlib.sha256(gzip.decompress(data) if path.endswith(".gz") else data).hexdigest()


def listing(directory, places, only_here):
    """{path, with DOC and PLUGINS for the places that differ: (mode, digest)}"""
    rows = {}
    for folder, _, files in os.walk(directory):
        for name in files:
            path = os.path.join(folder, name)
            inner = os.path.relpath(path, directory)
            for place, word in places:
                if inner.startswith(place + "/"):
                    inner = word + inner[len(place):]
                    break
            if not only_here.search(inner):
                rows[inner] = (oct(stat.S_IMODE(os.lstat(path).st_mode)), digest(path))
    return rows


def versions(directory, plugins):
    return {check: run(os.path.join(directory, plugins, f"check_dnssec_{check}"), "--version",
                       allowed=(3,)) for check in CHECKS}


def compare(deb, rpm, name, plugins, documents):
    """The unpacked RPM package has the files of the unpacked Debian package, mode and content."""
    mine = listing(deb, [(f"usr/share/doc/{DEB_NAME}", "DOC"), ("usr/lib/nagios/plugins", "PLUGINS"),
                         ("etc/nagios-plugins/config", "DOC/examples/nagios")], ONLY_DEB)
    theirs = listing(rpm, [(documents, "DOC"), (plugins, "PLUGINS")], ONLY_RPM)
    complaints = [f"only in the Debian package: {path}" for path in sorted(set(mine) - set(theirs))]
    complaints += [f"only in {name}: {path}" for path in sorted(set(theirs) - set(mine))]
    complaints += [f"{path}: {mine[path]} and in {name} {theirs[path]}"
                   for path in sorted(set(mine) & set(theirs)) if mine[path] != theirs[path]]
    if complaints:
        raise Trouble("\n".join(complaints))
    demand(versions(deb, "usr/lib/nagios/plugins") == versions(rpm, plugins),
           f"the programs of {name} have other versions")
    print(f"   {name}: {len(mine)} files, modes and contents as in the Debian package")
