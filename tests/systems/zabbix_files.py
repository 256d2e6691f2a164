#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Holds the Zabbix templates against the rules of their versions' formats, and against what Zabbix
would take without a word and what then fails when values come.

usage: zabbix_files.py REPOSITORY
"""

import pathlib
import re
import sys

import yaml

FILES = ("template_dnssec_by_external_check.yaml", "template_dnssec_zones_by_external_check.yaml")
GROUP = "a571c0d144b14fd4a87a9d9b2aa9fcd6"  # Zabbix's own, in every file
# What an element may have; what the importer does not know it refuses.
ITEM = {"uuid", "name", "type", "key", "delay", "history", "trends", "status", "value_type", "units",
        "description", "valuemap", "preprocessing", "master_item", "tags", "triggers",
        "trigger_prototypes"}
TRIGGER = {"uuid", "expression", "name", "event_name", "opdata", "status", "priority", "description",
           "dependencies", "tags"}
RULE = {"uuid", "name", "type", "key", "delay", "lifetime", "description", "item_prototypes",
        "trigger_prototypes", "graph_prototypes", "master_item", "lld_macro_paths", "preprocessing"}
TEMPLATE = {"uuid", "template", "name", "description", "groups", "items", "discovery_rules", "tags",
            "macros", "dashboards", "valuemaps"}
NEW_IN_7 = {"item": {"timeout"}, "rule": {"lifetime_type", "enabled_lifetime_type"},
            "template": {"vendor"}}
WORDS = {
    "type": {"EXTERNAL", "DEPENDENT"}, "value_type": {"FLOAT", "CHAR", "TEXT", "UNSIGNED"},
    "status": {"DISABLED"},
    "priority": {"INFO", "WARNING", "AVERAGE", "HIGH", "DISASTER"},
    "lifetime_type": {"DELETE_NEVER", "DELETE_IMMEDIATELY", "DELETE_AFTER"},
    "enabled_lifetime_type": {"DISABLE_NEVER", "DISABLE_IMMEDIATELY", "DISABLE_AFTER"},
}
STEPS = {"JSONPATH", "MATCHES_REGEX", "NOT_MATCHES_REGEX", "JAVASCRIPT", "MULTIPLIER",
         "BOOL_TO_DECIMAL", "DISCARD_UNCHANGED_HEARTBEAT"}  # each has one parameter
NO_HANDLER = {"JAVASCRIPT", "DISCARD_UNCHANGED_HEARTBEAT"}
SCOPES = {"notice", "security", "availability", "performance", "capacity"}
WIDGETS = {"6.0": {"GRAPH_CLASSIC", "GRAPH_PROTOTYPE", "PLAIN_TEXT"},
           "7.0": {"graph", "graphprototype", "item"}}
GRID = {"6.0": 24, "7.0": 72}


def children(value):
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def identities(value):
    """Every uuid in a document."""
    if isinstance(value, dict) and "uuid" in value:
        yield value["uuid"]
    for entry in children(value):
        yield from identities(entry)


def leaves(value):
    """Every value in it, as text."""
    if not isinstance(value, (dict, list)):
        yield str(value)
    for entry in children(value):
        yield from leaves(entry)


def balanced(path):
    """The brackets of a JSONPath, quoted text aside."""
    bare = re.sub(r'"[^"]*"', "", path)
    pairs, opened = {")": "(", "]": "["}, []
    for letter in bare:
        if letter in "([":
            opened.append(letter)
        elif letter in ")]" and (not opened or opened.pop() != pairs[letter]):
            return False
    return not opened and '"' not in bare


class Lint:
    """One file."""

    def __init__(self, path, version):
        self.path, self.version = path, version
        self.is_six = version == "6.0"
        self.complaints = []
        self.text = path.read_text(encoding="utf-8")
        self.export = yaml.safe_load(self.text)["zabbix_export"]
        [self.template] = self.export["templates"]
        self.name = self.template["template"]
        self.items = {item["key"]: item for item in self.template["items"]}
        self.rules = self.template["discovery_rules"]
        self.prototypes = {rule["key"]: {item["key"]: item for item in rule["item_prototypes"]}
                           for rule in self.rules}

    def demand(self, truth, where, words):
        if not truth:
            self.complaints.append(f"{self.version}: {where}: {words}")

    def members(self, element, kind, known):
        unknown = set(element) - known - (set() if self.is_six else NEW_IN_7.get(kind, set()))
        self.demand(not unknown, element.get("name"), f"unknown members {sorted(unknown)}")
        for member, words in WORDS.items():
            self.demand(element.get(member) in words | {None}, element.get("name"),
                        f"{member} is {element.get(member)}")

    def check_format(self):
        self.demand("\t" not in self.text, "file", "has a tab")
        self.demand(yaml.load(self.text, yaml.BaseLoader) == yaml.safe_load(self.text), "file",
                    "has a value that is not a string")
        self.demand(self.export["version"] == self.version, "version", self.export["version"])
        wanted = {"version", "templates", "graphs", "groups" if self.is_six else "template_groups"}
        self.demand(set(self.export) == wanted, "file", f"has {sorted(self.export)}")
        found = list(identities(self.export))
        for uuid in found:
            self.demand(re.fullmatch(r"[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}", uuid), uuid,
                        "is no UUIDv4 without dashes")
        self.demand(len(found) == len(set(found)), "file", "has a uuid twice")
        self.members(self.template, "template", TEMPLATE)
        tags = {tag["tag"] for tag in self.template["tags"]}
        self.demand({"class", "target"} <= tags, "template", f"has the tags {tags} only")

    def check_steps(self, element):
        for step in element.get("preprocessing", ()):
            kind, parameters = step["type"], step["parameters"]
            self.demand(kind in STEPS and isinstance(parameters, list) and len(parameters) == 1,
                        element["name"], f"the step {kind}")
            self.demand(not (kind in NO_HANDLER and "error_handler" in step), element["name"],
                        f"{kind} takes no error_handler")
            if kind == "JSONPATH":
                self.demand(parameters[0].startswith("$") and balanced(parameters[0]),
                            element["name"], f"{parameters[0]} is no JSONPath")

    def check_item(self, item):
        self.members(item, "item", ITEM)
        self.check_steps(item)
        where = item["name"]
        self.demand(item.get("description"), where, "is not described")
        self.demand(any(tag["tag"] == "component" for tag in item["tags"]), where, "no component")
        if item["type"] == "DEPENDENT":
            master = self.items.get(item["master_item"]["key"])
            self.demand(master and master["type"] == "EXTERNAL", where, "its master item is no item")
            self.demand(item["delay"] == "0", where, "a dependent item has the delay 0")
        else:
            self.demand(item["delay"].startswith("{$"), where, "its interval is no macro")
            self.demand(("timeout" in item) != self.is_six, where, "timeout")
        if item.get("value_type") in ("TEXT", "CHAR"):
            self.demand(item.get("trends") == "0", where, "text has no trends")
        maps = {entry["name"] for entry in self.template["valuemaps"]}
        self.demand(item.get("valuemap", {"name": None})["name"] in maps | {None}, where, "valuemap")

    def check_rule(self, rule):
        self.members(rule, "rule", RULE)
        self.check_steps(rule)
        self.demand(rule["master_item"]["key"] in self.items, rule["name"], "its master is no item")
        self.demand(("lifetime_type" in rule) != self.is_six, rule["name"], "lifetime")
        macros = {entry["lld_macro"] for entry in rule["lld_macro_paths"]}
        for entry in rule["lld_macro_paths"]:
            self.demand(re.fullmatch(r"\{#[A-Z_.]+\}", entry["lld_macro"]), rule["name"], str(entry))
            self.demand(entry["path"].startswith("$."), rule["name"], str(entry))
        parts = [rule.get(part, []) for part in ("item_prototypes", "trigger_prototypes",
                                                 "graph_prototypes")]
        used = set(re.findall(r"\{#[^}]*\}", " ".join(leaves(parts))))
        self.demand(used == macros, rule["name"], f"macros {used} are used, {macros} are there")
        for item in rule["item_prototypes"]:
            self.check_item(item)
            self.demand(macros <= set(re.findall(r"\{#[^}]*\}", item["key"])), item["name"],
                        "its key does not tell what was discovered from each other")
        self.check_graphs(rule.get("graph_prototypes", []),
                          {**self.items, **self.prototypes[rule["key"]]})

    def triggers(self):
        """(trigger, the items that it may name)."""
        for item in self.template["items"]:
            yield from ((trigger, self.items) for trigger in item.get("triggers", ()))
        for rule in self.rules:
            known = {**self.items, **self.prototypes[rule["key"]]}
            for item in rule["item_prototypes"]:
                yield from ((trigger, known) for trigger in item.get("trigger_prototypes", ()))
            yield from ((trigger, known) for trigger in rule.get("trigger_prototypes", ()))

    def check_trigger(self, trigger, items, known):
        where, expression = trigger["name"], trigger["expression"]
        self.members(trigger, "trigger", TRIGGER)
        found = sum(expression.count(f"/{self.name}/{key}{end}") for key in items for end in ",)")
        self.demand(found and found == expression.count(f"/{self.name}/"), where,
                    "its expression names an unknown item")
        self.demand(not re.search(r"[<>]=?-?[0-9]{2,}", expression), where,
                    "a threshold that is no macro")
        for key in re.findall(r"\{\?last\(//(.*?)\)\}", trigger["event_name"]):
            self.demand(key in items, where, f"its event's name speaks of {key}")
        self.demand(not re.search(r"\{(HOST|ITEM)\.", where), where, "a macro in the name")
        self.demand(trigger.get("description"), where, "is not described")
        for other in trigger.get("dependencies", ()):
            self.demand((other["name"], other["expression"]) in known, where, f"after {other}")
        scopes = {tag["value"] for tag in trigger["tags"] if tag["tag"] == "scope"}
        self.demand(scopes and scopes <= SCOPES, where, f"scope {scopes}")

    def check_triggers(self):
        every = [trigger for trigger, _ in self.triggers()]
        known = {(trigger["name"], trigger["expression"]) for trigger in every}
        self.demand(len({name for name, _ in known}) == len(every), "triggers", "a name is there twice")
        for trigger, items in self.triggers():
            self.check_trigger(trigger, items, known)

    def check_macros(self):
        defined = [entry["macro"] for entry in self.template["macros"]]
        page = (self.path.parent / "README.md").read_text(encoding="utf-8")
        for entry in self.template["macros"]:
            macro = entry["macro"]
            self.demand(entry.get("description"), macro, "is not described")
            self.demand(re.fullmatch(r'\{\$[A-Z0-9_.]+(:"[^"]+")?\}', macro), macro, "is no macro")
            self.demand(macro in page, "README.md", f"does not tell of {macro}")
        self.demand(len(defined) == len(set(defined)), "macros", "one is there twice")
        others = {**self.template, "macros": [], "description": ""}
        used = set(re.findall(r"\{\$([A-Z0-9_.]+)", " ".join(leaves(others))))
        base = {re.match(r"\{\$([A-Z0-9_.]+)", macro).group(1) for macro in defined}
        self.demand(used == base, "macros", f"only used or only defined: {sorted(used ^ base)}")

    def check_graphs(self, graphs, items):
        for graph in graphs:
            for entry in graph["graph_items"]:
                self.demand(entry["item"]["host"] == self.name and entry["item"]["key"] in items,
                            graph["name"], f"shows {entry['item']}")
                self.demand(re.fullmatch("[0-9A-F]{6}", entry["color"]), graph["name"], "color")

    def check_dashboards(self):
        graphs = {graph["name"] for graph in self.export["graphs"]}
        graphs |= {graph["name"] for rule in self.rules for graph in rule.get("graph_prototypes", ())}
        references = []
        for dashboard in self.template.get("dashboards", ()):
            for page in dashboard["pages"]:
                taken = set()
                for widget in page["widgets"]:
                    self.check_place(widget, page["name"], taken)
                    for field in widget["fields"]:
                        self.check_field(field, page["name"], graphs, references)
        self.demand(len(references) == len(set(references)), "dashboard", "a reference twice")

    def check_place(self, widget, page, taken):
        self.demand(widget["type"] in WIDGETS[self.version], page, f"widget {widget['type']}")
        x, y, width, height = (int(widget[name]) for name in ("x", "y", "width", "height"))
        self.demand(x + width <= GRID[self.version] and 2 <= height <= 32, page, "widget too large")
        place = {(column, row) for column in range(x, x + width) for row in range(y, y + height)}
        self.demand(not place & taken, page, f"widgets overlap at {x}, {y}")
        taken |= place

    def check_field(self, field, page, graphs, references):
        value = field["value"]
        if field["type"] in ("GRAPH", "GRAPH_PROTOTYPE"):
            self.demand(value["name"] in graphs, page, f"graph {value}")
        elif field["type"] == "ITEM":
            self.demand(value["key"] in self.items, page, f"item {value}")
        elif field["name"] == "reference":
            self.demand(re.fullmatch("[A-Z]{5}", value), page, value)
            references.append(value)
        if field["type"] in ("GRAPH", "GRAPH_PROTOTYPE", "ITEM"):
            self.demand(field["name"].endswith(".0") != self.is_six, page, f"field {field['name']}")

    def run(self):
        self.check_format()
        for item in self.template["items"]:
            self.check_item(item)
        for rule in self.rules:
            self.check_rule(rule)
        self.check_triggers()
        self.check_macros()
        self.check_graphs(self.export["graphs"], self.items)
        self.check_dashboards()
        return self


def main(arguments):
    if len(arguments) != 1:
        print(__doc__.strip())
        return 2
    folder = pathlib.Path(arguments[0]) / "packaging" / "zabbix"
    complaints, known = [], []
    for file in FILES:
        lints = [Lint(folder / version / file, version).run() for version in ("6.0", "7.0")]
        complaints += [line for lint in lints for line in lint.complaints]
        uuids = [set(identities(lint.export)) - {GROUP} for lint in lints]
        if uuids[0] != uuids[1]:
            complaints.append(f"{file}: the versions' uuids differ: an upgrade would leave two "
                              "templates")
        known += uuids[0]
    if len(known) != len(set(known)):
        complaints.append("the templates have a uuid in common")
    print("\n".join(complaints + [f"{2 * len(FILES)} templates, {len(complaints)} complaints"]))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
