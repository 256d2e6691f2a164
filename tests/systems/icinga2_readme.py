#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""A newcomer with Icinga 2 as Debian installs it follows README.md: its commands, read from there,
are run one after the other, until the service of a broken zone is red.

usage: icinga2_readme.py BINARY_DIR [PACKAGE]

PACKAGE: monitoring-plugins-dnssec_*.deb, or the directory where packaging/build-deb left it.

The commands are run as they stand, at the paths that they name. What is not real:
- the file system is this machine's, but what is written is in memory;
- without PACKAGE, `apt` puts the files of this repository where the package has them; with it, which
  takes root, apt is Debian's own, has no network and asks nothing;
- there is no systemd: `systemctl reload icinga2` sends the signal that the unit would send;
- the Internet is the lab, whose root answers at the real root's addresses and whose trust anchor
  is in the place of the real one. example.com is healthy there and dnssec-failed.org is broken, as
  they are outside;
- Icinga runs as the one user there is, and has the API that a dashboard needs.

Exit status 77: something of this is not to be had here.
"""

import dataclasses
import http.client
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "lab"))

from cases import base  # noqa: E402
from lablib import hosts, namespace  # noqa: E402
from lablib.case import KSK_ZSK, Case  # noqa: E402
from lablib.ds import raw_ds  # noqa: E402

from harness import icinga, newroot  # noqa: E402
from harness.lab import SmallLab  # noqa: E402

MOST_COMMANDS = 6
NODE = "newcomer"
REAL_HINTS = "/usr/share/dns/root.hints"
DOCUMENTS = "usr/share/doc/monitoring-plugins-dnssec/examples/icinga2"
BINARIES, PACKAGE, STOCK = "", "", "ICINGA2_STOCK"

APT = """#!/bin/sh
# What the package has, at its places.
[ "$1" = install ] && [ -e "$2" ] && exec cp -a /stage/. /
exit 1
"""
SYSTEMCTL = """#!/bin/sh
[ "$*" = "reload icinga2" ] && exec kill -HUP "$(cat /run/icinga2/icinga2.pid)"
exit 1
"""


def commands_of_readme():
    """The commands of the first code block under "Into Icinga 2"."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    section = text.split("\n## Into Icinga 2\n", 1)[1].split("\n## ", 1)[0]
    block = re.search(r"(?:^(?:    .*)?\n)+", section[section.index("\n    ") + 1:], re.M).group()
    lines = [line[4:] for line in block.strip("\n").split("\n")]
    commands, end = [], None
    for line in lines:
        if end is not None:
            commands[-1] += "\n" + line
            end = None if line == end else end
            continue
        commands.append(line)
        heredoc = re.search(r"<<'(\w+)'", line)
        end = heredoc.group(1) if heredoc else None
    return commands


def stock_configuration(directory):
    """Debian's own /etc/icinga2: from this machine, or from the package where it is closed to us."""
    target = pathlib.Path(directory) / "etc-icinga2"
    if os.access("/etc/icinga2", os.R_OK):
        shutil.copytree("/etc/icinga2", target, symlinks=True)
        return target
    subprocess.run(["apt-get", "download", "icinga2-common"], cwd=directory, check=True,
                   capture_output=True)
    package, = pathlib.Path(directory).glob("icinga2-common_*.deb")
    subprocess.run(["dpkg-deb", "-x", package, pathlib.Path(directory) / "unpacked"], check=True)
    shutil.copytree(pathlib.Path(directory) / "unpacked/etc/icinga2", target, symlinks=True)
    for feature in ("checker", "mainlog", "notification"):
        os.symlink(f"../features-available/{feature}.conf",
                   target / "features-enabled" / f"{feature}.conf")
    return target


