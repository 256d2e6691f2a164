#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Prometheus takes what --output openmetrics prints and the rules of packaging/prometheus, and the rules
and the dashboard speak of metrics that there are.

usage: prometheus.py PRINT_SAMPLES REPOSITORY

Exit status 77: promtool is not installed (Debian's package prometheus).
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SECONDS = 60
METRIC = re.compile(r"\bdnssec_[a-z0-9_]+")
# Those that the samples do not have: other checks print them.
NAMES = re.compile(r'KnownSample\{"[a-z_]+", "([a-z0-9_]+)"')


class Faults:
    """What was held, and what was wrong."""

    def __init__(self):
        self.held = self.count = 0

    def hold(self, what, truth, words=""):
        self.held += 1
        if not truth:
            self.count += 1
            print(f"{what}: {words}")


def run(faults, what, *command, text="", folder=None):
    done = subprocess.run([*map(str, command)], input=text, capture_output=True, text=True,
                          check=False, timeout=SECONDS, cwd=folder)
    faults.hold(what, done.returncode == 0, done.stdout + done.stderr)
    return done.stdout


def check_panels(faults, panels):
    """The dashboard's queries are PromQL."""
    rules = [{"record": "panel:query", "expr": target["expr"]} for panel in panels
             for target in panel["targets"]]
    with tempfile.NamedTemporaryFile("w", suffix=".yml", encoding="utf-8") as file:
        json.dump({"groups": [{"name": "panels", "rules": [
            {**rule, "labels": {"panel": str(number)}} for number, rule in enumerate(rules)]}]}, file)
        file.flush()
        run(faults, "dashboard", "promtool", "check", "rules", file.name)


def main(arguments):
    if len(arguments) != 2:
        print(__doc__.strip())
        return 2
    if shutil.which("promtool") is None:
        print("promtool is not installed")
        return 77
    tool, repository = (pathlib.Path(path).resolve() for path in arguments)
    faults = Faults()
    samples = run(faults, "print_samples", tool, "openmetrics")
    run(faults, "promtool check metrics", "promtool", "check", "metrics", text=samples)
    folder = repository / "packaging" / "prometheus"
    rules = folder / "dnssec.rules.yml"
    run(faults, "promtool check rules", "promtool", "check", "rules", rules)
    run(faults, "promtool test rules", "promtool", "test", "rules", "dnssec_test.yml", folder=folder)

    known = set(METRIC.findall(samples))
    source = repository / "common" / "plugin" / "openmetrics_names.cpp"
    known |= {f"dnssec_{name}" for name in NAMES.findall(source.read_text(encoding="utf-8"))}
    faults.hold("names", len(known) > 20, f"only {sorted(known)} are known")
    spoken = {"rules": METRIC.findall(rules.read_text(encoding="utf-8"))}
    board = repository / "packaging" / "grafana" / "dnssec-prometheus.json"
    panels = json.loads(board.read_text(encoding="utf-8"))["panels"]
    check_panels(faults, panels)
    spoken["dashboard"] = METRIC.findall(json.dumps([panel.get("targets") for panel in panels]))
    for what, names in spoken.items():
        faults.hold(what, names and set(names) <= known, f"unknown: {set(names) - known}")
    print(f"{faults.held - faults.count} passed, {faults.count} failed")
    return 1 if faults.count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
