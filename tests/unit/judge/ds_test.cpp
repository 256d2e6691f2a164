// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// check_dnssec_ds: the DS set, the parent's servers, and what earlier runs saw.
#include <boost/test/unit_test.hpp>

#include "judge/ds_words.hpp"
#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Expect;
using judge::Fault;
using judge::Tier;

std::string tag_text(const Signer& signer) { return std::to_string(signer.tag()); }

void expect_ds_quiet(const observe::ZoneObservation& seen, const judge::Policy& policy = {},
                     const memory::Zone* past = nullptr) {
  for (const auto& finding : ds_of(seen, policy, kNow, past)) {
    BOOST_CHECK_MESSAGE(finding.tier <= Tier::info, "should be quiet: " << finding.text);
  }
}

memory::SeenRecord ds_record(Type type, const dns::Bytes& rdata, std::int64_t first,
                             std::int64_t last, std::uint32_t ttl = 3600) {
  memory::SeenRecord seen;
  seen.type = type;
  seen.rdata = rdata;
  seen.ttl = ttl;
  seen.first_seen = kNow + first;
  seen.last_seen = seen.ttl_seen = kNow + last;
  return seen;
}

memory::Zone ds_past(std::vector<memory::SeenRecord> records) {
  memory::Zone past;
  past.zone = name(kZone);
  past.since = kNow - 90 * kDay;
  past.last_run = kNow - kHour;
  past.runs = 9;
  past.records = std::move(records);
  return past;
}

/// Every parent server's answer about the DS.
void edit_parents(observe::ZoneObservation& seen,
                  const std::function<void(dns::Message&)>& change) {
  for (auto& server : seen.parent_servers) {
    edit(answer(server, kZone, Type::ds), change);
  }
}

/// The second parent server is of another version.
observe::ZoneObservation with_second_parent(const World& world, const World& other) {
  auto seen = world.observe();
  seen.parent_servers[1] = other.observe().parent_servers[1];
  return seen;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_ds)

BOOST_AUTO_TEST_CASE(healthy_zone) {
  BOOST_TEST(ds_of(World().observe()).empty());
  auto seen = World().observe();
  BOOST_TEST(judge::ds_table(judge::analyse(seen, kNow)).size() == 3U);
}

BOOST_AUTO_TEST_CASE(causes_of_the_chain_are_told_once) {
  World world;
  world.publish_ds({Signer(9, kKeySigningKey).ds(world.apex())});
  world.word = dns::Security::bogus;
  expect_only(ds_of(world.observe()), Fault::ds_no_matching_dnskey, Tier::emergency,
              {dnssec::ds_text(world.apex(), world.key_signer.key())});
}

BOOST_AUTO_TEST_CASE(dangling_ds_by_age) {
  World world;
  const Signer gone(9, kKeySigningKey);
  const auto ds = gone.ds(world.apex());
  world.publish_ds({world.key_signer.ds(world.apex()), ds});
  const auto seen = world.observe();
  const auto finding = expect_only(ds_of(seen), Fault::ds_stale_member, Tier::info,
                                   {tag_text(gone), "no key in the zone"});
  BOOST_TEST(finding.remedy.find(judge::ds_text_of(ds)) != std::string::npos);
  auto past = ds_past({ds_record(Type::ds, ds_rdata(ds), -20 * kDay, -kHour)});
  expect_only(ds_of(seen, {}, kNow, &past), Fault::ds_stale_member, Tier::warning, {"20d"});
  judge::Policy patient;
  patient.max_dangling = 30 * kDay;
  expect_ds_quiet(seen, patient, &past);
  // Its key was there until lately.
  past.records.push_back(ds_record(Type::dnskey, gone.key().rdata, -80 * kDay, -2 * kDay));
  expect_only(ds_of(seen, {}, kNow, &past), Fault::ds_stale_member, Tier::info, {"2d"});
}

BOOST_AUTO_TEST_CASE(members_with_wrong_fields) {
  World world;
  auto ds = world.key_signer.ds(world.apex(), 4);
  ds.digest[0] ^= 1U;
  world.publish_ds({world.key_signer.ds(world.apex()), ds});
  expect_only(ds_of(world.observe()), Fault::ds_digest_mismatch, Tier::warning, {"digest"});
  ds.digest.pop_back();
  world.publish_ds({world.key_signer.ds(world.apex()), ds});
  expect_only(ds_of(world.observe()), Fault::ds_digest_length, Tier::warning, {"47 octets", "48"});
  world.publish_ds({ds});
  world.word = dns::Security::bogus;
  expect_only(ds_of(world.observe()), Fault::ds_digest_length, Tier::emergency, {"47 octets"});
}

