#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What dashboards and templates show is what the checks really print: runs every check in the lab and
holds the labels of its performance data against the table that all of them are made from, and against
the files themselves.

usage: tests/lab/lab run --resolver -- tests/systems/metrics.py BINARY_DIR
"""

import configparser
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
PACKAGING = REPOSITORY / "packaging"
# In the place of this file's own directory, which has a metrics.py too.
sys.path[0] = str(PACKAGING / "generators")
sys.path.append(str(REPOSITORY / "tests" / "systems"))

from metrics import METRICS  # noqa: E402

# Where it can be had, the documents are held against their schema too.
if importlib.util.find_spec("jsonschema"):
    from schema import Holder
else:
    Holder = None

RESOLVER = "192.0.2.251"  # Unbound, validating
# Options with which a healthy zone gives every label.
FULL = {"nsec": ["--walk"], "resolvers": [f"--resolver={RESOLVER}"]}
# The labels that are missing without them, and where there is nothing to measure.
BARE = {"nsec": {"walked"}}
UNSIGNED = {"chain": set(), "sigs": {"remaining", "newest_age"}, "ds": set(), "nsec": {"walked"},
            "keys": {"ksk_age", "zsk_age"}, "resolvers": set()}


class Faults:
    """What was held against what."""

    def __init__(self):
        self.count = self.held = 0
        self.schema = Holder(REPOSITORY) if Holder else None

    def hold_document(self, what, document):
        if self.schema:
            self.schema.hold(what, document, "report")
            self.hold(f"{what}: the schema", self.schema.complaints, [])

    def hold(self, what, found, wanted):
        self.held += 1
        if found != wanted:
            self.count += 1
            print(f"{what}: {found!r}, not {wanted!r}")


def labels(binaries, faults, check, zone, *options):
    done = subprocess.run(
        [binaries / f"check_dnssec_{check}", f"--zone={zone}", "--timeout=30", "--output=json",
         f"--root-hints={os.environ['LAB_HINTS']}", f"--trust-anchor={os.environ['LAB_ANCHOR']}",
         *options], capture_output=True, text=True, check=False, timeout=60)
    document = json.loads(done.stdout)
    if document["state"] == "UNKNOWN":
        sys.exit(f"check_dnssec_{check} could not look at {zone}: {document['summary']}")
    faults.hold_document(f"{check} {zone}", document)
    return [metric["label"] for metric in document["metrics"]]


def hold_table(binaries, faults):
    """The table against the checks."""
    for check, table in METRICS.items():
        every = {metric.label for metric in table}
        may_miss = {metric.label for metric in table if metric.missing}
        full = FULL.get(check, [])
        found = labels(binaries, faults, check, "plain.test", *full)
        faults.hold(f"{check}: labels printed twice", len(found), len(set(found)))
        faults.hold(f"{check}: labels of a healthy zone", set(found), every)
        if check != "resolvers":
            faults.hold(f"{check}: labels without options",
                        set(labels(binaries, faults, check, "plain.test")),
                        every - BARE.get(check, set()))
        unsigned = set(labels(binaries, faults, check, "unsigned.test", "--expect=insecure",
                              *(full if check == "resolvers" else [])))
        faults.hold(f"{check}: labels of an unsigned zone", unsigned, every - UNSIGNED[check])
        missing = (BARE.get(check, set()) | UNSIGNED[check]) - may_miss
        faults.hold(f"{check}: labels that the table believes to be there always", missing, set())


def hold_frame(path, board, plugin, faults):
    """What a dashboard must have to be imported anywhere."""
    [wanted] = board["__inputs"]
    faults.hold(f"{path.name}: input", (wanted["type"], wanted["pluginId"]), ("datasource", plugin))
    faults.hold(f"{path.name}: id", board["id"], None)
    faults.hold(f"{path.name}: uid", bool(re.fullmatch(r"[a-zA-Z0-9_-]{1,40}", board["uid"])), True)
    faults.hold(f"{path.name}: schemaVersion", isinstance(board["schemaVersion"], int), True)
    variables = board["templating"]["list"]
    faults.hold(f"{path.name}: variables", [entry["name"] for entry in variables],
                ["command", "hostname", "service"])
    sources = {json.dumps(entry["datasource"]) for entry in
               [*board["panels"], *variables,
                *(target for panel in board["panels"] for target in panel["targets"])]}
    faults.hold(f"{path.name}: data sources", sources,
                {json.dumps({"type": plugin, "uid": "${" + wanted["name"] + "}"})})
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]}
    faults.hold(f"{path.name}: panels with places of their own", len(places), len(board["panels"]))


def hold_dashboard(path, plugin, pattern, faults):
    """One dashboard; returns its uid and {panel: label}."""
    board = json.loads(path.read_text(encoding="utf-8"))
    hold_frame(path, board, plugin, faults)
    shown = {}
    for panel in board["panels"]:
        [target] = panel["targets"]
        [label] = re.findall(pattern, target.get("query", target.get("target")))
        shown[panel["id"]] = label
        faults.hold(f"{path.name}: {panel['title']}, described as", panel["description"].split(",")[0],
                    label)
    faults.hold(f"{path.name}: panels with numbers of their own", len(shown), len(board["panels"]))
    faults.hold(f"{path.name}: labels shown", sorted(shown.values()),
                sorted({metric.label for table in METRICS.values() for metric in table}))
    return board["uid"], shown


def hold_stanzas(path, uid, shown, faults):
    """What Icinga Web shows of each check is what that check prints."""
    stanzas = configparser.ConfigParser()
    stanzas.read(path, encoding="utf-8")
    faults.hold(f"{path.name}: checks", stanzas.sections(),
                [f"dnssec_{check}" for check in METRICS])
    for check, table in METRICS.items():
        stanza = stanzas[f"dnssec_{check}"]
        faults.hold(f"{path.name}: {check} dashboard", stanza["dashboarduid"], f'"{uid}"')
        panels = [int(number) for number in stanza["panelId"].strip('"').split(",")]
        faults.hold(f"{path.name}: {check} labels", sorted(shown[panel] for panel in panels),
                    sorted(metric.label for metric in table))


def hold_template(path, faults):
    """Every metric that a Zabbix template takes from a check's document is one of that check."""
    taken = {check: set() for check in METRICS}
    for entry in re.split(r"\n +- uuid: ", path.read_text(encoding="utf-8")):
        found = re.search(r'@\.label=="(\w+)"', entry)
        if found:
            check = re.search(r"key: 'check_dnssec_(\w+)\[", entry).group(1)
            taken[check].add(found.group(1))
    for check, table in METRICS.items():
        faults.hold(f"{path.relative_to(PACKAGING)}: {check} metrics", taken[check],
                    {metric.label for metric in table} - {"tier"})


def main(arguments):
    if len(arguments) != 1 or "LAB_DIR" not in os.environ:
        print(__doc__.strip())
        return 2
    faults = Faults()
    hold_table(pathlib.Path(arguments[0]).resolve(), faults)
    grafana = PACKAGING / "grafana"
    hold_dashboard(grafana / "dnssec-icinga-graphite.json", "graphite",
                   r"\.perfdata\.(\w+)\.value", faults)
    uid, shown = hold_dashboard(grafana / "dnssec-icinga-influxdb.json", "influxdb",
                                r"\"metric\" = '(\w+)'", faults)
    hold_stanzas(grafana / "graphs.ini", uid, shown, faults)
    for version in ("6.0", "7.0"):
        hold_template(PACKAGING / "zabbix" / version / "template_dnssec_by_external_check.yaml",
                      faults)
    print(f"{faults.held - faults.count} passed, {faults.count} failed")
    return 1 if faults.count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
