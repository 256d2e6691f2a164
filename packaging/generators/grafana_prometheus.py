# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""A Grafana dashboard for what Prometheus has of --output openmetrics: many zones at once."""

import json

from grafana import TIERS

UID, NAME = "dnssec-prometheus", "DS_PROMETHEUS"
SOURCE = {"type": "prometheus", "uid": "${" + NAME + "}"}
CHOSEN = '{zone=~"$zone", check=~"$check"}'
LEGEND = "{{zone}} {{check}}"
COLUMNS = 24


def target(expression, legend=LEGEND, instant=False):
    made = {"refId": "A", "datasource": SOURCE, "expr": expression, "legendFormat": legend,
            "range": not instant, "instant": instant}
    if instant:
        made["format"] = "table"
    return made


def tier_mappings():
    return [{"type": "value", "options": {
        str(number): {"text": word, "color": color, "index": number}
        for number, (word, color) in enumerate(TIERS)}}]


def count_panel(number, word, color):
    return {"type": "stat", "title": word, "size": (4, 4),
            "description": f"Zones and checks whose tier is {word}.",
            "targets": [target(f"count(dnssec_check_tier{CHOSEN} == {number}) or vector(0)", word)],
            "fieldConfig": {"defaults": {"color": {"mode": "fixed", "fixedColor": color}},
                            "overrides": []},
            "options": {"colorMode": "background", "graphMode": "none",
                        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}}


def unknown_panel():
    made = count_panel(0, "UNKNOWN", "purple")
    return {**made, "description": "Zones and checks that could not be looked at.",
            "targets": [target(f"count(dnssec_check_state{CHOSEN} == 3) or vector(0)", "UNKNOWN")]}


def table(title, words, expression, **defaults):
    return {"type": "table", "title": title, "description": words, "size": (12, 9),
            "targets": [target(expression, instant=True)],
            "transformations": [{"id": "organize", "options": {
                "excludeByName": {"Time": True, "__name__": True, "instance": True, "job": True}}}],
            "fieldConfig": {"defaults": {}, "overrides": [
                {"matcher": {"id": "byName", "options": "Value"},
                 "properties": [{"id": name, "value": value} for name, value in defaults.items()]}]},
            "options": {"showHeader": True, "sortBy": []}}


def lines(title, words, expression, unit="short", **defaults):
    return {"type": "timeseries", "title": title, "description": words, "size": (12, 8),
            "targets": [target(expression)],
            "fieldConfig": {"defaults": {
                "unit": unit, "custom": {"drawStyle": "line", "lineInterpolation": "stepAfter",
                                         "spanNulls": 7200000}, **defaults}, "overrides": []},
            "options": {"legend": {"displayMode": "table", "placement": "bottom", "showLegend": True,
                                   "calcs": ["lastNotNull"]},
                        "tooltip": {"mode": "multi", "sort": "none"}}}


def panels():
    counts = [count_panel(number, word, color)
              for number, (word, color) in reversed(list(enumerate(TIERS)))]
    return counts + [
        unknown_panel(),
        table("Zones with problems", "The worst first.",
              f"sort_desc(dnssec_check_tier{CHOSEN} >= 2)", mappings=tier_mappings(),
              displayName="Tier", **{"custom.displayMode": "color-background"}),
        table("Signatures that end first", "The twenty zones whose first signature ends soonest.",
              f"sort(bottomk(20, dnssec_signature_expiry_timestamp_seconds{CHOSEN} - time()))",
              unit="dtdurations", displayName="Time left"),
        lines("Tier", "0 OK, 1 INFO, 2 WARNING, 3 CRITICAL, 4 EMERGENCY.",
              f"dnssec_check_tier{CHOSEN}", min=0, max=4, decimals=0, mappings=tier_mappings()),
        lines("Time until the first signature ends", "It goes up when the signer renews signatures.",
              f"dnssec_signature_expiry_timestamp_seconds{CHOSEN} - time()", "dtdurations"),
        lines("Age of the newest signature", "It grows without end when the signer has stopped.",
              f"time() - dnssec_newest_signature_timestamp_seconds{CHOSEN}", "dtdurations"),
        lines("Addresses of nameservers that fail", "They gave no usable answer.",
              f"dnssec_servers_failing{CHOSEN}"),
        lines("Age of the oldest keys", "Key-signing keys, as far as it is known.",
              f"time() - dnssec_oldest_ksk_timestamp_seconds{CHOSEN}", "dtdurations"),
        lines("Time since the last check", "It grows when the job has stopped.",
              f"time() - dnssec_last_check_timestamp_seconds{CHOSEN}", "dtdurations"),
        lines("Run time of the checks", "How long a zone took.",
              f"dnssec_check_duration_seconds{CHOSEN}", "s"),
        lines("Questions asked", "Of one zone and check.", f"dnssec_questions{CHOSEN}"),
    ]


def placed():
    """The panels in rows, each with the number of its place."""
    made, x, y, height = [], 0, 0, 0
    for number, panel in enumerate(panels(), 1):
        width, tall = panel.pop("size")
        if x + width > COLUMNS:
            x, y = 0, y + height
        height = tall
        made.append({"id": number, "datasource": SOURCE,
                     "gridPos": {"h": tall, "w": width, "x": x, "y": y}, **panel})
        x += width
    return made


def variable(name):
    return {"name": name, "label": name.capitalize(), "type": "query", "datasource": SOURCE,
            "query": {"query": f"label_values(dnssec_check_state, {name})", "refId": name},
            "definition": f"label_values(dnssec_check_state, {name})", "refresh": 2, "sort": 1,
            "multi": True, "includeAll": True, "allValue": ".*", "hide": 0, "regex": "",
            "options": [], "current": {"text": ["All"], "value": ["$__all"]}}


def dashboard(_checks):
    return json.dumps({
        "__inputs": [{"name": NAME, "label": "Prometheus", "type": "datasource",
                      "description": "What scrapes node_exporter with its textfile collector",
                      "pluginId": "prometheus", "pluginName": "Prometheus"}],
        "__requires": [
            {"type": "grafana", "id": "grafana", "name": "Grafana", "version": "9.0.0"},
            {"type": "datasource", "id": "prometheus", "name": "Prometheus", "version": "1.0.0"},
            *({"type": "panel", "id": kind, "name": words, "version": ""} for kind, words in
              (("stat", "Stat"), ("table", "Table"), ("timeseries", "Time series")))],
        "id": None, "uid": UID, "title": "DNSSEC (Prometheus)",
        "description": "What check_dnssec writes with --output openmetrics, for many zones.",
        "tags": ["dnssec", "prometheus"], "schemaVersion": 36, "version": 1, "editable": True,
        "timezone": "browser", "time": {"from": "now-7d", "to": "now"}, "refresh": "5m",
        "graphTooltip": 1, "links": [], "annotations": {"list": []},
        "templating": {"list": [variable("zone"), variable("check")]}, "panels": placed(),
    }, indent=2, ensure_ascii=False) + "\n"
