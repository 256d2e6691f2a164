// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What may stand where in a whole zone.
#include <boost/test/unit_test.hpp>

#include "judge/whole_zone.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

/// The healthy zone with one RRset more, signed anew.
Zone with(std::string_view owner, Type type, const std::vector<dns::Bytes>& rdatas) {
  auto zone = healthy_zone();
  zone.put(name(owner), type, rdatas);
  zone.sign();
  return zone;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_whole_structure)

BOOST_AUTO_TEST_CASE(no_soa) {
  auto zone = healthy_zone();
  zone.remove(zone.apex, Type::soa);
  expect(whole_sigs(zone), Fault::zone_no_soa, Tier::critical);
}

BOOST_AUTO_TEST_CASE(several_soas) {
  auto zone = healthy_zone();
  auto second = zone.at(Type::soa).set.rdatas.front();
  second.back() ^= 1U;
  zone.at(Type::soa).set.rdatas.push_back(second);
  sign_again(zone, zone.at(Type::soa));
  expect_only(whole_sigs(zone), Fault::soa_multiple, Tier::critical, {"several"});
  zone = with("www.zone.test", Type::soa, {healthy_zone().at(Type::soa).set.rdatas.front()});
  expect_only(whole_sigs(zone), Fault::soa_multiple, Tier::critical, {"not the apex"});
}

BOOST_AUTO_TEST_CASE(no_ns) {
  auto zone = healthy_zone();
  zone.remove(zone.apex, Type::ns);
  zone.sign();
  expect_only(whole_sigs(zone), Fault::ns_apex_missing, Tier::critical);
}

BOOST_AUTO_TEST_CASE(cname) {
  expect_only(whole_sigs(with("alias.zone.test", Type::txt, {text("x")})),
              Fault::cname_and_other_data, Tier::critical, {"alias.zone.test"});
  expect_only(
      whole_sigs(with("alias.zone.test", Type::cname, {target("a.test"), target("b.test")})),
      Fault::cname_multiple, Tier::critical);
}

BOOST_AUTO_TEST_CASE(dname) {
  expect_only(whole_sigs(with("away.zone.test", Type::dname, {target("a.test"), target("b.test")})),
              Fault::dname_multiple, Tier::critical);
  auto zone = healthy_zone();
  zone.put(name("below.away.zone.test"), Type::txt, {text("hidden")});
  expect_only(whole_sigs(zone), Fault::dname_children, Tier::warning, {"below.away"});
  zone = healthy_zone();
  zone.put(name("plain.zone.test"), Type::dname, {target("a.test")});
  expect(whole_sigs(zone), Fault::dname_with_ns, Tier::warning);
}

BOOST_AUTO_TEST_CASE(hidden_data) {
  auto zone = healthy_zone();
  zone.put(name("web.secure.zone.test"), Type::txt, {text("hidden")});
  expect_only(whole_sigs(zone), Fault::occluded_data, Tier::warning, {"web.secure.zone.test/TXT"});
  zone = healthy_zone();
  zone.put(name("secure.zone.test"), Type::txt, {text("hidden")});
  expect_only(whole_sigs(zone), Fault::occluded_data, Tier::warning, {"only the child"});
}

BOOST_AUTO_TEST_CASE(outside) {
  auto zone = healthy_zone();
  zone.put(name("www.elsewhere.test"), Type::a, {address(1)});
  expect_only(whole_sigs(zone), Fault::out_of_zone_data, Tier::warning, {"www.elsewhere.test"});
}

BOOST_AUTO_TEST_CASE(glue) {
  auto zone = healthy_zone();
  zone.remove(name("ns.secure.zone.test"), Type::a);
  expect_only(whole_sigs(zone), Fault::missing_glue, Tier::warning, {"ns.secure.zone.test"});
  zone = healthy_zone();
  zone.remove(name("ns1.zone.test"), Type::a);
  zone.sign();
  expect_only(whole_sigs(zone), Fault::missing_glue, Tier::warning, {"NS names ns1.zone.test"});
  // Made from a wildcard, and someone else's.
  expect_nothing(whole_sigs(with("*.zone.test", Type::a, {address(1)})));
  expect_nothing(
      whole_sigs(with("plain.zone.test", Type::ns, {target("ns.nowhere.secure.zone.test")})));
}

