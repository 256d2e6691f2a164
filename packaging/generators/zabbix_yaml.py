# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Writes nested dictionaries, lists and strings as the YAML that Zabbix imports: every scalar a
string, since the importer takes no bare number."""

import re

_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_./$ ()-]*")
_OTHER_MEANING = {"y", "n", "yes", "no", "true", "false", "on", "off", "null"}


def scalar(text):
    if _PLAIN.fullmatch(text) and text.lower() not in _OTHER_MEANING and not text.endswith(" "):
        return text
    return "'" + text.replace("'", "''") + "'"


def _block(text, indent):
    lines = ["|"]
    lines += [" " * indent + line if line else "" for line in text.rstrip("\n").split("\n")]
    return lines


def _value(value, indent):
    """Lines of a value; the first stands behind what introduces it, or is empty."""
    if isinstance(value, str):
        return _block(value, indent) if "\n" in value else [scalar(value)]
    return ["", *lines_of(value, indent)]


def lines_of(value, indent=0):
    """Lines of a dictionary or list, indented."""
    lead = " " * indent
    lines = []
    for entry in value:
        if isinstance(value, dict):
            first, *rest = _value(value[entry], indent + 2)
            lines.append(f"{lead}{scalar(entry)}: {first}".rstrip())
            lines += rest
        elif isinstance(entry, str):
            first, *rest = _value(entry, indent + 2)
            lines.append(f"{lead}- {first}")
            lines += rest
        else:
            rest = lines_of(entry, indent + 2)
            lines.append(f"{lead}- {rest[0].lstrip()}")
            lines += rest[1:]
    return lines


def document(value):
    return "\n".join(lines_of(value)) + "\n"
