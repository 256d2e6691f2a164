# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Grafana dashboards for what Icinga writes to InfluxDB or Graphite, and the stanzas that show their
panels in Icinga Web."""

import json

from metrics import METRICS
from options import CHECKS

HEIGHT, WIDTH = 7, 12
TIERS = (("OK", "green"), ("INFO", "blue"), ("WARNING", "yellow"), ("CRITICAL", "orange"),
         ("EMERGENCY", "red"))
VARIABLES = ("command", "hostname", "service")
# In the order in which they are shown. A panel's number is its place: addresses of single panels and
# Icinga Web name it, so new labels go to the end.
LABELS = ("tier", "remaining", "newest_age", "servers_failing", "servers", "time", "questions", "links",
          "rrsets", "signatures", "parent_servers_failing", "parent_servers", "ds", "ds_matching",
          "keys", "iterations", "salt", "optout", "denials", "walked", "ksk_age", "zsk_age",
          "dnskey_size", "slowest", "resolvers", "resolvers_validating")


def number_of(label):
    return 1 + LABELS.index(label)


def described(label):
    """(its metric, the checks that print it)."""
    found = {check: metric for check in CHECKS for metric in METRICS[check] if metric.label == label}
    return next(iter(found.values())), list(found)


class Influx:
    """Measurement: the check command; tags hostname, service, metric; field value (InfluxQL)."""

    uid, title, kind, name = "dnssec-icinga-influxdb", "InfluxDB", "influxdb", "DS_INFLUXDB"

    def target(self, label):
        where = " AND ".join([*(f'"{tag}" =~ /^${tag}$/' for tag in ("hostname", "service")),
                              f"\"metric\" = '{label}'", "$timeFilter"])
        return {"query": f'SELECT last("value") FROM /^$command$/ WHERE {where} '
                         'GROUP BY time($__interval), "hostname", "service" fill(null)',
                "rawQuery": True, "resultFormat": "time_series",
                "alias": "$tag_hostname $tag_service"}

    def variable(self, name):
        if name == "command":
            return "SHOW MEASUREMENTS WITH MEASUREMENT =~ /^dnssec_/"
        where = ' WHERE "hostname" =~ /^$hostname$/' if name == "service" else ""
        return f'SHOW TAG VALUES FROM /^$command$/ WITH KEY = "{name}"{where}'


class Graphite:
    """icinga2.HOST.services.SERVICE.COMMAND.perfdata.LABEL.value, as Icinga names it by default."""

    uid, title, kind, name = "dnssec-icinga-graphite", "Graphite", "graphite", "DS_GRAPHITE"

    def target(self, label):
        return {"target": "aliasByNode(icinga2.$hostname.services.$service.$command.perfdata."
                          f"{label}.value, 1, 3)"}

    def variable(self, name):
        return {"command": "icinga2.*.services.*.dnssec_*",
                "hostname": "icinga2.*",
                "service": "icinga2.$hostname.services.*"}[name]


def source(backend):
    return {"type": backend.kind, "uid": "${" + backend.name + "}"}


def variable(backend, name):
    """The command is one: it says what the panels show. Hosts and services may be many."""
    many = name != "command"
    return {"name": name, "label": name.capitalize(), "type": "query", "datasource": source(backend),
            "query": backend.variable(name), "refresh": 2, "sort": 1, "multi": many,
            "includeAll": many, "hide": 0, "regex": "", "options": [], "current": {}}


def defaults(metric):
    made = {"unit": {"s": "s", "B": "decbytes"}.get(metric.unit, "short"),
            "custom": {"drawStyle": "line", "lineInterpolation": "stepAfter", "spanNulls": 7200000}}
    if metric.label == "tier":
        made.update(min=0, max=4, decimals=0, mappings=[{"type": "value", "options": {
            str(number): {"text": word, "color": color, "index": number}
            for number, (word, color) in enumerate(TIERS)}}])
    elif metric.label in ("remaining", "newest_age", "ksk_age", "zsk_age"):
        made["unit"] = "dtdurations"
    return made


def panel(backend, place, label, metric, checks):
    missing = f" Missing {metric.missing}." if metric.missing else ""
    return {
        "id": number_of(label), "type": "timeseries", "title": metric.title,
        "description": f"{label}, of {', '.join('dnssec_' + check for check in checks)}: "
                       f"{metric.meaning}{missing}",
        "datasource": source(backend),
        "gridPos": {"h": HEIGHT, "w": WIDTH, "x": WIDTH * (place % 2), "y": HEIGHT * (place // 2)},
        "targets": [{"refId": "A", "datasource": source(backend), **backend.target(label)}],
        "fieldConfig": {"defaults": defaults(metric), "overrides": []},
        "options": {"legend": {"displayMode": "table", "placement": "bottom", "showLegend": True,
                               "calcs": ["lastNotNull"]},
                    "tooltip": {"mode": "multi", "sort": "none"}},
    }


def dashboard_of(backend):
    """A function that makes the dashboard."""
    def make(_checks):
        return json.dumps({
            "__inputs": [{"name": backend.name, "label": backend.title, "type": "datasource",
                          "description": "Where Icinga writes its performance data",
                          "pluginId": backend.kind, "pluginName": backend.title}],
            "__requires": [
                {"type": "grafana", "id": "grafana", "name": "Grafana", "version": "9.0.0"},
                {"type": "datasource", "id": backend.kind, "name": backend.title,
                 "version": "1.0.0"},
                {"type": "panel", "id": "timeseries", "name": "Time series", "version": ""}],
            "id": None, "uid": backend.uid, "title": f"DNSSEC (Icinga, {backend.title})",
            "description": "The performance data of check_dnssec, one panel a label.",
            "tags": ["dnssec", "icinga"], "schemaVersion": 36, "version": 1, "editable": True,
            "timezone": "browser", "time": {"from": "now-7d", "to": "now"}, "refresh": "5m",
            "graphTooltip": 1, "links": [], "annotations": {"list": []},
            "templating": {"list": [variable(backend, name) for name in VARIABLES]},
            "panels": [panel(backend, place, label, *described(label))
                       for place, label in enumerate(LABELS)],
        }, indent=2, ensure_ascii=False) + "\n"
    return make


def icingaweb_stanzas(_checks):
    lines = ["; SPDX-License-Identifier: GPL-3.0-or-later",
             "; SPDX-FileCopyrightText: The check_dnssec authors",
             "; Made by packaging/generate: do not change it by hand.",
             "; Append to /etc/icingaweb2/modules/grafana/graphs.ini. For Graphite replace influxdb by",
             "; graphite and InfluxDB by Graphite."]
    for check in CHECKS:
        numbers = sorted(number_of(metric.label) for metric in METRICS[check])
        lines += ["", f"[dnssec_{check}]", f'dashboard = "DNSSEC (Icinga, {Influx.title})"',
                  f'dashboarduid = "{Influx.uid}"',
                  f'panelId = "{",".join(map(str, numbers))}"', 'orgId = "1"', 'repeatable = "no"']
    return "\n".join(lines) + "\n"
