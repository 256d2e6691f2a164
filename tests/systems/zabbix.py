#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The template in a real Zabbix 6.0: its import, the checks as external scripts against the lab, the
values that arrive, what is discovered, and the problems of broken and healthy zones.

usage: tests/lab/lab run --resolver -- tests/systems/zabbix.py BINARY_DIR

Exit status 77: Zabbix is not here.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent / "lab")]

from harness import zabbix  # noqa: E402

SKIPPED = 77
TEMPLATE = "DNSSEC zone by external check"
FILE = REPOSITORY / "packaging" / "zabbix" / "6.0" / "template_dnssec_by_external_check.yaml"
CHECKS = ("chain", "sigs", "ds", "nsec", "keys")
RESOLVER = "192.0.2.251"  # Unbound, validating
# Seconds without data; such triggers are looked at every 30 seconds, that of the chain in time.
SILENCE, LOOK = 45, 30
ENOUGH = 180  # seconds for a value to arrive on a busy machine
DISASTER, HIGH, AVERAGE, INFORMATION = "5", "4", "3", "1"


class Results:
    """What was held against what."""

    def __init__(self):
        self.passed = self.failed = 0

    def hold(self, what, found, wanted):
        if found == wanted:
            self.passed += 1
        else:
            self.failed += 1
            print(f"{what}: {found!r}, not {wanted!r}", flush=True)

    def hold_soon(self, what, found, wanted):
        """As hold(), but it may take a while."""
        end = time.monotonic() + ENOUGH
        while found() != wanted and time.monotonic() < end:
            time.sleep(0.5)
        self.hold(what, found(), wanted)


def without_times(words):
    """The times in a summary go on with every run."""
    return re.sub(r"[0-9]+[smhd]( [0-9]+[smhd])?", "TIME", words)


class Watch:
    """The hosts of the test in Zabbix."""

    def __init__(self, server, options_file):
        self.server = server
        self.options_file = options_file
        self.hosts = {}
        self.group = server.call("hostgroup.create", {"name": "Zones"})["groupids"][0]
        self.template = server.call("template.get", {"filter": {"host": TEMPLATE}})[0]["templateid"]

    def _macros(self, own):
        values = {"OPTION": f"--extra-opts=lab@{self.options_file}", "TIMEOUT": "25",
                  "QUERY.TIMEOUT": "5", **own}
        return [{"macro": "{$DNSSEC.%s}" % name, "value": value} for name, value in values.items()]

    def add(self, name, **macros):
        self.hosts[name] = self.server.call("host.create", {
            "host": name, "groups": [{"groupid": self.group}],
            "templates": [{"templateid": self.template}], "macros": self._macros(macros),
            "interfaces": [{"type": 1, "main": 1, "useip": 1, "ip": "127.0.0.1", "dns": "",
                            "port": "10050"}]})["hostids"][0]

    def set_macros(self, name, **macros):
        self.server.call("host.update", {"hostid": self.hosts[name],
                                         "macros": self._macros(macros)})

    def items(self, name):
        found = self.server.call("item.get", {
            "hostids": self.hosts[name],
            "output": ["key_", "lastvalue", "lastclock", "lastns", "state", "error", "flags"]})
        return {item["key_"]: item for item in found}

    def value(self, name, key):
        return self.items(name)[key]["lastvalue"]

    def problems(self, name):
        """[(severity, name)] of the host's problems, worst first."""
        found = self.server.call("problem.get", {"hostids": self.hosts[name],
                                                 "output": ["name", "severity"]})
        return sorted(((row["severity"], without_times(row["name"])) for row in found),
                      reverse=True)

    def odd_triggers(self, name):
        """Those that fire or cannot be evaluated."""
        found = self.server.call("trigger.get", {
            "hostids": self.hosts[name], "output": ["description", "value", "state", "error"]})
        return [row for row in found if row["value"] != "0" or row["state"] != "0"]

    def enable_resolvers(self, name):
        [item] = [item for key, item in self.items(name).items()
                  if key.startswith("check_dnssec_resolvers[")]
        self.server.call("item.update", {"itemid": item["itemid"], "status": 0})

    def _moments(self, name, checks):
        items = self.items(name)
        return {(name, check): [items[f"dnssec.{check}.state"][part] for part in ("lastclock",
                                                                                  "lastns")]
                for check in checks}

    def run(self, *checks, names):
        """Has these checks of these hosts run now, and waits for the new states."""
        before, masters = {}, []
        for name in names:
            before.update(self._moments(name, checks))
            masters += [item["itemid"] for key, item in self.items(name).items()
                        if key.startswith(tuple(f"check_dnssec_{check}[" for check in checks))]
        self.server.call("task.create", [{"type": 6, "request": {"itemid": item}}
                                         for item in masters])
        end = time.monotonic() + ENOUGH
        while before:
            time.sleep(0.3)
            for name in sorted({name for name, _ in before}):
                for run, moment in self._moments(name, checks).items():
                    if before.get(run, moment) != moment:
                        del before[run]
            if before and time.monotonic() > end:
                errors = {key: item["error"] for name, _ in before
                          for key, item in self.items(name).items() if item["error"]}
                raise RuntimeError(f"no values of {sorted(before)}: {errors}; {self.server.logs()}")


