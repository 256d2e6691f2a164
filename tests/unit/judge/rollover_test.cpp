// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Rollovers: their stages, those that last, and those that went too fast.
#include <boost/test/unit_test.hpp>

#include "judge/key_support.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

/// Both zone-signing keys sign everything.
World doubly_signed() {
  World world;
  world.use_keys({world.key_signer, world.zone_signer, Signer(9)});
  return world;
}

/// Both key-signing keys sign the key set; the old DS.
World two_key_signers() {
  World world;
  world.use_keys({world.key_signer, Signer(9, kKeySigningKey), world.zone_signer});
  world.publish_ds({world.key_signer.ds(world.apex())});
  return world;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_rollovers)

BOOST_AUTO_TEST_CASE(zone_key_by_pre_publication) {
  World world;
  const Signer next(9);
  publish_beside(world, next.key());
  const auto findings = keys_of(world);
  expect_stage(findings, "signs nothing");
  expect(findings, Fault::rollover_in_progress, Tier::info, {"RFC 6781 4.1.1.1"});
  world.everywhere([&](Zone& copy) { sign_by(copy, Type::mx, {next}); });
  expect_stage(keys_of(world), "each sign a part of the zone");
  world.everywhere([&](Zone& copy) { sign_data_by(copy, {next}); });
  expect_stage(keys_of(world), "signs nothing");
  const auto past = memory_of({remembered_key(world.zone_signer.key(), -90 * kDay, -90 * kDay),
                               remembered_key(next.key(), -5 * kDay, -kHour)});
  expect_stage(keys_of(world, past), "is retired");
}

BOOST_AUTO_TEST_CASE(zone_key_by_double_signature) {
  expect_stage(keys_of(doubly_signed()), "double signature (RFC 6781 4.1.1.2)");
}

BOOST_AUTO_TEST_CASE(key_signing_key_by_double_signature) {
  auto world = two_key_signers();
  expect_stage(keys_of(world), "without a DS");
  world.publish_ds({world.key_signer.ds(world.apex()), Signer(9, kKeySigningKey).ds(world.apex())});
  expect_stage(keys_of(world), "each has a DS");
}

BOOST_AUTO_TEST_CASE(key_signing_key_by_double_ds) {
  World world;
  world.publish_ds({world.key_signer.ds(world.apex()), Signer(9, kKeySigningKey).ds(world.apex())});
  expect_stage(keys_of(world), "double DS");
}

BOOST_AUTO_TEST_CASE(combined_keys) {
  World world;
  world.use_keys({Signer(5, kKeySigningKey), Signer(9, kKeySigningKey)});
  world.everywhere([](Zone& copy) {
    for (auto& data : copy.sets) {
      if (!data.signatures.empty()) {
        data.signatures.clear();
        for (const auto& key : copy.keys) {
          data.signatures.push_back(key.sign(data.set, copy.apex, copy.window));
        }
      }
    }
  });
  const auto& [old, next] = std::pair(Signer(5, kKeySigningKey), Signer(9, kKeySigningKey));
  expect_stage(keys_of(world), "CSK rollover by double signature (RFC 6781 4.1.3)");
  expect_stage(keys_of(world), "sign side by side, and each has a DS");
  world.publish_ds({old.ds(world.apex())});
  expect_stage(keys_of(world), "CSK " + std::to_string(next.tag()) + " without a DS yet");
}