def real_root_servers():
    """Makes the lab's root answer at the addresses of the real one; returns the hosts' names."""
    addresses = {}
    for line in pathlib.Path(REAL_HINTS).read_text(encoding="ascii").splitlines():
        words = line.split()
        if len(words) == 4 and words[2] in ("A", "AAAA"):
            addresses.setdefault(words[0].lower(), {})[words[2]] = words[3]
    for name, found in addresses.items():
        hosts.HOSTS[name] = hosts.Host(name, "nsd-real-root", found.get("A", ""),
                                       found.get("AAAA", ""))
    return tuple(addresses)


def lab_cases():
    root = next(case for case in base.CASES if case.name == ".")
    top = {"keys": KSK_ZSK, "servers": ("t1", "t2"), "base": False}
    return [dataclasses.replace(root, servers=(*root.servers, *real_root_servers())),
            Case("com.", "a top-level domain", **top), Case("org.", "another", **top),
            Case("healthy", "a healthy zone", zone="example.com."),
            Case("failed", "its DS matches no key", zone="dnssec-failed.org.",
                 ds=[raw_ds("12345 13 2 " + "AB" * 32)])]


class Newcomer(icinga.Node):
    """Icinga 2 as Debian has it, at Debian's paths."""

    def __init__(self, root, directory, authority):
        self.root = root
        super().__init__(directory, NODE, "127.0.0.1", 5665, authority)

    def _command(self, subcommand, *words):
        return self.root.command("icinga2", *subcommand)

    def _environment(self):
        return {**newroot.ENVIRONMENT, "ICINGA2_USER": "root", "ICINGA2_GROUP": "root"}


class ReadmeTest(unittest.TestCase):
    """Follows the section."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="icinga2-readme-")
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.lab = SmallLab(self.directory / "lab", lab_cases())
        self.addCleanup(self.lab.stop)
        self.lab.start()
        self.root = newroot.NewRoot()
        self.prepare_machine()
        self.prepare_package()

    def prepare_machine(self):
        """Stock Icinga 2, with the API of a dashboard; the lab's trust anchor."""
        authority = self.directory / "ca"
        icinga.make_authority(authority)
        self.icinga = Newcomer(self.root, self.directory, authority)
        stock = pathlib.Path(os.environ[STOCK])
        constants = (stock / "constants.conf").read_text(encoding="utf-8")
        (stock / "constants.conf").write_text(f'const NodeName = "{NODE}"\n' + constants,
                                              encoding="utf-8")
        (stock / "features-enabled/api.conf").write_text(icinga.api(self.icinga), encoding="utf-8")
        self.root.place(stock, "/etc/icinga2")
        home = self.icinga.home
        for name, folder in (("data", "lib"), ("log", "log"), ("cache", "cache"),
                             ("spool", "spool")):
            self.root.place(home / name, f"/var/{folder}/icinga2")
        (self.root.path / "run/icinga2").mkdir()
        anchor = pathlib.Path(self.lab.anchor).read_text(encoding="ascii")
        self.root.write("/usr/share/dns/root.key", anchor)
        self.root.write("/usr/local/bin/systemctl", SYSTEMCTL, 0o755)
        self.icinga.start()
        self.addCleanup(self.icinga.stop)
        self.icinga.wait()

    def prepare_package(self):
        """In the directory where the newcomer is; see the top for what stands in for apt."""
        self.root.write("/root/newcomer/.here", "")
        if PACKAGE:
            shutil.copy(PACKAGE, self.root.path / "root/newcomer")
            self.root.write("/etc/apt/apt.conf.d/99newcomer",
                            'APT::Sandbox::User "root";\nAPT::Get::Assume-Yes "true";\n')
            return
        self.root.write("/root/newcomer/monitoring-plugins-dnssec_0_all.deb", "")
        stage = self.root.path / "stage"
        self.root.write("/usr/local/bin/apt", APT, 0o755)
        icinga2 = REPOSITORY / "packaging/icinga2"
        for source, target in (
                *((binary, f"usr/lib/nagios/plugins/{binary.name}")
                  for binary in pathlib.Path(BINARIES).glob("check_dnssec_*") if binary.is_file()),
                (icinga2 / "commands.conf",
                 "usr/share/icinga2/include/plugins-contrib.d/dnssec.conf"),
                (icinga2 / "notify-dnssec", "usr/share/monitoring-plugins-dnssec/notify-dnssec"),
                *((file, f"{DOCUMENTS}/{file.name}") for file in icinga2.iterdir()
                  if file.name not in ("commands.conf", "notify-dnssec"))):
            (stage / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, stage / target)
        (stage / "var/lib/check_dnssec").mkdir(parents=True)
        (stage / "var/lib/check_dnssec").chmod(0o1777)

    def services(self):
        """Their names; none while the reload has closed the API's port."""
        try:
            return {service["__name"] for service in self.icinga.objects("services")}
        except (OSError, http.client.HTTPException):
            return set()

    def test_from_the_package_to_a_red_service(self):
        commands = commands_of_readme()
        self.assertLessEqual(len(commands), MOST_COMMANDS, commands)
        self.assertTrue(commands[0].startswith("apt install ./monitoring-plugins-dnssec"))
        for command in commands:
            done = self.root.run("bash", "-ec", command, cwd="/root/newcomer",
                                 ICINGA2_USER="root", ICINGA2_GROUP="root")
            said = done.stdout + done.stderr
            self.assertEqual(done.returncode, 0, f"{command}: {said}")
            self.assertNotIn("warning/", said)
        names = [f"zones!dnssec-{check} {zone}" for zone in ("example.com", "dnssec-failed.org")
                 for check in ("chain", "sigs", "ds", "nsec", "keys")]
        end = time.monotonic() + 30
        while not set(names) <= self.services():
            self.assertLess(time.monotonic(), end, "no services: " + self.icinga.log()[-3000:])
            time.sleep(0.2)
        # They would come by themselves within a minute; the test has them looked at now.
        results = dict(zip(names, self.icinga.check_all(names)))
        red = results["zones!dnssec-chain dnssec-failed.org"]
        said = red["last_check_result"]["output"].split("\n")[0]
        self.assertEqual(red["state"], 2, said)
        self.assertRegex(said, r"^DNSSEC CHAIN CRITICAL - EMERGENCY: dnssec-failed\.org: .* "
                         r"\[ds-no-matching-dnskey\]")
        for name in names[:5]:
            self.assertEqual(results[name]["state"], 0, results[name]["last_check_result"])
        # The directory for what is remembered is there and used.
        self.assertTrue(list((self.root.path / "var/lib/check_dnssec").glob("*/*")))


