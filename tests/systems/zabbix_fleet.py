#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The template of many zones in a real Zabbix 6.0: its import, zones that are discovered, their values
and problems. The external scripts print made-up zones, among them one whose name and texts are hostile.

usage: zabbix_fleet.py PRINT_SAMPLES

Exit status 77: Zabbix is not here.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent / "lab")]

from harness import zabbix  # noqa: E402

SKIPPED = 77
TEMPLATE = "DNSSEC zones by external check"
FOLDER = REPOSITORY / "packaging" / "zabbix" / "6.0"
CHECKS = ("chain", "sigs", "ds", "nsec", "keys")
ENOUGH = 120  # seconds for a value to arrive on a busy machine
DISASTER = "5"


class Fleet:
    """The host of the test, and what was held against what."""

    def __init__(self, server):
        self.server = server
        self.passed = self.failed = 0
        template = server.call("template.get", {"filter": {"host": TEMPLATE}})[0]["templateid"]
        group = server.call("hostgroup.create", {"name": "Zones"})["groupids"][0]
        macros = {"RUNS.CRITICAL": "#1", "RUNS.WARNING": "#1", "RUNS.UNKNOWN": "#1"}
        self.host = server.call("host.create", {
            "host": "zones", "groups": [{"groupid": group}], "templates": [{"templateid": template}],
            "macros": [{"macro": "{$DNSSEC.%s}" % name, "value": value}
                       for name, value in macros.items()],
            "interfaces": [{"type": 1, "main": 1, "useip": 1, "ip": "127.0.0.1", "dns": "",
                            "port": "10050"}]})["hostids"][0]

    def hold(self, what, found, wanted):
        if found == wanted:
            self.passed += 1
        else:
            self.failed += 1
            print(f"{what}: {found!r}, not {wanted!r}", flush=True)

    def items(self):
        found = self.server.call("item.get", {
            "hostids": self.host,
            "output": ["key_", "lastvalue", "lastclock", "state", "error", "flags"]})
        return {item["key_"]: item for item in found}

    def run_masters(self):
        masters = [item["itemid"] for key, item in self.items().items()
                   if key.startswith("check_dnssec_")]
        self.server.call("task.create", [{"type": 6, "request": {"itemid": item}}
                                         for item in masters])

    def until(self, what, ready):
        end = time.monotonic() + ENOUGH
        while not ready():
            if time.monotonic() > end:
                errors = {key: item["error"] for key, item in self.items().items() if item["error"]}
                raise RuntimeError(f"{what}: not within {ENOUGH} s: {errors}; {self.server.logs()}")
            time.sleep(0.5)

    def problems(self):
        found = self.server.call("problem.get", {"hostids": self.host,
                                                 "output": ["name", "severity"]})
        return [(row["severity"], row["name"]) for row in found]


def import_templates(server):
    """Both: they must not be in each other's way."""
    may = {"createMissing": True, "updateExisting": True}
    rules = {"groups": may, "templates": may, "templateDashboards": may, "valueMaps": may,
             "items": may, "triggers": may, "graphs": may, "discoveryRules": may,
             "templateLinkage": {"createMissing": True}}
    differences = []
    for path in sorted(FOLDER.glob("*.yaml")):
        request = {"format": "yaml", "source": path.read_text(encoding="utf-8"), "rules": rules}
        server.call("configuration.import", request)
        compared = json.dumps(server.call("configuration.importcompare", request))
        differences += [f"{path.name}: {word}" for word in ("added", "removed")
                        if f'"{word}"' in compared]
    return differences


def hold_values(fleet, document):
    items = fleet.items()
    for check in CHECKS:
        for label in ("zones", "ok", "warning", "critical", "unknown", "summary"):
            fleet.hold(f"{check} {label}", items[f"dnssec.zones.{check}.{label}"]["lastvalue"],
                       str(document["totals"][label]))
        for zone in document["zones"]:
            for label in ("state", "tier", "summary"):
                if zone[label] is None:
                    continue
                key = f'dnssec.zone.{check}.{label}["{zone["zone"]}"]'
                value = items.get(key, {"lastvalue": "no such item"})["lastvalue"]
                wanted = str(zone[label])
                fleet.hold(key, value.replace("\ufffd", ""), wanted.replace("\ufffd", ""))
    expires = int(items['dnssec.zone.sigs.expires["good.example"]']["lastvalue"])
    wanted = next(zone["expires"] for zone in document["zones"] if zone["zone"] == "good.example")
    fleet.hold("next expiry", abs(expires - wanted) <= ENOUGH, True)
    fleet.hold("items that failed",
               {key: item["error"] for key, item in items.items() if item["state"] != "0"}, {})


def perform(server, tool):
    for host in server.call("host.get", {"output": ["hostid"]}):
        server.call("host.delete", [host["hostid"]])
    differences = import_templates(server)
    fleet = Fleet(server)
    fleet.hold("what a second import would add or remove", differences, [])
    document = json.loads(subprocess.run([tool, "zabbix"], capture_output=True, check=True,
                                         timeout=20).stdout.decode("utf-8"))
    wanted = len(document["zones"]) * (3 * len(CHECKS) + 2)
    time.sleep(3)  # until the server has read the host
    fleet.run_masters()
    fleet.until("discovery",
                lambda: sum(item["flags"] == "4" for item in fleet.items().values()) >= wanted)
    time.sleep(3)
    fleet.run_masters()
    fleet.until("values", lambda: all(
        item["lastclock"] != "0" for key, item in fleet.items().items()
        if ".summary[" in key or ".state[" in key))
    hold_values(fleet, document)
    bad = next(zone["summary"] for zone in document["zones"] if zone["zone"] == "bad.example")
    for title in ("Chain of trust", "Signatures", "DS", "Denials", "Keys"):
        words = (DISASTER, f"DNSSEC {title}: {bad}")
        fleet.until(f"the problem {words}", lambda words=words: words in fleet.problems())
    fleet.hold("problems of the good zone",
               [problem for problem in fleet.problems() if "good.example" in problem[1]], [])
    fleet.hold("zones that could not be looked at", sum("UNKNOWN: dark.example" in name
                                                        for _, name in fleet.problems()), len(CHECKS))
    return fleet


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 2
    if zabbix.missing():
        print(f"skipped: {zabbix.missing()}")
        return SKIPPED
    tool = pathlib.Path(arguments[0]).resolve()
    with tempfile.TemporaryDirectory(prefix="zbx-") as directory:
        server = zabbix.Zabbix(directory)
        for check in CHECKS:
            script = server.external_scripts / f"check_dnssec_{check}"
            script.write_text(f"#!/bin/sh\nexec {tool} zabbix\n", encoding="utf-8")
            script.chmod(0o755)
        try:
            server.start()
            fleet = perform(server, tool)
        finally:
            server.stop()
    print(f"{fleet.passed} passed, {fleet.failed} failed")
    return 1 if fleet.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
