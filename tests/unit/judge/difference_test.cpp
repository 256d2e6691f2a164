// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Servers that do not say the same.
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

/// The first server has a newer zone, signed `ahead` after the other's.
World lagging(std::int64_t ahead) {
  World world;
  auto& newer = world.zone();
  newer.serial += 1;
  newer.window.begin += ahead;
  newer.window.end += ahead;
  newer.sign();
  return world;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_differences)

BOOST_AUTO_TEST_CASE(server_behind_for_longer_than_refresh) {
  const auto world = lagging(2 * kDay);
  const auto seen = world.observe();
  const auto serial = std::to_string(world.copies[0].serial);
  const auto sigs =
      expect_only(sigs_of(seen), Fault::serial_lag_with_aging_sigs, Tier::warning,
                  {"2d", serial, "at " + label(0), "served at " + label(1), "ends in 25d"});
  BOOST_TEST((sigs.moment == kNow + 25 * kDay));
  expect_only(chain_of(seen), Fault::soa_serial_spread, Tier::warning,
              {serial, "served at " + label(1)});
}

BOOST_AUTO_TEST_CASE(zone_on_its_way) {
  const auto world = lagging(14400);
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(serial_that_wraps) {
  auto world = lagging(2 * kDay);
  world.copies[1].serial = 0xfffffff0U;
  world.copies[1].sign();
  world.copies[0].serial = 5;
  world.copies[0].sign();
  expect_only(sigs_of(world.observe()), Fault::serial_lag_with_aging_sigs, Tier::warning,
              {"serial 5 at " + label(0)});
}

BOOST_AUTO_TEST_CASE(copy_that_is_not_signed_anew) {
  World world;
  world.copies[1].window = {-25 * kDay, 11 * kDay};
  world.copies[1].sign();
  const auto seen = world.observe();
  const auto finding = expect_only(sigs_of(seen), Fault::rrsig_drift, Tier::warning,
                                   {"14d earlier", "at " + label(1)});
  BOOST_TEST(finding.servers == std::vector{label(1)}, boost::test_tools::per_element());
  expect_absent(chain_of(seen), Fault::rrsig_drift);
}

BOOST_AUTO_TEST_CASE(windows_that_differ_a_little) {
  World world;
  world.copies[1].window = {-8 * kDay, 20 * kDay};
  world.copies[1].sign();
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(windows_that_differ_by_other_keys) {
  // Each server signs online with a key of its own (RFC 8901).
  World world;
  const Signer other(7);
  world.everywhere([&](Zone& copy) { copy.keys = {world.key_signer, world.zone_signer, other}; });
  world.copies[0].sign();
  world.copies[1].sign();
  for (auto& data : world.copies[0].sets) {
    if (data.set.type != Type::dnskey && !data.signatures.empty()) {
      data.signatures = {world.zone_signer.sign(data.set, world.apex(), {-kHour, 27 * kDay})};
    }
  }
  for (auto& data : world.copies[1].sets) {
    if (data.set.type != Type::dnskey && !data.signatures.empty()) {
      data.signatures = {other.sign(data.set, world.apex(), {-20 * kDay, 8 * kDay})};
    }
  }
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(records_that_differ) {
  World world(4);
  auto& copy = world.copies[2];
  copy.put(copy.apex, Type::mx, {mx(20, "www.zone.test")});
  copy.sign();
  const auto seen = world.observe();
  const auto finding =
      expect_only(sigs_of(seen), Fault::rrset_differs, Tier::warning,
                  {"MX has other records than at " + label(0), "same serial", "at " + label(2)});
  BOOST_TEST(finding.rrsets == std::vector<std::string>{"MX"}, boost::test_tools::per_element());
  expect_absent(chain_of(seen), Fault::rrset_differs);
}

BOOST_AUTO_TEST_CASE(addresses_that_differ) {
  World world;
  world.copies[1].put(world.apex(), Type::a, {address(81)});
  world.copies[1].sign();
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(records_that_differ_under_another_serial) {
  auto world = lagging(kHour);
  world.copies[0].put(world.apex(), Type::mx, {mx(20, "www.zone.test")});
  world.copies[0].sign();
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(key_missing_at_one_server) {
  World world;
  const Signer next(7);
  world.copies[0].keys.push_back(next);
  world.copies[0].sign();
  for (auto& data : world.copies[0].sets) {
    if (data.set.type != Type::dnskey && !data.signatures.empty()) {
      data.signatures = {world.zone_signer.sign(data.set, world.apex())};
    }
  }
  const auto seen = world.observe();
  const auto finding = expect_only(sigs_of(seen), Fault::dnskey_inconsistent_ns, Tier::warning,
                                   {"at " + label(0), "served at " + label(1)});
  BOOST_TEST(finding.servers == std::vector{label(1)}, boost::test_tools::per_element());
  expect_absent(chain_of(seen), Fault::dnskey_inconsistent_ns);
}

BOOST_AUTO_TEST_CASE(key_missing_that_signs_elsewhere) {
  World world;
  const Signer next(7);
  world.copies[0].keys = {world.key_signer, next};
  world.copies[0].sign();
  expect_only(sigs_of(world.observe()), Fault::dnskey_inconsistent_ns, Tier::critical,
              {"key " + std::to_string(next.tag()) + " signs at " + label(0),
               "not published at " + label(1)});
}

BOOST_AUTO_TEST_CASE(keys_that_differ_while_the_zone_is_on_its_way) {
  World world;
  world.copies[0].serial += 1;
  world.copies[0].keys.push_back(Signer(7));
  world.copies[0].sign();
  for (auto& data : world.copies[0].sets) {
    if (data.set.type != Type::dnskey && !data.signatures.empty()) {
      data.signatures = {world.zone_signer.sign(data.set, world.apex())};
    }
  }
  expect_only(sigs_of(world.observe()), Fault::dnskey_inconsistent_ns, Tier::info);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
