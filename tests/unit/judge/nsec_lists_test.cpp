// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// check_dnssec_nsec: the type lists.
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

World listed() {
  World world;
  world.denials = true;
  return world;
}

/// Other types in the NSEC of that name, validly signed.
void list(World& world, std::string_view owner, const std::vector<Type>& more,
          const std::vector<Type>& less = {}) {
  world.everywhere([&](Zone& copy) {
    auto& data = copy.at(name(owner), Type::nsec);
    auto nsec = dns::parse_nsec(data.set.rdatas.front()).value();
    auto types = nsec.types.types();
    types.erase(std::remove_if(types.begin(), types.end(),
                               [&](Type type) {
                                 return std::find(less.begin(), less.end(), type) != less.end();
                               }),
                types.end());
    types.insert(types.end(), more.begin(), more.end());
    data.set.rdatas = {nsec_rdata(nsec.next, types)};
    copy.sign(data, copy.window);
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_nsec_lists)

BOOST_AUTO_TEST_CASE(existing_type_is_not_listed) {
  auto world = listed();
  list(world, kZone, {}, {Type::mx});
  expect_only(nsec_of(world.observe()), Fault::existing_type_missing_from_bitmap, Tier::critical,
              {"the apex", "lacks MX", "on all 2 servers"});
}

/// What Slack met in 2021: the list at the wildcard lacked what the wildcard answers.
BOOST_AUTO_TEST_CASE(existing_type_is_not_listed_at_a_wildcard) {
  auto world = listed();
  world.add("*.wild.zone.test", Type::a, address(7));
  world.add("*.wild.zone.test", Type::txt, text("wild"));
  world.ask("*.wild.zone.test", Type::txt);
  list(world, "*.wild.zone.test", {}, {Type::a});
  expect_only(nsec_of(world.observe()), Fault::existing_type_missing_from_bitmap, Tier::critical,
              {"*.wild.zone.test", "lacks A"});
}

BOOST_AUTO_TEST_CASE(listed_type_does_not_exist) {
  auto world = listed();
  list(world, kZone, {Type::caa});
  expect_only(nsec_of(world.observe()), Fault::extra_type_in_bitmap, Tier::warning, {"CAA"});
  world = listed();
  list(world, kZone, {observe::kMissingType});
  expect_only(nsec_of(world.observe()), Fault::nodata_type_in_bitmap, Tier::critical);
}

BOOST_AUTO_TEST_CASE(apex_list) {
  auto world = listed();
  list(world, kZone, {}, {Type::dnskey});
  expect_only(nsec_of(world.observe()), Fault::nsec_apex_type_list, Tier::critical,
              {"lacks DNSKEY"});
}

BOOST_AUTO_TEST_CASE(own_bits) {
  auto world = listed();
  list(world, "ns2.zone.test", {}, {Type::rrsig});
  expect_only(nsec_of(world.observe()), Fault::nsec_rrsig_nsec_bits, Tier::warning,
              {"ns2.zone.test", "lacks RRSIG"});
}

BOOST_AUTO_TEST_CASE(delegation_bits) {
  auto world = listed();
  world.everywhere([](Zone& copy) {
    copy.put(name("pcut.zone.test"), Type::ns, {target("ns.elsewhere.test")});
    copy.sign();
  });
  for (const auto& finding : nsec_of(world.observe())) {
    BOOST_TEST((finding.tier <= Tier::info), finding.text);
  }
  list(world, "pcut.zone.test", {Type::txt});
  expect_only(nsec_of(world.observe()), Fault::nsec_delegation_bits, Tier::critical,
              {"pcut.zone.test", "lists TXT"});
  world.everywhere([](Zone& copy) {
    auto& data = copy.at(name("pcut.zone.test"), Type::nsec);
    const auto types = dns::parse_nsec(data.set.rdatas.front()).value().types.types();
    data.set.rdatas = {nsec_rdata(name("\\000.pcut.zone.test"), types)};  // compact denial
    copy.sign(data, copy.window);
  });
  expect_absent(nsec_of(world.observe()), Fault::nsec_delegation_bits);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
