// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace plugin {

/// The whole of `text` as a number of at most `most`, without leading zeros.
template <class Number>
std::optional<Number> parse_whole(std::string_view text, Number most) {
  Number number{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = problem == std::errc{} && end == text.data() + text.size();
  const bool padded = text.size() > 1 && text.front() == '0';
  if (!whole || padded || number > most) return std::nullopt;
  return number;
}

}  // namespace plugin