def direct(binaries, check, zone, options_file):
    """What the plugin says when it is asked without Zabbix."""
    own = [f"--resolver={RESOLVER}"] if check == "resolvers" else []
    done = subprocess.run(
        [binaries / f"check_dnssec_{check}", f"--zone={zone}", "--timeout=25", "--query-timeout=5",
         f"--extra-opts=lab@{options_file}", *own, "--output=json"], capture_output=True, text=True,
        check=False, timeout=60)
    return json.loads(done.stdout)


def hold_import(server, results):
    may = {"createMissing": True, "updateExisting": True}
    rules = {"groups": may, "templates": may, "templateDashboards": may, "valueMaps": may,
             "items": may, "triggers": may, "graphs": may, "discoveryRules": may,
             "templateLinkage": {"createMissing": True}}
    request = {"format": "yaml", "source": FILE.read_text(encoding="utf-8"), "rules": rules}
    results.hold("the import", server.call("configuration.import", request), True)
    # It orders lists in its own way and leaves defaults out, so what it would update says nothing.
    compared = json.dumps(server.call("configuration.importcompare", request))
    results.hold("what a second import would add or remove",
                 [word for word in ("added", "removed") if f'"{word}"' in compared], [])


def add_hosts(watch):
    watch.add("plain", ZONE="plain.test", RESOLVER=RESOLVER)
    watch.enable_resolvers("plain")
    watch.add("mail", ZONE="rrsig-expired-mx.test")
    watch.add("one-server", ZONE="rrsig-expired-one-ns-mx.test")
    watch.add("delegation", ZONE="ds-no-matching-dnskey.test")
    watch.add("mistaken", ZONE="plain.test", EXPECT="nonsense")
    watch.add("walkable", **{"ZONE": "plain.test", "TIER.INFO": "1"})
    watch.add("silent", **{"ZONE": "plain.test", "OPTION": "--version",
                           "NODATA.TIME": f"{SILENCE}s", 'NODATA.TIME:"chain"': "10s"})


def hold_healthy(watch, name, documents, results):
    """Every value is the plugin's own."""
    items = watch.items(name)
    for check, document in documents.items():
        what = f"{name} {check}"
        results.hold(f"{what} state", items[f"dnssec.{check}.state"]["lastvalue"], "0")
        results.hold(f"{what} tier", items[f"dnssec.{check}.tier"]["lastvalue"],
                     str(document["tier"]))
        for metric in document["metrics"]:
            if metric["label"] in ("tier", "questions"):
                continue
            value = items[f"dnssec.{check}.{metric['label']}"]["lastvalue"]
            # Time went on between Zabbix's run and ours.
            most = ENOUGH if metric["unit"] == "s" else 0
            results.hold(f"{what} {metric['label']} ({value}, {metric['value']})",
                         value != "" and abs(float(value) - metric["value"]) <= most, True)
    results.hold(f"{name} items that failed",
                 {key: item["error"] for key, item in items.items() if item["state"] != "0"}, {})
    remaining = next(metric["value"] for metric in documents["sigs"]["metrics"]
                     if metric["label"] == "remaining")
    ends = documents["sigs"]["judged_at"] + remaining
    results.hold(f"{name} next expiry",
                 abs(int(items["dnssec.sigs.expires"]["lastvalue"]) - ends) <= 1, True)
    results.hold(f"{name} problems", watch.problems(name), [])
    # Those of keys look back for weeks; else all of them can be told after two runs.
    results.hold_soon(f"{name} triggers that fire or fail", lambda: [
        row for row in watch.odd_triggers(name) if "DNSSEC Key " not in row["description"]], [])


def hold_discovered(watch, name, documents, results):
    items = watch.items(name)
    discovered = {key: item["lastvalue"] for key, item in items.items() if item["flags"] == "4"}
    wanted = {f'dnssec.resolver.status["{RESOLVER}"]': "ok"}
    for server in documents["sigs"]["servers"]:
        address = f'["{server["name"]}","{server["address"]}"]'
        wanted[f"dnssec.server.status{address}"] = "ok"
        wanted[f"dnssec.server.serial{address}"] = str(server["serial"])
        wanted[f"dnssec.server.expires{address}"] = str(server["soonest_expiry"])
        wanted[f"dnssec.server.nsid{address}"] = server["nsid"]
    for key in documents["keys"]["keys"]:
        own = f'[{key["tag"]},{key["algorithm"]},{key["flags"]}]'
        wanted[f"dnssec.key.bits{own}"] = str(key["bits"])
        wanted[f"dnssec.key.ds{own}"] = str(int(key["ds_matches"]))
        wanted[f"dnssec.key.signs_dnskey{own}"] = str(int(key["signs_dnskey"]))
        wanted[f"dnssec.key.signs_zone{own}"] = str(int(key["signs_zone"]))
    trips = {key: discovered.pop(key) for key in list(discovered) if ".rtt[" in key}
    results.hold(f"{name} discovered items", discovered, wanted)
    results.hold(f"{name} round trips",
                 {key: 0 < float(trip) < 10 for key, trip in trips.items()},
                 {key.replace(".status[", ".rtt["): True for key in wanted if ".status[" in key})


