# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""A template for many zones on one host: each check is one process, and its zones are discovered from
what it prints with --output zabbix. It has fewer items a zone than the template of one zone."""

from zabbix_checks import TIERS
from zabbix_macros import NO_OPTION
from zabbix_parts import STATE_MAP, TIER_MAP, TITLES, identity, path, rarely_changing, step, tags

FLEET = "DNSSEC zones by external check"
CHECKS = ("chain", "sigs", "ds", "nsec", "keys")  # resolvers are not a matter of zones
WITH_EXPIRY = ("chain", "sigs")
INTERVALS = {"chain": "15m", "sigs": "15m", "ds": "1h", "nsec": "1h", "keys": "1h"}
ZONE = "{#ZONE}"
PAGE = """## Many zones on one host

`template_dnssec_zones_by_external_check.yaml` is for many zones: each check is one process for all of them,
and each zone has its state, tier, summary and next expiry, with triggers for the tiers. Write the zones
into a file on the server or proxy, one a line, and set `{{$DNSSEC.ZONES}}` to its path. {timeout} Zones that
were not looked at by then are UNKNOWN, and say so.

{table}"""
PAGE_SIX = """Zabbix 6 gives
an external check 30 seconds at most: set `Timeout=30` in the server's configuration, and give a host no
more zones than are looked at in that time, some hundreds; take several hosts with a file each for more."""
PAGE_SEVEN = """A run may
take ten minutes, which is enough for thousands of zones; `{$DNSSEC.ITEM.TIMEOUT}` says how long."""


def fleet_master(check):
    arguments = ["--zones={$DNSSEC.ZONES}", "--timeout={$DNSSEC.TIMEOUT}", "{$DNSSEC.OPTION}",
                 "{$DNSSEC.%s.OPTION}" % check.upper(), "--output=zabbix"]
    return f"check_dnssec_{check}[" + ",".join(f'"{word}"' for word in arguments) + "]"


def fleet_key(check, name):
    return f"dnssec.zones.{check}.{name}"


def zone_key(check, name):
    return f'dnssec.zone.{check}.{name}["{ZONE}"]'


def of(function, item_key, *parameters):
    return f"{function}(/{FLEET}/{item_key}{''.join(',' + word for word in parameters)})"


def item(check, name, item_key, description, steps, kind="", units="", valuemap="", own=None):
    """A dependent item or item prototype; without `kind` a number that is whole."""
    made = {"uuid": identity("fleet item", item_key), "name": name, "type": "DEPENDENT",
            "key": item_key, "delay": "0"}
    if kind:
        made.update(trends="0", value_type=kind)
    if units:
        made["units"] = units
    made["description"] = description
    if valuemap:
        made["valuemap"] = {"name": valuemap}
    made["preprocessing"] = steps
    made["master_item"] = {"key": fleet_master(check)}
    made["tags"] = tags(component=TITLES[check].lower()) + (own or [])
    return made


def trigger(words, expression, priority, event_name, description, scope, after=(), tier=""):
    made = {"uuid": identity("fleet trigger", words), "expression": expression, "name": words,
            "event_name": event_name, "priority": priority, "description": description}
    if after:
        made["dependencies"] = [{"name": other["name"], "expression": other["expression"]}
                                for other in after]
    made["tags"] = tags(scope=scope, **({"tier": tier} if tier else {}))
    return made


def raw(check, version):
    made = {"uuid": identity("fleet item", "raw", check.name), "name": f"{TITLES[check.name]}: Get data",
            "type": "EXTERNAL", "key": fleet_master(check.name),
            "delay": "{$DNSSEC.%s.INTERVAL}" % check.name.upper(), "history": "1h", "trends": "0",
            "value_type": "TEXT",
            "description": f"{check.question} One run of {check.plugin} over all zones; all other "
                           "items of the check are taken from it.",
            "tags": tags(component="raw")}
    if version.item_timeout:
        made["timeout"] = "{$DNSSEC.ITEM.TIMEOUT}"
    return made


def total_triggers(name):
    limit = '{$DNSSEC.NODATA.TIME:"%s"}' % name
    silent = trigger(
        f"DNSSEC zones: {TITLES[name]}: No data",
        of("nodata", fleet_key(name, "zones"), limit) + "=1", "AVERAGE",
        f"DNSSEC zones: {TITLES[name]}: no result for {limit}",
        f"check_dnssec_{name} is not in ExternalScripts, cannot be run by the server's user, cannot "
        "read {$DNSSEC.ZONES}, or is killed because {$DNSSEC.TIMEOUT} is not below the server's "
        f"timeout: see the item \"{TITLES[name]}: Get data\".", "availability")
    empty = trigger(
        f"DNSSEC zones: {TITLES[name]}: No zone was looked at",
        of("last", fleet_key(name, "zones")) + "=0", "AVERAGE",
        f"DNSSEC zones: {TITLES[name]}: no zone was looked at",
        "The file {$DNSSEC.ZONES} is empty, or the time was over before the first zone.",
        "availability", [silent])
    return [silent, empty]


def totals(name):
    """What is said of all zones of a check."""
    title = TITLES[name]
    made = [item(name, f"{title}: Summary", fleet_key(name, "summary"), "The zones in one line.",
                 [path("$.totals.summary"), rarely_changing("6h")], kind="TEXT")]
    for label, words in (("zones", "Zones that were looked at."), ("ok", "Zones that are OK."),
                         ("warning", "Zones whose state is WARNING."),
                         ("critical", "Zones whose state is CRITICAL."),
                         ("unknown", "Zones that could not be looked at.")):
        one = item(name, f"{title}: {label.upper() if label != 'zones' else 'Zones'}",
                   fleet_key(name, label), words, [path(f"$.totals.{label}")])
        made.append({**one, "triggers": total_triggers(name)} if label == "zones" else one)
    return made


def tier_triggers(name):
    made = []
    summary = "{?last(//" + zone_key(name, "summary") + ")}"
    for tier, priority, scope, words in TIERS:
        if tier == "INFO":
            continue
        context = f'"{name}"'
        made.append(trigger(
            f"DNSSEC {ZONE}: {TITLES[name]}: {words}",
            of("min", zone_key(name, "tier"), "{$DNSSEC.RUNS.%s:%s}" % (tier, context))
            + ">={$DNSSEC.TIER.%s:%s}" % (tier, context), priority,
            f"DNSSEC {TITLES[name]}: " + (summary if tier == "EMERGENCY" else f"{tier}: {summary}"),
            f"The word in brackets is the finding: check_dnssec_{name} --explain tells what it is and "
            f"what to do. Quiet while a worse problem of this check explains it.", scope, made[-1:],
            tier=tier.lower()))
    return made


def expiry_triggers(name, tiers):
    made = []
    for number, (priority, macro, words) in enumerate((("HIGH", "CRIT", "within hours"),
                                                       ("WARNING", "WARN", "soon"))):
        limit = '{$DNSSEC.EXPIRY.%s:"%s"}' % (macro, name)
        made.append(trigger(
            f"DNSSEC {ZONE}: {TITLES[name]}: Signatures end {words}",
            of("last", zone_key(name, "expires")) + f"-now()<{limit}", priority,
            f"DNSSEC {TITLES[name]}: {ZONE}: the first signature ends in less than {limit}",
            "It counts from the signature's end, so it holds even while no new values arrive.",
            "availability", [tiers[number + 1], *made], tier=("critical", "warning")[number]))
    return made


def unknown_trigger(name):
    runs = '{$DNSSEC.RUNS.UNKNOWN:"%s"}' % name
    return trigger(
        f"DNSSEC {ZONE}: {TITLES[name]}: Could not look",
        of("min", zone_key(name, "state"), runs) + "=3", "AVERAGE",
        f"DNSSEC {TITLES[name]}: UNKNOWN: " + "{?last(//" + zone_key(name, "summary") + ")}",
        "The check could not tell: our own network, a wrong option or the time limit. It says "
        "nothing about the zone.", "notice", total_triggers(name)[:1])


def zone_items(name):
    """The prototypes of a zone's items, with their triggers."""
    title, own = f"{ZONE}: {TITLES[name]}", tags(zone=ZONE)
    where = f'$.zones[?(@.zone=="{ZONE}")]'

    def at(member, pattern):
        return [path(f"{where}.{member}.first()", on_failure="DISCARD_VALUE"),
                step("MATCHES_REGEX", pattern, on_failure="DISCARD_VALUE")]

    tiers = tier_triggers(name)
    made = [
        {**item(name, f"{title}: State", zone_key(name, "state"),
                "The state as monitoring plugins have it.", at("state", "^[0-3]$"),
                valuemap=STATE_MAP, own=own), "trigger_prototypes": [unknown_trigger(name)]},
        {**item(name, f"{title}: Tier", zone_key(name, "tier"),
                "How bad it is. No value while the state is UNKNOWN.", at("tier", "^[0-4]$"),
                valuemap=TIER_MAP, own=own), "trigger_prototypes": tiers},
        item(name, f"{title}: Summary", zone_key(name, "summary"), "The result in one line.",
             [path(f"{where}.summary.first()", on_failure="DISCARD_VALUE"), rarely_changing("6h")],
             kind="TEXT", own=own),
    ]
    if name in WITH_EXPIRY:
        made.append({**item(name, f"{title}: Next expiry", zone_key(name, "expires"),
                            "When the first signature ends. No value where there is none.",
                            at("expires", "^[0-9]+$"), units="unixtime", own=own),
                     "trigger_prototypes": expiry_triggers(name, tiers)})
    return made


