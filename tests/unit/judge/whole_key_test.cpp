// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The keys of a whole zone, its DS, CDS and CDNSKEY.
#include <boost/test/unit_test.hpp>

#include "judge/whole_zone.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

const Signer kKsk(1, kKeySigningKey), kZsk(2);

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_whole_keys)

BOOST_AUTO_TEST_CASE(one_key_for_everything) {
  for (const auto flags : {kKeySigningKey, kZoneKey}) {
    const Signer key(3, flags);
    const auto zone = healthy_zone({key});
    expect_nothing(whole_sigs(zone));
    expect_nothing(whole_sigs(zone, {.ds = {key.ds(zone.apex)}}));
  }
}

BOOST_AUTO_TEST_CASE(a_standby_key) {
  auto zone = healthy_zone({kKsk, kZsk, Signer(4, kKeySigningKey)});
  zone.at(Type::dnskey).signatures.pop_back();
  expect_nothing(whole_sigs(zone));
  // The DS of the standby is there, too, and that of a key that comes later.
  expect_nothing(
      whole_sigs(zone, {.ds = {Signer(4, kKeySigningKey).ds(zone.apex),
                               Signer(5, kKeySigningKey).ds(zone.apex), kKsk.ds(zone.apex)}}));
}

BOOST_AUTO_TEST_CASE(no_key_signing_key_signs) {
  auto zone = healthy_zone({kKsk, kZsk});
  auto& keys = zone.at(Type::dnskey);
  keys.signatures = {kZsk.sign(keys.set, zone.apex)};
  expect_only(whole_sigs(zone), Fault::dnskey_not_signed_by_ksk, Tier::warning,
              {std::to_string(kKsk.tag())});
  expect_nothing(whole_sigs(zone, {.ds = {kZsk.ds(zone.apex)}}));
  expect_only(whole_sigs(zone, {.ds = {kKsk.ds(zone.apex)}}), Fault::ds_key_does_not_sign,
              Tier::critical, {std::to_string(kKsk.tag())});
}

BOOST_AUTO_TEST_CASE(ds_that_leads_nowhere) {
  const auto zone = healthy_zone({kKsk, kZsk});
  const auto& apex = zone.apex;
  expect_only(whole_sigs(zone, {.ds = {Signer(5, kKeySigningKey).ds(apex)}}),
              Fault::ds_no_matching_dnskey, Tier::critical);
  auto wrong = kKsk.ds(apex);
  wrong.digest.back() ^= 1U;
  expect_only(whole_sigs(zone, {.ds = {wrong}}), Fault::ds_digest_mismatch, Tier::critical);
  wrong = kKsk.ds(apex);
  wrong.algorithm = 13;
  expect(whole_sigs(zone, {.ds = {wrong}}), Fault::ds_alg_mismatch, Tier::critical);
  wrong.algorithm = 99;
  expect_only(whole_sigs(zone, {.ds = {wrong}}), Fault::ds_alg_unsupported_only, Tier::critical);
  wrong = kKsk.ds(apex);
  wrong.digest_type = 99;
  expect_only(whole_sigs(zone, {.ds = {wrong}}), Fault::ds_digest_unsupported_only, Tier::critical);
}

BOOST_AUTO_TEST_CASE(the_ds_keys_signature_is_bad) {
  auto zone = healthy_zone({kKsk, kZsk});
  auto& keys = zone.at(Type::dnskey);
  keys.signatures.push_back(kZsk.sign(keys.set, zone.apex));
  keys.signatures.front().rrsig->signature.back() ^= 1U;
  expect(whole_sigs(zone, {.ds = {kKsk.ds(zone.apex)}}), Fault::ds_key_rrsig_invalid,
         Tier::critical);
}

BOOST_AUTO_TEST_CASE(a_revoked_key) {
  auto zone = healthy_zone({kKsk, kZsk, Signer(6, kKeySigningKey | kRevoked)});
  expect_nothing(whole_sigs(zone));
  zone.at(Type::dnskey).signatures.pop_back();
  expect_only(whole_sigs(zone), Fault::dnskey_revoked_not_signed, Tier::warning);
}

BOOST_AUTO_TEST_CASE(keys_that_are_none) {
  const Signer no_zone_key(7, 0), protocol(8, kZoneKey, kEd25519, 4);
  auto zone = healthy_zone({kKsk, kZsk});
  auto& keys = zone.at(Type::dnskey);
  const auto plain = keys.set.rdatas;
  const auto publish = [&](const dns::Bytes& rdata) {
    auto& data = zone.at(Type::dnskey);
    data.set.rdatas = plain;
    data.set.rdatas.push_back(rdata);
    sign_again(zone, data);
  };
  publish(no_zone_key.key().rdata);
  expect_only(whole_sigs(zone), Fault::dnskey_zone_flag_unset, Tier::critical);
  publish(protocol.key().rdata);
  expect_only(whole_sigs(zone), Fault::dnskey_protocol_not_3, Tier::critical);
  publish(make_key(kZoneKey, 3, kEd25519, dns::Bytes(31, 1)).rdata);
  expect_only(whole_sigs(zone), Fault::dnskey_malformed, Tier::critical);
  auto colliding = kZsk.key().rdata;
  std::swap(colliding[6], colliding[8]);  // the sum stays
  publish(colliding);
  expect(whole_sigs(zone), Fault::dnskey_keytag_collision, Tier::warning);
}

BOOST_AUTO_TEST_CASE(what_is_asked_of_the_parent) {
  auto zone = healthy_zone({kKsk, kZsk});
  const auto publish = [&](const std::vector<dns::Bytes>& cds,
                           const std::vector<dns::Bytes>& cdnskey) {
    for (const auto type : {Type::cds, Type::cdnskey}) {
      const auto& rdatas = type == Type::cds ? cds : cdnskey;
      zone.remove(zone.apex, type);
      if (!rdatas.empty()) {
        zone.put(zone.apex, type, rdatas);
      }
    }
    zone.sign();
  };
  const auto good = ds_rdata(kKsk.ds(zone.apex));
  const Signer other(5, kKeySigningKey);
  publish({good}, {kKsk.key().rdata});
  expect_nothing(whole_sigs(zone));
  publish({good}, {});
  expect_only(whole_sigs(zone), Fault::cds_without_cdnskey, Tier::info);
  publish({}, {kKsk.key().rdata});
  expect_only(whole_sigs(zone), Fault::cdnskey_without_cds, Tier::info);
  publish({good}, {kZsk.key().rdata});
  expect_only(whole_sigs(zone), Fault::cds_cdnskey_mismatch, Tier::critical);
  publish({good, ds_rdata(other.ds(zone.apex))}, {kKsk.key().rdata, other.key().rdata});
  expect_only(whole_sigs(zone), Fault::cds_no_matching_dnskey, Tier::warning);
  publish({ds_rdata(other.ds(zone.apex))}, {other.key().rdata});
  expect_only(whole_sigs(zone), Fault::cds_no_matching_dnskey, Tier::critical, {"bogus"});
  const dns::Bytes remove_ds{0, 0, 0, 0, 0}, remove_key{0, 0, 3, 0, 0};
  publish({remove_ds}, {remove_key});
  expect_only(whole_sigs(zone), Fault::cds_delete_present, Tier::warning);
  publish({remove_ds, good}, {remove_key});
  expect_only(whole_sigs(zone), Fault::cds_delete_mixed, Tier::critical);
  publish({{0, 1, 0, 0, 0}}, {});
  expect_only(whole_sigs(zone), Fault::cds_delete_malformed, Tier::warning);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
