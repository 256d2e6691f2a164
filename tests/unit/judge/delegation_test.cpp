// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The delegation from both sides.
#include <boost/test/unit_test.hpp>

#include "judge/address_class.hpp"
#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

observe::Nameserver host_outside(std::string_view host, dns::Security security) {
  observe::Nameserver nameserver;
  nameserver.name = name(host);
  nameserver.at_parent = nameserver.at_child = true;
  nameserver.addresses = {"192.0.2.99"};
  dns::Lookup lookup;
  lookup.question = {nameserver.name, Type::a, dns::Class::in};
  lookup.security = security;
  lookup.rcode = dns::Rcode::noerror;
  lookup.have_data = true;
  nameserver.lookups = {lookup};
  return nameserver;
}

void say_ds(observe::Server& server, const Zone& parent, const dns::Name& apex) {
  say(answer(server, kZone, Type::ds), parent.answer({apex, Type::ds, dns::Class::in}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_delegation)

BOOST_AUTO_TEST_CASE(names_on_one_side_only) {
  auto seen = World(4).observe();
  seen.nameservers[0].at_child = false;
  expect_only(chain_of(seen), Fault::parent_child_ns_mismatch, Tier::warning,
              {"only the parent names ns1.zone.test"});
  seen.nameservers[3].at_parent = false;
  expect_only(chain_of(seen), Fault::parent_child_ns_mismatch, Tier::warning,
              {"only the parent names ns1.zone.test", "only the zone itself names ns4.zone.test"});
  expect_absent(sigs_of(seen), Fault::parent_child_ns_mismatch);
}

BOOST_AUTO_TEST_CASE(one_side_that_was_not_seen_is_no_mismatch) {
  auto seen = World().observe();
  for (auto& host : seen.nameservers) {
    host.at_parent = false;
  }
  expect_nothing(seen);
}

BOOST_AUTO_TEST_CASE(glue_with_another_address) {
  auto seen = World().observe();
  seen.nameservers[0].glue.push_back("192.0.2.77");
  expect_only(chain_of(seen), Fault::glue_mismatch, Tier::warning,
              {"ns1.zone.test is 192.0.2.77", "its address is 192.0.2.1"});
  // Glue for some of the addresses is enough, and without a look-up there is nothing to compare.
  seen = World().observe();
  seen.nameservers[0].addresses.push_back("192.0.2.78");
  expect_nothing(seen);
  seen.nameservers[0].lookups.clear();
  seen.nameservers[0].glue = {"192.0.2.77"};
  expect_nothing(seen);
}

BOOST_AUTO_TEST_CASE(reserved_address) {
  auto seen = World().observe();
  seen.nameservers[1].addresses.push_back("10.1.2.3");
  expect_only(chain_of(seen), Fault::glue_bogon, Tier::warning, {"ns2.zone.test", "10.1.2.3"});
}

BOOST_AUTO_TEST_CASE(reserved_addresses) {
  for (const auto* reserved : {"0.0.0.1",
                               "10.255.255.255",
                               "100.64.0.1",
                               "100.127.255.255",
                               "127.0.0.53",
                               "169.254.1.1",
                               "172.16.0.1",
                               "172.31.255.255",
                               "192.168.1.1",
                               "198.18.0.1",
                               "198.19.255.255",
                               "224.0.0.1",
                               "255.255.255.255",
                               "::",
                               "::1",
                               "fe80::1",
                               "febf::1",
                               "fc00::1",
                               "fdff::1",
                               "ff02::1"}) {
    BOOST_TEST(judge::is_bogon(reserved), reserved);
  }
  for (const auto* ordinary : {"1.1.1.1",     "9.255.255.255",   "11.0.0.1",    "100.63.255.255",
                               "100.128.0.1", "126.0.0.1",       "128.0.0.1",   "172.15.0.1",
                               "172.32.0.1",  "192.0.2.1",       "192.167.1.1", "198.17.0.1",
                               "198.20.0.1",  "223.255.255.255", "2001:db8::1", "2a00::1",
                               "fec0::1",     "fbff::1",         "::2",         "",
                               "10",          "10.1.2",          "10.1.2.3.4",  "10.1.2.256",
                               "ten.1.2.3",   "10.1.2.3 "}) {
    BOOST_TEST(!judge::is_bogon(ordinary), ordinary);
  }
}

BOOST_AUTO_TEST_CASE(nameserver_without_address) {
  auto seen = World().observe();
  seen.nameservers[1].addresses.clear();
  seen.nameservers[1].glue.clear();
  seen.nameservers[1].lookups.clear();
  expect_only(chain_of(seen), Fault::missing_glue, Tier::warning, {"ns2.zone.test"});
  // Outside the zone no glue is due.
  seen = World().observe();
  seen.nameservers.push_back(host_outside("ns.example", dns::Security::failed));
  seen.nameservers.back().addresses.clear();
  seen.nameservers.back().lookups.clear();
  expect_nothing(seen);
}

BOOST_AUTO_TEST_CASE(nameserver_in_a_bogus_zone) {
  auto seen = World().observe();
  seen.nameservers.push_back(host_outside("ns.example", dns::Security::bogus));
  expect_only(chain_of(seen), Fault::ns_host_zone_bogus, Tier::warning, {"ns.example"});
  expect_only(sigs_of(seen), Fault::ns_host_zone_bogus, Tier::warning, {"ns.example"});
  seen.nameservers.erase(seen.nameservers.begin(), seen.nameservers.begin() + 2);
  expect_only(chain_of(seen), Fault::ns_host_zone_bogus, Tier::critical, {"ns.example"});
  seen.nameservers = {host_outside("ns.example", dns::Security::insecure)};
  expect_nothing(seen);
}

BOOST_AUTO_TEST_CASE(nameservers_inside_the_zone_fail_with_it) {
  World world;
  world.word = dns::Security::bogus;
  world.publish_ds({Signer(9, kKeySigningKey).ds(world.apex())});
  expect_absent(chain_of(world.observe()), Fault::ns_host_zone_bogus);
}

BOOST_AUTO_TEST_CASE(parent_server_without_the_ds) {
  World world;
  auto seen = world.observe();
  world.publish_ds({});
  say_ds(seen.parent_servers[1], world.above, world.apex());
  const auto finding =
      expect_only(chain_of(seen), Fault::ds_inconsistent_parent_ns, Tier::warning, {"none at"});
  BOOST_TEST(finding.servers.front() == seen.parent_servers[1].label());
  expect_absent(sigs_of(seen), Fault::ds_inconsistent_parent_ns);
}

BOOST_AUTO_TEST_CASE(parent_server_with_another_ds) {
  World world;
  auto seen = world.observe();
  world.publish_ds({world.key_signer.ds(world.apex()), world.key_signer.ds(world.apex(), 4)});
  say_ds(seen.parent_servers[1], world.above, world.apex());
  expect_only(chain_of(seen), Fault::ds_inconsistent_parent_ns, Tier::warning,
              {"198.51.100.2", "another than"});
  world.publish_ds({Signer(9, kKeySigningKey).ds(world.apex())});
  say_ds(seen.parent_servers[1], world.above, world.apex());
  expect_only(chain_of(seen), Fault::ds_inconsistent_parent_ns, Tier::critical,
              {"leads to no key that signs"});
}

BOOST_AUTO_TEST_CASE(parent_server_that_says_nothing_usable_is_not_compared) {
  auto seen = World().observe();
  refuse(seen.parent_servers[1], dns::Rcode::servfail);
  expect_nothing(seen);
  fail(seen.parent_servers[1], dns::Outcome::timeout);
  expect_nothing(seen);
}

BOOST_AUTO_TEST_CASE(referral_instead_of_the_ds) {
  World world;
  auto seen = world.observe();
  const dns::Question question{world.apex(), Type::ds, dns::Class::in};
  say(answer(seen.parent_servers[0], kZone, Type::ds),
      world.above.referral(question, world.apex()));
  expect_only(chain_of(seen), Fault::ds_referral_instead_of_answer, Tier::warning,
              {"198.51.100.1"});
}

BOOST_AUTO_TEST_CASE(ds_question_answered_from_the_child) {
  World world;
  auto seen = world.observe();
  for (auto& server : seen.parent_servers) {
    say(answer(server, kZone, Type::ds),
        world.zone().answer({world.apex(), Type::ds, dns::Class::in}));
  }
  expect_only(chain_of(seen), Fault::ds_referral_instead_of_answer, Tier::warning,
              {"on all 2 servers"});
  expect_absent(sigs_of(seen), Fault::ds_referral_instead_of_answer);
}

BOOST_AUTO_TEST_CASE(one_of_two_parent_servers_answers_from_the_child) {
  World world;
  auto seen = world.observe();
  say(answer(seen.parent_servers[1], kZone, Type::ds),
      world.zone().answer({world.apex(), Type::ds, dns::Class::in}));
  expect_only(chain_of(seen), Fault::ds_referral_instead_of_answer, Tier::warning,
              {"198.51.100.2"});
}

BOOST_AUTO_TEST_CASE(delegation_signed_by_the_parent) {
  World world;
  auto& ns = world.above.at(world.apex(), Type::ns);
  ns.signatures = {world.above.keys.front().sign(ns.set, world.above.apex)};
  expect_only(chain_of(world.observe()), Fault::rrsig_on_delegation_ns, Tier::warning,
              {"on all 2 servers"});
  // A server of both zones may give the child's own.
  ns.signatures = {world.zone_signer.sign(ns.set, world.apex())};
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
