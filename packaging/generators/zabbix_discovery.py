# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Low-level discovery of nameservers, keys and resolvers, from the documents of the checks."""

from zabbix_parts import (BOOL_MAP, TEMPLATE, current, dependent, identity, master_key, number_at,
                          path, rarely_changing, reference, step, tags, trigger)

RSA = (1, 5, 7, 8, 10)


def rule(check, name, item_key, where, macros, description, prototypes, version, triggers=(),
         graphs=()):
    made = {"uuid": identity("rule", item_key), "name": name, "type": "DEPENDENT", "key": item_key,
            "delay": "0", "lifetime": "7d"}
    made.update(version.lifetime)
    made.update(description=description, item_prototypes=prototypes)
    if triggers:
        made["trigger_prototypes"] = list(triggers)
    if graphs:
        made["graph_prototypes"] = list(graphs)
    made["master_item"] = {"key": master_key(check)}
    made["lld_macro_paths"] = [{"lld_macro": macro, "path": member} for macro, member in macros]
    # An empty list is that of a run which could not look, not of a zone without servers.
    made["preprocessing"] = [path(where), step("NOT_MATCHES_REGEX", r"^\[\s*\]$",
                                               on_failure="DISCARD_VALUE"),
                             rarely_changing("1h")]
    return made


def word_at(words):
    """A text that may be missing."""
    return [path(words, on_failure="DISCARD_VALUE")]


def round_trip(check, subject, item_key, where, own):
    steps = number_at(where + ".round_trip_ms.first()") + [step("MULTIPLIER", "0.001")]
    return dependent(check, f"{subject}: Round trip", item_key, "How long it takes to answer.",
                     steps, kind="FLOAT", units="s", own=own)


def graph(words, item_key, color):
    return {"uuid": identity("graph", words), "name": words, "graph_items": [
        {"color": color, "calc_fnc": "ALL", "item": {"host": TEMPLATE, "key": item_key}}]}


def server_triggers(subject, key, after):
    failing = trigger(
        f"DNSSEC {subject}: Does not serve the zone",
        reference("count", key("status"), "{$DNSSEC.SERVER.RUNS}", '"eq"', '"ok"') + "=0", "WARNING",
        f"DNSSEC {subject}: does not serve the zone: " + current(key("status")),
        "Quiet while the checks themselves tell of it.", "availability", after)
    limit = '{$DNSSEC.SERVER.RTT.MAX:"{#SERVER.NAME}"}'
    slow = trigger(
        f"DNSSEC {subject}: Is slow",
        reference("min", key("rtt"), "{$DNSSEC.SERVER.RUNS}") + f">{limit}", "WARNING",
        f"DNSSEC {subject}: takes more than {limit} to answer",
        "In every one of the last runs.", "performance", [failing],
        opdata="Round trip: {ITEM.LASTVALUE1}")
    return failing, slow


def servers(version, tiers):
    subject = "Server {#SERVER.NAME} ({#SERVER.ADDRESS})"
    where = '$.servers[?(@.name=="{#SERVER.NAME}" && @.address=="{#SERVER.ADDRESS}")]'
    own = tags(server="{#SERVER.NAME}")

    def key(name):
        return f'dnssec.server.{name}["{{#SERVER.NAME}}","{{#SERVER.ADDRESS}}"]'

    failing, slow = server_triggers(subject, key,
                                    [tiers["chain"]["WARNING"], tiers["sigs"]["WARNING"]])
    items = [
        {**dependent("sigs", f"{subject}: Status", key("status"),
                     "ok, or why this address does not serve the zone.",
                     word_at(where + ".status.first()"), kind="CHAR", own=own),
         "trigger_prototypes": [failing]},
        {**round_trip("sigs", subject, key("rtt"), where, own), "trigger_prototypes": [slow]},
        dependent("sigs", f"{subject}: Serial", key("serial"), "The serial number of its SOA.",
                  number_at(where + ".serial.first()"), own=own),
        dependent("sigs", f"{subject}: Next expiry", key("expires"),
                  "When the first signature that this address serves ends.",
                  number_at(where + ".soonest_expiry.first()"), units="unixtime", own=own),
        dependent("sigs", f"{subject}: Instance", key("nsid"),
                  "The instance of an anycast address that answered (NSID), where it says so.",
                  [*word_at(where + ".nsid.first()"), rarely_changing("1d")], kind="CHAR", own=own),
    ]
    return rule("sigs", "Nameserver discovery", "dnssec.servers.discovery", "$.servers",
                [("{#SERVER.NAME}", "$.name"), ("{#SERVER.ADDRESS}", "$.address")],
                "Every address of every nameserver of the zone.", items, version,
                graphs=[graph(f"{subject}: Round trip", key("rtt"), "1A7C11")])


