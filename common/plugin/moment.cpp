// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/moment.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>

#include "judge/range.hpp"

namespace plugin {
namespace {

constexpr dns::UnixTime kLastMoment = 253402300799;  // 9999-12-31T23:59:59Z

dns::Result<dns::UnixTime> within_limits(dns::UnixTime time) {
  if (time < 0 || time > kLastMoment) return dns::Error{"not between 1970 and 9999"};
  return time;
}

/// Takes fixed-width numbers and marks off the front of a text; remembers a mismatch.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int digits(std::size_t width) {
    int number = 0;
    if (rest_.size() < width) return fail();
    for (const char octet : rest_.substr(0, width)) {
      if (octet < '0' || octet > '9') return fail();
      number = number * 10 + (octet - '0');
    }
    rest_.remove_prefix(width);
    return number;
  }
  bool take(std::string_view marks) {
    if (rest_.empty() || marks.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view marks) {
    if (!take(marks)) fail();
  }
  [[nodiscard]] bool at(char mark) const { return !rest_.empty() && rest_.front() == mark; }
  [[nodiscard]] bool done() const { return rest_.empty(); }
  [[nodiscard]] bool good() const { return good_; }

 private:
  int fail() {
    good_ = false;
    return 0;
  }
  std::string_view rest_;
  bool good_ = true;
};

/// RFC 3339 5.6 time-offset, in seconds east of UTC.
int read_offset(Scanner& scanner) {
  if (scanner.take("Zz")) return 0;
  const int sign = scanner.at('-') ? -1 : 1;
  scanner.expect("+-");
  const int hours = scanner.digits(2);
  scanner.expect(":");
  const int minutes = scanner.digits(2);
  if (hours > 23 || minutes > 59) scanner.expect("");
  return sign * (hours * 3600 + minutes * 60);
}

dns::Result<dns::UnixTime> parse_calendar(std::string_view text) {
  Scanner scanner(text);
  const int year = scanner.digits(4);
  scanner.expect("-");
  const int month = scanner.digits(2);
  scanner.expect("-");
  const int day = scanner.digits(2);
  int hour = 0;
  int minute = 0;
  int second = 0;
  int offset = 0;
  if (!scanner.done()) {
    scanner.expect("Tt");
    hour = scanner.digits(2);
    scanner.expect(":");
    minute = scanner.digits(2);
    if (scanner.take(":")) second = scanner.digits(2);
    if (scanner.good() && scanner.done()) return dns::Error{"say which time zone: Z is UTC"};
    offset = read_offset(scanner);
  }
  if (!scanner.good() || !scanner.done()) return dns::Error{"not in the form of RFC 3339"};
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return dns::Error{"no such time"};
  const dns::UnixTime minutes = hour * 60 + minute;
  const dns::UnixTime days = std::chrono::sys_days(date).time_since_epoch().count();
  return within_limits(days * 86400 + minutes * 60 + second - offset);
}

}  // namespace

dns::Result<dns::UnixTime> parse_moment(std::string_view text, dns::UnixTime now) {
  if (!text.empty() && text.front() == '+') {
    const auto seconds = judge::parse_duration(text.substr(1));
    if (!seconds) return seconds.error();
    return within_limits(now + std::llround(*seconds));  // at most 1e15: no overflow
  }
  const bool marked = !text.empty() && text.front() == '@';
  const std::string_view digits = marked ? text.substr(1) : text;
  if (marked || digits.find_first_not_of("0123456789") == std::string_view::npos) {
    dns::UnixTime time = -1;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), time);
    if (problem != std::errc{} || end != digits.data() + digits.size()) {
      return dns::Error{"not a number of seconds"};
    }
    return within_limits(time);
  }
  return parse_calendar(text);
}

}  // namespace plugin
