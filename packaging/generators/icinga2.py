# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""CheckCommand objects for Icinga 2."""

import json

from options import shared_options

HEAD = """// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// Made by packaging/generate from the plugins' own options: do not change it by hand.
//
// Each option --some-option of check_dnssec_sigs is the custom variable dnssec_sigs_some_option, and
// so for the others. What every check has is taken from dnssec_some_option where that is not set, so
// that a host or service sets dnssec_timeout, dnssec_forward or dnssec_zone once. Without a zone it
// is the host's name. dnssec_state_path names the directory in which checks remember earlier runs.
//
// An array repeats its option, but for dnssec_some_extra_opts, which is one SECTION@FILE. A dollar
// sign in a value is written twice. Every run ends by itself within --timeout; Icinga's own limit is
// above the longest that this can be set to.
//
// Each set_if is there for command endpoints: to them Icinga sends a variable that leads to one which
// is not set as an empty text, and not as missing.
"""


def quoted(text):
    """A string of Icinga 2: a dollar sign would begin a macro."""
    return json.dumps(text, ensure_ascii=False).replace("$", "$$")


def argument(check, option):
    """One entry of `arguments`."""
    macro = f"${check.variable(option)}$"
    if option.is_flag:
        lines = [f'set_if = {{{{ macro("{macro}") == true }}}}']
    else:
        lines = [f'set_if = {{{{ len(string(macro("{macro}"))) > 0 }}}}']
        if option.value_is_optional:
            lines += [f'value = "--{option.name}={macro}"', "skip_key = true"]
        else:
            lines.append(f'value = "{macro}"')
    lines.append(f"description = {quoted(option.words)}")
    body = "\n".join(f"      {line}" for line in lines)
    return f'    "--{option.name}" = {{\n{body}\n    }}\n'


def command(check, shared):
    text = f"\n// {check.question}\nobject CheckCommand \"{check.command}\" {{\n"
    text += f'  command = [ PluginContribDir + "/{check.plugin}" ]\n  timeout = 11m\n'
    text += '  env = { MP_STATE_PATH = "$dnssec_state_path$" }\n  arguments = {\n'
    text += "".join(argument(check, option) for option in check.options) + "  }\n"
    for option in check.options:
        if option.name in shared:
            text += f'  vars.{check.variable(option)} = "$dnssec_{option.variable}$"\n'
        elif option.is_flag:
            text += f"  vars.{check.variable(option)} = false\n"
    return text + '  vars.dnssec_zone = "$host.name$"\n  vars.dnssec_state_path = ""\n}\n'


def commands(checks):
    shared = shared_options(checks)
    return HEAD + "".join(command(check, shared) for check in checks)