BOOST_AUTO_TEST_CASE(unknown_digests_beside_a_good_one) {
  World world;
  auto ds = world.key_signer.ds(world.apex());
  ds.digest_type = 100;
  world.publish_ds({world.key_signer.ds(world.apex()), ds});
  expect_only(ds_of(world.observe()), Fault::ds_digest_unknown, Tier::info, {"100"});
  ds.digest_type = 3;
  world.publish_ds({world.key_signer.ds(world.apex()), ds});
  expect_only(ds_of(world.observe()), Fault::ds_digest_deprecated_gost, Tier::info, {"GOST"});
}

BOOST_AUTO_TEST_CASE(sha1) {
  World world;
  world.publish_ds({world.key_signer.ds(world.apex(), 1)});
  expect_only(ds_of(world.observe()), Fault::ds_sha1_only, Tier::warning,
              {"publish \"" + judge::ds_text_of(world.key_signer.ds(world.apex())) + "\""});
  world.publish_ds({world.key_signer.ds(world.apex(), 1), world.key_signer.ds(world.apex())});
  expect_only(ds_of(world.observe()), Fault::ds_sha1_beside_sha256, Tier::info);
  world.publish_ds({world.key_signer.ds(world.apex(), 4)});
  expect_only(ds_of(world.observe()), Fault::ds_sha256_missing, Tier::info);
}

BOOST_AUTO_TEST_CASE(standby_key) {
  World world;
  const Signer standby(6, kKeySigningKey);
  world.use_keys({world.key_signer, standby, world.zone_signer});
  world.everywhere([&](Zone& copy) {
    auto& keys = copy.at(Type::dnskey);
    keys.signatures = {world.key_signer.sign(keys.set, copy.apex)};
  });
  expect_only(ds_of(world.observe()), Fault::ds_key_standby_not_signing, Tier::info,
              {tag_text(standby)});
  world.everywhere([&](Zone& copy) {
    auto& keys = copy.at(Type::dnskey);
    keys.signatures.push_back(standby.sign(keys.set, copy.apex));
    keys.signatures.back().rrsig->signature.at(7) ^= 1U;
  });
  expect_only(ds_of(world.observe()), Fault::ds_key_rrsig_invalid, Tier::warning,
              {tag_text(standby)});
}

BOOST_AUTO_TEST_CASE(key_without_sep_bit) {
  World world;
  const Signer combined(6);
  world.use_keys({combined});
  world.publish_ds({combined.ds(world.apex())});
  expect_only(ds_of(world.observe()), Fault::ds_to_non_sep_key, Tier::info, {tag_text(combined)});
}

BOOST_AUTO_TEST_CASE(algorithm_of_the_ds_that_does_not_sign) {
  World world;
  const Signer other(6, kKeySigningKey, kEd448);
  world.publish_ds({world.key_signer.ds(world.apex()), other.ds(world.apex())});
  expect_only(ds_of(world.observe()), Fault::ds_algorithm_incomplete, Tier::warning, {"ED448"});
  world.use_keys({world.key_signer, other, world.zone_signer});
  expect_ds_quiet(world.observe());
}

BOOST_AUTO_TEST_CASE(many_ds) {
  World world;
  std::vector<dns::Ds> set{world.key_signer.ds(world.apex())};
  for (std::uint8_t seed = 20; seed < 25; ++seed) {
    set.push_back(Signer(seed, kKeySigningKey).ds(world.apex()));
  }
  world.publish_ds(set);
  expect_only(ds_of(world.observe()), Fault::ds_too_many, Tier::warning, {"6 DS", "5 of them"});
  set.pop_back();
  world.publish_ds(set);
  expect_ds_quiet(world.observe());
}

BOOST_AUTO_TEST_CASE(ttl_of_the_ds) {
  World world;
  const auto with_ttl = [&](std::uint32_t ttl) {
    world.above.at(world.apex(), Type::ds).set.ttl = ttl;
    world.above.sign();
    return ds_of(world.observe());
  };
  BOOST_TEST(with_ttl(86400).empty());
  expect_only(with_ttl(2 * 86400), Fault::ds_ttl_too_long, Tier::info, {"2d"});
  expect_only(with_ttl(3 * 86400), Fault::ds_ttl_too_long, Tier::warning, {"3d"});
}

