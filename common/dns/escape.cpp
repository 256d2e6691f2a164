// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/escape.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include "dns/text.hpp"

namespace dns {
namespace {

constexpr std::string_view unsafe = "\\|<>&'\"`$;[]";
constexpr std::string_view cut_mark = "...";

void append_safe(std::string& text, char octet) {
  const auto code = static_cast<std::uint8_t>(octet);
  if (code >= ' ' && code < 0x7f && unsafe.find(octet) == std::string_view::npos) {
    text += octet;
  } else {
    append_escape(text, code);
  }
}

}  // namespace

std::string escape(std::string_view foreign, std::size_t most) {
  std::string text;
  std::size_t cut_at = 0;  // the last border of an escape that leaves room for the cut mark
  for (const char octet : foreign) {
    if (text.size() + cut_mark.size() <= most) cut_at = text.size();
    append_safe(text, octet);
    if (text.size() <= most) continue;
    text.resize(cut_at);
    text += cut_mark.substr(0, most - cut_at);
    return text;
  }
  return text;
}

}  // namespace dns
