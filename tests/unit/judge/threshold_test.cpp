// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Which threshold holds for which signature, and which signature counts.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

/// Where alerts begin: below that many seconds.
double start(const judge::Range& range) {
  BOOST_TEST(range.start.has_value());
  BOOST_TEST(!range.end.has_value());
  BOOST_TEST(!range.inside);
  return range.start.value_or(-1);
}

judge::Threshold threshold(std::string_view text) { return judge::parse_threshold(text).value(); }

void check_limits(const judge::Limits& limits, double warning, double critical) {
  BOOST_TEST(start(limits.warning) == warning, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(start(limits.critical) == critical, boost::test_tools::tolerance(1e-12));
}

/// Every RRset of every server lives that long from now on, of a lifetime of `days`.
observe::ZoneObservation remaining(std::int64_t seconds, std::int64_t days) {
  World world;
  world.everywhere([&](Zone& copy) {
    copy.window = {seconds - days * kDay, seconds};
    copy.expire = 60;
    copy.sign();
  });
  return world.observe();
}

struct Case {
  std::int64_t days;
  double warning, critical;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_thresholds)

BOOST_AUTO_TEST_CASE(defaults_by_lifetime) {
  const judge::Policy policy;
  for (const auto& [days, warning, critical] :
       {Case{400, 7 * 86400.0, 86400.0}, Case{28, 7 * 86400.0, 86400.0},
        Case{14, 1.4 * 86400, 0.7 * 86400}, Case{2, 0.2 * 86400, 0.1 * 86400}}) {
    check_limits(judge::sigs_limits(policy, Type::a, days * kDay), warning, critical);
    check_limits(judge::sigs_limits(policy, Type::dnskey, days * kDay), warning, critical);
  }
  const double just_short = 28 * 86400.0 - 1;
  check_limits(judge::sigs_limits(policy, Type::a, 28 * kDay - 1), just_short / 10,
               std::min(86400.0, just_short / 20));
}

BOOST_AUTO_TEST_CASE(defaults_of_the_chain_by_lifetime) {
  const judge::Policy policy;
  check_limits(judge::chain_limits(policy, 28 * kDay), 86400, 3600);
  check_limits(judge::chain_limits(policy, 10 * kDay), 86400, 3600);
  check_limits(judge::chain_limits(policy, 2 * kDay), 0.2 * 86400, 3600);
  check_limits(judge::chain_limits(policy, 10 * kHour), 3600, 1800);
}

BOOST_AUTO_TEST_CASE(given_ones_hold_for_every_lifetime) {
  judge::Policy policy;
  policy.warning = threshold("10d:");
  policy.critical = threshold("36h:");
  for (const auto days : {28, 14, 2}) {
    check_limits(judge::sigs_limits(policy, Type::mx, days * kDay), 864000, 129600);
    check_limits(judge::chain_limits(policy, days * kDay), 864000, 129600);
  }
}

BOOST_AUTO_TEST_CASE(percent_of_the_lifetime) {
  judge::Policy policy;
  policy.warning = threshold("25%:");
  policy.critical = threshold("12.5%:");
  check_limits(judge::sigs_limits(policy, Type::mx, 28 * kDay), 7 * 86400, 3.5 * 86400);
  check_limits(judge::sigs_limits(policy, Type::mx, 2 * kDay), 43200, 21600);
  check_limits(judge::chain_limits(policy, 2 * kDay), 43200, 21600);
}

BOOST_AUTO_TEST_CASE(key_sets_by_their_own) {
  judge::Policy policy;
  policy.warning = threshold("10d:");
  policy.critical = threshold("5d:");
  check_limits(judge::sigs_limits(policy, Type::dnskey, 28 * kDay), 864000, 432000);
  policy.dnskey_warning = threshold("20d:");
  check_limits(judge::sigs_limits(policy, Type::dnskey, 28 * kDay), 20 * 86400, 432000);
  policy.dnskey_critical = threshold("50%:");
  for (const auto type : {Type::dnskey, Type::cds, Type::cdnskey}) {
    check_limits(judge::sigs_limits(policy, type, 28 * kDay), 20 * 86400, 14 * 86400);
  }
  check_limits(judge::sigs_limits(policy, Type::soa, 28 * kDay), 864000, 432000);
}

BOOST_AUTO_TEST_CASE(exactly_at_the_threshold_is_inside) {
  expect_absent(sigs_of(remaining(7 * kDay, 28)), Fault::rrsig_expiring_warn);
  expect_only(sigs_of(remaining(7 * kDay - 1, 28)), Fault::rrsig_expiring_warn, Tier::warning,
              {"under the threshold of 7d"});
  expect(sigs_of(remaining(kDay, 28)), Fault::rrsig_expiring_warn, Tier::warning);
  expect_absent(sigs_of(remaining(kDay, 28)), Fault::rrsig_expiring_crit);
  expect_only(sigs_of(remaining(kDay - 1, 28)), Fault::rrsig_expiring_crit, Tier::critical,
              {"under the threshold of 1d"});
  // A tenth and a twentieth of 20 days.
  expect_absent(sigs_of(remaining(2 * kDay, 20)), Fault::rrsig_expiring_warn);
  expect_only(sigs_of(remaining(2 * kDay - 1, 20)), Fault::rrsig_expiring_warn, Tier::warning);
  expect_only(sigs_of(remaining(kDay, 20)), Fault::rrsig_expiring_warn, Tier::warning);
  expect_only(sigs_of(remaining(kDay - 1, 20)), Fault::rrsig_expiring_crit, Tier::critical);
}

BOOST_AUTO_TEST_CASE(under_a_week_is_worth_a_word) {
  expect_nothing(remaining(7 * kDay, 14));
  expect_only(sigs_of(remaining(7 * kDay - 1, 14)), Fault::rrsig_expiring_soon, Tier::info);
}

BOOST_AUTO_TEST_CASE(a_range_that_is_not_a_lower_bound) {
  judge::Policy policy;
  policy.warning = threshold("1d:5d");
  expect_only(sigs_of(remaining(6 * kDay, 28), policy), Fault::rrsig_expiring_warn, Tier::warning,
              {"outside the threshold 86400:432000s"});
}

BOOST_AUTO_TEST_CASE(the_chain_by_its_own_thresholds) {
  World world;
  auto& ds = world.above.at(world.apex(), Type::ds);
  world.above.sign(ds, {-27 * kDay, kDay});
  expect_nothing(world.observe());
  world.above.sign(ds, {-27 * kDay, kDay - 1});
  const auto finding = expect_only(chain_of(world.observe()), Fault::rrsig_expiring_warn,
                                   Tier::warning, {"DS of zone.test at test", "ends in 23h 59m"});
  BOOST_TEST((finding.moment == kNow + kDay - 1));
  world.above.sign(ds, {-27 * kDay, kHour - 1});
  expect_only(chain_of(world.observe()), Fault::rrsig_expiring_crit, Tier::critical,
              {"DS of zone.test at test", "threshold of 1h"});
}

BOOST_AUTO_TEST_CASE(soonest_is_maximum_minimum_minimum) {
  World world;
  // The longest of an RRset's valid signatures, ...
  world.everywhere([&](Zone& copy) {
    auto& data = copy.at(Type::mx);
    data.signatures.push_back(world.zone_signer.sign(data.set, copy.apex, {-27 * kDay, kDay}));
  });
  auto seen = world.observe();
  auto soonest = judge::soonest_signature(judge::analyse(seen, kNow)).value();
  BOOST_TEST(soonest.remaining == 25 * kDay);
  BOOST_TEST(soonest.lifetime == 28 * kDay);
  // ... the shortest RRset of a server, the worst server.
  world.copies[0].sign(world.copies[0].at(Type::a), {-10 * kDay, 18 * kDay});
  world.copies[1].sign(world.copies[1].at(Type::ns), {-20 * kDay, 8 * kDay});
  seen = world.observe();
  soonest = judge::soonest_signature(judge::analyse(seen, kNow)).value();
  BOOST_TEST(soonest.remaining == 8 * kDay);
  BOOST_TEST(soonest.what == "NS");
  BOOST_TEST(soonest.server == label(1));
  BOOST_TEST((soonest.type == Type::ns));
}

BOOST_AUTO_TEST_CASE(only_valid_signatures_count) {
  World world;
  world.everywhere([&](Zone& copy) {
    auto& data = copy.at(Type::mx);
    copy.sign(data, {-27 * kDay, kDay});
    auto broken = world.zone_signer.sign(data.set, copy.apex, {-kDay, 90 * kDay});
    broken.rrsig->signature[1] ^= 1U;
    data.signatures.push_back(broken);
  });
  const auto seen = world.observe();
  BOOST_TEST(judge::soonest_signature(judge::analyse(seen, kNow))->remaining == kDay);
}

BOOST_AUTO_TEST_CASE(without_a_valid_signature_the_latest_end_counts) {
  World world;
  world.everywhere([&](Zone& copy) {
    auto& data = copy.at(Type::mx);
    copy.sign(data, {-40 * kDay, -2 * kDay});
    data.signatures.push_back(world.zone_signer.sign(data.set, copy.apex, {-40 * kDay, -9 * kDay}));
  });
  const auto seen = world.observe();
  const auto soonest = judge::soonest_signature(judge::analyse(seen, kNow)).value();
  BOOST_TEST(soonest.remaining == -2 * kDay);
  BOOST_TEST(soonest.what == "MX");
}

BOOST_AUTO_TEST_CASE(soonest_on_the_chain) {
  World world;
  auto seen = world.observe();
  auto soonest = judge::soonest_on_chain(judge::analyse(seen, kNow)).value();
  BOOST_TEST(soonest.remaining == 25 * kDay);
  world.above.sign(world.above.at(Type::dnskey), {-20 * kDay, 8 * kDay});
  seen = world.observe();
  soonest = judge::soonest_on_chain(judge::analyse(seen, kNow)).value();
  BOOST_TEST(soonest.remaining == 8 * kDay);
  BOOST_TEST(soonest.what == "DNSKEY of test");
  BOOST_TEST(soonest.server.empty());
  world.copies[1].sign(world.copies[1].at(Type::soa), {-21 * kDay, 7 * kDay});
  // What is not on the chain does not count.
  world.copies[1].sign(world.copies[1].at(Type::mx), {-27 * kDay, kDay});
  seen = world.observe();
  soonest = judge::soonest_on_chain(judge::analyse(seen, kNow)).value();
  BOOST_TEST(soonest.what == "SOA of zone.test");
  BOOST_TEST(soonest.server == label(1));
}

BOOST_AUTO_TEST_CASE(nothing_signed_has_no_soonest) {
  World world;
  world.everywhere([](Zone& copy) { copy.unsign(); });
  auto seen = world.observe();
  BOOST_TEST(!judge::soonest_signature(judge::analyse(seen, kNow)));
  BOOST_TEST(!judge::newest_signature_age(judge::analyse(seen, kNow)));
  // A stored observation may hold servers and no apex.
  seen.apex.reset();
  seen.links.clear();
  BOOST_TEST(!judge::soonest_signature(judge::analyse(seen, kNow)));
  BOOST_TEST(!judge::soonest_on_chain(judge::analyse(seen, kNow)));
  BOOST_TEST(judge::chain_tree(judge::analyse(seen, kNow)).empty());
}

BOOST_AUTO_TEST_CASE(newest_signature) {
  World world;
  world.copies[1].sign(world.copies[1].at(Type::mx), {-kHour, 27 * kDay});
  // What begins in the future does not show that the signer works.
  world.copies[1].sign(world.copies[1].at(Type::a), {kHour, 27 * kDay});
  const auto seen = world.observe();
  BOOST_TEST((judge::newest_signature_age(judge::analyse(seen, kNow)) == kHour));
}

BOOST_AUTO_TEST_CASE(max_age_exactly) {
  const auto seen = World().observe();
  judge::Policy policy;
  policy.max_age = 3 * kDay;
  expect_nothing(seen, policy);
  policy.max_age = 3 * kDay - 1;
  const auto finding = expect_only(sigs_of(seen, policy), Fault::signer_stalled, Tier::warning);
  BOOST_TEST((finding.moment == kNow - 3 * kDay));
}

BOOST_AUTO_TEST_CASE(soa_expire_against_the_lifetime) {
  // A week of EXPIRE with three days left of two weeks: usual just before re-signing.
  const auto with_expire = [](std::uint32_t expire, Window window) {
    World world;
    world.everywhere([&](Zone& copy) {
      copy.expire = expire;
      copy.window = window;
      copy.sign();
    });
    return sigs_of(world.observe());
  };
  const auto fault = Fault::soa_expire_exceeds_remaining;
  expect_absent(with_expire(25 * 86400, {-3 * kDay, 25 * kDay}), fault);
  expect_only(with_expire(25 * 86400 + 1, {-3 * kDay, 25 * kDay}), fault, Tier::warning);
  expect_only(with_expire(14 * 86400, {-9 * kDay, 5 * kDay}), fault, Tier::info);
  expect_only(with_expire(14 * 86400 + 1, {-9 * kDay, 5 * kDay}), fault, Tier::warning,
              {"its lifetime is 14d"});
  // Signed on line for two days; EXPIRE is what the form had in it.
  expect(with_expire(7 * 86400, {-kDay, kDay}), fault, Tier::info);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
