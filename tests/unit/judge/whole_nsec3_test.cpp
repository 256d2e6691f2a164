// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The NSEC3 chains of a whole zone.
#include <boost/test/unit_test.hpp>

#include "judge/whole_zone.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

void remove(Zone& zone, std::string_view owner) {
  const auto at = nsec3_at(zone, owner).set.owner;
  zone.remove(at, Type::nsec3);
}

/// Takes the name's NSEC3 out and closes the ring over the gap.
void skip(Zone& zone, std::string_view owner, const Nsec3Form& form = {}) {
  const auto gone = nsec3_at(zone, owner, form);
  const auto label = gone.set.owner.labels().front();
  const auto hash = *dns::from_base32hex(std::string(label.begin(), label.end()));
  const auto after = dns::parse_nsec3(gone.set.rdatas.front())->next_hash;
  zone.remove(gone.set.owner, Type::nsec3);
  for (auto& data : zone.sets) {
    auto nsec3 =
        data.set.type == Type::nsec3 ? dns::parse_nsec3(data.set.rdatas.front()) : std::nullopt;
    if (nsec3 && nsec3->next_hash == hash) {
      auto& rdata = data.set.rdatas.front();
      std::copy(after.begin(), after.end(),
                rdata.begin() + 6 + static_cast<std::ptrdiff_t>(form.salt.size()));
      sign_again(zone, data);
    }
  }
}

/// Changes an octet of the rdata, before the salt.
void change(Zone& zone, std::string_view owner, std::size_t at, std::uint8_t value) {
  auto& data = nsec3_at(zone, owner);
  data.set.rdatas.front().at(at) = value;
  sign_again(zone, data);
}

void set_types(Zone& zone, std::string_view owner, const std::vector<Type>& types) {
  auto& data = nsec3_at(zone, owner);
  auto& rdata = data.set.rdatas.front();
  rdata.resize(6 + 20);
  const auto wire = dns::TypeBitmap(types).wire();
  rdata.insert(rdata.end(), wire.begin(), wire.end());
  sign_again(zone, data);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_whole_nsec3)

BOOST_AUTO_TEST_CASE(a_healthy_zone_is_quiet) {
  judge::WholeSummary summary;
  const auto zone = healthy_nsec3_zone();
  expect_nothing(whole_sigs(zone, {}, &summary));
  expect_nothing(whole_nsec(zone));
  BOOST_TEST(summary.denial == "NSEC3, no iterations, no salt");
  BOOST_TEST(summary.names == 10U);
}

BOOST_AUTO_TEST_CASE(opt_out) {
  const Nsec3Form form{kOptOut};
  const auto zone = healthy_nsec3_zone(form);
  expect_quiet(whole_sigs(zone));
  expect(whole_sigs(zone), Fault::nsec3_optout_small_zone, Tier::info, {"only 2 of"});
  auto whole = healthy_zone();  // every delegation has its NSEC3, and the flag is set
  drop_nsec(whole);
  publish_nsec3param(whole, {});
  add_nsec3_chain(whole, {});
  for (auto& data : whole.sets) {
    if (data.set.type == Type::nsec3) {
      data.set.rdatas.front().at(1) = kOptOut;
      sign_again(whole, data);
    }
  }
  expect_quiet(whole_sigs(whole));
}

BOOST_AUTO_TEST_CASE(a_name_without_nsec3) {
  auto zone = healthy_nsec3_zone();
  remove(zone, "www.zone.test");
  both(zone, Fault::nsec3_missing_at_name, Tier::critical, {"www.zone.test has no NSEC3"});
  zone = healthy_nsec3_zone();
  skip(zone, "www.zone.test");
  both(zone, Fault::nsec3_missing_at_name, Tier::critical, {"www.zone.test has no NSEC3"});
  zone = healthy_nsec3_zone({kOptOut});
  skip(zone, "secure.zone.test", {kOptOut});
  both(zone, Fault::nsec3_missing_at_name, Tier::critical, {"delegation with DS"});
}

BOOST_AUTO_TEST_CASE(empty_non_terminals) {
  auto zone = healthy_nsec3_zone();
  skip(zone, "below.zone.test");
  both(zone, Fault::nsec3_missing_at_ent, Tier::critical, {"below.zone.test"});
  zone = healthy_nsec3_zone();
  skip(zone, "wild.zone.test");
  both(zone, Fault::nsec3_missing_at_ent, Tier::critical, {"wild.zone.test"});
  // One that only unsigned delegations are below needs none under Opt-Out, and only there.
  zone = healthy_nsec3_zone();
  skip(zone, "far.zone.test");
  both(zone, Fault::nsec3_missing_at_ent, Tier::critical, {"far.zone.test"});
}

BOOST_AUTO_TEST_CASE(an_unsigned_delegation) {
  auto zone = healthy_nsec3_zone();
  skip(zone, "plain.zone.test");
  both(zone, Fault::nsec3_missing_insecure_delegation, Tier::critical, {"plain.zone.test"});
}

BOOST_AUTO_TEST_CASE(orphans) {
  auto zone = healthy_nsec3_zone();
  zone.remove(name("www.zone.test"), Type::a);
  zone.put(zone.apex, Type::mx, {mx(10, "ns1.zone.test")});
  sign_again(zone, zone.at(Type::mx));
  both(zone, Fault::nsec3_owner_hash_wrong, Tier::warning, {"no name of the zone"});
}

BOOST_AUTO_TEST_CASE(a_broken_ring) {
  auto zone = healthy_nsec3_zone();
  change(zone, "www.zone.test", 6, 0xff);
  both(zone, Fault::nsec_chain_broken, Tier::critical, {"next hash"});
}

