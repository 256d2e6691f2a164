// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>

namespace dns {

// Character classes of ASCII alone: those of <cctype> hang on the locale.

constexpr bool is_ascii_digit(std::uint8_t octet) { return octet >= '0' && octet <= '9'; }

constexpr bool is_ascii_upper(std::uint8_t octet) { return octet >= 'A' && octet <= 'Z'; }

constexpr bool is_ascii_lower(std::uint8_t octet) { return octet >= 'a' && octet <= 'z'; }

constexpr bool is_ascii_alphanumeric(std::uint8_t octet) {
  return is_ascii_digit(octet) || is_ascii_upper(octet) || is_ascii_lower(octet);
}

constexpr std::uint8_t ascii_lower(std::uint8_t octet) {
  return is_ascii_upper(octet) ? static_cast<std::uint8_t>(octet + ('a' - 'A')) : octet;
}

}  // namespace dns
