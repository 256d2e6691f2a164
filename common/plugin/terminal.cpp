// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/terminal.hpp"

#include <string_view>

namespace plugin {
namespace {

using Variables = std::map<std::string, std::string>;

std::string_view value_of(const Variables& variables, const std::string& name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view locale_of(const Variables& variables) {
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = value_of(variables, name);
    if (!value.empty()) return value;
  }
  return {};
}

/// "C.UTF-8", "de_DE.utf8@euro".
bool names_utf8(std::string_view locale) {
  std::string letters;
  for (const char octet : locale) {
    if (octet == '-') continue;
    letters += octet >= 'A' && octet <= 'Z' ? static_cast<char>(octet - 'A' + 'a') : octet;
  }
  return letters.find("utf8") != std::string::npos;
}

}  // namespace

std::optional<Terminal> terminal_for(const Variables& variables, bool is_terminal) {
  if (!is_terminal) return std::nullopt;
  Terminal terminal;
  terminal.utf8 = names_utf8(locale_of(variables));
  terminal.colours =
      value_of(variables, "NO_COLOR").empty() && value_of(variables, "TERM") != "dumb";
  return terminal;
}

}  // namespace plugin
