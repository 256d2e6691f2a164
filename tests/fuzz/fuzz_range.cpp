// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// Ranges, thresholds, durations and moments: against a second reader that is slow, made of another
// grammar, and knows nothing of the first.
#include <cmath>
#include <limits>
#include <optional>
#include <regex>
#include <string>

#include "fuzz.hpp"
#include "input.hpp"
#include "judge/range.hpp"
#include "plugin/moment.hpp"

namespace {

constexpr std::size_t kMostText = 100;  // the regular expressions are recursive
constexpr long double kMost = 1e15L;
constexpr long double kInfinite = std::numeric_limits<long double>::infinity();
const std::string kNumber = R"((0|[1-9][0-9]*)(\.[0-9]+)?)";

/// Nothing: no number, or one that is refused for its size.
std::optional<long double> slow_number(const std::string& text) {
  static const std::regex kForm(kNumber);
  if (!std::regex_match(text, kForm) || text.size() > 32) return std::nullopt;
  const long double value = std::stold(text);
  return static_cast<double>(value) > static_cast<double>(kMost) ? std::nullopt
                                                                 : std::optional(value);
}

std::optional<long double> slow_percent(const std::string& text) {
  if (text.empty() || text.back() != '%') return std::nullopt;
  return slow_number(text.substr(0, text.size() - 1));
}

std::optional<long double> slow_duration(const std::string& text) {
  static const std::regex kForm("(" + kNumber + "w)?(" + kNumber + "d)?(" + kNumber + "h)?(" +
                                kNumber + "m)?(" + kNumber + "s)?");
  if (const auto plain = slow_number(text)) return plain;
  std::smatch parts;
  if (text.empty() || !std::regex_match(text, parts, kForm)) return std::nullopt;
  constexpr long double kSeconds[] = {604800, 86400, 3600, 60, 1};
  long double sum = 0;
  for (std::size_t unit = 0; unit < 5; ++unit) {
    const std::string part = parts[1 + 3 * unit].str();
    if (part.empty()) continue;
    const auto number = slow_number(part.substr(0, part.size() - 1));
    if (!number) return std::nullopt;
    sum += *number * kSeconds[unit];
  }
  return sum > kMost ? std::nullopt : std::optional(sum);
}

using SlowNumber = std::optional<long double> (*)(const std::string&);

std::optional<long double> slow_signed(std::string text, SlowNumber number) {
  const bool negative = text.rfind('-', 0) == 0;
  if (negative || text.rfind('+', 0) == 0) text.erase(0, 1);
  const auto value = number(text);
  return value && negative ? std::optional(-*value) : value;
}

struct SlowRange {
  long double start = 0, end = kInfinite;
  bool inside = false;
  [[nodiscard]] bool alerts(long double value) const {
    const bool outside = value < start || value > end;
    return inside ? !outside : outside;
  }
};

/// https://www.monitoring-plugins.org/doc/guidelines.html, threshold and ranges.
std::optional<SlowRange> slow_range(const std::string& text, SlowNumber number) {
  static const std::regex kForm("(@?)(?:([^:]+):)?([^:]*)");
  std::smatch parts;
  if (!std::regex_match(text, parts, kForm)) return std::nullopt;
  SlowRange range;
  range.inside = parts[1].length() > 0;
  if (!parts[2].matched && parts[3].length() == 0) return std::nullopt;
  if (parts[2].matched && parts[2].str() != "~") {
    const auto start = slow_signed(parts[2].str(), number);
    if (!start) return std::nullopt;
    range.start = *start;
  } else if (parts[2].matched) {
    range.start = -kInfinite;
  }
  if (parts[3].length() > 0) {
    const auto end = slow_signed(parts[3].str(), number);
    if (!end) return std::nullopt;
    range.end = *end;
  }
  if (range.start > range.end) return std::nullopt;
  return range;
}

/// Sums are made in another order and width here.
bool near(long double left, double right) {
  return std::fabs(left - static_cast<long double>(right)) <=
         1e-9L * std::fmax(1.0L, std::fabs(left));
}

void compare(const dns::Result<judge::Range>& ours, const std::string& text, SlowNumber number) {
  const auto slow = slow_range(text, number);
  // Within the last digits of the limits it may go either way.
  if (!slow || !ours) {
    fuzz::require(!slow && !ours, "both read a range, or neither");
    return;
  }
  fuzz::require(ours->inside == slow->inside, "@");
  fuzz::require(ours->start.has_value() == (slow->start != -kInfinite), "~");
  fuzz::require(ours->end.has_value() == (slow->end != kInfinite), "an open end");
  if (ours->start) fuzz::require(near(slow->start, *ours->start), "the same start");
  if (ours->end) fuzz::require(near(slow->end, *ours->end), "the same end");
  for (const double value : {-1e16, -1.0, -0.0, 0.5, 59.0, 3601.0, 86399.0, 1e16}) {
    if (near(slow->start, value) || near(slow->end, value)) continue;
    fuzz::require(ours->alerts(value) == slow->alerts(value), "both alert, or neither");
  }
  fuzz::require(ours->alerts(NAN), "what was not measured is not fine");
  const auto again = judge::parse_range(ours->to_text());
  fuzz::require(again.ok() && *again == *ours, "a range is written as it is read");
}

void use_numbers(const std::string& text) {
  const auto ours = judge::parse_duration(text);
  const auto slow = slow_duration(text);
  fuzz::require(ours.ok() == slow.has_value(), "both read a duration, or neither");
  if (ours) {
    fuzz::require(near(*slow, *ours) && *ours >= 0, "the same duration");
    const auto printed = judge::plain_number(*ours);
    const auto again = judge::parse_duration(printed);
    fuzz::require(printed.size() > 32 || (again.ok() && *again == *ours), "a number is kept");
  }
}

void use_moment(const std::string& text) {
  constexpr dns::UnixTime kNow = 1796083200;
  constexpr dns::UnixTime kEnd = 253402300799;  // of the year 9999
  const auto moment = plugin::parse_moment(text, kNow);
  if (!moment) {
    fuzz::require_one_line(moment.error().message);
    return;
  }
  fuzz::require(*moment >= 0 && *moment <= kEnd, "from 1970 to 9999");
  const auto again = plugin::parse_moment(dns::to_iso_second(*moment), 0);
  fuzz::require(again.ok() && *again == *moment, "a moment is read as it is written");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::Input(data, std::min(size, kMostText)).text();
  compare(judge::parse_range(text), text, slow_number);
  compare(judge::parse_duration_range(text), text, slow_duration);
  const bool percent = text.find('%') != std::string::npos;
  const auto threshold = judge::parse_threshold(text);
  const auto slow = slow_range(text, percent ? slow_percent : slow_duration);
  fuzz::require(threshold.ok() == slow.has_value(), "both read a threshold, or neither");
  if (threshold) fuzz::require(threshold->percent == percent, "percent is said");
  if (!threshold) fuzz::require_one_line(threshold.error().message);
  use_numbers(text);
  use_moment(text);
  return 0;
}
