#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""packaging/icinga2 in a real Icinga 2: a master and a satellite, the plugins against a small lab,
zones that are broken while they are watched, and what Slack, PagerDuty and Opsgenie are sent.

usage: icinga2.py BINARY_DIR
"""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PACKAGING = HERE.parent.parent / "packaging"
sys.path.insert(0, str(HERE.parent / "lab"))

from lablib import namespace  # noqa: E402
from lablib.case import DAY, HOUR, Case  # noqa: E402
from lablib.mutate import resign, resign_all  # noqa: E402

from harness import catcher as catching  # noqa: E402
from harness import icinga  # noqa: E402
from harness.lab import SmallLab  # noqa: E402

BINARIES = ""
CHECKS = ("chain", "sigs", "ds", "nsec", "keys")
FILES = ("templates", "services", "dependencies", "notifications", "satellites")
NODES = {"here": "master", "away": "satellite"}
OK, WARNING, CRITICAL, UNKNOWN = range(4)
SOFT, HARD = 0, 1

WATCHED = Case("watched", "breaks as a whole")
EXPIRED = dataclasses.replace(WATCHED, mutate=(resign_all(-30 * DAY, -3 * HOUR),))
PARTIAL = Case("partial", "only what the chain does not see breaks")
EXPIRE_MX = resign("@", "MX", -30 * DAY, -3 * HOUR)
MX_EXPIRED = dataclasses.replace(PARTIAL, mutate_on={"ns2": (EXPIRE_MX,)})
ALL_MX_EXPIRED = dataclasses.replace(PARTIAL, mutate=(EXPIRE_MX,))
FAR = Case("far", "looked at from two locations")
FAR_EXPIRED = dataclasses.replace(FAR, mutate=EXPIRED.mutate)


def shipped(name, script, config):
    """A file of packaging/icinga2, with the paths of an installed package replaced by the test's."""
    text = (PACKAGING / "icinga2" / f"{name}.conf").read_text(encoding="utf-8")
    for installed, here in (("/usr/share/monitoring-plugins-dnssec/notify-dnssec", script),
                            ("/etc/icinga2/notify-dnssec.ini", config)):
        text = text.replace(f'"{installed}"', json.dumps(str(here)))
    return text