def the_package(place):
    place = pathlib.Path(place).resolve()
    found = [place] if place.is_file() else sorted(place.glob("monitoring-plugins-dnssec_*.deb"))
    if len(found) != 1:
        sys.exit(f"{place}: one package monitoring-plugins-dnssec is wanted there, not {len(found)}")
    return str(found[0])


def main():
    global BINARIES, PACKAGE
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__.strip())
    if not icinga.available() or not os.path.exists(REAL_HINTS):
        print("icinga2-bin, icinga2-common or dns-root-data is not installed")
        return namespace.SKIPPED
    if len(sys.argv) == 3:
        if os.geteuid() != 0:
            print("skipped: installing the package needs root")
            return namespace.SKIPPED
        PACKAGE = the_package(sys.argv[2])
    if not os.environ.get(STOCK):
        if not newroot.possible():
            print("no overlay file system to be had here")
            return namespace.SKIPPED
        with tempfile.TemporaryDirectory(prefix="icinga2-stock-") as directory:
            environment = {**os.environ, STOCK: str(stock_configuration(directory))}
            subprocess.run(["chmod", "-R", "a+rwX", directory], check=True)
            return subprocess.run([sys.executable, "-B", *sys.argv], env=environment,
                                  check=False).returncode
    lab_cases()  # before the addresses are set up
    namespace.enter(own_run=True, as_root=bool(PACKAGE))
    namespace.bring_up()
    BINARIES = os.path.abspath(sys.argv[1])
    return not unittest.main(argv=sys.argv[:1], exit=False).result.wasSuccessful()


if __name__ == "__main__":
    sys.exit(main())
