// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/range.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <utility>

namespace judge {
namespace {

// Beyond this a number is a slip of the finger, and below it every whole number is exact.
constexpr double kMost = 1e15;
constexpr std::size_t kMostDigits = 32;

bool is_digit(char octet) { return octet >= '0' && octet <= '9'; }

dns::Error error(std::string words) { return dns::Error{std::move(words)}; }

/// How many octets at the start of `text` are digits with an optional fraction; 0: none. A zero
/// before another digit is refused: it reads as octal elsewhere.
std::size_t number_length(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end == 0 || (end > 1 && text[0] == '0')) return 0;
  if (end == text.size() || text[end] != '.') return end;
  std::size_t fraction = end + 1;
  while (fraction < text.size() && is_digit(text[fraction])) ++fraction;
  return fraction == end + 1 ? 0 : fraction;
}

/// `digits` as number_length() measured them. from_chars knows no locale.
dns::Result<double> to_number(std::string_view digits) {
  double value = 0;
  if (digits.size() > kMostDigits) return error("a number has too many digits");
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value,
                                              std::chars_format::fixed);
  if (problem != std::errc{} || end != digits.data() + digits.size() || value > kMost) {
    return error("a number is too large");
  }
  return value;
}

dns::Result<double> parse_number(std::string_view text) {
  const std::size_t length = number_length(text);
  if (length == 0 || length != text.size()) return error("not a plain decimal number");
  return to_number(text);
}

dns::Result<double> parse_percent(std::string_view text) {
  if (text.empty() || text.back() != '%') return error("every number needs its %");
  return parse_number(text.substr(0, text.size() - 1));
}

using Parser = std::function<dns::Result<double>(std::string_view)>;

dns::Result<double> parse_signed(std::string_view text, const Parser& parser) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  auto number = parser(text);
  if (number && negative && *number != 0) return -*number;  // there is only one zero
  return number;
}

/// The one grammar of ranges: `[@][start:]end`, end omitted only after a colon.
dns::Result<Range> parse_any_range(std::string_view text, const Parser& parser) {
  Range range;
  if (!text.empty() && text.front() == '@') {
    range.inside = true;
    text.remove_prefix(1);
  }
  if (text.empty()) return error("it is empty");
  const std::size_t colon = text.find(':');
  std::string_view end = text;
  if (colon != std::string_view::npos) {
    const std::string_view start = text.substr(0, colon);
    end = text.substr(colon + 1);
    if (start.empty()) return error("nothing before the colon");
    if (start == "~") {
      range.start.reset();
    } else {
      const auto number = parse_signed(start, parser);
      if (!number) return number.error();
      range.start = *number;
    }
  }
  if (!end.empty()) {
    const auto number = parse_signed(end, parser);
    if (!number) return number.error();
    range.end = *number;
  }
  if (range.start && range.end && *range.start > *range.end) {
    return error("start " + plain_number(*range.start) + " is above end " +
                 plain_number(*range.end));
  }
  return range;
}

struct DurationUnit {
  char letter;
  double seconds;
};
constexpr std::array<DurationUnit, 5> kUnits{
    {{'w', 604800}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}}};

}  // namespace

std::string plain_number(double value) {
  if (!std::isfinite(value)) return {};
  if (value == 0) return "0";       // never "-0"
  std::array<char, 1200> buffer{};  // the longest double has some 1080 characters
  const auto [end, problem] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  if (problem != std::errc{}) return {};
  return {buffer.data(), end};
}

bool Range::alerts(double value) const {
  if (std::isnan(value)) return true;  // what could not be measured is not fine
  const bool within = (!start || value >= *start) && (!end || value <= *end);
  return within == inside;
}

std::string Range::to_text() const {
  std::string text = inside ? "@" : "";
  if (!start) {
    text += "~:";
  } else if (*start != 0 || !end) {
    text += plain_number(*start) + ":";
  }
  if (end) text += plain_number(*end);
  return text;
}

dns::Result<double> parse_duration(std::string_view text) {
  if (text.empty()) return error("it is empty");
  double seconds = 0;
  std::size_t unit = 0;  // units may only get smaller
  bool first = true;
  while (!text.empty()) {
    const std::size_t length = number_length(text);
    if (length == 0) return error("not a number with s, m, h, d or w");
    const auto number = to_number(text.substr(0, length));
    if (!number) return number.error();
    text.remove_prefix(length);
    if (text.empty()) {
      if (!first) return error("the last number has no unit");
      return *number;
    }
    while (unit < kUnits.size() && kUnits[unit].letter != text.front()) ++unit;
    if (unit == kUnits.size()) return error("units are w d h m s, each once, in this order");
    seconds += *number * kUnits[unit].seconds;
    if (seconds > kMost) return error("a number is too large");
    text.remove_prefix(1);
    ++unit;
    first = false;
  }
  return seconds;
}

dns::Result<Range> parse_range(std::string_view text) {
  return parse_any_range(text, parse_number);
}

dns::Result<Range> parse_duration_range(std::string_view text) {
  return parse_any_range(text, parse_duration);
}

dns::Result<Threshold> parse_threshold(std::string_view text) {
  const bool percent = text.find('%') != std::string_view::npos;
  auto range = percent ? parse_any_range(text, parse_percent) : parse_duration_range(text);
  if (!range) return range.error();
  return Threshold{*range, percent};
}

}  // namespace judge
