// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The key set as a whole, and at several servers.
#include <boost/test/unit_test.hpp>

#include "judge/key_support.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

dns::Bytes octets_with(std::uint8_t first, std::uint8_t second) {
  dns::Bytes octets(32, 0x21);
  octets[0] = first;
  octets[30] = second;
  return octets;
}

void set_dnskey_ttl(World& world, std::uint32_t ttl) {
  world.everywhere([&](Zone& copy) {
    auto& data = copy.at(Type::dnskey);
    data.set.ttl = ttl;
    copy.sign(data, copy.window);
  });
}

void raise_serial(Zone& copy) { copy.serial += 1; }

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_key_sets)

BOOST_AUTO_TEST_CASE(number_of_keys) {
  World world;
  for (std::uint8_t i = 1; i <= 6; ++i) {
    publish_beside(world, idle_key(15, dns::Bytes(32, i)));
  }
  expect_calm(keys_of(world));
  publish_beside(world, idle_key(15, dns::Bytes(32, 7)));
  expect_only(keys_of(world), Fault::dnskey_too_many, Tier::warning, {"9 keys", "over 8"});
  for (std::uint8_t i = 8; i <= 15; ++i) {
    publish_beside(world, idle_key(15, dns::Bytes(32, i)));
  }
  expect_only(keys_of(world), Fault::dnskey_too_many, Tier::critical, {"17 keys", "over 16"});
}

BOOST_AUTO_TEST_CASE(tags_that_collide) {
  World world;
  publish_beside(world, idle_key(15, octets_with(1, 2)));
  publish_beside(world, idle_key(15, octets_with(2, 1)));
  expect_only(keys_of(world), Fault::dnskey_keytag_collision, Tier::warning,
              {"none of them signs"});
}

BOOST_AUTO_TEST_CASE(tag_of_a_key_that_signs) {
  World world;
  auto twin = world.zone_signer.key().dnskey.public_key;
  std::swap(twin[0], twin[30]);
  publish_beside(world, idle_key(15, twin));
  expect_only(keys_of(world), Fault::dnskey_keytag_collision, Tier::critical,
              {"share the tag " + std::to_string(world.zone_signer.tag())});
  // Of another algorithm it is no collision (RFC 4034 B).
  World other;
  publish_beside(other, idle_key(99, twin));
  expect_absent(keys_of(other), Fault::dnskey_keytag_collision);
}

BOOST_AUTO_TEST_CASE(tag_that_comes_with_revocation) {
  World world;
  const auto wanted =
      make_key(kKeySigningKey | kRevoked, 3, 15, world.key_signer.key().dnskey.public_key).tag;
  dns::Bytes octets(32, 0x21);
  for (unsigned tail = 0; tail < 65536; ++tail) {
    octets[30] = static_cast<std::uint8_t>(tail >> 8U);
    octets[31] = static_cast<std::uint8_t>(tail & 0xffU);
    if (idle_key(15, octets).tag == wanted) {
      break;
    }
  }
  publish_beside(world, idle_key(15, octets));
  expect_only(keys_of(world), Fault::dnskey_keytag_collision, Tier::warning,
              {"when it is revoked"});
}

BOOST_AUTO_TEST_CASE(one_key_under_two_flags) {
  World world;
  publish_beside(world, Signer(4, kKeySigningKey).key());
  expect_only(keys_of(world), Fault::dnskey_duplicate, Tier::warning, {"256", "257"});
}

BOOST_AUTO_TEST_CASE(combined_keys_are_legal) {
  World world;
  world.use_keys({Signer(5, kKeySigningKey)});
  BOOST_TEST(keys_of(world).empty());
  world.use_keys({Signer(5, kZoneKey)});
  world.publish_ds({Signer(5, kZoneKey).ds(world.apex())});
  expect_only(keys_of(world), Fault::no_sep_key, Tier::info, {"SEP"});
}

BOOST_AUTO_TEST_CASE(ttl_of_the_key_set) {
  World world;
  set_dnskey_ttl(world, 300);
  expect_calm(keys_of(world));
  set_dnskey_ttl(world, 299);
  expect_only(keys_of(world), Fault::dnskey_ttl_too_short, Tier::warning, {"299s"});
  set_dnskey_ttl(world, 2 * 86400);
  expect_absent(keys_of(world), Fault::dnskey_ttl_too_long);
  set_dnskey_ttl(world, 3 * 86400);
  expect_only(keys_of(world), Fault::dnskey_ttl_too_long, Tier::info, {"3d"});
}

BOOST_AUTO_TEST_CASE(size_of_the_answer) {
  World world;
  for (std::uint8_t i = 1; i <= 4; ++i) {
    auto octets = rsa_octets(2048);
    octets[20] = i;
    publish_beside(world, idle_key(8, octets));
  }
  expect_only(keys_of(world), Fault::dnskey_response_too_big, Tier::warning, {"over 1232"});
}

BOOST_AUTO_TEST_CASE(signing_notes_of_bind) {
  const Type note{static_cast<Type>(65534)};
  World world;
  world.add(kZone, note, {15, 0x12, 0x34, 0, 1});
  expect_absent(keys_of(world), Fault::bind_signing_in_progress);
  World busy;
  busy.add(kZone, note, {15, 0x12, 0x34, 0, 0});
  expect_only(keys_of(busy), Fault::bind_signing_in_progress, Tier::info, {"TYPE65534"});
  World chain;
  chain.add(kZone, note, {0, 1, 0x80, 0, 0, 0});
  expect_only(keys_of(chain), Fault::bind_signing_in_progress, Tier::info, {"on all 2 servers"});
}

