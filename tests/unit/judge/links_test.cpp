// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The chain of trust: anchors, DS sets and the keys they lead to.
#include <boost/test/unit_test.hpp>

#include "dnssec/key.hpp"
#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Security;
using dns::Type;
using judge::Fault;
using judge::Tier;

std::string tag(const Signer& signer) { return std::to_string(signer.tag()); }

/// The validator agrees that it is bogus: then nobody can resolve the zone.
judge::Finding bogus(World& world, Fault fault, const std::vector<std::string>& words) {
  world.word = Security::bogus;
  const auto seen = world.observe();
  expect(sigs_of(seen), fault, Tier::emergency, words);
  return expect_only(chain_of(seen), fault, Tier::emergency, words);
}

void flip_a_bit(dns::SignedRRset& data) { data.signatures.at(0).rrsig->signature.at(7) ^= 1U; }

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_links)

BOOST_AUTO_TEST_CASE(ds_for_a_key_that_is_not_there) {
  World world;
  const Signer gone(9, kKeySigningKey);
  world.publish_ds({gone.ds(world.apex())});
  const auto finding =
      bogus(world, Fault::ds_no_matching_dnskey,
            {"DS is for key " + tag(gone), "the zone signs with " + tag(world.key_signer)});
  BOOST_TEST(finding.text.find(dnssec::ds_text(world.apex(), world.key_signer.key())) !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(broken_but_some_server_still_validates) {
  World world;
  world.publish_ds({Signer(9, kKeySigningKey).ds(world.apex())});
  expect_only(chain_of(world.observe()), Fault::ds_no_matching_dnskey, Tier::critical,
              {"Unbound still finds a server"});
}

BOOST_AUTO_TEST_CASE(stale_ds_beside_a_good_one) {
  World world;
  const Signer gone(9, kKeySigningKey);
  world.publish_ds({world.key_signer.ds(world.apex()), gone.ds(world.apex())});
  const auto seen = world.observe();
  expect_only(chain_of(seen), Fault::ds_stale_member, Tier::info, {tag(gone), "no key"});
  expect_absent(sigs_of(seen), Fault::ds_stale_member);
}

BOOST_AUTO_TEST_CASE(wrong_digest) {
  World world;
  auto ds = world.key_signer.ds(world.apex());
  ds.digest[0] ^= 1U;
  world.publish_ds({ds});
  const auto finding =
      bogus(world, Fault::ds_digest_mismatch, {tag(world.key_signer), "another digest"});
  BOOST_TEST(finding.remedy.find("at the registrar") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(wrong_digest_beside_a_good_one) {
  World world;
  auto ds = world.key_signer.ds(world.apex());
  ds.digest[0] ^= 1U;
  world.publish_ds({ds, world.key_signer.ds(world.apex())});
  expect_only(chain_of(world.observe()), Fault::ds_digest_mismatch, Tier::warning, {});
}

BOOST_AUTO_TEST_CASE(wrong_key_tag) {
  World world;
  auto ds = world.key_signer.ds(world.apex());
  ++ds.key_tag;
  world.publish_ds({ds});
  bogus(world, Fault::ds_keytag_mismatch,
        {std::to_string(ds.key_tag), "the digest of key " + tag(world.key_signer)});
}

BOOST_AUTO_TEST_CASE(wrong_algorithm) {
  World world;
  auto ds = world.key_signer.ds(world.apex());
  ds.algorithm = 13;
  world.publish_ds({ds});
  bogus(world, Fault::ds_alg_mismatch, {"13 (ECDSAP256SHA256)", "15 (ED25519)"});
}

BOOST_AUTO_TEST_CASE(ds_of_a_key_that_is_no_zone_key) {
  World world;
  const Signer odd(5, 1);
  world.use_keys({odd, world.zone_signer});
  bogus(world, Fault::ds_to_non_zone_key, {tag(odd), "no zone key"});
  const Signer protocol(5, kKeySigningKey, kEd25519, 4);
  world.use_keys({protocol, world.zone_signer});
  bogus(world, Fault::ds_to_non_zone_key, {tag(protocol), "no zone key"});
}

BOOST_AUTO_TEST_CASE(ds_of_a_revoked_key) {
  World world;
  const Signer revoked(3, kKeySigningKey | kRevoked);
  world.use_keys({revoked, world.zone_signer});
  world.publish_ds({revoked.ds(world.apex())});
  bogus(world, Fault::ds_to_revoked_key, {tag(revoked), "revoked"});
  // What to publish is the DS of the key that signs beside it, SEP bit or not.
  world.everywhere([&](Zone& copy) {
    auto& keys = copy.at(Type::dnskey);
    keys.signatures.push_back(world.zone_signer.sign(keys.set, copy.apex));
  });
  bogus(world, Fault::ds_to_revoked_key,
        {"publish \"" + dnssec::ds_text(world.apex(), world.zone_signer.key())});
}

BOOST_AUTO_TEST_CASE(ds_of_a_revoked_key_beside_a_good_one) {
  World world;
  const Signer revoked(5, kKeySigningKey | kRevoked);
  world.use_keys({world.key_signer, revoked, world.zone_signer});
  world.publish_ds({world.key_signer.ds(world.apex()), revoked.ds(world.apex())});
  expect_only(chain_of(world.observe()), Fault::ds_to_revoked_key, Tier::warning, {tag(revoked)});
}

BOOST_AUTO_TEST_CASE(ds_names_a_key_that_does_not_sign) {
  World world;
  world.publish_ds({world.zone_signer.ds(world.apex())});
  bogus(world, Fault::ds_key_does_not_sign,
        {"the DS of the zone", "the zone signs with " + tag(world.key_signer)});
}

/// RFC 4034 appendix B: the tag is a sum of 16-bit words, which may change places.
BOOST_AUTO_TEST_CASE(ds_names_an_idle_key_of_the_same_tag) {
  World world;
  const auto& key = world.key_signer.key();
  auto octets = key.dnskey.public_key;
  std::swap_ranges(octets.begin(), octets.begin() + 2, octets.begin() + 2);
  const auto twin = make_key(kKeySigningKey, 3, kEd25519, octets);
  BOOST_REQUIRE_EQUAL(twin.tag, key.tag);
  world.everywhere([&](Zone& copy) {
    auto& keys = copy.at(Type::dnskey);
    keys.set.rdatas.push_back(twin.rdata);
    copy.sign(keys, copy.window);
  });
  dns::Ds ds{twin.tag, kEd25519, 2, *dnssec::ds_digest(world.apex(), twin.rdata, 2)};
  world.publish_ds({ds});
  bogus(world, Fault::ds_key_does_not_sign, {"does not sign its DNSKEY RRset"});
}

BOOST_AUTO_TEST_CASE(ds_that_is_ignored_beside_a_stronger_digest) {
  World world;
  world.publish_ds(
      {world.key_signer.ds(world.apex(), 1), Signer(9, kKeySigningKey).ds(world.apex())});
  bogus(world, Fault::ds_no_matching_dnskey,
        {"the SHA-1 DS for key " + tag(world.key_signer) + " is ignored"});
}

BOOST_AUTO_TEST_CASE(signature_of_the_ds_key_is_broken) {
  World world;
  world.everywhere([](Zone& copy) { flip_a_bit(copy.at(Type::dnskey)); });
  world.word = Security::bogus;
  const auto seen = world.observe();
  expect_only(chain_of(seen), Fault::ds_key_rrsig_invalid, Tier::emergency,
              {"by key " + tag(world.key_signer), "does not verify"});
  // Per server it says more; once is enough.
  expect_only(sigs_of(seen), Fault::rrsig_crypto_invalid, Tier::emergency, {"DNSKEY"});
}

BOOST_AUTO_TEST_CASE(signature_of_the_ds_key_has_expired) {
  World world;
  world.everywhere([](Zone& copy) { copy.sign(copy.at(Type::dnskey), {-9 * kDay, -3 * kHour}); });
  world.word = Security::bogus;
  const auto finding = expect_only(chain_of(world.observe()), Fault::ds_key_rrsig_invalid,
                                   Tier::emergency, {"expired 3h ago"});
  BOOST_TEST((finding.moment == kNow - 3 * kHour));
}

BOOST_AUTO_TEST_CASE(parents_signature_over_the_ds) {
  World world;
  auto& ds = world.above.at(world.apex(), Type::ds);
  world.above.sign(ds, {-9 * kDay, -kHour});
  const auto finding = bogus(world, Fault::ds_rrsig_invalid, {"the parent test", "expired 1h ago"});
  BOOST_TEST((finding.moment == kNow - kHour));
  ds.signatures.clear();
  bogus(world, Fault::ds_rrsig_invalid, {"the parent test", "without a signature"});
}

BOOST_AUTO_TEST_CASE(ds_for_an_unsigned_zone) {
  World world;
  world.everywhere([](Zone& copy) { copy.unsign(); });
  bogus(world, Fault::ds_but_unsigned_zone, {tag(world.key_signer), "no DNSKEY"});
}

BOOST_AUTO_TEST_CASE(unsigned_keys) {
  World world;
  world.everywhere([](Zone& copy) { copy.at(Type::dnskey).signatures.clear(); });
  world.word = Security::bogus;
  const auto seen = world.observe();
  expect_only(chain_of(seen), Fault::dnskey_rrsig_missing, Tier::emergency,
              {"the DNSKEY RRset of the zone is not signed"});
  expect_only(sigs_of(seen), Fault::rrsig_missing, Tier::emergency, {"DNSKEY has no signature"});
}

BOOST_AUTO_TEST_CASE(keys_of_one_server_not_signed_by_the_ds_key) {
  World world;
  auto& keys = world.copies[1].at(Type::dnskey);
  keys.signatures = {world.zone_signer.sign(keys.set, world.apex())};
  const auto seen = world.observe();
  for (const auto& findings : {sigs_of(seen), chain_of(seen)}) {
    const auto finding =
        expect_only(findings, Fault::dnskey_not_signed_by_ds_key, Tier::critical, {label(1)});
    BOOST_TEST(finding.servers == std::vector{label(1)}, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(ds_of_unknown_algorithm_or_digest_only) {
  for (const auto fault : {Fault::ds_alg_unsupported_only, Fault::ds_digest_unsupported_only}) {
    World world;
    world.word = Security::insecure;
    auto ds = world.key_signer.ds(world.apex());
    (fault == Fault::ds_alg_unsupported_only ? ds.algorithm : ds.digest_type) = 250;
    world.publish_ds({ds});
    const auto seen = world.observe();
    expect_only(sigs_of(seen), fault, Tier::critical, {"every DS of the zone", "250"});
    expect_only(chain_of(seen), fault, Tier::critical, {"every DS of the zone", "250"});
    expect(chain_of(seen, expecting(judge::Expect::any)), fault, Tier::warning);
    expect(chain_of(seen, expecting(judge::Expect::insecure)), fault, Tier::info);
  }
}

BOOST_AUTO_TEST_CASE(algorithm_unknown_above) {
  World world;
  world.word = Security::insecure;
  auto ds = world.above.keys.front().ds(world.above.apex);
  ds.algorithm = 250;
  world.root.put(world.above.apex, Type::ds, {ds_rdata(ds)});
  world.root.sign();
  const auto seen = world.observe();
  expect_only(chain_of(seen), Fault::chain_algorithm_unsupported, Tier::critical,
              {"every DS of test", "250"});
  expect_only(sigs_of(seen), Fault::chain_algorithm_unsupported, Tier::critical, {"test"});
}

BOOST_AUTO_TEST_CASE(broken_above) {
  World world;
  auto ds = world.above.keys.front().ds(world.above.apex);
  ds.digest[3] ^= 1U;
  world.root.put(world.above.apex, Type::ds, {ds_rdata(ds)});
  world.root.sign();
  bogus(world, Fault::chain_bogus_at_ancestor, {"not this zone", "of test", "another digest"});
}

BOOST_AUTO_TEST_CASE(anchors_that_do_not_fit) {
  World world;
  const Signer old(9, kKeySigningKey);
  world.anchors = {old.ds(world.root.apex)};
  world.word = Security::bogus;
  const auto seen = world.observe();
  expect_only(chain_of(seen), Fault::trust_anchor_mismatch, Tier::critical, {tag(old), "the root"});
  expect_only(sigs_of(seen), Fault::trust_anchor_mismatch, Tier::critical, {tag(old), "the root"});
}

BOOST_AUTO_TEST_CASE(anchor_for_a_key_that_does_not_sign) {
  World world;
  const Signer idle(9, kKeySigningKey);
  world.root.keys.push_back(idle);
  world.root.sign();
  auto& keys = world.root.at(Type::dnskey);
  keys.signatures = {world.root.keys.front().sign(keys.set, world.root.apex)};
  world.anchors = {idle.ds(world.root.apex)};
  world.word = Security::bogus;
  expect_only(chain_of(world.observe()), Fault::trust_anchor_mismatch, Tier::critical,
              {"the root", tag(world.root.keys.front())});
}

BOOST_AUTO_TEST_CASE(root_key_that_is_no_anchor_yet) {
  World world;
  const Signer next(9, kKeySigningKey);
  world.root.keys.push_back(next);
  world.root.sign();
  const auto seen = world.observe();
  expect_only(chain_of(seen), Fault::trust_anchor_incomplete, Tier::warning, {tag(next)});
  expect_absent(sigs_of(seen), Fault::trust_anchor_incomplete);
  world.anchors.push_back(next.ds(world.root.apex));
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(anchor_below_the_root) {
  World world;
  auto seen = world.observe();
  seen.anchors = {{world.above.apex, world.above.keys.front().ds(world.above.apex)}};
  expect_nothing(seen);
  seen.links.erase(seen.links.begin());
  expect_nothing(seen);
}

BOOST_AUTO_TEST_CASE(nobody_knows_the_keys) {
  World world;
  world.word = Security::failed;
  auto seen = world.observe();
  seen.links[2].raw_dnskey.reset();
  seen.links[2].raw_ds->security = Security::insecure;
  for (auto& server : seen.servers) {
    for (const bool tcp : {false, true}) {
      auto& keys = answer(server, kZone, Type::dnskey, tcp);
      keys.outcome = dns::Outcome::timeout;
      keys.message.reset();
    }
  }
  expect(sigs_of(seen), Fault::chain_failed, Tier::critical,
         {"no answer about the DNSKEY RRset of the zone"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