def key_triggers(subject, key, after):
    size, ds, signs, zone = (key(name) for name in ("bits", "ds", "signs_dnskey", "signs_zone"))
    is_rsa = " or ".join(f"{{#KEY.ALGORITHM}}={number}" for number in RSA)
    weak = trigger(
        f"DNSSEC {subject}: Is an RSA key below the wanted size",
        f"({is_rsa}) and " + reference("last", size) + "<{$DNSSEC.KEY.RSA.BITS.MIN}", "WARNING",
        f"DNSSEC {subject}: has less than {{$DNSSEC.KEY.RSA.BITS.MIN}} bits",
        "Roll to a larger key, or better to ECDSA P-256 (algorithm 13).", "security", after,
        opdata="Bits: {ITEM.LASTVALUE1}")
    period = "{$DNSSEC.KEY.PERIOD}"
    # There must be values from before the period, else it says nothing.
    known = reference("count", ds, f"{period}:now-{period}") + ">0"
    unused = trigger(
        f"DNSSEC {subject}: Is published but not used",
        " and ".join([*(reference("max", item, period) + "=0" for item in (ds, signs, zone)), known]),
        "INFO", f"DNSSEC {subject}: has had no DS and signed nothing for {period}",
        "A key that is published early or left from a rollover does that for days, not for good.",
        "notice", after)
    dangling = trigger(
        f"DNSSEC {subject}: Has a DS but does not sign",
        " and ".join([reference("min", ds, period) + "=1", reference("max", signs, period) + "=0",
                      known]),
        "INFO", f"DNSSEC {subject}: has had a DS and not signed the DNSKEY RRset for {period}",
        "A standby key, or a DS that was left from a rollover.", "notice", after)
    return weak, [unused, dangling]


def keys(version, tiers):
    subject = "Key {#KEY.TAG} (algorithm {#KEY.ALGORITHM}, flags {#KEY.FLAGS})"
    where = ("$.keys[?(@.tag=={#KEY.TAG} && @.algorithm=={#KEY.ALGORITHM} && "
             "@.flags=={#KEY.FLAGS})]")
    own = tags(key="{#KEY.TAG}")

    def key(name):
        return f"dnssec.key.{name}[{{#KEY.TAG}},{{#KEY.ALGORITHM}},{{#KEY.FLAGS}}]"

    def flag(words, name, member, description):
        return dependent("keys", f"{subject}: {words}", key(name), description,
                         [path(f"{where}.{member}.first()", on_failure="DISCARD_VALUE"),
                          step("BOOL_TO_DECIMAL", "")], valuemap=BOOL_MAP, own=own)

    weak, others = key_triggers(subject, key, [tiers["keys"]["WARNING"]])
    items = [
        {**dependent("keys", f"{subject}: Size", key("bits"), "Bits of the key.",
                     [*number_at(where + ".bits.first()"), rarely_changing("1d")], own=own),
         "trigger_prototypes": [weak]},
        flag("DS at the parent", "ds", "ds_matches", "A DS of the parent matches this key."),
        flag("Signs the DNSKEY RRset", "signs_dnskey", "signs_dnskey",
             "Its signature over the DNSKEY RRset is valid."),
        flag("Signs the zone", "signs_zone", "signs_zone",
             "Its signature over other records of the zone is valid."),
    ]
    return rule("keys", "Key discovery", "dnssec.keys.discovery", "$.keys",
                [("{#KEY.TAG}", "$.tag"), ("{#KEY.ALGORITHM}", "$.algorithm"),
                 ("{#KEY.FLAGS}", "$.flags")], "Every key that the zone publishes.", items,
                version, others)


def resolvers(version, tiers):
    subject = "Resolver {#RESOLVER.ADDRESS}"
    where = '$.servers[?(@.address=="{#RESOLVER.ADDRESS}")]'
    own = tags(resolver="{#RESOLVER.ADDRESS}")

    def key(name):
        return f'dnssec.resolver.{name}["{{#RESOLVER.ADDRESS}}"]'

    failing = trigger(
        f"DNSSEC {subject}: Does not answer",
        reference("count", key("status"), "{$DNSSEC.SERVER.RUNS}", '"eq"', '"ok"') + "=0",
        "WARNING", f"DNSSEC {subject}: " + current(key("status")),
        "Quiet while the checks themselves tell of it.", "availability",
        [tiers["chain"]["WARNING"], tiers["resolvers"]["WARNING"]])
    items = [
        {**dependent("resolvers", f"{subject}: Status", key("status"), "ok, or why it was of no use.",
                     word_at(where + ".status.first()"), kind="CHAR", own=own),
         "trigger_prototypes": [failing]},
        round_trip("resolvers", subject, key("rtt"), where, own),
    ]
    return rule("resolvers", "Resolver discovery", "dnssec.resolvers.discovery", "$.servers",
                [("{#RESOLVER.ADDRESS}", "$.address")], "Every resolver that is asked.", items,
                version, graphs=[graph(f"{subject}: Round trip", key("rtt"), "2774A4")])


def rules(version, tiers):
    return [servers(version, tiers), keys(version, tiers), resolvers(version, tiers)]
