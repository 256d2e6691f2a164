// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/zone_file_cut.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace observe {
namespace {

/// Octets with a meaning within parentheses, outside of quotes and comments.
constexpr auto kMeaning = [] {
  std::array<bool, 256> meaning{};
  for (const char octet : std::string_view("\\\";()")) {
    meaning.at(static_cast<unsigned char>(octet)) = true;
  }
  return meaning;
}();

/// The next such octet from `at` on, or the end. Most of a signed zone is the text of signatures,
/// which has none: four of its octets cost one decision.
std::size_t next_with_meaning(std::string_view text, std::size_t at) {
  const char* octets = text.data();
  const auto meaning = [octets](std::size_t index) -> unsigned {
    return kMeaning[static_cast<unsigned char>(octets[index])] ? 1 : 0;
  };
  while (text.size() - at >= 4 &&
         (meaning(at) | meaning(at + 1) | meaning(at + 2) | meaning(at + 3)) == 0) {
    at += 4;
  }
  while (at < text.size() && meaning(at) == 0) ++at;
  return at;
}

/// Where in `line`, which may go on for several lines, the record or comment ends; npos when it
/// does not.
std::size_t end_of_record(std::string_view line) {
  bool in_parentheses = false;
  bool quoted = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (in_parentheses && !quoted) at = next_with_meaning(line, at);
    if (at == line.size()) break;
    const char octet = line[at];
    if (octet == '\n') {
      if (!in_parentheses) return at + 1;
    } else if (octet == '\\') {
      ++at;
    } else if (octet == '"') {
      quoted = !quoted;
    } else if (!quoted && octet == ';') {
      at = std::min(line.find('\n', at), line.size()) - 1;
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
