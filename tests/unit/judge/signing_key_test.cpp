// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Signatures by keys that may not sign, and zones without signatures.
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

/// The key is published, and it alone signs the MX RRset of every server.
World with_mx_signed_by(const Signer& odd) {
  World world;
  world.everywhere([&](Zone& copy) {
    copy.keys.push_back(odd);
    copy.sign();
    auto& data = copy.at(Type::mx);
    data.signatures = {odd.sign(data.set, copy.apex)};
  });
  return world;
}

void drop_signatures(Zone& zone) {
  for (auto& data : zone.sets) {
    data.signatures.clear();
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_signing_keys)

BOOST_AUTO_TEST_CASE(by_a_revoked_key) {
  const auto seen = with_mx_signed_by(Signer(7, kZoneKey | kRevoked)).observe();
  expect_only(sigs_of(seen), Fault::rrsig_by_revoked_key, Tier::emergency, {"MX", "revoked key"});
}

BOOST_AUTO_TEST_CASE(by_a_key_that_is_no_zone_key) {
  expect_only(sigs_of(with_mx_signed_by(Signer(7, 0)).observe()), Fault::rrsig_by_non_zone_key,
              Tier::emergency, {"MX", "no zone key"});
  expect_only(sigs_of(with_mx_signed_by(Signer(7, kZoneKey, kEd25519, 4)).observe()),
              Fault::rrsig_by_non_zone_key, Tier::emergency, {"MX", "protocol is not 3"});
}

BOOST_AUTO_TEST_CASE(by_a_key_that_cannot_be_read) {
  World world;
  const auto broken = make_key(kZoneKey, 3, kEd25519, dns::Bytes(31, 5));
  world.everywhere([&](Zone& copy) {
    auto rdatas = copy.at(Type::dnskey).set.rdatas;
    rdatas.push_back(broken.rdata);
    copy.sign(copy.put(copy.apex, Type::dnskey, rdatas), {});
    copy.at(Type::mx).signatures.at(0).rrsig->key_tag = broken.tag;
  });
  expect_only(sigs_of(world.observe()), Fault::rrsig_key_malformed, Tier::emergency,
              {"MX", "cannot be read"});
}

BOOST_AUTO_TEST_CASE(by_an_algorithm_that_cannot_be_verified) {
  World world;
  world.everywhere([](Zone& copy) { copy.at(Type::mx).signatures.at(0).rrsig->algorithm = 17; });
  const auto seen = world.observe();
  expect_only(sigs_of(seen), Fault::sig_algorithm_unverifiable, Tier::unknown,
              {"MX", "cannot be verified here", "on all 2 servers"});
  expect_nothing(World().observe());
  expect_absent(chain_of(seen), Fault::sig_algorithm_unverifiable);
}

BOOST_AUTO_TEST_CASE(key_tag_that_another_key_shares) {
  // RFC 4034 appendix B: tags are not unique; the right key is the second of two.
  World world;
  auto bytes = world.zone_signer.key().dnskey.public_key;
  std::swap(bytes[0], bytes[2]);
  std::swap(bytes[1], bytes[3]);
  const auto twin = make_key(kZoneKey, 3, kEd25519, bytes);
  BOOST_TEST(twin.tag == world.zone_signer.tag());
  world.everywhere([&](Zone& copy) {
    auto rdatas = copy.at(Type::dnskey).set.rdatas;
    rdatas.insert(rdatas.begin(), twin.rdata);
    copy.sign(copy.put(copy.apex, Type::dnskey, rdatas), {});
  });
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(no_signature_anywhere) {
  World world;
  world.everywhere(drop_signatures);
  world.word = dns::Security::bogus;
  const auto seen = world.observe();
  const auto finding = expect_only(sigs_of(seen), Fault::rrsig_missing_all, Tier::emergency,
                                   {"without any signature", "on all 2 servers"});
  BOOST_TEST(finding.servers.size() == 2U);
  expect(chain_of(seen), Fault::rrsig_missing_all, Tier::emergency, {"without any signature"});
}

BOOST_AUTO_TEST_CASE(no_signature_at_some_servers) {
  World world(4);
  drop_signatures(world.copies[1]);
  drop_signatures(world.copies[3]);
  const auto seen = world.observe();
  for (const auto& findings : {sigs_of(seen), chain_of(seen)}) {
    expect_only(findings, Fault::unsigned_on_one_ns, Tier::critical,
                {"on 2 of 4 servers", label(1), label(3)});
  }
}

BOOST_AUTO_TEST_CASE(one_valid_signature_is_enough_for_the_tier) {
  // Valid at one server, missing at the others: resolvers can still find it.
  World world(4);
  for (const std::size_t i : {0U, 1U, 2U}) {
    world.copies[i].at(Type::mx).signatures.clear();
  }
  expect_only(sigs_of(world.observe()), Fault::rrsig_missing, Tier::critical,
              {"MX has no signature", "on 3 of 4 servers"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
