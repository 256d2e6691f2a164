// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/zone_file_cut.hpp"

namespace observe {
namespace {

/// Where in `line`, which may go on for several lines, the record or comment ends; npos when it
/// does not.
std::size_t end_of_record(std::string_view line) {
  bool in_parentheses = false;
  bool quoted = false;
  bool comment = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char octet = line[at];
    if (octet == '\n') {
      if (!in_parentheses) return at + 1;
      comment = false;
    } else if (comment) {
      continue;
    } else if (octet == '\\') {
      ++at;
    } else if (octet == '"') {
      quoted = !quoted;
    } else if (!quoted && octet == ';') {
      comment = true;
    } else if (!quoted && (octet == '(' || octet == ')')) {
      in_parentheses = octet == '(';
    }
  }
  return std::string_view::npos;
}

}  // namespace

// Most lines have no parenthesis: they are not looked at octet by octet.
std::size_t whole_records(std::string_view text) {
  std::size_t whole = 0;
  for (;;) {
    const auto rest = text.substr(whole);
    const auto parenthesis = rest.find('(');
    const auto line = rest.substr(0, parenthesis).rfind('\n');
    if (line != std::string_view::npos) whole += line + 1;
    if (parenthesis == std::string_view::npos) return whole;
    const auto end = end_of_record(text.substr(whole));
    if (end == std::string_view::npos) return whole;
    whole += end;
  }
}

}  // namespace observe
