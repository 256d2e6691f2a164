# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Items and triggers of the six checks, the same for every zone."""

from metrics import METRICS
from zabbix_parts import (STATE_MAP, TIER_MAP, TITLES, current, dependent, identity, key, master_key,
                          number_at, path, rarely_changing, reference, step, tags, trigger)

WITH_EXPIRY = ("chain", "sigs")
OPTIONAL = ("resolvers",)  # disabled in the template: it needs to be told whom to ask

# Worst first: tier, severity, scope, words of the trigger.
TIERS = (
    ("EMERGENCY", "DISASTER", "availability", "Resolution is broken"),
    ("CRITICAL", "HIGH", "availability", "Fails for some, or is about to"),
    ("WARNING", "WARNING", "security", "Has lost its reserve or breaks a rule"),
    ("INFO", "INFO", "notice", "Something to know"),
)

FINDINGS_SCRIPT = """\
return JSON.parse(value).findings.map(function (finding) {
  return finding.tier.toUpperCase() + ' [' + finding.id + '] ' + finding.text +
    (finding.remedy ? '\\n  -> ' + finding.remedy : '');
}).join('\\n');"""

EXPIRY_SCRIPT = """\
var seen = JSON.parse(value);
var remaining = seen.metrics.filter(function (metric) { return metric.label === 'remaining'; });
return remaining.length ? Math.round(seen.judged_at + remaining[0].value) : '';"""


def raw(check, version):
    """The one run that everything of a check is taken from."""
    made = {"uuid": identity("item", "raw", check.name), "name": f"{TITLES[check.name]}: Get data",
            "type": "EXTERNAL", "key": master_key(check.name),
            "delay": "{$DNSSEC.%s.INTERVAL}" % check.name.upper(), "history": "1h", "trends": "0"}
    if check.name in OPTIONAL:
        made["status"] = "DISABLED"
    made["value_type"] = "TEXT"
    made["description"] = (f"{check.question} The JSON document of one run of {check.plugin}; all "
                           "other items of the check are taken from it.")
    made["tags"] = tags(component="raw")
    if version.item_timeout:
        made["timeout"] = "{$DNSSEC.ITEM.TIMEOUT}"
    return made


def metric_item(name, metric):
    item_key = key(name, metric.label)
    steps = number_at(f'$.metrics[?(@.label=="{metric.label}")].value.first()')
    missing = f" Missing {metric.missing}." if metric.missing else ""
    return dependent(name, f"{TITLES[name]}: {metric.title}", item_key, metric.meaning + missing,
                     steps, kind="FLOAT", units=metric.unit)


def tier_triggers(name, worse):
    """One for each tier, worst first. `worse`: those of the chain of trust, by tier."""
    made = {}
    summary = current(key(name, "summary"))
    # The summary of an emergency begins with that word; that of INFO does not tell the findings.
    named = {"EMERGENCY": summary, "INFO": current(key(name, "findings"))}
    for tier, priority, scope, words in TIERS:
        context = f'"{name}"'
        expression = (reference("min", key(name, "tier"), "{$DNSSEC.RUNS.%s:%s}" % (tier, context))
                      + ">={$DNSSEC.TIER.%s:%s}" % (tier, context))
        after = list(made.values())[-1:] + [other for other in (worse.get(tier),) if other]
        made[tier] = trigger(
            f"DNSSEC {TITLES[name]}: {words}", expression, priority,
            f"DNSSEC {TITLES[name]}: " + named.get(tier, f"{tier}: {summary}"),
            f"The word in brackets is the finding: check_dnssec_{name} --explain tells what it is "
            f"and what to do; the item \"{TITLES[name]}: Findings\" has it too. Quiet while a worse "
            "problem explains it.", scope, after, tier=tier.lower())
    return made


