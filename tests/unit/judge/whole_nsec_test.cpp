// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The NSEC chain of a whole zone.
#include <boost/test/unit_test.hpp>

#include "judge/whole_zone.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

void set_nsec(Zone& zone, std::string_view owner, std::string_view next,
              const std::vector<Type>& types) {
  auto& data = zone.put(name(owner), Type::nsec, {nsec_rdata(name(next), types)});
  sign_again(zone, data);
}

const std::vector<Type> kWww{Type::a, Type::rrsig, Type::nsec};

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_whole_nsec)

BOOST_AUTO_TEST_CASE(a_name_without_nsec) {
  auto zone = healthy_zone();
  zone.remove(name("secure.zone.test"), Type::nsec);
  both(zone, Fault::nsec_missing_at_name, Tier::critical, {"secure.zone.test has no NSEC"});
  zone = healthy_zone();
  zone.remove(name("www.zone.test"), Type::nsec);  // the one before the wildcard, the last but one
  both(zone, Fault::nsec_missing_at_name, Tier::critical, {"www.zone.test"});
  drop_nsec(zone);
  both(zone, Fault::nsec_missing_at_name, Tier::critical, {"neither NSEC nor NSEC3"});
}

BOOST_AUTO_TEST_CASE(a_name_added_after_signing) {
  auto zone = healthy_zone();
  auto& data = zone.put(name("new.zone.test"), Type::a, {address(5)});
  sign_again(zone, data);
  both(zone, Fault::nsec_missing_at_name, Tier::critical, {"new.zone.test"});
}

BOOST_AUTO_TEST_CASE(the_chain_skips) {
  auto zone = healthy_zone();
  set_nsec(zone, "ns1.zone.test", "secure.zone.test", kWww);
  both(zone, Fault::nsec_chain_broken, Tier::critical,
       {"ns1.zone.test has an NSEC that leads to secure.zone.test, not to plain.zone.test"});
  set_nsec(zone, "ns1.zone.test", "www.elsewhere.test", kWww);
  both(zone, Fault::nsec_next_out_of_zone, Tier::critical, {"www.elsewhere.test"});
}

BOOST_AUTO_TEST_CASE(the_last_leads_elsewhere) {
  auto zone = healthy_zone();
  set_nsec(zone, "www.zone.test", "alias.zone.test", kWww);
  both(zone, Fault::nsec_last_not_apex, Tier::critical, {"www.zone.test", "alias.zone.test"});
}

BOOST_AUTO_TEST_CASE(case_does_not_matter) {
  auto zone = healthy_zone();
  set_nsec(zone, "www.zone.test", "ZONE.Test", kWww);
  expect_nothing(whole_sigs(zone));
}

BOOST_AUTO_TEST_CASE(several_at_one_name) {
  auto zone = healthy_zone();
  auto& data = zone.at(name("www.zone.test"), Type::nsec);
  data.set.rdatas.push_back(nsec_rdata(name("zone.test"), {Type::a}));
  sign_again(zone, data);
  both(zone, Fault::nsec_multiple_at_name, Tier::critical, {"www.zone.test"});
}

BOOST_AUTO_TEST_CASE(nsec_where_none_is_due) {
  auto zone = healthy_zone();
  set_nsec(zone, "ns.secure.zone.test", "www.zone.test", kWww);
  zone.at(name("ns.secure.zone.test"), Type::nsec).signatures.clear();
  both(zone, Fault::nsec_below_cut, Tier::critical, {"ns.secure.zone.test"});
  zone = healthy_zone();
  set_nsec(zone, "plain.far.zone.test", "nothing.zone.test", {Type::ns, Type::rrsig, Type::nsec});
  set_nsec(zone, "nothing.zone.test", "ns1.zone.test", {Type::rrsig, Type::nsec});
  both(zone, Fault::nsec_without_data, Tier::warning, {"nothing.zone.test"});
}

BOOST_AUTO_TEST_CASE(types) {
  auto zone = healthy_zone();
  set_nsec(zone, "www.zone.test", "zone.test", {Type::rrsig, Type::nsec});
  both(zone, Fault::existing_type_missing_from_bitmap, Tier::critical,
       {"www.zone.test has an NSEC without A"});
  set_nsec(zone, "www.zone.test", "zone.test", {Type::a, Type::caa, Type::rrsig, Type::nsec});
  both(zone, Fault::extra_type_in_bitmap, Tier::warning, {"with CAA"});
  set_nsec(zone, "www.zone.test", "zone.test", {Type::a, Type::cname, Type::rrsig, Type::nsec});
  both(zone, Fault::extra_type_in_bitmap, Tier::critical, {"with CNAME"});
  set_nsec(zone, "www.zone.test", "zone.test", {Type::a, Type::nsec});
  both(zone, Fault::nsec_rrsig_nsec_bits, Tier::warning, {"without RRSIG"});
}

BOOST_AUTO_TEST_CASE(types_of_a_delegation) {
  auto zone = healthy_zone();
  set_nsec(zone, "plain.zone.test", "secure.zone.test",
           {Type::ns, Type::a, Type::rrsig, Type::nsec});
  both(zone, Fault::nsec_delegation_bits, Tier::critical, {"plain.zone.test", "with A"});
  set_nsec(zone, "plain.zone.test", "secure.zone.test", {Type::rrsig, Type::nsec});
  both(zone, Fault::nsec_delegation_bits, Tier::critical, {"without NS"});
}

BOOST_AUTO_TEST_CASE(types_of_the_apex) {
  auto zone = healthy_zone();
  set_nsec(zone, "zone.test", "alias.zone.test",
           {Type::ns, Type::mx, Type::rrsig, Type::nsec, Type::dnskey});
  both(zone, Fault::nsec_apex_type_list, Tier::critical, {"without SOA"});
}

BOOST_AUTO_TEST_CASE(many_types) {
  auto zone = healthy_zone();
  zone.put(name("www.zone.test"), Type::caa, {{0, 5, 'i', 's', 's', 'u', 'e', 'x'}});
  zone.put(name("www.zone.test"), static_cast<Type>(65280), {{1}});
  zone.put(name("www.zone.test"), static_cast<Type>(1024), {{1}});
  zone.sign();
  expect_nothing(whole_sigs(zone));
}

BOOST_AUTO_TEST_CASE(ttl) {
  auto zone = healthy_zone();
  auto& data = zone.at(name("www.zone.test"), Type::nsec);
  data.set.ttl = 60;
  sign_again(zone, data);
  both(zone, Fault::nsec_ttl_not_soa_min, Tier::info, {"www.zone.test/NSEC has TTL 60", "3600"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
