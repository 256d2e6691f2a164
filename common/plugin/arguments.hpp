// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dns/result.hpp"
#include "plugin/options.hpp"

namespace plugin {

/// One option as it was given, its value not looked at yet.
struct Given {
  const OptionRow* row = nullptr;
  std::string value;
  std::string source;  ///< "file /etc/x.ini line 3"; empty: the command line. Safe to print
};

/// Splits a command line. Errors are safe to print. Plain arguments become --zone.
dns::Result<std::vector<Given>> split_arguments(const Binary& binary,
                                                std::span<const std::string> arguments);

/// Reads what one --extra-opts means: `[SECTION][@FILE]` in Monitoring Plugins' ini format.
dns::Result<std::vector<Given>> read_extra_options(const Binary& binary, std::string_view locator,
                                                   const Environment& environment);

/// Checks one value and stores it. Returns what is wrong with it, safe to print.
std::optional<std::string> apply_option(const Given& given, const Environment& environment,
                                        Options& options);

/// "option --at needs a value: TIME or +DURATION"; safe on a line of output, where `|` is not.
std::string needs_value(const OptionRow& row);
/// `value` escaped and in double quotes.
std::string quote(std::string_view value);
/// The ids (or option names) among `known` most like `word`, best first, at most three.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string_view>& known);
/// "a", "a or b", "a, b or c".
std::string any_of(const std::vector<std::string>& words);

}  // namespace plugin
