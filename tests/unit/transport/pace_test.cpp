// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/pace.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <random>
#include <vector>

using namespace std::chrono_literals;
using transport::Pace;

namespace {

const Pace::TimePoint kStart{1000h};

}  // namespace

BOOST_AUTO_TEST_SUITE(pace)

BOOST_AUTO_TEST_CASE(without_a_limit_at_once) {
  Pace pace(0);
  for (int i = 0; i < 1000; ++i) BOOST_TEST((pace.reserve("192.0.2.1", kStart) == kStart));
}

BOOST_AUTO_TEST_CASE(a_burst_then_one_after_another) {
  Pace pace(3);
  std::vector<Pace::TimePoint> turns;
  for (int i = 0; i < 7; ++i) turns.push_back(*pace.reserve("192.0.2.1", kStart));
  BOOST_TEST((turns[2] == kStart));
  BOOST_TEST((turns[3] == kStart + 1s));
  BOOST_TEST((turns[6] == kStart + 2s));
  BOOST_TEST((pace.reserve("192.0.2.2", kStart) == kStart));
}

BOOST_AUTO_TEST_CASE(never_more_than_the_limit_within_any_second) {
  constexpr std::size_t kMost = 5;
  std::mt19937 random(1);
  Pace pace(kMost);
  std::vector<Pace::TimePoint> turns;
  auto now = kStart;
  for (int i = 0; i < 5000; ++i) {
    now += std::chrono::milliseconds(random() % 400);
    for (unsigned n = random() % 4; n > 0; --n) turns.push_back(*pace.reserve("a", now));
    BOOST_REQUIRE((turns.empty() || turns.back() >= kStart));
  }
  for (std::size_t i = kMost; i < turns.size(); ++i) {
    BOOST_REQUIRE((turns[i] >= turns[i - 1]));
    BOOST_REQUIRE((turns[i] - turns[i - kMost] >= 1s));
  }
}

BOOST_AUTO_TEST_CASE(addresses_without_questions_are_forgotten) {
  Pace pace(1);
  auto now = kStart;
  for (int i = 0; i < 5000; ++i, now += 2s) {
    BOOST_REQUIRE((pace.reserve("server " + std::to_string(i), now) == now));
  }
  BOOST_TEST((pace.reserve("server 4999", now) == now));
  BOOST_TEST((pace.reserve("server 4999", now) == now + 1s));
}

// Zones whose time is over before their turn leave it to those that come after them.
BOOST_AUTO_TEST_CASE(what_is_not_taken_is_not_counted) {
  Pace pace(1);
  BOOST_TEST((pace.reserve("a", kStart, kStart + 3s) == kStart));
  for (int i = 0; i < 1000; ++i) static_cast<void>(pace.reserve("a", kStart, kStart + 3s));
  BOOST_TEST((pace.reserve("a", kStart, kStart + 3s) == std::nullopt));
  BOOST_TEST((pace.reserve("a", kStart + 3s, kStart + 6s) == kStart + 3s));
  BOOST_TEST((pace.reserve("a", kStart + 9s, kStart + 9s) == std::nullopt));
}

BOOST_AUTO_TEST_SUITE_END()
