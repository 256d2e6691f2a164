// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <string>

namespace dns {

/// Seconds since 1970 as 64 bits: the suite's own time, unambiguous past 2106.
using UnixTime = std::int64_t;

constexpr UnixTime kHour = 3600;  ///< seconds
constexpr UnixTime kDay = 86400;  ///< seconds

/// A 32-bit serial number as RRSIG times and SOA serials are (RFC 1982, RFC 4034 3.1.5).
/// Its order is partial, so there is no operator<: two values 2^31 apart are not comparable.
class SerialTime {
 public:
  SerialTime() = default;
  explicit SerialTime(std::uint32_t value) : value_(value) {}
  static SerialTime from_unix(UnixTime time) {
    return SerialTime(static_cast<std::uint32_t>(static_cast<std::uint64_t>(time) & 0xffffffffU));
  }

  [[nodiscard]] std::uint32_t value() const { return value_; }
  bool operator==(const SerialTime&) const = default;

  /// RFC 1982 3.2: this < other; false when they are 2^31 apart.
  [[nodiscard]] bool before(SerialTime other) const {
    return value_ != other.value_ && other.value_ - value_ < 0x80000000U;
  }
  [[nodiscard]] bool after(SerialTime other) const { return other.before(*this); }
  /// Signed seconds from `origin` to this, in (-2^31, 2^31]; the nearer way round.
  [[nodiscard]] std::int64_t seconds_since(SerialTime origin) const;
  /// The 64-bit time nearest to `reference` that this can stand for.
  [[nodiscard]] UnixTime unix_near(UnixTime reference) const {
    return reference + seconds_since(from_unix(reference));
  }

 private:
  std::uint32_t value_ = 0;
};

/// "2026-11-29T04:00Z" (RFC 3339, UTC, to the minute).
std::string to_iso_minute(UnixTime time);
/// "2026-11-29T04:00:17Z".
std::string to_iso_second(UnixTime time);
/// Human duration of at most two units, e.g. "5d 3h", "3h 10m", "42s"; the sign is dropped.
std::string to_human_duration(std::int64_t seconds);

}  // namespace dns
