# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Templates for Zabbix 6.0 and 7.0, and a page about each, from one description."""

import zabbix_fleet
import zabbix_readme
from zabbix_checks import items
from zabbix_discovery import rules
from zabbix_macros import limits, macros
from zabbix_parts import BOOL_MAP, STATE_MAP, TEMPLATE, TIER_MAP, TITLES, identity, key, tags
from zabbix_yaml import document

GROUP = {"uuid": "a571c0d144b14fd4a87a9d9b2aa9fcd6", "name": "Templates/Applications"}  # Zabbix's own
HEAD = """# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
# Made by packaging/generate: do not change it by hand.
"""
COLORS = ("1A7C11", "F63100", "2774A4", "A54F10", "FC6EA3", "6C59DC")


class Version:
    """What differs between the versions' formats."""

    def __init__(self, name):
        self.name = name
        self.is_six = name == "6.0"
        self.item_timeout = not self.is_six
        self.group_element = "groups" if self.is_six else "template_groups"
        self.lifetime = {} if self.is_six else {
            "lifetime_type": "DELETE_AFTER", "enabled_lifetime_type": "DISABLE_IMMEDIATELY"}
        self.scale = 1 if self.is_six else 3  # of a dashboard's 24 or 72 columns
        self.references = 0

    def widget(self, at, size, kind, fields, name=""):
        """`at` and `size` in 24 columns and in rows."""
        made = {"type": kind, **({"name": name} if name else {})}
        made.update({"x": str(at[0] * self.scale), "y": str(at[1]),
                     "width": str(size[0] * self.scale), "height": str(size[1])})
        made["fields"] = fields
        return made

    def _reference(self):
        """A widget that others can listen to has five letters to be known by."""
        if self.is_six:
            return []
        self.references += 1
        return [{"type": "STRING", "name": "reference",
                 "value": "DNSS" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[self.references - 1]}]

    def graph(self, at, size, words):
        field = {"type": "GRAPH", "name": "graphid" if self.is_six else "graphid.0",
                 "value": {"host": TEMPLATE, "name": words}}
        return self.widget(at, size, "GRAPH_CLASSIC" if self.is_six else "graph",
                           [field, *self._reference()])

    def graph_prototype(self, at, size, words):
        field = {"type": "GRAPH_PROTOTYPE", "name": "graphid" if self.is_six else "graphid.0",
                 "value": {"host": TEMPLATE, "name": words}}
        return self.widget(at, size, "GRAPH_PROTOTYPE" if self.is_six else "graphprototype",
                           [{"type": "INTEGER", "name": "columns", "value": "2"}, field,
                            *self._reference()])

    def text(self, at, size, words, item_key):
        item = {"host": TEMPLATE, "key": item_key}
        if self.is_six:
            return self.widget(at, size, "PLAIN_TEXT",
                               [{"type": "INTEGER", "name": "show_lines", "value": "1"},
                                {"type": "ITEM", "name": "itemids", "value": item}], words)
        return self.widget(at, size, "item", [{"type": "ITEM", "name": "itemid.0", "value": item}],
                           words)


def graphs():
    """Name, and the items of each."""
    return [
        ("DNSSEC: Tiers", [key(name, "tier") for name in TITLES]),
        ("DNSSEC: Remaining validity", [key(name, "remaining") for name in ("chain", "sigs")]),
        ("DNSSEC: Age of the newest signature", [key("sigs", "newest_age")]),
        ("DNSSEC: Server addresses", [key("sigs", label) for label in ("servers",
                                                                     "servers_failing")]),
        ("DNSSEC: DS and keys", [key("ds", "ds"), key("ds", "ds_matching"), key("keys", "keys")]),
        ("DNSSEC: Run time", [key(name, "time") for name in TITLES]),
    ]