class Setup:
    """Lab, catcher, master and satellite; everything in one directory."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.lab = SmallLab(self.directory / "lab", [WATCHED, PARTIAL, FAR])
        self.catcher = catching.Catcher()
        self.config = self.directory / "notify.ini"
        self.config.write_text(catching.targets(self.catcher, self.directory / "notified"),
                               encoding="utf-8")
        self.config.chmod(0o640)
        authority = self.directory / "ca"
        icinga.make_authority(authority)
        self.master = icinga.Node(self.directory, "master", "127.0.0.1", 15665, authority)
        self.satellite = icinga.Node(self.directory, "satellite", "127.0.0.2", 15666, authority)
        self.configure()

    def plugins(self, node):
        """A plugin directory of a node's own, so that one location can see another DNS."""
        folder = node.home / "plugins"
        folder.mkdir()
        for check in (*CHECKS, "resolvers"):
            os.symlink(os.path.join(BINARIES, f"check_dnssec_{check}"),
                       folder / f"check_dnssec_{check}")
        return folder

    def nodes(self):
        return f"""
object Endpoint "master" {{ host = "{self.master.address}"; port = {self.master.port} }}
object Endpoint "satellite" {{ host = "{self.satellite.address}"; port = {self.satellite.port} }}
object Zone "main" {{ endpoints = [ "master" ] }}
object Zone "away" {{ endpoints = [ "satellite" ]; parent = "main" }}
object Zone "everywhere" {{ global = true }}
object CheckerComponent "checker" {{ }}
"""

    def head(self, node, zone):
        return (f'const ZoneName = "{zone}"\nconst PluginContribDir = "{self.plugins(node)}"\n'
                f"include <itl>\ninclude {json.dumps(str(PACKAGING / 'icinga2/commands.conf'))}\n"
                + icinga.api(node) + self.nodes())

    def configure(self):
        script = PACKAGING / "icinga2" / "notify-dnssec"
        common = (f"vars.dnssec_root_hints = {json.dumps(self.lab.hints)}\n"
                  f"vars.dnssec_trust_anchor = {json.dumps(self.lab.anchor)}\n"
                  'vars.dnssec_timeout = "20:unknown"\n'
                  f"vars.dnssec_state_path = {json.dumps(str(self.directory / 'memory'))}\n")
        (self.directory / "memory").mkdir()
        (self.directory / "options.ini").write_text("[usual]\nquery-timeout=3\n", encoding="ascii")
        self.satellite.write("icinga2.conf", self.head(self.satellite, "away"))
        self.master.write("icinga2.conf", self.head(self.master, "main")
                          + 'object NotificationComponent "notification" { }\n')
        # As in a real installation: what all need in the global zone, hosts in the satellite's.
        for name in FILES:
            where = "main" if name == "notifications" else "everywhere"
            self.master.write(f"zones.d/{where}/{name}.conf", shipped(name, script, self.config))
        self.master.write("zones.d/away/hosts.conf", f"""
object Host "zones" {{
  import "dnssec-zones"
  vars.dnssec_zones = {{
    "watched.test" = {{ dnssec_sigs_warning = "5d:", dnssec_sigs_critical = "2d:" }}
    "partial.test" = {{
      dnssec_checks = [ "chain", "sigs" ]
      dnssec_sigs_name = [ "www.partial.test/A", "mail.partial.test" ]
      dnssec_use_ipv4 = true
      dnssec_chain_use_ipv4 = false
      dnssec_retries = 3
      dnssec_sigs_retries = 1
      dnssec_sigs_extra_opts = "usual@{self.directory}/options.ini"
    }}
  }}
  {common}
}}
""")
        self.master.write("zones.d/main/hosts.conf", f"""
object Host "locations" {{
  import "dnssec-zones"
  vars.dnssec_zones = [ "far.test" ]
  vars.dnssec_checks = [ "chain" ]
  vars.dnssec_locations = {{ here = "master", away = "satellite" }}
  vars.dnssec_retries = 0
  vars.dnssec_use_ipv4 = true
  vars.dnssec_chain_name = [ "www.far.test", "mail.far.test" ]
  {common}
}}
""")

    def start(self):
        self.lab.start()
        self.satellite.start()
        self.master.start()
        self.master.wait()
        self.satellite.wait()
        self.wait_for_the_satellite()

    def wait_for_the_satellite(self):
        """Until it has its configuration and, having begun anew with it, is connected again."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                there = self.satellite.objects("services", "zones!dnssec-keys watched.test")
                if there and self.connected():
                    return
            except (OSError, RuntimeError):
                pass
            time.sleep(0.2)
        raise RuntimeError("the satellite got no configuration:\n" + self.satellite.log()[-3000:])

    def connected(self):
        return (self.master.objects("endpoints", "satellite")[0]["connected"]
                and self.satellite.objects("endpoints", "master")[0]["connected"])

    def stop(self):
        self.master.stop()
        self.satellite.stop()
        self.lab.stop()
        self.catcher.stop()


def service(check, zone="watched.test"):
    return f"zones!dnssec-{check} {zone}"


class Icinga2Test(unittest.TestCase):
    """In the order of the names: a day in the life of three zones."""

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory(prefix="icinga2-")
        cls.addClassCleanup(directory.cleanup)
        cls.setup = Setup(directory.name)
        cls.addClassCleanup(cls.setup.stop)
        cls.master, cls.catcher, cls.lab = cls.setup.master, cls.setup.catcher, cls.setup.lab
        for node in (cls.master, cls.setup.satellite):
            status, words = node.validate()
            if status != 0 or "warning/" in words or "critical/" in words:
                raise AssertionError(f"icinga2 daemon -C on {node.name}: {words}")
        cls.setup.start()

    def options(self, name):
        """The options that a service was last checked with."""
        command = self.master.service(name)["last_check_result"]["command"]
        self.assertEqual(os.path.basename(command[0]), "check_" + name.split("!")[1].split()[0]
                         .replace("-", "_"))
        return command[1:]

    def check(self, names, state, times=1):
        """Checks services so often; the last results have that state and come from the satellite."""
        for _ in range(times):
            results = self.master.check_all(names, self.setup.satellite)
        for result in results:
            said = result["last_check_result"]
            self.assertEqual(result["state"], state, said["output"])
            self.assertEqual(said["check_source"], "satellite")
        return results

    def sent(self, wanted):
        """What went out: [(service, event or tier)], and nothing more within a moment."""
        self.catcher.wait_for(len(wanted))
        self.master.finish_notifications()
        calls = self.catcher.take()
        told = [(call.to, call.body.get("event_action") or call.body.get("priority")
                 or call.body.get("text", "close").split(":")[0]) for call in calls]
        self.assertEqual(told, wanted, [call.body for call in calls])
        return calls

    def test_1_healthy(self):
        names = [service(check) for check in CHECKS]
        results = self.check(names, OK)
        for check, result in zip(CHECKS, results):
            said = result["last_check_result"]
            self.assertEqual(result["state_type"], HARD)
            self.assertTrue(said["output"].startswith(f"DNSSEC {check.upper()} OK - watched.test"),
                            said["output"])
            self.assertEqual(said["command"][0],
                             str(self.setup.satellite.home / f"plugins/check_dnssec_{check}"))
        everywhere = ["--root-hints", self.lab.hints, "--timeout", "20:unknown",
                      "--trust-anchor", self.lab.anchor]
        self.assertEqual(sorted(self.options(service("sigs"))), sorted(
            [*everywhere, "--zone", "watched.test", "--warning", "5d:", "--critical", "2d:"]))
        # Arrays repeat the option, flags stand alone, a check's own variable is before the one that
        # all share.
        self.check([service("sigs", "partial.test"), service("chain", "partial.test")], OK)
        options = self.options(service("sigs", "partial.test"))
        self.assertEqual(sorted(options), sorted(
            [*everywhere, "--zone", "partial.test", "--name", "www.partial.test/A", "--name",
             "mail.partial.test", "--use-ipv4", "--retries", "1",
             f"--extra-opts=usual@{self.setup.directory}/options.ini"]))
        self.assertEqual(sorted(self.options(service("chain", "partial.test"))), sorted(
            [*everywhere, "--zone", "partial.test", "--retries", "3"]))
        # The memory is where the variable says, by way of the environment.
        self.assertTrue(list((self.setup.directory / "memory").glob("*/check_dnssec_sigs/*")))
        numbers = performance(results[1])
        self.assertAlmostEqual(numbers["remaining"][0], 30 * DAY, delta=HOUR)
        self.assertEqual(numbers["remaining"][1:3], ["432000:", "172800:"])
        self.assertEqual(numbers["servers"][0], 4)
        self.assertEqual(numbers["tier"][0], 0)
        self.sent([])

    def test_2_one_broken_chain_is_one_alert(self):
        self.lab.change(EXPIRED)
        others = [service(check) for check in CHECKS[1:]]
        # The others find it first, as they may.
        for result in self.check(others, CRITICAL):
            self.assertEqual(result["state_type"], SOFT)
        chain, = self.check([service("chain")], CRITICAL, times=3)
        self.assertEqual(chain["state_type"], HARD)
        self.assertTrue(chain["last_check_result"]["output"].startswith(
            "DNSSEC CHAIN CRITICAL - EMERGENCY: watched.test: "))
        numbers = performance(chain)
        self.assertAlmostEqual(numbers["remaining"][0], -3 * HOUR, delta=300)
        self.assertEqual(numbers["tier"][0], 4)
        calls = self.sent([("slack", "EMERGENCY"), ("pagerduty", "trigger"), ("opsgenie", "P1")])
        self.assertEqual(calls[1].body["dedup_key"],
                         "dnssec:watched.test:rrsig-expired:emergency")
        for result in self.check(others, CRITICAL, times=4):
            self.assertEqual(result["state_type"], HARD)
            self.assertFalse(result["last_reachable"])
        self.sent([])

    def test_3_recovery_is_one_message(self):
        self.lab.change(WATCHED)
        self.check([service("chain")], OK)
        self.sent([("slack", "RECOVERED"), ("pagerduty", "resolve"), ("opsgenie", "close")])
        self.check([service(check) for check in CHECKS[1:]], OK)
        self.sent([])

    def test_4_what_the_chain_does_not_see_alerts(self):
        self.lab.change(MX_EXPIRED)
        sigs = service("sigs", "partial.test")
        self.check([service("chain", "partial.test")], OK)
        result, = self.check([sigs], CRITICAL, times=5)
        self.assertEqual(result["state_type"], HARD)
        self.assertIn("MX signature expired", result["last_check_result"]["output"])
        self.sent([("slack", "CRITICAL"), ("pagerduty", "trigger"), ("opsgenie", "P2")])
        # CRITICAL that becomes an EMERGENCY is no change of state: the reminder tells it, once.
        self.lab.change(ALL_MX_EXPIRED)
        self.check([sigs], CRITICAL)
        reminder, = self.master.objects("notifications", f"{sigs}!dnssec")
        self.assertEqual(reminder["interval"], 300)
        self.master.call("POST", "/v1/actions/delay-notification",
                         {"type": "Service", "service": sigs, "timestamp": time.time()})
        self.catcher.wait_for(5, 40)
        self.sent([("slack", "EMERGENCY"), ("pagerduty", "trigger"), ("pagerduty", "resolve"),
                   ("opsgenie", "P1"), ("opsgenie", "close")])
        self.lab.change(PARTIAL)
        self.check([sigs], OK)
        self.sent([("slack", "RECOVERED"), ("pagerduty", "resolve"), ("opsgenie", "close")])

    def test_5_everywhere_or_only_here(self):
        """Two locations ask; a rule tells whether both see it."""
        views = {place: f"locations!dnssec-chain far.test from {place}" for place in NODES}
        rule = "locations!dnssec-chain far.test"

        def look(here, away):
            """Has both look until they are certain, then the rule; the views' states."""
            results = {}
            for place, state in (("here", here), ("away", away)):
                results[place], = self.master.check_all([views[place]])
                said = results[place]["last_check_result"]
                self.assertEqual(results[place]["state"], state, said["output"])
                self.assertEqual(said["check_source"], NODES[place])
            return self.master.check_all([rule])[0]

        for name, attempts in ((rule, 6), (views["here"], 3), (views["away"], 3)):
            self.assertEqual(self.master.service(name)["max_check_attempts"], attempts)
            self.master.change("services", name, max_check_attempts=1)
        result = look(OK, OK)
        said = result["last_check_result"]
        self.assertEqual((result["state"], said["output"].strip()), (
            OK, "DNSSEC CHAIN OK - far.test: fine from all 2 locations that could look"))
        self.assertEqual(said["performance_data"], ["locations=2", "bad=0", "blind=0"])
        self.sent([])
        plain = ["--root-hints", self.lab.hints, "--timeout", "20:unknown", "--trust-anchor",
                 self.lab.anchor, "--zone", "far.test", "--retries", "0", "--use-ipv4",
                 "--name", "www.far.test", "--name", "mail.far.test"]
        for view in views.values():
            self.assertEqual(sorted(self.options(view)), sorted(plain))

        self.see("satellite", False)
        result = look(OK, UNKNOWN)
        self.assertEqual(result["state"], OK)
        self.assertEqual(result["last_check_result"]["performance_data"],
                         ["locations=1", "bad=0", "blind=1"])
        self.sent([])

        # The satellite is shown the zone after it broke, the master the zone before.
        subprocess.run([os.path.join(BINARIES, "check_dnssec_chain"), "-z", "far.test",
                        "--root-hints", self.lab.hints, "--trust-anchor", self.lab.anchor,
                        "--record", self.setup.directory / "healthy.json"], check=True,
                       stdout=subprocess.DEVNULL)
        self.see("satellite", True)
        self.see("master", "healthy.json")
        self.lab.change(FAR_EXPIRED)
        result = look(OK, CRITICAL)
        said = result["last_check_result"]["output"]
        self.assertEqual(result["state"], WARNING)
        self.assertTrue(said.startswith("DNSSEC CHAIN WARNING - only here (away; 1 of 2 locations):"
                                        " far.test: "), said)
        self.sent([("slack", "WARNING")])

        self.see("master", True)
        result = look(CRITICAL, CRITICAL)
        said = result["last_check_result"]["output"]
        self.assertEqual(result["state"], CRITICAL)
        self.assertRegex(said.split("\n")[0], r"^DNSSEC CHAIN CRITICAL - EMERGENCY: everywhere "
                         r"\((here, away|away, here); 2 of 2 locations\): far\.test: .*"
                         r"\[rrsig-expired\]")
        self.assertIn("[EMERGENCY] rrsig-expired: ", said)
        self.sent([("slack", "EMERGENCY"), ("pagerduty", "trigger"), ("opsgenie", "P1")])

        self.see("master", False)
        self.see("satellite", False)
        result = look(UNKNOWN, UNKNOWN)
        self.assertEqual(result["state"], UNKNOWN)
        self.assertIn("no location could look", result["last_check_result"]["output"])

    def see(self, node, what):
        """What the chain check of a node sees: the lab, nothing, or what it saw when it was well."""
        plugin = self.setup.directory / node / "plugins" / "check_dnssec_chain"
        real = os.path.join(BINARIES, "check_dnssec_chain")
        # Whom nobody answers waits for the answer until the deadline.
        extra = {True: "", False: f"--root-hints {self.lab.directory}/hints.nobody"
                                  " --timeout 2:unknown"}.get(
            what, f"--replay {self.setup.directory / str(what)}")
        plugin.unlink()
        plugin.write_text(f'#!/bin/sh\nexec {real} "$@" {extra}\n', encoding="utf-8")
        plugin.chmod(0o755)

    def test_6_director_has_the_same_intervals(self):
        basket = json.loads((PACKAGING / "icinga2/director-basket.json").read_text("utf-8"))
        for name, template in basket["ServiceTemplate"].items():
            check = name.split("-")[1]
            if check == "resolvers":
                continue
            mine = self.master.service(service(check))
            for attribute in ("check_interval", "retry_interval", "max_check_attempts",
                              "check_command"):
                self.assertEqual(template[attribute], mine[attribute], f"{name} {attribute}")


def performance(service_object):
    """{label: [value, warn, crit, min, max]}, as Icinga keeps it."""
    numbers = {}
    for one in service_object["last_check_result"]["performance_data"]:
        label, values = one.split("=", 1)
        fields = values.split(";")
        fields[0] = float(fields[0].rstrip("s%Bc"))
        numbers[label.strip("'")] = fields
    return numbers


def main():
    global BINARIES
    if len(sys.argv) < 2:
        sys.exit(__doc__.strip())
    if not icinga.available():
        print("icinga2 is not installed (package icinga2-bin)")
        return namespace.SKIPPED
    namespace.enter()
    namespace.bring_up()
    BINARIES = os.path.abspath(sys.argv.pop(1))
    return not unittest.main(exit=False, failfast=True).result.wasSuccessful()


if __name__ == "__main__":
    sys.exit(main())