BOOST_AUTO_TEST_CASE(pinned_ds) {
  World world;
  judge::Policy policy;
  policy.pins = {world.key_signer.ds(world.apex())};
  BOOST_TEST(ds_of(world.observe(), policy).empty());
  policy.pins.push_back(Signer(9, kKeySigningKey).ds(world.apex()));
  expect_only(ds_of(world.observe(), policy), Fault::ds_unexpected, Tier::critical,
              {judge::ds_text_of(policy.pins[1]) + "\" is not"});
  policy.pins.erase(policy.pins.begin());
  expect_only(ds_of(world.observe(), policy), Fault::ds_unexpected, Tier::critical,
              {judge::ds_text_of(world.key_signer.ds(world.apex())) + "\" is there", "is not"});
}

BOOST_AUTO_TEST_CASE(parent_servers_that_disagree) {
  World world;
  auto seen = world.observe();
  world.publish_ds({Signer(9, kKeySigningKey).ds(world.apex())});
  seen.parent_servers[1] = world.observe().parent_servers[1];
  const auto findings = ds_of(seen);
  expect(findings, Fault::ds_inconsistent_parent_ns, Tier::critical, {"198.51.100.2"});
}

BOOST_AUTO_TEST_CASE(parent_server_whose_ds_names_an_idle_key) {
  World world;
  const Signer standby(6, kKeySigningKey);
  world.use_keys({world.key_signer, standby, world.zone_signer});
  world.everywhere([&](Zone& copy) {
    auto& keys = copy.at(Type::dnskey);
    keys.signatures = {world.key_signer.sign(keys.set, copy.apex)};
  });
  world.publish_ds({world.key_signer.ds(world.apex())});
  auto other = world;
  other.publish_ds({standby.ds(world.apex())});
  expect_only(ds_of(with_second_parent(world, other)), Fault::ds_inconsistent_parent_ns,
              Tier::critical, {"198.51.100.2", "no key that signs"});
  // At another server that key signs: two signers (RFC 8901).
  for (auto* one : {&world, &other}) {
    auto& keys = one->copies[1].at(Type::dnskey);
    keys.signatures = {standby.sign(keys.set, world.apex())};
  }
  expect(ds_of(with_second_parent(world, other)), Fault::ds_inconsistent_parent_ns, Tier::warning);
  world.publish_ds({world.key_signer.ds(world.apex()), standby.ds(world.apex())});
  expect_ds_quiet(world.observe());
  expect_absent(ds_of(world.observe()), Fault::ds_key_standby_not_signing);
}

/// Whichever of them the look-up came by.
BOOST_AUTO_TEST_CASE(parent_server_without_the_ds_of_a_signed_zone) {
  World world;
  auto other = world;
  other.publish_ds({});
  expect_only(ds_of(with_second_parent(world, other)), Fault::ds_inconsistent_parent_ns,
              Tier::warning, {"none at ns.test (198.51.100.2)"});
  other.word = dns::Security::insecure;
  auto seen = other.observe();
  seen.parent_servers[0] = world.observe().parent_servers[0];
  expect_only(ds_of(seen), Fault::ds_inconsistent_parent_ns, Tier::warning, {"198.51.100.2"});
}

BOOST_AUTO_TEST_CASE(parent_server_with_a_ds_for_an_unsigned_zone) {
  World world;
  world.everywhere([](Zone& copy) { copy.unsign(); });
  world.publish_ds({});
  world.word = dns::Security::insecure;
  auto other = world;
  other.publish_ds({world.key_signer.ds(world.apex())});
  expect_only(ds_of(with_second_parent(world, other), expecting(Expect::insecure)),
              Fault::ds_inconsistent_parent_ns, Tier::critical, {"none at"});
}

