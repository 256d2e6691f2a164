# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The page that lies beside a template."""

from zabbix_parts import TITLES

HEAD = """<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- SPDX-FileCopyrightText: The check_dnssec authors -->
<!-- Made by packaging/generate: do not change it by hand. -->
# {name}

For Zabbix {versions}. Monitors the DNSSEC of one zone from outside with the check_dnssec
plugins: every nameserver, both sides of the delegation and the whole chain from the root. One master
item a check runs the plugin; all other items, the discovery of servers and keys, and the triggers are
taken from the JSON that it prints. No agent is needed.

## Setup

1. Install the plugins on the Zabbix server, or on the proxy that monitors the host, and link them into
   the directory of external scripts (`ExternalScripts` in its configuration):

       cd /usr/lib/zabbix/externalscripts
       ln -s /usr/lib/nagios/plugins/check_dnssec_* .

2. {timeout}
3. Import `{file}` ({menu}, Templates, Import).
4. Create a host for the zone with the macro `{{$DNSSEC.ZONE}}` and any agent interface: Zabbix wants one
   for external checks and does not use it. Link the template.

Try a check as the user that will run it:

    sudo -u zabbix /usr/lib/zabbix/externalscripts/check_dnssec_sigs -z example.com --output json

For an item without data, the error is at "{first}: Get data" and its like; "Execute now" runs it again.

## Options

Each option of the plugins can be given. `{{$DNSSEC.OPTION}}` is one more option for all checks, and
`{{$DNSSEC.SIGS.OPTION}}` and its like one for a single check. For several write them into an ini file on the
server and name the section:

    # {{$DNSSEC.OPTION}}: --extra-opts=example@/etc/zabbix/check_dnssec.ini
    [example]
    forward=192.0.2.1
    trust-anchor=/etc/zabbix/anchor.key

`--extra-opts=@/etc/zabbix/check_dnssec.ini` takes the section named like the plugin, so that one file can
hold the thresholds of all of them (`[check_dnssec_sigs]`, `warning=5d:`).

How a signer works and how old keys are, a check knows only when it remembers earlier runs: set
`MP_STATE_PATH=/var/lib/check_dnssec` in the environment of the server (`systemctl edit zabbix-server`,
`[Service]`, `Environment=MP_STATE_PATH=/var/lib/check_dnssec`).

`check_dnssec_resolvers` is disabled: enable "Resolvers: Get data" on the host and set `{{$DNSSEC.RESOLVER}}`.

## One cause, one problem

A check's triggers for its four tiers depend on each other, so that only the worst is open, and on those
of the same tier of the chain of trust: when the zone does not validate, that is one problem. Triggers of
servers stay quiet while the checks tell of them. The name of a problem is the check's own summary. What is
only information opens no problem unless `{{$DNSSEC.TIER.INFO}}` is 1; the dashboard shows it.

"""

TIMEOUT_SIX = """Raise `Timeout` in the server's configuration, from Debian's 4 seconds to 15, and set
   `{$DNSSEC.TIMEOUT}` to 10 and `{$DNSSEC.QUERY.TIMEOUT}` to 2. Without that the checks have 3 seconds,
   which is enough for zones whose servers all answer."""
TIMEOUT_SEVEN = """The items have a timeout of their own, `{$DNSSEC.ITEM.TIMEOUT}`; nothing is to be set in
   the server's configuration."""


def _cell(text):
    return " ".join(text.split()).replace("|", "\\|")


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]) + "\n\n"


def _triggers(entries, member):
    return [trigger for entry in entries for trigger in entry.get(member, ())]


def _trigger_rows(triggers):
    return [(trigger["name"], trigger["priority"].capitalize(), f"`{trigger['expression']}`")
            for trigger in triggers]


def _item_rows(entries):
    return [(entry["name"], f"`{entry['key'].split('[')[0]}`", entry["description"])
            for entry in entries]


def page(template, version):
    text = HEAD.format(name=template["name"], first=TITLES["chain"],
                       versions="6.0 to 6.4" if version.is_six else "7.0 and later",
                       file="template_dnssec_by_external_check.yaml",
                       menu="Configuration" if version.is_six else "Data collection",
                       timeout=TIMEOUT_SIX if version.is_six else TIMEOUT_SEVEN)
    text += "## Macros\n\n" + table(
        ("Macro", "Default", "Meaning"),
        [(f"`{macro['macro']}`", f"`{macro['value']}`" if macro["value"] else "",
          macro["description"]) for macro in template["macros"]])
    text += "## Items\n\n" + table(("Item", "Key", "Meaning"), _item_rows(template["items"]))
    text += "## Triggers\n\n" + table(("Trigger", "Severity", "Expression"),
                                       _trigger_rows(_triggers(template["items"], "triggers")))
    for rule in template["discovery_rules"]:
        prototypes = rule["item_prototypes"]
        text += f"## {rule['name']}\n\n{rule['description']}\n\n"
        text += table(("Item", "Key", "Meaning"), _item_rows(prototypes))
        triggers = _triggers(prototypes, "trigger_prototypes") + rule.get("trigger_prototypes", [])
        text += table(("Trigger", "Severity", "Expression"), _trigger_rows(triggers))
    return text.rstrip() + "\n"
