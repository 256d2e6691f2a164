// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/range.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "support.hpp"

namespace {

using judge::parse_duration;
using judge::parse_duration_range;
using judge::parse_range;
using judge::parse_threshold;

judge::Range range(std::string_view text) { return parse_range(text).value(); }

/// The sentences of the Monitoring Plugins guidelines, word by word and slowly: a second opinion.
bool slow_alerts(std::string text, double value) {
  bool inside = false;
  if (text[0] == '@') {
    inside = true;
    text = text.substr(1);
  }
  double start = 0;
  double end = std::numeric_limits<double>::infinity();
  const auto colon = text.find(':');
  const std::string last = colon == std::string::npos ? text : text.substr(colon + 1);
  if (colon != std::string::npos) {
    const std::string first = text.substr(0, colon);
    start = first == "~" ? -std::numeric_limits<double>::infinity() : std::stod(first);
  }
  if (!last.empty()) end = std::stod(last);
  const bool outside = value < start || value > end;
  return inside ? !outside : outside;
}

std::string random_number(std::mt19937& random) {
  std::string text = random() % 3 == 0 ? "-" : "";
  text += std::to_string(random() % 50);
  if (random() % 3 == 0) text += "." + std::to_string(random() % 100);
  return text;
}

std::string random_range(std::mt19937& random) {
  std::string text = random() % 4 == 0 ? "@" : "";
  switch (random() % 4) {
    case 0:
      return text + random_number(random);
    case 1:
      return text + "~:" + (random() % 4 == 0 ? "" : random_number(random));
    case 2:
      return text + random_number(random) + ":";
    default:
      return text + random_number(random) + ":" + random_number(random);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ranges)

BOOST_AUTO_TEST_CASE(a_bare_number_alerts_below_zero_and_above_itself) {
  BOOST_TEST(range("10").alerts(-1));
  BOOST_TEST(!range("10").alerts(0));
  BOOST_TEST(!range("10").alerts(10));
  BOOST_TEST(range("10").alerts(10.0001));
}

BOOST_AUTO_TEST_CASE(end_points_belong_to_the_range) {
  BOOST_TEST(range("10:").alerts(9.999));
  BOOST_TEST(!range("10:").alerts(10));
  BOOST_TEST(!range("~:10").alerts(10));
  BOOST_TEST(!range("~:10").alerts(-1e12));
  BOOST_TEST(range("~:10").alerts(10.5));
  BOOST_TEST(range("10:20").alerts(9));
  BOOST_TEST(!range("10:20").alerts(20));
  BOOST_TEST(range("@10:20").alerts(10));
  BOOST_TEST(range("@10:20").alerts(20));
  BOOST_TEST(!range("@10:20").alerts(20.5));
}

BOOST_AUTO_TEST_CASE(fractions_and_signs_are_compared_as_numbers) {
  BOOST_TEST(!range("-5.5:-1.5").alerts(-3));
  BOOST_TEST(range("-5.5:-1.5").alerts(-1));
  BOOST_TEST(!range("-5:10").alerts(-5));
  BOOST_TEST(range("+5:").alerts(4));
}

BOOST_AUTO_TEST_CASE(what_is_not_a_number_always_alerts) {
  BOOST_TEST(range("~:").alerts(std::nan("")));
  BOOST_TEST(range("@10:20").alerts(std::nan("")));
}

BOOST_AUTO_TEST_CASE(prints_the_shortest_form) {
  for (const std::string_view text : {"5", "0:", "~:10", "~:", "@1:2", "10:", "-5:5", "0.5",
                                      "-5.5:-1.5", "@0:", "@5", "@~:0", "0", "604800:"}) {
    BOOST_TEST(range(text).to_text() == text);
  }
  BOOST_TEST(range("0:5").to_text() == "5");
  BOOST_TEST(range("-0:-0.0").to_text() == "0");
  BOOST_TEST(range("5.0:+7.50").to_text() == "5:7.5");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_range) {
  for (const std::string_view text :
       {"",         "@",   ":",     "~",    "10:~", "20:10", "010", "0x10",     "1e3",
        "10abc",    " 10", "10 ",   "1,5",  "nan",  "inf",   ".5",  "5.",       "10:20abc",
        "10:20:30", ":10", "@@1:2", "1@2",  "~10",  "--5",   "+-5", "-",        "-inf:",
        "5-",       "@:",  "~:~",   "10::", "1d",   "00",    "5%",  "infinity", "\xef\xbc\x95",
        "1:-1"}) {
    BOOST_TEST(!parse_range(text).ok(), "accepted: " << text);
  }
  BOOST_TEST(!parse_range(std::string_view("1\0", 2)).ok());
  BOOST_TEST(!parse_range(std::string(500, '9')).ok());
  BOOST_TEST(!parse_range("1000000000000001:").ok());
  BOOST_TEST(!parse_range("0." + std::string(400, '0') + "1").ok());
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong) {
  BOOST_TEST(parse_range("20:10").error().message == "start 20 is above end 10");
}

BOOST_AUTO_TEST_CASE(durations_have_units_from_large_to_small) {
  const auto seconds = [](std::string_view text) { return parse_duration(text).value(); };
  BOOST_TEST(seconds("45") == 45);
  BOOST_TEST(seconds("90s") == 90);
  BOOST_TEST(seconds("1h30m") == 5400);
  BOOST_TEST(seconds("7d") == 604800);
  BOOST_TEST(seconds("2w") == 1209600);
  BOOST_TEST(seconds("1w1d1h1m1s") == 694861);
  BOOST_TEST(seconds("0.5s") == 0.5);
  BOOST_TEST(seconds("1.5h") == 5400);
  BOOST_TEST(seconds("0") == 0);
  for (const std::string_view text :
       {"", "-1", "+1", "1h30", "30m1h", "1d1d", "1M", "1D", "1y", "d", "1 d", "1d ", "1ms", "1e3",
        "1h-5m", "1.h", "01d", "~", "%"}) {
    BOOST_TEST(!parse_duration(text).ok(), "accepted: " << text);
  }
  BOOST_TEST(!parse_duration("999999999999999w").ok());
  BOOST_TEST(!parse_duration(std::string(100, '1') + "d").ok());
}

BOOST_AUTO_TEST_CASE(duration_ranges_print_as_seconds) {
  BOOST_TEST(parse_duration_range("7d:")->to_text() == "604800:");
  BOOST_TEST(parse_duration_range("@1h:2h")->to_text() == "@3600:7200");
  BOOST_TEST(parse_duration_range("1h30m:")->to_text() == "5400:");
  BOOST_TEST(parse_duration_range("-1d:1d")->to_text() == "-86400:86400");
  BOOST_TEST(parse_duration_range("~:30")->to_text() == "~:30");
  BOOST_TEST(!parse_duration_range("2d:1d").ok());
  BOOST_TEST(!parse_duration_range("7d:x").ok());
}

BOOST_AUTO_TEST_CASE(thresholds_are_durations_or_shares) {
  const auto share = parse_threshold("20%:").value();
  BOOST_TEST(share.percent);
  BOOST_TEST(share.range.to_text() == "20:");
  BOOST_TEST(parse_threshold("@10%:20.5%")->range.to_text() == "@10:20.5");
  BOOST_TEST(parse_threshold("~:50%")->percent);
  const auto absolute = parse_threshold("7d:").value();
  BOOST_TEST(!absolute.percent);
  BOOST_TEST(absolute.range.to_text() == "604800:");
  for (const std::string_view text :
       {"20:30%", "20%:30", "%", "%:", "20%%:", "1d%:", "20%:1d", ""}) {
    BOOST_TEST(!parse_threshold(text).ok(), "accepted: " << text);
  }
}

BOOST_AUTO_TEST_CASE(plain_numbers_have_no_exponent) {
  BOOST_TEST(judge::plain_number(0.0) == "0");
  BOOST_TEST(judge::plain_number(-0.0) == "0");
  BOOST_TEST(judge::plain_number(-10800) == "-10800");
  BOOST_TEST(judge::plain_number(0.012) == "0.012");
  BOOST_TEST(judge::plain_number(1e15) == "1000000000000000");
  BOOST_TEST(judge::plain_number(1e-7) == "0.0000001");
  BOOST_TEST(judge::plain_number(std::nan("")).empty());
  BOOST_TEST(judge::plain_number(std::numeric_limits<double>::infinity()).empty());
  const double least = std::numeric_limits<double>::denorm_min();
  BOOST_TEST(judge::plain_number(least).find_first_not_of("0.123456789") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(parsed_and_printed_ranges_mean_what_the_guidelines_say) {
  std::mt19937 random(20261201);
  int parsed = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string text = random_range(random);
    const auto one = parse_range(text);
    if (!one) {  // only because the start is above the end
      BOOST_REQUIRE_MESSAGE(one.error().message.find("above") != std::string::npos, text);
      continue;
    }
    ++parsed;
    const std::string printed = one->to_text();
    const auto again = parse_range(printed);
    BOOST_REQUIRE_MESSAGE(again.ok() && *again == *one, text << " printed as " << printed);
    BOOST_REQUIRE(again->to_text() == printed);
    BOOST_REQUIRE(printed.size() <= text.size());
    for (int j = 0; j < 5; ++j) {
      const double value = std::stod(random_number(random));
      BOOST_REQUIRE_MESSAGE(one->alerts(value) == slow_alerts(text, value), text << " " << value);
      BOOST_REQUIRE_MESSAGE(one->alerts(value) == slow_alerts(printed, value), printed);
    }
  }
  BOOST_TEST(parsed > 10000);
}

BOOST_AUTO_TEST_CASE(survives_arbitrary_bytes) {
  std::mt19937 random(7);
  static constexpr std::string_view kLikely = "0123456789.:~@-+%wdhms";
  for (int i = 0; i < 20000; ++i) {
    std::string text(random() % 12, ' ');
    for (char& octet : text) {
      octet = random() % 10 == 0 ? static_cast<char>(random() & 0xffU)
                                 : kLikely[random() % kLikely.size()];
    }
    const auto threshold = parse_threshold(text);
    if (!threshold) {
      BOOST_REQUIRE(!threshold.error().message.empty());
      continue;
    }
    const auto again = parse_threshold(threshold->percent ? text : threshold->range.to_text());
    BOOST_REQUIRE_MESSAGE(again.ok() && *again == *threshold, text);
  }
}

BOOST_AUTO_TEST_CASE(tiers_have_words) {
  for (const judge::Tier tier :
       {judge::Tier::mute, judge::Tier::info, judge::Tier::unknown, judge::Tier::warning,
        judge::Tier::critical, judge::Tier::emergency}) {
    std::string word(judge::to_text(tier));
    BOOST_TEST(!judge::parse_tier(word).has_value());  // only lower case is accepted
    for (char& octet : word) octet = static_cast<char>(octet + ('a' - 'A'));
    BOOST_TEST((judge::parse_tier(word) == tier));
  }
  BOOST_TEST((judge::parse_tier("ok") == judge::Tier::mute));
  BOOST_TEST(!judge::parse_tier("").has_value());
  BOOST_TEST(!judge::parse_tier("critica").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