BOOST_AUTO_TEST_CASE(parent_server_whose_answer_does_not_validate) {
  World world;
  auto other = world;
  other.above.sign(other.above.at(world.apex(), Type::ds), Window{-30 * kDay, -3 * kHour});
  expect_only(ds_of(with_second_parent(world, other)), Fault::ds_rrsig_invalid, Tier::critical,
              {"expired 3h", "at ns.test (198.51.100.2)"});
  // All of them, or the one that the look-up came by: it is told once.
  other.word = dns::Security::bogus;
  expect_only(ds_of(other.observe()), Fault::ds_rrsig_invalid, Tier::emergency);
  auto seen = other.observe();
  seen.parent_servers[0] = world.observe().parent_servers[0];
  expect_only(ds_of(seen), Fault::ds_rrsig_invalid, Tier::critical, {"198.51.100.2"});
  // The DS is gone, and the denial does not fit.
  other = world;
  other.above.remove(world.apex(), Type::ds);
  expect(ds_of(with_second_parent(world, other)), Fault::nods_proof_invalid, Tier::critical,
         {"198.51.100.2"});
}

/// The validator took the DS that came with a referral, which is right.
BOOST_AUTO_TEST_CASE(parent_servers_that_all_answer_wrong_beside_a_right_referral) {
  World world;
  auto other = world;
  other.above.at(world.apex(), Type::ds).signatures.clear();
  auto seen = world.observe();
  seen.parent_servers = other.observe().parent_servers;
  for (const auto& findings : {ds_of(seen), chain_of(seen)}) {
    expect_only(findings, Fault::ds_rrsig_invalid, Tier::critical,
                {"without a signature", "on all 2 servers"});
  }
  const auto no_proof = [](dns::Message& message) {
    message.answer.clear();
    message.authority.clear();
  };
  const auto signature_alone = [](dns::Message& message) {
    drop(message.answer, [](const dns::Record& record) { return record.type == Type::ds; });
  };
  for (const auto& lie :
       std::vector<std::function<void(dns::Message&)>>{no_proof, signature_alone}) {
    seen = world.observe();
    edit_parents(seen, lie);
    expect_only(chain_of(seen), Fault::nods_proof_missing, Tier::critical, {"on all 2 servers"});
    expect_only(ds_of(seen), Fault::nods_proof_missing, Tier::critical, {"on all 2 servers"});
  }
}

/// Proven at every server of the parent: nothing is false, but the zone is on its way to insecure.
BOOST_AUTO_TEST_CASE(ds_that_is_gone_since_the_look_up) {
  World world;
  auto other = world;
  other.publish_ds({});
  auto seen = world.observe();
  seen.parent_servers = other.observe().parent_servers;
  expect_only(ds_of(seen), Fault::ds_missing_for_signed_zone, Tier::critical, {"test", "any more"});
  expect_only(ds_of(seen, expecting(Expect::any)), Fault::ds_missing_for_signed_zone,
              Tier::warning);
  // A DS in place of another in the meantime is a rollover.
  other.publish_ds({world.key_signer.ds(world.apex(), 4)});
  seen.parent_servers = other.observe().parent_servers;
  expect_quiet(ds_of(seen));
  expect_quiet(chain_of(seen));
}

BOOST_AUTO_TEST_CASE(parent_servers_without_a_usable_answer) {
  auto seen = World().observe();
  fail(seen.parent_servers[1], dns::Outcome::timeout);
  expect_only(ds_of(seen), Fault::ds_undetermined, Tier::info, {"198.51.100.2"});
  fail(seen.parent_servers[0], dns::Outcome::timeout);
  expect_only(ds_of(seen), Fault::ds_undetermined, Tier::unknown, {"on all 2 servers"});
  seen = World().observe();
  edit_parents(seen, [](dns::Message& message) { message.aa = false; });
  expect_only(ds_of(seen), Fault::ds_non_authoritative, Tier::unknown, {"on all 2 servers"});
  edit(answer(seen.parent_servers[0], kZone, Type::ds),
       [](dns::Message& message) { message.aa = true; });
  expect_only(ds_of(seen), Fault::ds_non_authoritative, Tier::info, {"198.51.100.2"});
}

BOOST_AUTO_TEST_CASE(parent_denies_the_name) {
  auto seen = World().observe();
  edit_parents(seen, [](dns::Message& message) {
    message.rcode = dns::Rcode::nxdomain;
    message.answer.clear();
  });
  expect_only(ds_of(seen), Fault::ds_nxdomain, Tier::critical, {"NXDOMAIN", "on all 2 servers"});
}

BOOST_AUTO_TEST_CASE(parent_answers_from_the_child) {
  World world;
  auto seen = world.observe();
  for (auto& server : seen.parent_servers) {
    say(answer(server, kZone, Type::ds),
        world.zone().answer({world.apex(), Type::ds, dns::Class::in}));
  }
  expect_only(ds_of(seen), Fault::ds_referral_instead_of_answer, Tier::warning);
}

