// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Where a whole zone comes from: the digest over it, the time for it, the servers beside it; and
// how numbers are written.
#include <boost/test/unit_test.hpp>

#include "judge/whole_zone.hpp"
#include "judge/words.hpp"

namespace judge_test {
namespace {

using judge::Fault;
using judge::Tier;
using zone::ZonemdVerdict;

std::vector<judge::Finding> transfer(const std::vector<judge::ServedVersion>& served,
                                     const std::vector<judge::Finding>& live = {}) {
  return held(judge::judge_transfer("the transfer from ns1 (192.0.2.1)", 10, served, live, {}),
              judge::kSigs);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_whole_sources)

BOOST_AUTO_TEST_CASE(zone_digest) {
  const auto source = healthy_zone();
  const auto of = [&](ZonemdVerdict verdict) {
    const zone::ZonemdResult digest{verdict, {{10, 1, 2, verdict}}};
    return whole_sigs(source, {.digest = digest});
  };
  expect_nothing(of(ZonemdVerdict::none));
  expect_nothing(of(ZonemdVerdict::verified));
  expect_only(of(ZonemdVerdict::mismatch), Fault::zonemd_mismatch, Tier::critical,
              {"ZONEMD 10 1 2"});
  expect_only(of(ZonemdVerdict::serial_differs), Fault::zonemd_mismatch, Tier::critical,
              {"serial is " + std::to_string(source.serial)});
  expect_only(of(ZonemdVerdict::malformed), Fault::zonemd_mismatch, Tier::critical);
  expect_only(of(ZonemdVerdict::duplicated), Fault::zonemd_mismatch, Tier::critical, {"several"});
  expect_only(of(ZonemdVerdict::unsupported), Fault::zonemd_unsupported, Tier::info);
}

BOOST_AUTO_TEST_CASE(what_was_not_verified_is_not_good) {
  WholeKnown late;
  late.no_time = true;
  expect_only(whole_sigs(healthy_zone(), late), Fault::verify_budget_exceeded, Tier::unknown,
              {"signatures were verified"});
  expect_only(whole_nsec(healthy_zone(), late), Fault::verify_budget_exceeded, Tier::unknown);
}

BOOST_AUTO_TEST_CASE(servers_beside_a_transfer) {
  expect_nothing(transfer({{"ns1 (192.0.2.1)", 10}, {"ns2 (192.0.2.2)", 10}}));
  expect_only(transfer({{"ns1 (192.0.2.1)", 10}, {"ns2 (192.0.2.2)", 9}}),
              Fault::axfr_differs_from_answers, Tier::warning,
              {"the transfer from ns1 (192.0.2.1) has serial 10, but ns2 (192.0.2.2) has 9"});
  expect_only(transfer({{"ns1 (192.0.2.1)", 11}, {"ns2 (192.0.2.2)", 11}}),
              Fault::axfr_differs_from_answers, Tier::info, {"which is newer"});
  judge::Finding bad;
  bad.fault = Fault::rrsig_expired;
  bad.tier = Tier::critical;
  bad.text = "MX signature expired";
  expect_only(transfer({{"ns1 (192.0.2.1)", 10}}, {bad}), Fault::axfr_differs_from_answers,
              Tier::critical, {"MX signature expired"});
}

BOOST_AUTO_TEST_CASE(numbers) {
  BOOST_TEST(judge::thousands(0) == "0");
  BOOST_TEST(judge::thousands(999) == "999");
  BOOST_TEST(judge::thousands(1204) == "1,204");
  BOOST_TEST(judge::thousands(1234567) == "1,234,567");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
