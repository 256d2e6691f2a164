# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What the parts of a Zabbix template are made of: identities, items, triggers, preprocessing."""

import hashlib
import uuid

TEMPLATE = "DNSSEC zone by external check"
TITLES = {"chain": "Chain of trust", "sigs": "Signatures", "ds": "DS", "nsec": "Denials",
          "keys": "Keys", "resolvers": "Resolvers"}
STATE_MAP, TIER_MAP, BOOL_MAP = "DNSSEC state", "DNSSEC tier", "DNSSEC yes or no"


def identity(*words):
    """Follows from the name, so that it is the same in each release: by it Zabbix knows an object
    again. It must look like a random UUID."""
    digest = hashlib.sha256("/".join(("check_dnssec", *words)).encode()).digest()
    return uuid.UUID(bytes=digest[:16], version=4).hex


def tags(**values):
    return [{"tag": tag, "value": value} for tag, value in values.items()]


def step(kind, *parameters, on_failure=""):
    made = {"type": kind, "parameters": list(parameters)}
    return {**made, "error_handler": on_failure} if on_failure else made


def path(words, **more):
    return step("JSONPATH", words, **more)


def number_at(words):
    """A number that may be null or missing, which is no error: then there is no value."""
    return [path(words, on_failure="DISCARD_VALUE"),
            step("MATCHES_REGEX", "^-?[0-9]", on_failure="DISCARD_VALUE")]


def rarely_changing(heartbeat):
    return step("DISCARD_UNCHANGED_HEARTBEAT", heartbeat)


def master_key(check):
    """The external check: the plugin's name and its arguments. An option given twice counts as given
    last, and one in a file of options stands before all of them."""
    arguments = ["--zone={$DNSSEC.ZONE}", "--timeout={$DNSSEC.TIMEOUT}",
                 "--query-timeout={$DNSSEC.QUERY.TIMEOUT}", "--expect={$DNSSEC.EXPECT}"]
    if check == "resolvers":
        arguments.append("--resolver={$DNSSEC.RESOLVER}")
    arguments += ["{$DNSSEC.OPTION}", "{$DNSSEC.%s.OPTION}" % check.upper(), "--output=json"]
    return f"check_dnssec_{check}[" + ",".join(f'"{word}"' for word in arguments) + "]"


def key(check, name):
    return f"dnssec.{check}.{name}"


def dependent(check, name, item_key, description, steps, kind="", units="", valuemap="", own=None):
    """A dependent item or item prototype of a check's document. `kind`: the type of the value,
    without one a number that is whole and not negative."""
    made = {"uuid": identity("item", item_key), "name": name, "type": "DEPENDENT", "key": item_key,
            "delay": "0"}
    if kind in ("TEXT", "CHAR"):
        made["trends"] = "0"
    if kind:
        made["value_type"] = kind
    if units:
        made["units"] = units
    made["description"] = description
    if valuemap:
        made["valuemap"] = {"name": valuemap}
    made["preprocessing"] = steps
    made["master_item"] = {"key": master_key(check)}
    made["tags"] = tags(component=TITLES[check].lower()) + (own or [])
    return made


def reference(function, item_key, *parameters):
    """last(/template/key) and the like."""
    return f"{function}(/{TEMPLATE}/{item_key}{''.join(',' + word for word in parameters)})"


def current(item_key):
    """An item's value, in the name of an event."""
    return "{?last(//" + item_key + ")}"


def trigger(words, expression, priority, event_name, description, scope, after=(), opdata="",
            tier=""):
    """`after`: triggers whose problem explains this one's, which then stays quiet."""
    made = {"uuid": identity("trigger", words), "expression": expression, "name": words,
            "event_name": event_name}
    if opdata:
        made["opdata"] = opdata
    made.update(priority=priority, description=description)
    if after:
        made["dependencies"] = [{"name": other["name"], "expression": other["expression"]}
                                for other in after]
    made["tags"] = tags(scope=scope, **({"tier": tier} if tier else {}))
    return made
