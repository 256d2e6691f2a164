// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/serial_time.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "dns/civil_time.hpp"
#include "dns/text.hpp"

namespace dns {
namespace {

constexpr UnixTime year_zero = -62'167'219'200;    // 0000-01-01T00:00:00Z
constexpr UnixTime end_of_9999 = 253'402'300'799;  // 9999-12-31T23:59:59Z

/// RFC 3339 knows years of four digits only: times beyond are shown as its first or last second.
std::string iso(UnixTime time, bool with_seconds) {
  const CivilTime civil = civil_time(std::clamp(time, year_zero, end_of_9999));
  std::string text;
  append_padded(text, civil.year, 4);
  text += '-';
  append_padded(text, civil.month, 2);
  text += '-';
  append_padded(text, civil.day, 2);
  text += 'T';
  append_padded(text, civil.hour, 2);
  text += ':';
  append_padded(text, civil.minute, 2);
  if (with_seconds) {
    text += ':';
    append_padded(text, civil.second, 2);
  }
  return text + 'Z';
}

struct Unit {
  std::uint64_t seconds;
  std::string_view name;
};

constexpr std::array units{Unit{86'400, "d"}, Unit{3'600, "h"}, Unit{60, "m"}, Unit{1, "s"}};

std::string in_unit(std::uint64_t seconds, const Unit& unit) {
  return std::to_string(seconds / unit.seconds) + std::string(unit.name);
}

}  // namespace

std::int64_t SerialTime::seconds_since(SerialTime origin) const {
  const std::uint32_t forward = value_ - origin.value_;
  const auto seconds = static_cast<std::int64_t>(forward);
  return forward <= 0x80000000U ? seconds : seconds - (std::int64_t{1} << 32U);
}

std::string to_iso_minute(UnixTime time) { return iso(time, false); }

std::string to_iso_second(UnixTime time) { return iso(time, true); }

std::string to_human_duration(std::int64_t seconds) {
  // Negated as unsigned because the least std::int64_t has no positive counterpart.
  const auto bits = static_cast<std::uint64_t>(seconds);
  const std::uint64_t magnitude = seconds < 0 ? 0 - bits : bits;
  for (std::size_t i = 0; i + 1 < units.size(); ++i) {
    const std::uint64_t left = magnitude % units.at(i).seconds;
    if (magnitude < units.at(i).seconds) continue;
    const std::string text = in_unit(magnitude, units.at(i));
    const Unit& smaller = units.at(i + 1);
    return left < smaller.seconds ? text : text + ' ' + in_unit(left, smaller);
  }
  return in_unit(magnitude, units.back());
}

}  // namespace dns
