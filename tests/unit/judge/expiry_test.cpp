// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Thresholds, lifetimes and TTLs.
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

/// All of zone.test. signed in that window.
observe::ZoneObservation signed_in(Window window) {
  World world;
  world.everywhere([&](Zone& zone) {
    zone.window = window;
    zone.expire = 3600;
    zone.sign();
  });
  return world.observe();
}

judge::Policy limits(const char* warning, const char* critical) {
  judge::Policy policy;
  policy.warning = *judge::parse_threshold(warning);
  policy.critical = *judge::parse_threshold(critical);
  return policy;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_expiry)

BOOST_AUTO_TEST_CASE(month_long_signatures_have_the_full_thresholds) {
  expect_quiet(signed_in({-22 * kDay, 8 * kDay}));
  expect_quiet(signed_in({-23 * kDay, 7 * kDay}));  // exactly at the threshold: inside the range
  expect_only(sigs_of(signed_in({-24 * kDay, 6 * kDay})), Fault::rrsig_expiring_warn, Tier::warning,
              {"6d", "threshold of 7d"});
  expect_only(sigs_of(signed_in({-29 * kDay, kDay - 1})), Fault::rrsig_expiring_crit,
              Tier::critical, {"23h 59m", "threshold of 1d"});
}

BOOST_AUTO_TEST_CASE(two_week_signatures_have_a_share_of_their_lifetime) {
  const auto quiet = signed_in({-9 * kDay, 5 * kDay});  // where BIND renews them
  expect(sigs_of(quiet), Fault::rrsig_expiring_soon, Tier::info, {"5d"});
  expect_quiet(quiet);
  expect_only(sigs_of(signed_in({-13 * kDay, kDay})), Fault::rrsig_expiring_warn, Tier::warning);
  expect_only(sigs_of(signed_in({-14 * kDay + 3600, 3600})), Fault::rrsig_expiring_crit,
              Tier::critical);
}

BOOST_AUTO_TEST_CASE(online_signatures_of_two_days) {
  expect_quiet(signed_in({-kDay, kDay}));
  expect_only(sigs_of(signed_in({-2 * kDay + 4 * 3600, 4 * 3600})), Fault::rrsig_expiring_warn,
              Tier::warning);
}

BOOST_AUTO_TEST_CASE(given_thresholds_are_absolute) {
  const auto seen = signed_in({-9 * kDay, 5 * kDay});
  expect_only(sigs_of(seen, limits("6d:", "2d:")), Fault::rrsig_expiring_warn, Tier::warning);
  expect_only(sigs_of(seen, limits("9d:", "6d:")), Fault::rrsig_expiring_crit, Tier::critical);
  BOOST_TEST(sigs_of(seen, limits("4d:", "2d:")).empty());
}

BOOST_AUTO_TEST_CASE(given_thresholds_as_a_share) {
  const auto seen = signed_in({-15 * kDay, 15 * kDay});
  BOOST_TEST(sigs_of(seen, limits("50%:", "10%:")).empty());
  expect_only(sigs_of(seen, limits("51%:", "10%:")), Fault::rrsig_expiring_warn, Tier::warning);
}

BOOST_AUTO_TEST_CASE(key_sets_have_their_own_thresholds) {
  World world;
  world.everywhere([](Zone& zone) { zone.sign(zone.at(Type::dnskey), {-20 * kDay, 10 * kDay}); });
  judge::Policy policy;
  policy.dnskey_warning = *judge::parse_threshold("14d:");
  const auto finding =
      expect_only(sigs_of(world.observe(), policy), Fault::rrsig_expiring_warn, Tier::warning);
  BOOST_TEST((finding.rrsets == std::vector<std::string>{"DNSKEY"}));
}

BOOST_AUTO_TEST_CASE(longest_valid_signature_counts) {
  World world;
  world.everywhere([&](Zone& zone) {
    auto& data = zone.at(Type::ns);
    data.signatures.push_back(world.zone_signer.sign(data.set, zone.apex, {-29 * kDay, 3600}));
  });
  expect_quiet(world.observe());
}

BOOST_AUTO_TEST_CASE(worst_server_counts) {
  World world;
  world.copies[1].sign(world.copies[1].at(Type::ns), {-29 * kDay, 2 * kDay});
  expect(sigs_of(world.observe()), Fault::rrsig_expiring_warn, Tier::warning,
         {"NS", "at " + label(1)});
}

BOOST_AUTO_TEST_CASE(ttl_beyond_the_end) {
  World world;
  world.everywhere([](Zone& zone) {
    zone.expire = 60;
    zone.sign();
    auto& data = zone.put(zone.apex, Type::txt, {text("x")}, 3 * 86400);
    zone.sign();
    zone.sign(zone.at(Type::txt), {-29 * kDay, 2 * kDay});
    (void)data;
  });
  const auto findings = sigs_of(world.observe());
  expect(findings, Fault::ttl_exceeds_remaining, Tier::warning, {"TXT", "TTL 3d"});
  expect(findings, Fault::rrsig_expiring_warn, Tier::warning, {"TXT"});
}

BOOST_AUTO_TEST_CASE(soa_expire) {
  World world;
  world.everywhere([](Zone& zone) {
    zone.window = {-2 * kDay, 28 * kDay};
    zone.expire = 40 * 86400;
    zone.sign();
  });
  expect_only(sigs_of(world.observe()), Fault::soa_expire_exceeds_remaining, Tier::warning,
              {"EXPIRE is 40d", "ends in 28d"});
}

BOOST_AUTO_TEST_CASE(soa_expire_beside_short_signatures) {
  World world;
  world.everywhere([](Zone& zone) {
    zone.window = {-9 * kDay, 5 * kDay};
    zone.expire = 7 * 86400;
    zone.sign();
  });
  expect(sigs_of(world.observe()), Fault::soa_expire_exceeds_remaining, Tier::info);
  expect_quiet(world.observe());
}

BOOST_AUTO_TEST_CASE(lifetimes) {
  expect(sigs_of(signed_in({-kDay, 200 * kDay})), Fault::rrsig_lifetime_too_long, Tier::warning,
         {"201d"});
  expect(sigs_of(signed_in({-1800, 1700})), Fault::rrsig_lifetime_too_short, Tier::warning);
}

BOOST_AUTO_TEST_CASE(max_age) {
  judge::Policy policy;
  policy.max_age = 9 * 86400;
  const auto seen = signed_in({-10 * kDay, 20 * kDay});
  expect_only(sigs_of(seen, policy), Fault::signer_stalled, Tier::warning,
              {"stopped 10d ago", "ends in 20d"});
  policy.max_age = 11 * 86400;
  expect_quiet(seen, policy);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
