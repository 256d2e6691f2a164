// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The signatures of a whole zone: each must verify, and be where it belongs.
#include <boost/test/unit_test.hpp>

#include "judge/whole_zone.hpp"
#include "judge/words.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

/// A hundred names more, all signed for that window.
Zone many_names(Window window) {
  auto zone = healthy_zone();
  for (int i = 100; i < 200; ++i) {
    zone.put(name("n" + std::to_string(i) + ".zone.test"), Type::a, {address(7)});
  }
  zone.sign();
  for (auto& data : zone.sets) {
    if (data.set.type == Type::a && data.set.owner.to_text().rfind("n1", 0) == 0) {
      zone.sign(data, window);
    }
  }
  return zone;
}

/// The signature of an RRset that the signer would not make.
void sign_where_forbidden(Zone& zone, std::string_view owner, Type type) {
  zone.sign(zone.at(name(owner), type), zone.window);
}

void add_signature(Zone& zone, Type type, const Signer& signer, Window window = {}) {
  auto& data = zone.at(name("www.zone.test"), type);
  data.signatures.push_back(signer.sign(data.set, zone.apex, window));
}

void spoil(dns::Signature& signature) { signature.rrsig->signature.back() ^= 1U; }

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_whole_signatures)

BOOST_AUTO_TEST_CASE(a_healthy_zone_is_quiet) {
  judge::WholeSummary summary;
  const auto zone = healthy_zone();
  expect_nothing(whole_sigs(zone, {}, &summary));
  expect_nothing(whole_nsec(zone));
  expect_nothing(whole_sigs(zone, {.ds = {zone.keys.front().ds(zone.apex)}}));
  BOOST_TEST(summary.names == 10U);
  BOOST_TEST(summary.rrsets == summary.signatures);
  BOOST_TEST(summary.verified == summary.signatures);
  BOOST_TEST(summary.denial == "NSEC");
  BOOST_REQUIRE(summary.soonest);
  BOOST_TEST(summary.soonest->remaining == 25 * kDay);
  BOOST_TEST(summary.soonest->lifetime == 28 * kDay);
  BOOST_TEST(summary.within_week == 0U);
  BOOST_REQUIRE(summary.newest_age);
  BOOST_TEST(*summary.newest_age == 3 * kDay);
  BOOST_TEST(summary.key_tags.size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_unsigned_rrset) {
  auto zone = healthy_zone();
  zone.at(name("www.zone.test"), Type::a).signatures.clear();
  const auto finding = expect_only(whole_sigs(zone), Fault::rrsig_missing, Tier::critical,
                                   {"www.zone.test/A has no signature"});
  BOOST_TEST((finding.count == 1U));
  expect_nothing(whole_nsec(zone));
}

BOOST_AUTO_TEST_CASE(unsigned_keys) {
  auto zone = healthy_zone();
  zone.at(Type::dnskey).signatures.clear();
  expect_only(whole_sigs(zone), Fault::dnskey_rrsig_missing, Tier::critical, {"every key"});
  expect_only(whole_nsec(zone), Fault::dnskey_rrsig_missing, Tier::critical);
}

BOOST_AUTO_TEST_CASE(many_expired_are_one_finding) {
  const auto zone = many_names({-30 * kDay, -3 * kHour});
  judge::WholeSummary summary;
  auto finding =
      expect_only(whole_sigs(zone, {}, &summary), Fault::rrsig_expired, Tier::critical,
                  {"100 of 221 RRsets expired, from n100.zone.test to n199.zone.test, all signed "
                   "by key " +
                       std::to_string(zone.keys.back().tag()),
                   "the first ended 3h ago"});
  BOOST_TEST((finding.count == 100U));
  BOOST_TEST(finding.rrsets.size() == 10U);
  BOOST_TEST(finding.rrsets.front() == "n100.zone.test/A");
  BOOST_TEST((finding.moment == kNow - 3 * kHour));
  finding = expect(whole_sigs(zone, {.all = true}), Fault::rrsig_expired, Tier::critical);
  BOOST_TEST(finding.rrsets.size() == 100U);
  BOOST_TEST(summary.within_hour == 100U);
  BOOST_TEST(summary.soonest->remaining == -3 * kHour);
}

BOOST_AUTO_TEST_CASE(one_expired) {
  auto zone = healthy_zone();
  zone.sign(zone.at(Type::mx), {-30 * kDay, -2 * kDay});
  expect_only(whole_sigs(zone), Fault::rrsig_expired, Tier::critical,
              {"MX has a signature that expired 2d ago, signed by key"});
}

BOOST_AUTO_TEST_CASE(expired_denial) {
  auto zone = healthy_zone();
  zone.sign(zone.at(name("www.zone.test"), Type::nsec), {-30 * kDay, -2 * kDay});
  expect_only(whole_sigs(zone), Fault::rrsig_expired, Tier::critical, {"www.zone.test/NSEC"});
  expect_only(whole_nsec(zone), Fault::nsec_rrsig_expired, Tier::critical, {"www.zone.test/NSEC"});
  zone.at(name("www.zone.test"), Type::nsec).signatures.clear();
  expect_only(whole_nsec(zone), Fault::nsec_rrsig_missing, Tier::critical);
  sign_again(zone, zone.at(name("www.zone.test"), Type::nsec));
  spoil(zone.at(name("www.zone.test"), Type::nsec).signatures.front());
  expect_only(whole_nsec(zone), Fault::nsec_rrsig_invalid, Tier::critical);
}

BOOST_AUTO_TEST_CASE(not_yet_valid) {
  expect_only(whole_sigs(many_names({2 * kHour, 25 * kDay})), Fault::rrsig_not_yet_valid,
              Tier::critical, {"100 of", "not valid yet", "the first begins in 2h"});
  expect_only(whole_sigs(many_names({kMinute, 25 * kDay})), Fault::rrsig_not_yet_valid,
              Tier::warning);
}

BOOST_AUTO_TEST_CASE(one_of_many_does_not_verify) {
  auto zone = many_names({});
  spoil(zone.at(name("n150.zone.test"), Type::a).signatures.front());
  expect_only(whole_sigs(zone), Fault::rrsig_crypto_invalid, Tier::critical,
              {"n150.zone.test/A has a signature that does not verify"});
}

BOOST_AUTO_TEST_CASE(bad_beside_good) {
  auto zone = healthy_zone();
  add_signature(zone, Type::a, zone.keys.back());
  spoil(zone.at(name("www.zone.test"), Type::a).signatures.back());
  expect_only(whole_sigs(zone), Fault::rrsig_invalid_beside_valid, Tier::critical);
}

BOOST_AUTO_TEST_CASE(expired_beside_good) {
  auto zone = healthy_zone();
  add_signature(zone, Type::a, zone.keys.back(), {-30 * kDay, -kDay});
  expect_only(whole_sigs(zone), Fault::rrsig_expired_beside_valid, Tier::warning);
}

BOOST_AUTO_TEST_CASE(unknown_key) {
  auto zone = healthy_zone();
  // Signatures come before the key in a change of the algorithm, and go after it.
  add_signature(zone, Type::a, Signer(7));
  expect_only(whole_sigs(zone), Fault::rrsig_unknown_key_beside_valid, Tier::info, {"www"});
  auto& signatures = zone.at(name("www.zone.test"), Type::a).signatures;
  signatures.erase(signatures.begin());
  expect_only(whole_sigs(zone), Fault::rrsig_no_matching_dnskey, Tier::critical,
              {std::to_string(Signer(7).tag())});
}

BOOST_AUTO_TEST_CASE(signed_as_from_a_wildcard) {
  auto zone = healthy_zone();
  auto& data = zone.at(name("deep.below.zone.test"), Type::txt);
  auto wild = data.set;
  wild.owner = name("*.below.zone.test");
  auto fields = zone.keys.back().fields(wild, zone.apex, {});
  data.signatures = {zone.keys.back().sign_as(wild, fields)};
  expect_only(whole_sigs(zone), Fault::rrsig_labels_too_low, Tier::critical, {"deep.below"});
  data.signatures.push_back(zone.keys.back().sign(data.set, zone.apex));
  expect_only(whole_sigs(zone), Fault::rrsig_labels_too_low, Tier::warning);
}

BOOST_AUTO_TEST_CASE(signatures_where_none_may_be) {
  auto zone = healthy_zone();
  sign_where_forbidden(zone, "plain.zone.test", Type::ns);
  expect_only(whole_sigs(zone), Fault::rrsig_on_delegation_ns, Tier::warning, {"plain.zone.test"});
  zone = healthy_zone();
  sign_where_forbidden(zone, "ns.secure.zone.test", Type::a);
  expect_only(whole_sigs(zone), Fault::rrsig_on_glue_or_occluded, Tier::warning, {"ns.secure"});
  zone = healthy_zone();
  zone.at(name("www.zone.test"), Type::a).set.rdatas.clear();
  zone.put(name("www.zone.test"), Type::txt, {text("new")});
  zone.sign(zone.at(name("www.zone.test"), Type::txt), zone.window);
  expect(whole_sigs(zone), Fault::rrsig_for_absent_type, Tier::warning, {"www.zone.test/A"});
}

BOOST_AUTO_TEST_CASE(a_signed_signature) {
  auto zone = healthy_zone();
  dns::RRset rrsigs;
  rrsigs.owner = name("www.zone.test");
  rrsigs.type = Type::rrsig;
  rrsigs.ttl = 3600;
  rrsigs.rdatas = {address(1)};
  std::vector<dns::Record> more;
  append(more, {rrsigs, {zone.keys.back().sign(rrsigs, zone.apex)}});
  more.erase(more.begin());
  expect_only(whole_sigs(zone, {.more = more}), Fault::rrsig_over_rrsig, Tier::warning);
  const std::vector<dns::Record> cut{
      {name("www.zone.test"), Type::rrsig, dns::Class::in, 3600, {0}}};
  expect_only(whole_sigs(zone, {.more = cut}), Fault::rrsig_malformed, Tier::critical);
}

BOOST_AUTO_TEST_CASE(the_delegation_is_signed_for_its_ds) {
  auto zone = healthy_zone();
  zone.at(name("secure.zone.test"), Type::ds).signatures.clear();
  expect_only(whole_sigs(zone), Fault::rrsig_missing, Tier::critical, {"secure.zone.test/DS"});
}

BOOST_AUTO_TEST_CASE(ttls) {
  auto zone = healthy_zone();
  zone.at(Type::mx).set.ttl = 7200;
  expect_only(whole_sigs(zone), Fault::rrset_ttl_above_original_ttl, Tier::warning,
              {"MX has TTL 7200, signed with 3600"});
  zone.at(Type::mx).set.ttl = 60;
  expect_only(whole_sigs(zone), Fault::rrset_ttl_below_original_ttl, Tier::warning);
  zone.at(Type::mx).set.ttl = 3600;
  zone.at(Type::mx).signatures.front().ttl = 60;
  expect_only(whole_sigs(zone), Fault::rrsig_ttl_differs, Tier::info, {"its signature 60"});
}

BOOST_AUTO_TEST_CASE(unequal_ttls) {
  const auto zone = healthy_zone();
  const std::vector<dns::Record> more{
      {name("ns1.zone.test"), Type::a, dns::Class::in, 60, address(1)}};
  const auto findings = whole_sigs(zone, {.more = more});
  expect(findings, Fault::rrset_ttls_unequal, Tier::warning, {"ns1.zone.test/A"});
  expect(findings, Fault::duplicate_rr, Tier::info);
  const std::vector<dns::Record> same{
      {name("ns1.zone.test"), Type::a, dns::Class::in, 3600, address(1)}};
  expect_only(whole_sigs(zone, {.more = same}), Fault::duplicate_rr, Tier::info);
}

BOOST_AUTO_TEST_CASE(ends_soon) {
  auto finding =
      expect_only(whole_sigs(many_names({-27 * kDay, 12 * kHour})), Fault::rrsig_expiring_crit,
                  Tier::critical, {"100 of 221 RRsets have signatures that end soon", "12h"});
  BOOST_TEST(finding.detail.find("of 100 within a day") != std::string::npos);
  expect(whole_sigs(many_names({-25 * kDay, 3 * kDay})), Fault::rrsig_expiring_warn, Tier::warning);
  // A tenth of a short lifetime is enough.
  expect_quiet(whole_sigs(many_names({-9 * kDay, 5 * kDay})));
  expect(whole_sigs(many_names({-9 * kDay, 5 * kDay})), Fault::rrsig_expiring_soon, Tier::info);
  auto zone = many_names({-28 * kDay, kMinute});
  expect(whole_sigs(zone), Fault::ttl_exceeds_remaining, Tier::warning);
}

BOOST_AUTO_TEST_CASE(lives_too_long_or_too_short) {
  expect_only(whole_sigs(many_names({-kDay, 300 * kDay})), Fault::rrsig_lifetime_too_long,
              Tier::warning);
  expect(whole_sigs(many_names({-kHour / 2, kHour / 3})), Fault::rrsig_lifetime_too_short,
         Tier::warning);
  expect(whole_sigs(many_names({-kMinute, 28 * kDay})), Fault::rrsig_inception_too_recent,
         Tier::info);
}

BOOST_AUTO_TEST_CASE(the_signer_stands_still) {
  judge::Policy policy;
  policy.max_age = 2 * kDay;
  expect_only(whole_sigs(healthy_zone(), {.policy = policy}), Fault::signer_stalled, Tier::warning,
              {"3d ago"});
  policy.max_age = 4 * kDay;
  expect_nothing(whole_sigs(healthy_zone(), {.policy = policy}));
}

BOOST_AUTO_TEST_CASE(secondaries_outlive_the_signatures) {
  auto zone = healthy_zone();
  zone.expire = 40 * 86400;
  zone.sign();
  expect_only(whole_sigs(zone), Fault::soa_expire_exceeds_remaining, Tier::warning);
}

BOOST_AUTO_TEST_CASE(too_many_signatures) {
  auto zone = healthy_zone();
  for (int i = 0; i < 3; ++i) {
    add_signature(zone, Type::a, zone.keys.back(), {-(i + 4) * kDay, 20 * kDay});
  }
  expect_only(whole_sigs(zone), Fault::too_many_rrsigs, Tier::warning);
}

BOOST_AUTO_TEST_CASE(every_algorithm_signs_everything) {
  auto zone = healthy_zone({Signer(1, kKeySigningKey), Signer(2), Signer(3, kZoneKey, kEd448),
                            Signer(4, kKeySigningKey, kEd448)});
  expect_nothing(whole_sigs(zone));
  auto& signatures = zone.at(Type::mx).signatures;
  std::erase_if(signatures,
                [](const dns::Signature& one) { return one.rrsig->algorithm == kEd448; });
  expect(whole_sigs(zone), Fault::algorithm_incomplete_dnskey, Tier::warning,
         {"MX has no signature by algorithm 16"});
}

BOOST_AUTO_TEST_CASE(the_algorithm_of_the_ds_signs_everything) {
  const auto zone = healthy_zone();
  expect(whole_sigs(zone, {.ds = {zone.keys.front().ds(zone.apex),
                                  Signer(5, kKeySigningKey, kEd448).ds(zone.apex)}}),
         Fault::algorithm_incomplete_ds, Tier::warning, {"all 21 RRsets", "the DS set demands"});
}

BOOST_AUTO_TEST_CASE(a_rollover_of_the_zone_signing_key) {
  auto zone = healthy_zone();
  const Signer old(8);
  // Some are signed by the old key still, which is published.
  zone.keys.push_back(old);
  zone.sign();
  for (auto& data : zone.sets) {
    if (data.signatures.size() > 1) {
      data.signatures.pop_back();
    }
  }
  expect_quiet(whole_sigs(zone));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
