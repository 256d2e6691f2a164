# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""A configuration basket for Icinga Director: the commands' data fields, a service template each.

The commands themselves come with the package, in Icinga's own template library. To Director they are
external objects: if it deployed them too, Icinga would refuse the configuration, as defined twice."""

import json
import uuid

from options import shared_options

# Every object's UUID follows from its name, so that it is the same in each release: the UUID is how
# Director knows an object again. The name space is a random one of this project's own.
NAMESPACE = uuid.UUID("0b7d3d0a-5c0e-4f2f-9a5e-6d0f1f0f2c51")
DATA_TYPE = "Icinga\\Module\\Director\\DataType\\DataType"
# Seconds: check interval, retry interval, attempts. The same as in icinga2/templates.conf.
INTERVALS = {"chain": (300, 30, 3), "nsec": (3600, 60, 5), "keys": (3600, 60, 5)}
USUAL_INTERVALS = (900, 60, 5)


def identity(*words):
    return str(uuid.uuid5(NAMESPACE, "/".join(words)))


def fields_of(check, shared):
    """(variable, option) of each field; shared options by the variable that all checks share."""
    return [(f"dnssec_{option.variable}" if option.name in shared else check.variable(option), option)
            for option in check.options]


def field(variable, option):
    kind, settings = "String", {"visibility": "visible"}
    if option.is_flag:
        kind, settings = "Boolean", {}
    elif option.repeatable and not option.value_is_optional:
        kind, settings = "Array", {}
    return {"caption": "DNSSEC: " + option.name, "category": None, "datatype": DATA_TYPE + kind,
            "description": option.words, "format": None, "settings": settings,
            "uuid": identity("Datafield", variable), "varname": variable}


def command(check, fields, numbers):
    return {
        "fields": [{"datafield_id": numbers[variable], "is_required": "n", "var_filter": None}
                   for variable, _ in fields],
        "methods_execute": "PluginCheck", "object_name": check.command,
        "object_type": "external_object", "uuid": identity("Command", check.command),
    }


def service_template(check):
    name = check.command.replace("_", "-")
    interval, retry, attempts = INTERVALS.get(check.name, USUAL_INTERVALS)
    return {
        "check_command": check.command, "check_interval": interval,
        "disabled": False, "fields": [], "imports": [], "max_check_attempts": attempts,
        "notes": check.question, "object_name": name, "object_type": "template",
        "retry_interval": retry, "uuid": identity("ServiceTemplate", name), "vars": {}, "zone": None,
    }


def basket(checks):
    shared = shared_options(checks)
    every = {check.name: fields_of(check, shared) for check in checks}
    options = {}
    for fields in every.values():
        for variable, option in fields:
            options.setdefault(variable, option)
    numbers = {variable: number for number, variable in enumerate(sorted(options), 1)}
    document = {
        "Command": {check.command: command(check, every[check.name], numbers) for check in checks},
        "ServiceTemplate": {made["object_name"]: made for made in map(service_template, checks)},
        "Datafield": {str(numbers[variable]): field(variable, options[variable])
                      for variable in sorted(options)},
    }
    return json.dumps(document, indent=4, ensure_ascii=False) + "\n"