BOOST_AUTO_TEST_CASE(aliases_as_targets) {
  expect_only(whole_sigs(with("zone.test", Type::mx, {mx(10, "alias.zone.test")})),
              Fault::target_is_alias, Tier::warning, {"MX names alias.zone.test"});
  expect_only(whole_sigs(with("zone.test", Type::mx, {mx(10, "nowhere.zone.test")})),
              Fault::target_has_no_address, Tier::warning, {"MX names nowhere.zone.test"});
  expect_only(whole_sigs(with("plain.zone.test", Type::ns, {target("alias.zone.test")})),
              Fault::target_is_alias, Tier::warning);
}

BOOST_AUTO_TEST_CASE(ds_of_children) {
  const Signer child(9, kKeySigningKey);
  const auto ds = child.ds(name("www.zone.test"));
  expect_only(whole_sigs(with("www.zone.test", Type::ds, {ds_rdata(ds)})), Fault::ds_without_ns,
              Tier::warning, {"www.zone.test"});
  auto odd = child.ds(name("secure.zone.test"));
  odd.digest.pop_back();
  expect_only(whole_sigs(with("secure.zone.test", Type::ds, {ds_rdata(odd)})),
              Fault::ds_digest_length, Tier::warning, {"31 octets"});
  odd = child.ds(name("secure.zone.test"));
  odd.digest_type = 77;
  expect_only(whole_sigs(with("secure.zone.test", Type::ds, {ds_rdata(odd)})),
              Fault::ds_unknown_digest_in_zone, Tier::warning, {"insecure"});
  expect_only(whole_sigs(with("secure.zone.test", Type::ds,
                              {ds_rdata(odd), ds_rdata(child.ds(name("secure.zone.test")))})),
              Fault::ds_unknown_digest_in_zone, Tier::info);
}

BOOST_AUTO_TEST_CASE(types_of_the_apex_elsewhere) {
  const Signer key(9);
  auto zone = healthy_zone();
  sign_again(zone, zone.put(name("www.zone.test"), Type::dnskey, {key.key().rdata}));
  expect(whole_sigs(zone), Fault::dnskey_not_at_apex, Tier::warning);
  expect_only(whole_sigs(with("www.zone.test", Type::nsec3param, {{1, 0, 0, 0, 0}})),
              Fault::nsec3param_not_at_apex, Tier::warning);
  const auto cds = ds_rdata(key.ds(name("zone.test")));
  expect_only(whole_sigs(with("www.zone.test", Type::cds, {cds})), Fault::cds_not_at_apex,
              Tier::warning);
  // A nameserver's name vouches for the zones that it serves.
  expect_nothing(whole_sigs(with("_dsboot.other.test._signal.ns1.zone.test", Type::cds, {cds})));
  expect_only(whole_sigs(with("zone.test", Type::ds, {cds})), Fault::ds_at_child_apex,
              Tier::warning);
}

BOOST_AUTO_TEST_CASE(an_unsigned_zone) {
  auto zone = healthy_zone();
  zone.unsign();
  expect_only(whole_sigs(zone), Fault::zone_unsigned, Tier::critical, {"neither"});
  expect_only(whole_nsec(zone), Fault::zone_unsigned, Tier::critical);
  expect_only(whole_sigs(zone, {.ds = {Signer(1).ds(zone.apex)}}), Fault::ds_but_unsigned_zone,
              Tier::critical);
  WholeKnown meant;
  meant.policy.expect = judge::Expect::insecure;
  expect_nothing(whole_sigs(zone, meant));
  zone = healthy_zone();
  for (auto& data : zone.sets) {
    data.signatures.clear();
  }
  expect_only(whole_sigs(zone), Fault::zone_unsigned, Tier::critical, {"not one signature"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
