// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/serial_time.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "dns/dns_support.hpp"

namespace {

using dns::SerialTime;
using dns::to_human_duration;
using dns::to_iso_minute;
using dns::to_iso_second;
using dns::UnixTime;

constexpr std::uint32_t half = 0x80000000U;

BOOST_AUTO_TEST_SUITE(dns_serial_time)

BOOST_AUTO_TEST_CASE(order_of_rfc_1982) {
  BOOST_TEST(SerialTime(1).before(SerialTime(2)));
  BOOST_TEST(SerialTime(2).after(SerialTime(1)));
  BOOST_TEST(!SerialTime(1).before(SerialTime(1)));
  BOOST_TEST(!SerialTime(1).after(SerialTime(1)));
  BOOST_TEST(SerialTime(0xffffffffU).before(SerialTime(0)));
  BOOST_TEST(SerialTime(0).before(SerialTime(half - 1)));
  BOOST_TEST(SerialTime(0).after(SerialTime(half + 1)));
}

BOOST_AUTO_TEST_CASE(values_2_31_apart_are_not_comparable) {
  for (const std::uint32_t value : {0U, 1U, half - 1, half, 0xffffffffU}) {
    const SerialTime one(value);
    const SerialTime other(value + half);
    BOOST_TEST(!one.before(other));
    BOOST_TEST(!one.after(other));
    BOOST_CHECK(one != other);
    BOOST_TEST(one.seconds_since(other) == std::int64_t{1} << 31U);
  }
}

BOOST_AUTO_TEST_CASE(distance_is_the_nearer_way_round) {
  BOOST_TEST(SerialTime(10).seconds_since(SerialTime(4)) == 6);
  BOOST_TEST(SerialTime(4).seconds_since(SerialTime(10)) == -6);
  BOOST_TEST(SerialTime(5).seconds_since(SerialTime(0xfffffffbU)) == 10);
  BOOST_TEST(SerialTime(0xfffffffbU).seconds_since(SerialTime(5)) == -10);
  BOOST_TEST(SerialTime(half - 1).seconds_since(SerialTime(0)) == 0x7fffffff);
  BOOST_TEST(SerialTime(half + 1).seconds_since(SerialTime(0)) == -0x7fffffff);
}

BOOST_AUTO_TEST_CASE(order_and_distance_agree) {
  dns_support::Random random(1982);
  for (int i = 0; i < 20'000; ++i) {
    const SerialTime left(static_cast<std::uint32_t>(random.below(std::size_t{1} << 32U)));
    const SerialTime right(static_cast<std::uint32_t>(random.below(std::size_t{1} << 32U)));
    const std::int64_t distance = left.seconds_since(right);
    if (distance == std::int64_t{1} << 31U) continue;
    BOOST_REQUIRE(left.after(right) == (distance > 0));
    BOOST_REQUIRE(left.before(right) == (distance < 0));
    BOOST_REQUIRE(distance == -right.seconds_since(left));
  }
}

BOOST_AUTO_TEST_CASE(crosses_2038_and_2106) {
  constexpr UnixTime in_2038 = 0x7fffffff;  // 2038-01-19T03:14:07Z
  constexpr UnixTime in_2106 = 0xffffffff;  // 2106-02-07T06:28:15Z
  BOOST_TEST(SerialTime::from_unix(in_2038).before(SerialTime::from_unix(in_2038 + 1)));
  BOOST_TEST(SerialTime::from_unix(in_2106).before(SerialTime::from_unix(in_2106 + 1)));
  BOOST_TEST(SerialTime::from_unix(in_2106 + 1).value() == 0U);
  BOOST_TEST(SerialTime::from_unix(in_2106 + 100).unix_near(in_2106 - 100) == in_2106 + 100);
  BOOST_TEST(SerialTime::from_unix(in_2106 - 100).unix_near(in_2106 + 100) == in_2106 - 100);
  BOOST_TEST(SerialTime::from_unix(in_2038 + 100).unix_near(in_2038 - 100) == in_2038 + 100);
  BOOST_TEST(SerialTime(0).unix_near(10) == 0);
  BOOST_TEST(SerialTime(0xffffffffU).unix_near(10) == -1);
  BOOST_TEST(SerialTime::from_unix(-1).value() == 0xffffffffU);
}

BOOST_AUTO_TEST_CASE(iso_times) {
  BOOST_TEST(to_iso_minute(0) == "1970-01-01T00:00Z");
  BOOST_TEST(to_iso_second(0) == "1970-01-01T00:00:00Z");
  BOOST_TEST(to_iso_second(-1) == "1969-12-31T23:59:59Z");
  BOOST_TEST(to_iso_second(951'782'400) == "2000-02-29T00:00:00Z");
  BOOST_TEST(to_iso_second(1'795'924'817) == "2026-11-29T04:00:17Z");
  BOOST_TEST(to_iso_minute(1'795'924'817) == "2026-11-29T04:00Z");
  BOOST_TEST(to_iso_minute(1'795'924'859) == "2026-11-29T04:00Z");
  BOOST_TEST(to_iso_second(2'147'483'648) == "2038-01-19T03:14:08Z");
  BOOST_TEST(to_iso_second(4'294'967'296) == "2106-02-07T06:28:16Z");
}

BOOST_AUTO_TEST_CASE(iso_times_outside_four_digit_years_are_clamped) {
  BOOST_TEST(to_iso_second(253'402'300'799) == "9999-12-31T23:59:59Z");
  BOOST_TEST(to_iso_second(253'402'300'800) == "9999-12-31T23:59:59Z");
  BOOST_TEST(to_iso_second(std::numeric_limits<UnixTime>::max()) == "9999-12-31T23:59:59Z");
  BOOST_TEST(to_iso_second(-62'167'219'200) == "0000-01-01T00:00:00Z");
  BOOST_TEST(to_iso_second(std::numeric_limits<UnixTime>::min()) == "0000-01-01T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(human_durations) {
  BOOST_TEST(to_human_duration(0) == "0s");
  BOOST_TEST(to_human_duration(42) == "42s");
  BOOST_TEST(to_human_duration(59) == "59s");
  BOOST_TEST(to_human_duration(60) == "1m");
  BOOST_TEST(to_human_duration(61) == "1m 1s");
  BOOST_TEST(to_human_duration(3'600) == "1h");
  BOOST_TEST(to_human_duration(3'659) == "1h");
  BOOST_TEST(to_human_duration(11'400) == "3h 10m");
  BOOST_TEST(to_human_duration(10'800) == "3h");
  BOOST_TEST(to_human_duration(86'399) == "23h 59m");
  BOOST_TEST(to_human_duration(86'400 + 3'599) == "1d");
  BOOST_TEST(to_human_duration(5 * 86'400 + 3 * 3'600 + 1'000) == "5d 3h");
  BOOST_TEST(to_human_duration(30 * 86'400) == "30d");
  BOOST_TEST(to_human_duration(-10'800) == "3h");
  BOOST_TEST(to_human_duration(std::numeric_limits<std::int64_t>::min()) == "106751991167300d 15h");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
