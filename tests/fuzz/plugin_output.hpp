// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string_view>

#include "plugin/options.hpp"

namespace fuzz {

/// What Nagios and Icinga make of a plugin's standard output: a first line with the service and the
/// state's word, one `|` at most, behind it performance data in their grammar, then lines of
/// printable ASCII without any `|`.
void require_plugin_text(std::string_view text, const plugin::Binary& binary, plugin::State state);

/// Each line is one JSON document.
void require_json_lines(std::string_view text);
/// The whole is one JSON document.
void require_json(std::string_view text);

/// Output of that format, whatever it is.
void require_output(std::string_view text, plugin::Output output, const plugin::Binary& binary,
                    plugin::State state);

}  // namespace fuzz