def rule(name, version):
    item_key = fleet_key(name, "discovery")
    made = {"uuid": identity("fleet rule", item_key), "name": f"{TITLES[name]}: Zone discovery",
            "type": "DEPENDENT", "key": item_key, "delay": "0", "lifetime": "7d"}
    made.update(version.lifetime)
    made.update({
        "description": f"Every zone of the file that check_dnssec_{name} is given.",
        "item_prototypes": zone_items(name), "master_item": {"key": fleet_master(name)},
        "lld_macro_paths": [{"lld_macro": ZONE, "path": "$.zone"}],
        # An empty list is that of a run which could not look.
        "preprocessing": [path("$.zones"), step("NOT_MATCHES_REGEX", r"^\[\s*\]$",
                                                on_failure="DISCARD_VALUE")]})
    return made


def macros(version, limits):
    """`limits`: those of the template of one zone that are the same here."""
    rows = [("{$DNSSEC.ZONES}", "/etc/zabbix/dnssec.zones", "The file of zones, one a line, on the "
             "Zabbix server or proxy.")]
    if version.is_six:
        rows.append(("{$DNSSEC.TIMEOUT}", "28", "Seconds in which all zones must be looked at. Keep "
                     "it a second below Timeout in the server's or proxy's configuration, at most "
                     "30: set that first."))
    else:
        rows += [("{$DNSSEC.ITEM.TIMEOUT}", "10m", "After this the server kills a check. Keep it "
                  "above {$DNSSEC.TIMEOUT}."),
                 ("{$DNSSEC.TIMEOUT}", "590", "Seconds in which all zones must be looked at.")]
    option = NO_OPTION.replace("json", "zabbix")
    rows.append(("{$DNSSEC.OPTION}", option, "One more option for all checks, written "
                 "--option=value. The default changes nothing."))
    rows += [("{$DNSSEC.%s.OPTION}" % name.upper(), option,
              f"The same for check_dnssec_{name} alone.") for name in CHECKS]
    rows += [("{$DNSSEC.%s.INTERVAL}" % name.upper(), INTERVALS[name],
              f"How often check_dnssec_{name} runs.") for name in CHECKS]
    kept = [row for row in limits
            if row[0].startswith(("{$DNSSEC.TIER.", "{$DNSSEC.RUNS.", "{$DNSSEC.EXPIRY.",
                                  "{$DNSSEC.NODATA.TIME}")) and "INFO" not in row[0]]
    return [{"macro": macro, "value": value, "description": words}
            for macro, value, words in rows + kept]


