// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/escape.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include "dns/text.hpp"

namespace dns {
namespace {

constexpr std::string_view unsafe_foreign = "\\|<>&'\"`$;[]";
constexpr std::string_view unsafe_own = "|";
constexpr std::string_view cut_mark = "...";

void append_safe(std::string& text, char octet, std::string_view unsafe) {
  const auto code = static_cast<std::uint8_t>(octet);
  if (code >= ' ' && code < 0x7f && unsafe.find(octet) == std::string_view::npos) {
    text += octet;
  } else {
    append_escape(text, code);
  }
}

std::string escape_octets(std::string_view foreign, std::size_t most, std::string_view unsafe) {
  std::string text;
  std::size_t cut_at = 0;  // the last border of an escape that leaves room for the cut mark
  for (const char octet : foreign) {
    if (text.size() + cut_mark.size() <= most) cut_at = text.size();
    append_safe(text, octet, unsafe);
    if (text.size() <= most) continue;
    text.resize(cut_at);
    text += cut_mark.substr(0, most - cut_at);
    return text;
  }
  return text;
}

}  // namespace

std::string escape(std::string_view foreign, std::size_t most) {
  return escape_octets(foreign, most, unsafe_foreign);
}

std::string escape_line(std::string_view words, std::size_t most) {
  return escape_octets(words, most, unsafe_own);
}

}  // namespace dns
