// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/address_class.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

namespace judge {
namespace {

struct Network {
  std::uint32_t base;
  unsigned prefix;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c = 0,
                           std::uint32_t d = 0) {
  return a << 24U | b << 16U | c << 8U | d;
}

constexpr std::array kReserved{
    Network{v4(0, 0), 8},      Network{v4(10, 0), 8},     Network{v4(100, 64), 10},
    Network{v4(127, 0), 8},    Network{v4(169, 254), 16}, Network{v4(172, 16), 12},
    Network{v4(192, 168), 16}, Network{v4(198, 18), 15},  Network{v4(224, 0), 3}};

std::optional<std::uint32_t> parse_v4(std::string_view text) {
  std::uint32_t value = 0;
  const char* at = text.data();
  const char* end = text.data() + text.size();
  for (int i = 0; i < 4; ++i) {
    unsigned octet = 0;
    const auto [next, error] = std::from_chars(at, end, octet);
    if (error != std::errc() || octet > 255) {
      return std::nullopt;
    }
    value = value << 8U | octet;
    at = next;
    if (i < 3) {
      if (at == end || *at != '.') {
        return std::nullopt;
      }
      ++at;
    }
  }
  return at == end ? std::optional(value) : std::nullopt;
}

/// fc00::/7, fe80::/10, ff00::/8, ::, ::1 in canonical text.
bool is_v6_bogon(std::string_view text) {
  if (text == "::" || text == "::1") {
    return true;
  }
  unsigned group = 0;
  const auto [next, error] = std::from_chars(text.data(), text.data() + text.size(), group, 16);
  if (error != std::errc() || group > 0xffff || next != text.data() + text.find(':')) {
    return false;
  }
  return (group & 0xfe00U) == 0xfc00U || (group & 0xffc0U) == 0xfe80U ||
         (group & 0xff00U) == 0xff00U;
}

}  // namespace

bool is_bogon(std::string_view address) {
  if (address.find(':') != std::string_view::npos) {
    return is_v6_bogon(address);
  }
  const auto value = parse_v4(address);
  if (!value) {
    return false;
  }
  for (const auto& network : kReserved) {
    if ((*value ^ network.base) >> (32 - network.prefix) == 0) {
      return true;
    }
  }
  return false;
}

}  // namespace judge