BOOST_AUTO_TEST_CASE(algorithm_rollover) {
  World world;
  const Signer next(9, kKeySigningKey, kEd448);
  const Signer next_zone(10, kZoneKey, kEd448);
  // Signatures first.
  world.everywhere([&](Zone& copy) { sign_data_by(copy, {world.zone_signer, next_zone}); });
  expect_stage(keys_of(world), "no key yet or any more");
  // Then keys.
  world.use_keys({world.key_signer, world.zone_signer, next, next_zone});
  world.publish_ds({world.key_signer.ds(world.apex())});
  expect_stage(keys_of(world), "16 (ED448) has signatures and key");
  // Then the DS.
  world.publish_ds({next.ds(world.apex())});
  expect_stage(keys_of(world), "16 (ED448) has signatures, key and DS");
  // The old keys go, their signatures stay a while.
  world.use_keys({next, next_zone});
  world.everywhere([&](Zone& copy) { sign_data_by(copy, {world.zone_signer, next_zone}); });
  expect_stage(keys_of(world), "15 (ED25519) has signatures and no key");
  world.use_keys({next, next_zone});
  BOOST_TEST(keys_of(world).empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_sign_is_no_standby_key) {
  const auto speaks = [](const dnssec::Key& key) {
    World world;
    publish_beside(world, key);
    const auto findings = keys_of(world);
    return std::any_of(findings.begin(), findings.end(), [](const judge::Finding& finding) {
      return finding.fault == Fault::rollover_in_progress;
    });
  };
  const dns::Bytes octets(32, 0x21);
  BOOST_TEST(speaks(Signer(9).key()));
  BOOST_TEST(!speaks(idle_key(kEd25519, dns::Bytes(31, 0x21))));                  // malformed
  BOOST_TEST(!speaks(idle_key(100, octets)));                                     // unassigned
  BOOST_TEST(!speaks(idle_key(kEd25519, Signer(9).key().dnskey.public_key, 0)));  // no Zone bit
  BOOST_TEST(!speaks(idle_key(kEd25519, Signer(9).key().dnskey.public_key, kZoneKey, 2)));
}

BOOST_AUTO_TEST_CASE(several_signers) {
  World world;
  const Signer second(9);
  publish_beside(world, second.key());
  sign_data_by(world.copies[1], {second});
  expect_stage(keys_of(world), "multi-signer (RFC 8901 model 1)");
  const Signer second_ksk(10, kKeySigningKey);
  publish_beside(world, second_ksk.key());
  sign_by(world.copies[1], Type::dnskey, {second_ksk});
  world.publish_ds({world.key_signer.ds(world.apex()), second_ksk.ds(world.apex())});
  expect_stage(keys_of(world), "multi-signer (RFC 8901 model 2)");
}

BOOST_AUTO_TEST_CASE(zone_keys_that_stay_two) {
  const auto world = doubly_signed();
  const auto& old = world.zone_signer.key();
  auto past = memory_of({remembered_key(old, -90 * kDay, -90 * kDay),
                         remembered_key(Signer(9).key(), -35 * kDay, -31 * kDay)});
  expect_only(keys_of(world, past), Fault::rollover_stuck, Tier::warning,
              {"31d", "signed the zone"});
  past = memory_of({remembered_key(old, -90 * kDay, -90 * kDay),
                    remembered_key(Signer(9).key(), -35 * kDay, -29 * kDay)});
  expect_calm(keys_of(world, past));
}

BOOST_AUTO_TEST_CASE(key_signing_keys_that_stay_two) {
  const auto world = two_key_signers();
  const auto& old = world.key_signer.key();
  const Signer next_signer(9, kKeySigningKey);
  const auto& next = next_signer.key();
  auto past = memory_of({remembered_key(old, -300 * kDay), remembered_key(next, -91 * kDay)});
  expect_only(keys_of(world, past), Fault::rollover_stuck, Tier::warning, {"91d"});
  past = memory_of({remembered_key(old, -300 * kDay), remembered_key(next, -89 * kDay)});
  expect_calm(keys_of(world, past));
}

BOOST_AUTO_TEST_CASE(several_signers_are_never_stuck) {
  World world;
  const Signer second(9);
  publish_beside(world, second.key());
  sign_data_by(world.copies[1], {second});
  const auto past = memory_of({remembered_key(world.zone_signer.key(), -300 * kDay, -300 * kDay),
                               remembered_key(second.key(), -300 * kDay, -300 * kDay)});
  expect_calm(keys_of(world, past));
}

// RFC 7583 3.2.1.

BOOST_AUTO_TEST_CASE(a_key_withdrawn_too_early) {
  World world;
  const Signer gone(9);
  const auto& now = world.zone_signer.key();
  auto past = memory_of({remembered_key(gone.key(), -90 * kDay, -90 * kDay, -kHour / 2),
                         remembered_key(now, -5 * kDay, -kHour / 2)});
  expect_only(keys_of(world, past), Fault::dnskey_withdrawn_too_early, Tier::critical,
              {"key " + std::to_string(gone.tag()), "30m ago", "30m more"});
  // Long enough ago.
  past = memory_of({remembered_key(gone.key(), -90 * kDay, -90 * kDay, -2 * kHour),
                    remembered_key(now, -5 * kDay, -2 * kHour)});
  expect_calm(keys_of(world, past));
  // Both signed side by side for long.
  past = memory_of({remembered_key(gone.key(), -90 * kDay, -90 * kDay, -kHour / 2),
                    remembered_key(now, -5 * kDay, -5 * kDay)});
  expect_calm(keys_of(world, past));
  // It never signed.
  past = memory_of({remembered_key(gone.key(), -90 * kDay), remembered_key(now, -90 * kDay)});
  expect_calm(keys_of(world, past));
}

BOOST_AUTO_TEST_CASE(a_key_used_too_early) {
  World world;
  const Signer old(9);
  const auto old_record = remembered_key(old.key(), -90 * kDay, -90 * kDay, -2 * kHour);
  auto past = memory_of({old_record, remembered_key(world.key_signer.key(), -90 * kDay),
                         remembered_key(world.zone_signer.key(), -kHour / 2)});
  expect_only(keys_of(world, past), Fault::dnskey_used_too_early, Tier::critical,
              {"ZSK " + std::to_string(world.zone_signer.tag()), "30m"});
  // Not seen at all before.
  past = memory_of({old_record, remembered_key(world.key_signer.key(), -90 * kDay)});
  expect_only(keys_of(world, past), Fault::dnskey_used_too_early, Tier::critical, {"ZSK"});
  // Published for longer than the TTL.
  past = memory_of({old_record, remembered_key(world.key_signer.key(), -90 * kDay),
                    remembered_key(world.zone_signer.key(), -2 * kHour)});
  expect_calm(keys_of(world, past));
  // The last run was long ago: it cannot be told.
  past = memory_of({old_record, remembered_key(world.key_signer.key(), -90 * kDay)});
  past.last_run = kNow - kDay;
  expect_calm(keys_of(world, past));
}

BOOST_AUTO_TEST_CASE(a_ttl_that_was_lowered_before_the_rollover) {
  World world;
  const Signer old(9);
  auto lowered = remembered_key(world.key_signer.key(), -90 * kDay);
  lowered.ttl = 7 * 86400;
  lowered.ttl_seen = kNow - 3 * kDay;  // caches may still have the key set of then
  const auto old_record = remembered_key(old.key(), -90 * kDay, -90 * kDay, -2 * kHour);
  const auto fresh = remembered_key(world.zone_signer.key(), -2 * kDay);
  expect_only(keys_of(world, memory_of({old_record, lowered, fresh})), Fault::dnskey_used_too_early,
              Tier::critical, {"2d", "5d more"});
  lowered.ttl_seen = kNow - 8 * kDay;
  expect_calm(keys_of(world, memory_of({old_record, lowered, fresh})));
}

BOOST_AUTO_TEST_CASE(a_new_key_beside_the_old_one_may_sign_at_once) {
  const auto world = doubly_signed();
  const auto past = memory_of({remembered_key(world.zone_signer.key(), -90 * kDay, -90 * kDay),
                               remembered_key(world.key_signer.key(), -90 * kDay)});
  expect_calm(keys_of(world, past));
}

BOOST_AUTO_TEST_CASE(a_zone_that_was_just_signed) {
  World world;
  expect_calm(keys_of(world, memory_of({})));
}

// RFC 7583 3.3.

BOOST_AUTO_TEST_CASE(a_ds_swapped_too_early) {
  World world;
  const Signer old(9, kKeySigningKey);
  const auto zone_record = remembered_key(world.zone_signer.key(), -90 * kDay, -90 * kDay);
  const auto ds_record = remembered_ds(old.ds(world.apex()), -90 * kDay);
  auto past = memory_of({zone_record, ds_record, remembered_key(old.key(), -90 * kDay),
                         remembered_key(world.key_signer.key(), -kHour / 2)});
  expect_only(keys_of(world, past), Fault::ds_swapped_too_early, Tier::critical,
              {"KSK " + std::to_string(world.key_signer.tag()), "30m more"});
  past = memory_of({zone_record, ds_record, remembered_key(old.key(), -90 * kDay),
                    remembered_key(world.key_signer.key(), -2 * kHour)});
  expect_calm(keys_of(world, past));
  // The first DS of a zone swaps nothing.
  past = memory_of({zone_record, remembered_key(world.key_signer.key(), -kHour / 2)});
  expect_calm(keys_of(world, past));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