BOOST_AUTO_TEST_CASE(ds_in_the_child) {
  World world;
  world.add(kZone, Type::ds, ds_rdata(world.key_signer.ds(world.apex())));
  expect_only(ds_of(world.observe()), Fault::ds_at_child_apex, Tier::warning, {"on all 2 servers"});
  // A server of both zones answers with the parent's.
  World both;
  both.everywhere([&](Zone& copy) { copy.sets.push_back(both.above.at(copy.apex, Type::ds)); });
  BOOST_TEST(ds_of(both.observe()).empty());
}

BOOST_AUTO_TEST_CASE(one_server_with_other_keys) {
  World world;
  auto& keys = world.copies[1].at(Type::dnskey);
  keys.signatures = {world.zone_signer.sign(keys.set, world.apex())};
  expect_only(ds_of(world.observe()), Fault::dnskey_not_signed_by_ds_key, Tier::critical,
              {label(1)});
  keys.signatures.clear();
  expect_only(ds_of(world.observe()), Fault::dnskey_not_signed_by_ds_key, Tier::critical,
              {label(1), "is not signed"});
  world.copies[1].sign(keys, Window{-30 * kDay, -3 * kHour});
  expect_only(ds_of(world.observe()), Fault::dnskey_not_signed_by_ds_key, Tier::critical,
              {label(1), "expired 3h"});
  world.copies[1].unsign();
  expect_only(ds_of(world.observe()), Fault::dnskey_not_signed_by_ds_key, Tier::critical,
              {label(1), "there is no DNSKEY"});
}

BOOST_AUTO_TEST_CASE(servers_with_different_key_sets) {
  World world;
  world.copies[1].keys.emplace_back(11);
  world.copies[1].sign();
  auto& data = world.copies[1];
  for (auto& set : data.sets) {  // the new key does not sign yet
    if (set.set.type != Type::dnskey && data.is_authoritative(set.set)) {
      set.signatures = {world.zone_signer.sign(set.set, data.apex)};
    }
  }
  expect_only(ds_of(world.observe()), Fault::dnskey_inconsistent_ns, Tier::warning, {label(1)});
}

BOOST_AUTO_TEST_CASE(removed_ds) {
  World world;
  const auto ds = world.key_signer.ds(world.apex());
  world.publish_ds({});
  world.word = dns::Security::insecure;
  const auto past = ds_past({ds_record(Type::ds, ds_rdata(ds), -80 * kDay, -2 * kDay)});
  const auto seen = world.observe();
  const auto finding = expect_only(ds_of(seen, {}, kNow, &past), Fault::ds_removed, Tier::critical,
                                   {tag_text(world.key_signer), "gone from test", "2d ago"});
  BOOST_TEST(finding.remedy.find(judge::ds_text_of(ds)) != std::string::npos);
  expect_only(ds_of(seen, expecting(Expect::any), kNow, &past), Fault::ds_removed, Tier::warning);
  expect_ds_quiet(seen, expecting(Expect::insecure), &past);
  expect_only(ds_of(seen), Fault::ds_missing_for_signed_zone, Tier::critical);
}

BOOST_AUTO_TEST_CASE(old_ds_in_caches) {
  World world;
  const Signer old(9, kKeySigningKey);
  const auto ds = ds_rdata(old.ds(world.apex()));
  auto past = ds_past({ds_record(Type::ds, ds, -80 * kDay, -kHour, 86400)});
  expect_only(ds_of(world.observe(), {}, kNow, &past), Fault::ds_ttl_vs_rollover, Tier::critical,
              {tag_text(old), "until"});
  past.records[0].ttl = 1800;  // forgotten by now
  expect_ds_quiet(world.observe(), {}, &past);
  past.records[0].ttl = 86400;  // the other was there beside it
  past.records.push_back(
      ds_record(Type::ds, ds_rdata(world.key_signer.ds(world.apex())), -2 * kDay, -kHour));
  expect_ds_quiet(world.observe(), {}, &past);
  past.records.pop_back();  // the old key still signs
  world.everywhere([&](Zone& copy) {
    copy.keys = {world.key_signer, old, world.zone_signer};
    copy.sign();
  });
  expect_ds_quiet(world.observe(), {}, &past);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