def description(checks):
    lines = ["Monitors the DNSSEC of many zones from outside, with the check_dnssec plugins as external",
             "checks: each is one process for all zones of a file. The zones are discovered.", ""]
    lines += [f"{TITLES[check.name]} ({check.plugin}): {check.question}" for check in checks]
    lines += ["", "Set {$DNSSEC.ZONES}. README.md beside the template tells the rest."]
    return "\n".join(lines) + "\n"


def graph_items():
    """(name, keys) of the graphs: the zones of each check by state."""
    return [(f"DNSSEC zones: {TITLES[name]}",
             [fleet_key(name, label) for label in ("ok", "critical", "warning", "unknown")])
            for name in CHECKS]


def page(made, version, table):
    """The part of README.md about it; `table` makes one."""
    return PAGE.format(timeout=PAGE_SIX if version.is_six else PAGE_SEVEN, table=table(
        ("Macro", "Default", "Meaning"),
        [(f"`{macro['macro']}`", f"`{macro['value']}`", macro["description"])
         for macro in made["macros"]]))


def template(checks, version, group, value_maps, limits):
    known = [check for check in checks if check.name in CHECKS]
    items = []
    for check in known:
        items += [raw(check, version), *totals(check.name)]
    made = {"uuid": identity("template", FLEET), "template": FLEET, "name": FLEET,
            "description": description(known)}
    if not version.is_six:
        made["vendor"] = {"name": "check_dnssec", "version": f"{version.name}-1"}
    made.update({
        "groups": [{"name": group["name"]}], "items": items,
        "discovery_rules": [rule(name, version) for name in CHECKS],
        "tags": tags(**{"class": "application"}, target="dnssec"),
        "macros": macros(version, limits), "valuemaps": value_maps})
    return made