def graph_document(words, item_keys, host=TEMPLATE):
    return {"uuid": identity("graph", words), "name": words, "graph_items": [
        {"sortorder": str(number), "color": COLORS[number],
         "item": {"host": host, "key": item_key}}
        for number, item_key in enumerate(item_keys)]}


def dashboard(version, prototypes):
    names = [words for words, _ in graphs()]
    texts = [version.text((12 * (number % 2), 3 * (number // 2)), (12, 3),
                          f"{TITLES[name]}: findings", key(name, "findings"))
             for number, name in enumerate(TITLES)]
    overview = [version.graph((12 * (number % 2), 9 + 5 * (number // 2)), (12, 5), words)
                for number, words in enumerate(names)]
    servers = [version.graph_prototype((0, 8 * number), (24, 8), words)
               for number, words in enumerate(prototypes)]
    return {"uuid": identity("dashboard", "DNSSEC"), "name": "DNSSEC", "pages": [
        {"name": "Zone", "widgets": texts + overview},
        {"name": "Servers", "widgets": servers}]}


def value_maps(lead=""):
    made = ((STATE_MAP, ("OK", "WARNING", "CRITICAL", "UNKNOWN")),
            (TIER_MAP, ("OK", "INFO", "WARNING", "CRITICAL", "EMERGENCY")), (BOOL_MAP, ("No", "Yes")))
    return [{"uuid": identity(f"{lead}valuemap", name), "name": name, "mappings": [
        {"value": str(number), "newvalue": word} for number, word in enumerate(words)]}
        for name, words in made]


def description(checks):
    lines = ["Monitors the DNSSEC of one zone from outside, with the check_dnssec plugins as external",
             "checks. Each runs once, and everything else is taken from the JSON that it prints.", ""]
    lines += [f"{TITLES[check.name]} ({check.plugin}): {check.question}" for check in checks]
    lines += ["", "Set {$DNSSEC.ZONE} on each host. README.md beside the template tells the rest."]
    return "\n".join(lines) + "\n"


def template(checks, version):
    every_item, tiers = items(checks, version)
    every_rule = rules(version, tiers)
    prototypes = [graph["name"] for rule in every_rule for graph in rule.get("graph_prototypes", ())]
    made = {"uuid": identity("template", TEMPLATE), "template": TEMPLATE, "name": TEMPLATE,
            "description": description(checks)}
    if not version.is_six:
        made["vendor"] = {"name": "check_dnssec", "version": f"{version.name}-1"}
    made.update({
        "groups": [{"name": GROUP["name"]}], "items": every_item, "discovery_rules": every_rule,
        "tags": tags(**{"class": "application"}, target="dnssec"), "macros": macros(version),
        "dashboards": [dashboard(version, prototypes)], "valuemaps": value_maps()})
    return made


def yaml_of(name):
    """A function that makes the template of this version."""
    def make(checks):
        version = Version(name)
        made = {"version": name, version.group_element: [GROUP],
                "templates": [template(checks, version)],
                "graphs": [graph_document(words, keys) for words, keys in graphs()]}
        return HEAD + document({"zabbix_export": made})
    return make


def fleet_of(checks, version):
    return zabbix_fleet.template(checks, version, GROUP, value_maps("fleet "), limits())


def fleet_yaml_of(name):
    """A function that makes the template of many zones."""
    def make(checks):
        version = Version(name)
        made = {"version": name, version.group_element: [GROUP],
                "templates": [fleet_of(checks, version)],
                "graphs": [graph_document(words, keys, zabbix_fleet.FLEET)
                           for words, keys in zabbix_fleet.graph_items()]}
        return HEAD + document({"zabbix_export": made})
    return make


def readme_of(name):
    """A function that makes the page about both."""
    def make(checks):
        version = Version(name)
        return (zabbix_readme.page(template(checks, version), version) + "\n"
                + zabbix_fleet.page(fleet_of(checks, version), version, zabbix_readme.table).rstrip()
                + "\n")
    return make
