// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Many sightings of one cause are one finding.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"
#include "judge/rules.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

/// Four servers, fourteen RRsets beside DNSKEY: all but DNSKEY in that window, MX in the other.
World fourteen_rrsets(Window window, Window of_mx) {
  World world(4);
  const dns::Bytes opaque{3, 1, 1, 0xab, 0xcd};
  world.everywhere([&](Zone& copy) {
    for (const auto type : {Type::txt, Type::tlsa, Type::caa, Type::sshfp, Type::openpgpkey,
                            Type::smimea, Type::spf, Type::cert}) {
      copy.put(copy.apex, type, {opaque});
    }
    copy.expire = 60;
    copy.window = window;
    copy.sign();
    copy.sign(copy.at(Type::dnskey), {});
    copy.sign(copy.at(Type::mx), of_mx);
  });
  return world;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_grouping)

BOOST_AUTO_TEST_CASE(one_cause_on_fourteen_rrsets_at_four_servers) {
  const auto seen = fourteen_rrsets({-29 * kDay, -kDay}, {-33 * kDay, -5 * kDay}).observe();
  const auto finding = expect_only(sigs_of(seen), Fault::rrsig_expired, Tier::emergency,
                                   {"14 RRsets (", "and 11 more", "signatures expired",
                                    "MX first: signature expired 5d ago", "on all 4 servers"});
  BOOST_TEST(finding.rrsets.size() == 14U);
  BOOST_TEST(finding.servers.size() == 4U);
  BOOST_TEST((finding.moment == kNow - 5 * kDay));
}

BOOST_AUTO_TEST_CASE(one_threshold_on_fourteen_rrsets_at_four_servers) {
  const auto seen = fourteen_rrsets({-23 * kDay, 5 * kDay}, {-25 * kDay, 3 * kDay}).observe();
  const auto finding = expect_only(sigs_of(seen), Fault::rrsig_expiring_warn, Tier::warning,
                                   {"14 RRsets (", "MX first: signature ends in 3d",
                                    "under the threshold of 7d", "on all 4 servers"});
  BOOST_TEST((finding.moment == kNow + 3 * kDay));
}

BOOST_AUTO_TEST_CASE(few_rrsets_are_all_named) {
  World world;
  world.everywhere([](Zone& copy) {
    copy.sign(copy.at(Type::mx), {-30 * kDay, -kDay});
    copy.sign(copy.at(Type::a), {-30 * kDay, -kDay});
  });
  const auto text =
      expect_only(sigs_of(world.observe()), Fault::rrsig_expired, Tier::emergency).text;
  BOOST_TEST((text.rfind("MX and A", 0) == 0 || text.rfind("A and MX", 0) == 0), text);
}

BOOST_AUTO_TEST_CASE(other_causes_are_other_findings) {
  const judge::Analysis analysis{};
  const judge::Policy policy;
  judge::Docket docket{analysis, policy, judge::kSigs, {}};
  const auto sighting = [](Fault fault, Tier tier, std::string cause, std::string rrset) {
    judge::Sighting seen;
    seen.fault = fault;
    seen.tier = tier;
    seen.cause = std::move(cause);
    seen.rrset = std::move(rrset);
    seen.server = "ns1";
    seen.single = "is odd";
    seen.plural = "are odd";
    return seen;
  };
  const auto fault = Fault::rrsig_no_matching_dnskey;
  judge::add_grouped(
      docket,
      {sighting(fault, Tier::critical, "1", "MX"), sighting(fault, Tier::critical, "1", "A"),
       sighting(fault, Tier::critical, "2", "A"), sighting(fault, Tier::emergency, "1", "NS"),
       sighting(Fault::rrsig_missing, Tier::critical, "1", "A")});
  BOOST_TEST(docket.findings.size() == 4U);
  const auto both = std::count_if(
      docket.findings.begin(), docket.findings.end(),
      [](const judge::Finding& finding) { return finding.text.rfind("MX and A are odd", 0) == 0; });
  BOOST_TEST(both == 1);
  BOOST_TEST(docket.has(Fault::rrsig_missing));
  BOOST_TEST(!docket.has(Fault::rrsig_expired));
  docket.findings.clear();
  judge::add_grouped(
      docket,
      {sighting(fault, Tier::critical, "1", "A"), sighting(fault, Tier::critical, "1", "MX"),
       sighting(fault, Tier::critical, "1", "NS"), sighting(fault, Tier::critical, "1", "SOA")});
  BOOST_TEST(docket.findings.at(0).text.rfind("4 RRsets (A, MX, NS and 1 more) are odd", 0) == 0);
}

BOOST_AUTO_TEST_CASE(nothing_seen_is_no_finding) {
  const judge::Analysis analysis{};
  const judge::Policy policy;
  judge::Docket docket{analysis, policy, judge::kSigs, {}};
  judge::add_grouped(docket, {});
  BOOST_TEST(docket.findings.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
