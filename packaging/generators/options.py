# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The option table as the generators see it."""

import textwrap

CHECKS = ("chain", "sigs", "ds", "nsec", "keys", "resolvers")
# They end a run before it looks at anything.
NO_CHECKS = ("list-findings", "explain", "version", "help", "show-state")


class Option:
    """One row of the table."""

    def __init__(self, row):
        self.name = row["name"]
        self.letter = row["letter"]
        self.argument = row["argument"]
        self.kind = row["kind"]
        self.repeatable = row["repeatable"]
        self.default = row["default"]
        self.group = row["group"]
        self.description = row["description"]

    @property
    def is_flag(self):
        return self.kind == "flag"

    @property
    def value_is_optional(self):
        """It may stand without a value, so a value must be joined to it."""
        return self.argument.startswith("[")

    @property
    def words(self):
        """The description with the default, as --help has it."""
        return self.description + (f" Default: {self.default}." if self.default else "")

    @property
    def variable(self):
        return self.name.replace("-", "_")


class Check:
    """One plugin: its name without check_dnssec_, its question and its options."""

    def __init__(self, name, document):
        self.name = name
        self.plugin = document["plugin"]
        self.question = document["question"]
        self.every_option = [Option(row) for row in document["options"]]
        self.findings = document["findings"]

    @property
    def command(self):
        return f"dnssec_{self.name}"

    @property
    def options(self):
        """Those that a monitoring system can give to a check."""
        return [option for option in self.every_option if option.name not in NO_CHECKS]

    def variable(self, option):
        return f"{self.command}_{option.variable}"


def shared_options(checks):
    """The names of the options that mean the same to every check. Thresholds do not: what is a week
    of validity to one would be a week of waiting to another. And dnssec_zones is a host's list, which
    services.conf makes services of, not the file of --zones."""
    return set.intersection(*({option.name for option in check.options
                               if option.kind not in ("range", "threshold")} for check in checks)
                            ) - {"zones"}


def comment(text, lead, width=100):
    return "\n".join(textwrap.wrap(text, width, initial_indent=lead, subsequent_indent=lead))