BOOST_AUTO_TEST_CASE(signing_notes_that_stay) {
  constexpr auto kFault = Fault::bind_signing_in_progress;
  World busy;
  busy.add(kZone, static_cast<Type>(65534), {15, 0x12, 0x34, 0, 0});
  expect_only(keys_of(busy, memory_of_lasting(kFault, -2 * kDay)), kFault, Tier::warning,
              {"for 2d"});
  expect_only(keys_of(busy, memory_of_lasting(kFault, -2 * kDay, -2 * kDay)), kFault, Tier::warning,
              {"for at least 2d"});
  expect_only(keys_of(busy, memory_of_lasting(kFault, -kDay)), kFault, Tier::info);
  expect_only(keys_of(busy, memory_of({})), kFault, Tier::info);
  auto before = memory_of_lasting(kFault, -9 * kDay);
  before.lasting.front().last_seen = kNow - 3 * kDay;  // gone since, and now a new one
  expect_only(keys_of(busy, before), kFault, Tier::info);
}

BOOST_AUTO_TEST_CASE(signatures_of_the_key_set) {
  World world;
  world.copies[1].at(Type::dnskey).signatures.clear();
  expect_only(keys_of(world), Fault::dnskey_rrsig_missing, Tier::critical, {"at " + label(1)});
  World corrupt;
  auto& signature = corrupt.copies[1].at(Type::dnskey).signatures.front();
  signature.rrsig->signature[5] ^= 1U;
  expect_only(keys_of(corrupt), Fault::dnskey_rrsig_invalid, Tier::critical,
              {"does not verify", label(1)});
  World by_other;
  sign_by(by_other.copies[1], Type::dnskey, {by_other.zone_signer});
  expect_only(keys_of(by_other), Fault::dnskey_not_signed_by_ds_key, Tier::critical, {label(1)});
}

BOOST_AUTO_TEST_CASE(what_the_chain_tells_is_told_once) {
  World world;
  world.word = dns::Security::bogus;
  world.everywhere([](Zone& copy) { copy.at(Type::dnskey).signatures.clear(); });
  expect_only(keys_of(world), Fault::dnskey_rrsig_missing, Tier::emergency);
  World stray;
  stray.word = dns::Security::bogus;
  stray.publish_ds({Signer(9, kKeySigningKey).ds(stray.apex())});
  expect_only(keys_of(stray), Fault::ds_no_matching_dnskey, Tier::emergency);
}

BOOST_AUTO_TEST_CASE(unsigned_zones_have_no_keys) {
  World world;
  world.everywhere([](Zone& copy) { copy.unsign(); });
  world.publish_ds({});
  expect_calm(keys_of(world, expecting(judge::Expect::insecure)));
}

BOOST_AUTO_TEST_CASE(one_server_without_keys) {
  World world;
  world.copies[1].unsign();
  expect(keys_of(world), Fault::unsigned_on_one_ns, Tier::critical, {"no DNSKEY", label(1)});
}

BOOST_AUTO_TEST_CASE(no_key_signs_the_data) {
  World world;
  world.everywhere([](Zone& copy) { sign_data_by(copy, {Signer(9)}); });
  expect(keys_of(world), Fault::rrsig_no_matching_dnskey, Tier::critical,
         {std::to_string(Signer(9).tag())});
  World bare;
  bare.everywhere([](Zone& copy) { sign_data_by(copy, {}); });
  expect(keys_of(bare), Fault::rrsig_missing_all, Tier::critical, {"no key signs"});
}

BOOST_AUTO_TEST_CASE(one_server_publishes_more) {
  World world;
  publish_beside(world.copies[1], Signer(9).key());
  expect_only(keys_of(world), Fault::dnskey_inconsistent_ns, Tier::warning,
              {label(1), "same serial"});
  raise_serial(world.copies[1]);
  world.copies[1].sign();
  publish_beside(world.copies[1], Signer(9).key());
  expect_only(keys_of(world), Fault::dnskey_inconsistent_ns, Tier::info, {"another version"});
}

BOOST_AUTO_TEST_CASE(providers_without_each_others_keys) {
  World world;
  world.copies[1].keys = {world.key_signer, Signer(9)};
  world.copies[1].sign();
  const auto findings = keys_of(world);
  std::size_t gaps = 0;
  for (const auto& finding : findings) {
    gaps += finding.fault == Fault::multisigner_incomplete ? 1U : 0U;
  }
  BOOST_TEST(gaps == 2U);
  expect_absent(findings, Fault::dnskey_inconsistent_ns);
  // One-sided.
  publish_beside(world.copies[0], Signer(9).key());
  expect(keys_of(world), Fault::multisigner_incomplete, Tier::critical,
         {"key " + std::to_string(world.zone_signer.tag())});
}

BOOST_AUTO_TEST_CASE(a_server_that_is_behind_in_a_rollover) {
  World world;
  world.copies[0].keys = {world.key_signer, Signer(9)};
  raise_serial(world.copies[0]);
  world.copies[0].sign();
  publish_beside(world.copies[1], Signer(9).key());
  expect(keys_of(world), Fault::dnskey_withdrawn_too_early, Tier::critical,
         {"an older version of the zone"});
}

BOOST_AUTO_TEST_CASE(a_new_key_that_one_server_has_not_heard_of) {
  World world;
  auto& first = world.copies[0];
  raise_serial(first);
  first.keys = {world.key_signer, Signer(9)};
  first.sign();
  publish_beside(first, world.zone_signer.key());
  expect(keys_of(world), Fault::dnskey_used_too_early, Tier::critical, {"before every server"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
