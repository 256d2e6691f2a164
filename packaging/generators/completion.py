# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""One bash completion file for all commands."""

import re
import textwrap

HEAD = """# bash completion for check_dnssec
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
# Made by packaging/generate from the plugins' own options: do not change it by hand.
"""

TAIL = r"""
_check_dnssec_words() {
  local IFS=$' \t\n'
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_check_dnssec() {
  # shellcheck disable=SC2034  # _init_completion sets them
  local cur prev words cword split
  _init_completion -s || return
  local name=${1##*/}
  case $prev in
@VALUES@  esac
  $split && return
  _check_dnssec_words "${_check_dnssec_options[$name]}"
  [[ ${COMPREPLY-} == *= ]] && compopt -o nospace
  return 0
}
"""


def choices(option):
    """The words that an option takes, where its description counts them up."""
    known = {
        "expect": "secure insecure bogus any",
        "sandbox": "auto require off",
        "expect-denial": "nsec nsec3 minimal",
        "output": "text json jsonl passive spool icinga-api openmetrics zabbix",
        "policy": "standard none",
    }
    return known.get(option.name)


def spelling(option):
    return f"--{option.name}" + ("" if option.is_flag or option.value_is_optional else "=")


def options_of(check):
    words = [spelling(option) for option in check.every_option]
    words += [f"-{option.letter}" for option in check.every_option if option.letter]
    return "\n    ".join(textwrap.wrap(" ".join(words), 100, break_on_hyphens=False))


def pattern(option):
    return f"--{option.name}" + (f" | -{option.letter}" if option.letter else "")


def values(checks):
    """The cases of options whose values can be proposed, then those whose values cannot."""
    seen, lines, silent = set(), "", []
    for option in (option for check in checks for option in check.every_option):
        if option.name in seen or option.is_flag:
            continue
        seen.add(option.name)
        words = choices(option)
        if option.name == "explain":
            lines += f"    {pattern(option)})\n"
            lines += '      _check_dnssec_words "$("$1" --list-findings 2>/dev/null | cut -d" " -f1)"\n'
            lines += "      return\n      ;;\n"
        elif words:
            lines += f"    {pattern(option)})\n      _check_dnssec_words \"{words}\"\n"
            lines += "      return\n      ;;\n"
        elif option.kind == "file":
            lines += f"    {pattern(option)})\n      _filedir{' -d' if option.argument == 'DIR' else ''}\n"
            lines += "      return\n      ;;\n"
        elif not option.value_is_optional:
            silent.append(pattern(option))
    lines += "    " + " | \\\n      ".join(silent) + ")\n      return\n      ;;\n"
    return re.sub(r" +\n", "\n", lines)


def script(checks):
    # -g: the loader of completions reads this file within a function.
    text = HEAD + "\ndeclare -gA _check_dnssec_options=(\n"
    for check in checks:
        text += f"  [{check.plugin}]='{options_of(check)}'\n"
    text += ")\n" + TAIL.replace("@VALUES@", values(checks))
    names = " ".join(check.plugin for check in checks)
    return text + f"\ncomplete -F _check_dnssec {names}\n"
