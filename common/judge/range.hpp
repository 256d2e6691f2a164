// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dns/result.hpp"

namespace judge {

/// A Monitoring Plugins range `[@][start:]end`: alerts outside the closed interval, or inside with
/// `@`. `10` is 0..10, `10:` is 10..infinity, `~:10` is -infinity..10. Start above end is an error.
struct Range {
  std::optional<double> start = 0.0;  ///< empty: minus infinity
  std::optional<double> end;          ///< empty: plus infinity
  bool inside = false;                ///< '@'
  [[nodiscard]] bool alerts(double value) const;
  /// The shortest form that means the same, plain numbers: "5", "0:", "~:10", "@1:2".
  [[nodiscard]] std::string to_text() const;
  bool operator==(const Range&) const = default;
};

/// A threshold on a remaining time: absolute seconds, or a share of the signature's lifetime.
struct Threshold {
  Range range;  ///< seconds, or percent when `percent`
  bool percent = false;
  bool operator==(const Threshold&) const = default;
};

/// Numbers are decimal digits with optional sign and fraction. No blanks, hex, exponent, "inf".
dns::Result<Range> parse_range(std::string_view text);
/// As parse_range, where each number may be a duration: "7d:", "@1h:2h", "1h30m:" (units s m h d w;
/// without a unit: seconds).
dns::Result<Range> parse_duration_range(std::string_view text);
/// A duration range, or a percent range as "20%:" (then each number carries %).
dns::Result<Threshold> parse_threshold(std::string_view text);
/// "90s", "1h30m", "7d", "45" (seconds), "0.5s"; not negative. Gives seconds.
dns::Result<double> parse_duration(std::string_view text);

/// The shortest decimal digits that read back as `value`: no exponent, no locale, integers as
/// integers, never "-0". Empty for infinities and NaN.
std::string plain_number(double value);

}  // namespace judge