BOOST_AUTO_TEST_CASE(lists_of_types) {
  auto zone = healthy_nsec3_zone();
  set_types(zone, "www.zone.test", {Type::rrsig});
  both(zone, Fault::existing_type_missing_from_bitmap, Tier::critical,
       {"www.zone.test has an NSEC3 without A"});
  zone = healthy_nsec3_zone();
  set_types(zone, "www.zone.test", {Type::a, Type::caa, Type::rrsig});
  both(zone, Fault::extra_type_in_bitmap, Tier::warning, {"with CAA"});
  zone = healthy_nsec3_zone();
  set_types(zone, "below.zone.test", {Type::rrsig});
  both(zone, Fault::nsec_rrsig_nsec_bits, Tier::warning, {"below.zone.test", "with RRSIG"});
  zone = healthy_nsec3_zone();
  set_types(zone, "secure.zone.test", {Type::ns, Type::rrsig});
  both(zone, Fault::nsec_delegation_bits, Tier::critical, {"without DS"});
}

BOOST_AUTO_TEST_CASE(parameters_of_the_apex) {
  auto zone = healthy_nsec3_zone();
  zone.remove(zone.apex, Type::nsec3param);
  set_types(zone, "zone.test", {Type::ns, Type::soa, Type::mx, Type::rrsig, Type::dnskey});
  both(zone, Fault::nsec3param_missing, Tier::critical);
  zone = healthy_nsec3_zone();
  zone.at(Type::nsec3param).set.rdatas = {{1, 0, 0, 7, 0}};
  sign_again(zone, zone.at(Type::nsec3param));
  expect(whole_sigs(zone), Fault::nsec3param_mismatch, Tier::critical, {"7 iterations"});
  zone = healthy_nsec3_zone();
  zone.at(Type::nsec3param).set.rdatas.push_back({1, 1, 0, 0, 0});
  sign_again(zone, zone.at(Type::nsec3param));
  both(zone, Fault::nsec3param_flags, Tier::warning);
}

BOOST_AUTO_TEST_CASE(a_change_of_salt) {
  const Nsec3Form salted{0, 0, {0xaa}};
  // The new chain is on its way: it need not be whole.
  auto zone = healthy_nsec3_zone();
  add_nsec3_chain(zone, salted);
  remove(zone, "zone.test");
  zone = healthy_nsec3_zone();
  add_nsec3_chain(zone, salted);
  const auto part = nsec3_at(zone, "www.zone.test", salted).set.owner;
  zone.remove(part, Type::nsec3);
  expect_nothing(whole_sigs(zone));
  // Named, it must be.
  publish_nsec3param(zone, salted);
  const auto findings = whole_sigs(zone);
  expect(findings, Fault::nsec3param_multiple, Tier::info);
  expect(findings, Fault::nsec3_missing_at_name, Tier::critical, {"www.zone.test"});
  expect(findings, Fault::nsec3_salt, Tier::info);
}

BOOST_AUTO_TEST_CASE(from_nsec_to_nsec3) {
  auto zone = healthy_zone();
  add_nsec3_chain(zone, {});
  remove(zone, "www.zone.test");
  both(zone, Fault::nsec_nsec3_mixed, Tier::warning, {"of which NSEC denies"});
  zone = healthy_nsec3_zone();
  auto& data = zone.put(name("www.zone.test"), Type::nsec,
                        {nsec_rdata(name("zone.test"), {Type::a, Type::rrsig, Type::nsec})});
  sign_again(zone, data);
  both(zone, Fault::nsec_nsec3_mixed, Tier::warning, {"of which NSEC3 denies"});
}

BOOST_AUTO_TEST_CASE(advice) {
  both(healthy_nsec3_zone({0, 10}), Fault::nsec3_iterations, Tier::warning, {"10 iterations"});
  both(healthy_nsec3_zone({0, 151}), Fault::nsec3_iterations, Tier::critical);
  expect_only(whole_nsec(healthy_nsec3_zone({0, 0, {1, 2}})), Fault::nsec3_salt, Tier::info,
              {"2 octets"});
}

BOOST_AUTO_TEST_CASE(form) {
  auto zone = healthy_nsec3_zone();
  change(zone, "www.zone.test", 1, 2);
  both(zone, Fault::nsec3_unknown_flags, Tier::critical);
  zone = healthy_nsec3_zone();
  change(zone, "www.zone.test", 0, 2);
  expect(whole_nsec(zone), Fault::nsec3_hash_algorithm, Tier::critical);
  zone = healthy_nsec3_zone();
  auto& odd = zone.put(name("nohash.zone.test"), Type::nsec3,
                       {nsec3_at(zone, "www.zone.test").set.rdatas.front()});
  sign_again(zone, odd);
  both(zone, Fault::nsec3_owner_or_next_invalid, Tier::critical, {"nohash.zone.test"});
  zone = healthy_nsec3_zone();
  auto& twice = nsec3_at(zone, "www.zone.test");
  twice.set.rdatas.push_back(twice.set.rdatas.front());
  twice.set.rdatas.back().at(10) ^= 1U;
  sign_again(zone, twice);
  both(zone, Fault::nsec_multiple_at_name, Tier::critical);
}

BOOST_AUTO_TEST_CASE(too_much_to_hash) {
  auto zone = healthy_nsec3_zone();
  for (auto& data : zone.sets) {
    if (data.set.type == Type::nsec3 || data.set.type == Type::nsec3param) {
      data.set.rdatas.front().at(2) = 2501 / 256;
      data.set.rdatas.front().at(3) = 2501 % 256;
      sign_again(zone, data);
    }
  }
  expect(whole_nsec(zone), Fault::verify_budget_exceeded, Tier::unknown, {"2501 iterations"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