def expiry_triggers(name, tiers):
    """They count from the signature's end, so they fire although no new values come."""
    made = []
    for tier, priority, macro, words in (("CRITICAL", "HIGH", "CRIT", "within hours"),
                                         ("WARNING", "WARNING", "WARN", "soon")):
        limit = '{$DNSSEC.EXPIRY.%s:"%s"}' % (macro, name)
        made.append(trigger(
            f"DNSSEC {TITLES[name]}: Signatures end {words}",
            reference("last", key(name, "expires")) + f"-now()<{limit}", priority,
            f"DNSSEC {TITLES[name]}: the first signature ends in less than {limit}",
            "A floor below the check's own thresholds, which follow the lifetime of the signatures; "
            "it holds even while no new values arrive.", "availability",
            [tiers[tier], *made], opdata="Ends: {ITEM.LASTVALUE1}", tier=tier.lower()))
    return made


def state_triggers(name, chain):
    """The check itself does not work. `chain`: those of the chain of trust."""
    limit = '{$DNSSEC.NODATA.TIME:"%s"}' % name
    silent = trigger(
        f"DNSSEC {TITLES[name]}: No data", reference("nodata", key(name, "state"), limit) + "=1",
        "AVERAGE", f"DNSSEC {TITLES[name]}: no result for {limit}",
        f"check_dnssec_{name} is not in ExternalScripts, cannot be run by the server's user, is "
        "killed because {$DNSSEC.TIMEOUT} is not below the server's timeout, or prints no JSON: see "
        f"the item \"{TITLES[name]}: Get data\".", "availability", chain[:1])
    runs = '{$DNSSEC.RUNS.UNKNOWN:"%s"}' % name
    unknown = trigger(
        f"DNSSEC {TITLES[name]}: Could not look",
        reference("min", key(name, "state"), runs) + "=3", "AVERAGE",
        f"DNSSEC {TITLES[name]}: UNKNOWN: " + current(key(name, "summary")),
        "The check could not tell: our own network, a wrong option, or the deadline "
        "{$DNSSEC.TIMEOUT}. It says nothing about the zone.", "notice", [silent, *chain[1:]])
    return [silent, unknown]


def words_items(name):
    title = TITLES[name]
    return [
        dependent(name, f"{title}: Summary", key(name, "summary"), "The result in one line.",
                  [path("$.summary"), rarely_changing("6h")], kind="TEXT"),
        dependent(name, f"{title}: Findings", key(name, "findings"),
                  "Everything found, with what to do about it. Empty where there is nothing.",
                  [step("JAVASCRIPT", FINDINGS_SCRIPT), rarely_changing("6h")], kind="TEXT"),
    ]


def expiry_item(name, tiers):
    item = dependent(name, f"{TITLES[name]}: Next expiry", key(name, "expires"),
                     "When the first signature ends. No value where there is none.",
                     [step("JAVASCRIPT", EXPIRY_SCRIPT),
                      step("MATCHES_REGEX", "^[0-9]+$", on_failure="DISCARD_VALUE")],
                     units="unixtime")
    return {**item, "triggers": expiry_triggers(name, tiers)}


def items(checks, version):
    """All items of all checks, and their triggers by check and tier."""
    made, tiers, chain_states = [], {}, []
    for check in checks:
        name = check.name
        tiers[name] = tier_triggers(name, tiers.get("chain", {}))
        states = state_triggers(name, chain_states)
        chain_states = chain_states or states
        state = dependent(name, f"{TITLES[name]}: State", key(name, "state"),
                          "The state as monitoring plugins have it.", [path("$.exit_status")],
                          valuemap=STATE_MAP)
        tier = dependent(name, f"{TITLES[name]}: Tier", key(name, "tier"),
                         "How bad it is. No value while the state is UNKNOWN.",
                         [path("$.tier", on_failure="DISCARD_VALUE"),
                          step("MATCHES_REGEX", "^[0-4]$", on_failure="DISCARD_VALUE")],
                         valuemap=TIER_MAP)
        made += [raw(check, version), {**state, "triggers": states},
                 {**tier, "triggers": list(tiers[name].values())}, *words_items(name)]
        if name in WITH_EXPIRY:
            made.append(expiry_item(name, tiers[name]))
        made += [metric_item(name, metric) for metric in METRICS[name] if metric.label != "tier"]
    return made, tiers