def hold_broken(watch, results):
    """One cause is one problem, of the right severity, named by the check's own words."""
    def summary(name, check):
        return without_times(watch.value(name, f"dnssec.{check}.summary"))

    signatures, chain = "DNSSEC Signatures: ", "DNSSEC Chain of trust: "
    mail = summary("mail", "sigs")
    results.hold("an expired signature", watch.problems("mail"), [(DISASTER, signatures + mail)])
    results.hold("its words", mail, "EMERGENCY: rrsig-expired-mx.test: MX signature expired TIME ago "
                 "on all 4 servers [rrsig-expired]")
    results.hold("its tier", watch.value("mail", "dnssec.sigs.tier"), "4")
    results.hold("its finding", watch.value("mail", "dnssec.sigs.findings").split("] ")[0],
                 "EMERGENCY [rrsig-expired")
    results.hold("one on one server", watch.problems("one-server"),
                 [(HIGH, signatures + "CRITICAL: " + summary("one-server", "sigs"))])
    results.hold("a delegation that all checks find broken", watch.problems("delegation"),
                 [(DISASTER, chain + summary("delegation", "chain"))])
    results.hold("the tiers of its checks",
                 [watch.value("delegation", f"dnssec.{check}.tier") for check in CHECKS],
                 ["4", "4", "4", "1", "4"])
    results.hold("a mistaken option", watch.problems("mistaken"), [
        (AVERAGE, chain + 'UNKNOWN: option --expect: "nonsense" is not secure, insecure, bogus or '
         "any")])
    results.hold("information that was asked for", watch.problems("walkable"), [
        (INFORMATION, "DNSSEC Denials: " + watch.value("walkable", "dnssec.nsec.findings"))])


def wait_for_discovery(watch, name, count):
    end = time.monotonic() + ENOUGH
    while sum(item["flags"] == "4" for item in watch.items(name).values()) < count:
        if time.monotonic() > end:
            raise RuntimeError(f"{name}: not discovered: {sorted(watch.items(name))}")
        time.sleep(0.3)
    time.sleep(3)  # the server must know the new items before the next values


def perform(server, binaries, options_file, results, say):
    for host in server.call("host.get", {"output": ["hostid"]}):
        server.call("host.delete", [host["hostid"]])
    hold_import(server, results)
    say("the template is imported")
    watch = Watch(server, options_file)
    add_hosts(watch)
    silent_until = time.monotonic() + SILENCE + LOOK + 10
    time.sleep(3)  # until the server has read them
    say(f"{len(watch.hosts)} hosts are there")
    speaking = [name for name in watch.hosts if name != "silent"]
    watch.run("chain", names=speaking)
    watch.run(*CHECKS[1:], names=speaking)
    watch.run("resolvers", names=["plain"])
    say("the first values are there")
    hold_broken(watch, results)
    wait_for_discovery(watch, "plain", 4 * 5 + 4 + 2)
    watch.run("sigs", "keys", "resolvers", names=["plain"])
    documents = {check: direct(binaries, check, "plain.test", options_file)
                 for check in (*CHECKS, "resolvers")}
    hold_healthy(watch, "plain", documents, results)
    hold_discovered(watch, "plain", documents, results)
    say("what was discovered has values")
    watch.set_macros("mail", ZONE="plain.test")
    time.sleep(3)
    watch.run("sigs", names=["mail"])
    results.hold_soon("a mended zone", lambda: watch.problems("mail"), [])
    time.sleep(max(0, silent_until - time.monotonic()))
    results.hold_soon("checks that say nothing", lambda: watch.problems("silent"),
                      [(AVERAGE, "DNSSEC Chain of trust: no result for TIME")])


def main(arguments):
    if len(arguments) != 1 or "LAB_DIR" not in os.environ:
        print(__doc__.strip())
        return 2
    if zabbix.missing():
        print(f"skipped: {zabbix.missing()}")
        return SKIPPED
    binaries, results = pathlib.Path(arguments[0]).resolve(), Results()
    began = time.monotonic()

    def say(words):
        print(f"{time.monotonic() - began:6.1f} s  {words}", flush=True)

    with tempfile.TemporaryDirectory(prefix="zbx-") as directory:
        server = zabbix.Zabbix(directory)
        options_file = pathlib.Path(directory) / "lab.ini"
        options_file.write_text(f"[lab]\nroot-hints={os.environ['LAB_HINTS']}\n"
                                f"trust-anchor={os.environ['LAB_ANCHOR']}\n", encoding="utf-8")
        for check in (*CHECKS, "resolvers"):
            name = f"check_dnssec_{check}"
            (server.external_scripts / name).symlink_to(binaries / name)
        try:
            server.start()
            say(f"Zabbix {server.version()} is up")
            perform(server, binaries, options_file, results, say)
        finally:
            server.stop()
            say("Zabbix is down")
    print(f"{results.passed} passed, {results.failed} failed")
    return 1 if results.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
