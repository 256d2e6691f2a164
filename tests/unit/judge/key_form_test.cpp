// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Single keys: algorithms, sizes, flags, form.
#include <boost/test/unit_test.hpp>

#include "judge/key_support.hpp"

namespace judge_test {
namespace {

using judge::Fault;
using judge::Tier;

std::vector<judge::Finding> with_key(const dnssec::Key& key) {
  World world;
  publish_beside(world, key);
  return keys_of(world);
}

std::vector<judge::Finding> with_rsa(const dns::Bytes& octets) {
  return with_key(idle_key(8, octets));
}

/// A modulus with the fingerprint: 65537 itself, as far as the primes are concerned.
dns::Bytes roca_octets() {
  dns::Bytes octets{3, 1, 0, 1};
  dns::Bytes modulus(255, 0);
  // 65537 = 2^16 + 1 is its own first power.
  modulus.resize(256, 0);
  modulus[253] = 1;
  modulus[255] = 1;
  octets.insert(octets.end(), modulus.begin(), modulus.end());
  return octets;
}

/// The product of the primes 3 * 2^510 + a and 3 * 2^510 + b, a number with few digits that are not
/// zero: 9 * 2^1020 + 3 * 2^510 (a + b) + ab.
dns::Bytes product_octets(unsigned a, unsigned b) {
  dns::Bytes octets{3, 1, 0, 1};
  dns::Bytes modulus(128, 0);
  const auto put = [&](std::size_t end, unsigned number) {
    for (; number != 0; number >>= 8U) {
      modulus[--end] = static_cast<std::uint8_t>(number & 0xffU);
    }
  };
  modulus[0] = 0x90;
  put(modulus.size() - 63, 3 * (a + b) << 6U);
  put(modulus.size(), a * b);
  octets.insert(octets.end(), modulus.begin(), modulus.end());
  return octets;
}

std::vector<judge::Finding> with_both(const dns::Bytes& left, const dns::Bytes& right) {
  World world;
  publish_beside(world, idle_key(8, left));
  publish_beside(world, idle_key(8, right));
  return keys_of(world);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_key_form)

BOOST_AUTO_TEST_CASE(healthy_keys) {
  BOOST_TEST(keys_of(World()).empty());
  BOOST_TEST(keys_of(World(1)).empty());
}

BOOST_AUTO_TEST_CASE(algorithms_that_must_not_be_used) {
  for (const unsigned number : {1U, 3U, 6U, 12U}) {
    const auto algorithm = static_cast<std::uint8_t>(number);
    const auto finding = expect(with_key(idle_key(algorithm, dns::Bytes(64, 0x21))),
                                Fault::dnskey_alg_prohibited, Tier::warning, {"has algorithm"});
    BOOST_TEST(finding.servers.size() == 2U);
  }
}

BOOST_AUTO_TEST_CASE(algorithm_numbers_that_stand_for_nothing) {
  const dns::Bytes octets(32, 0x21);
  expect_only(with_key(idle_key(99, octets)), Fault::dnskey_alg_unassigned, Tier::warning,
              {"99 (unassigned)"});
  expect_only(with_key(idle_key(200, octets)), Fault::dnskey_alg_reserved, Tier::warning, {"200"});
  expect_only(with_key(idle_key(253, octets)), Fault::dnskey_alg_private, Tier::warning,
              {"PRIVATEDNS"});
  expect_only(with_key(idle_key(252, octets)), Fault::dnskey_alg_not_zone_sign, Tier::warning,
              {"INDIRECT"});
}

BOOST_AUTO_TEST_CASE(an_unusable_algorithm_alone) {
  World world;
  world.everywhere([](Zone& copy) {
    auto& data = copy.at(dns::Type::dnskey);
    data.set.rdatas = {idle_key(99, dns::Bytes(32, 0x21), kKeySigningKey).rdata};
  });
  world.publish_ds({});
  expect(keys_of(world), Fault::dnskey_alg_unassigned, Tier::critical, {"99"});
  expect(keys_of(world, expecting(judge::Expect::any)), Fault::dnskey_alg_unassigned, Tier::warning,
         {"99"});
}

BOOST_AUTO_TEST_CASE(algorithms_of_the_past) {
  const auto octets = rsa_octets(2048);
  expect_only(with_key(idle_key(5, octets)), Fault::dnskey_alg_sha1, Tier::warning, {"SHA-1"});
  expect_only(with_key(idle_key(7, octets)), Fault::dnskey_alg_sha1, Tier::warning, {"SHA-1"});
  expect_only(with_key(idle_key(10, octets)), Fault::dnskey_alg_not_recommended, Tier::warning,
              {"RSASHA512"});
  expect_calm(with_key(idle_key(8, octets)));
}

BOOST_AUTO_TEST_CASE(two_keys_with_one_fault_are_one_finding) {
  World world;
  publish_beside(world, idle_key(99, dns::Bytes(32, 0x21)));
  publish_beside(world, idle_key(99, dns::Bytes(32, 0x22)));
  expect_only(keys_of(world), Fault::dnskey_alg_unassigned, Tier::warning, {": each has"});
}

BOOST_AUTO_TEST_CASE(nsec3_needs_another_algorithm) {
  World world;
  publish_beside(world, idle_key(5, rsa_octets(2048)));
  expect_absent(keys_of(world), Fault::dnskey_nsec3_incapable);
  world.add(kZone, dns::Type::nsec3param, {1, 0, 0, 0, 0});
  publish_beside(world, idle_key(5, rsa_octets(2048)));
  expect(keys_of(world), Fault::dnskey_nsec3_incapable, Tier::critical, {"NSEC3"});
}

BOOST_AUTO_TEST_CASE(rsa_sizes) {
  expect_only(with_rsa(rsa_octets(768)), Fault::rsa_key_too_small, Tier::critical, {"768"});
  expect_only(with_rsa(rsa_octets(1016)), Fault::rsa_key_too_small, Tier::critical, {"1016"});
  expect_only(with_rsa(rsa_octets(1024)), Fault::rsa_key_too_small, Tier::warning, {"1024"});
  expect_only(with_rsa(rsa_octets(2040)), Fault::rsa_key_too_small, Tier::warning, {"2040"});
  expect_calm(with_rsa(rsa_octets(2048)));
  expect_calm(with_rsa(rsa_octets(4096)));
  expect_only(with_rsa(rsa_octets(4104)), Fault::rsa_key_too_large, Tier::critical, {"4104"});
}

BOOST_AUTO_TEST_CASE(rsa_exponents) {
  expect_only(with_rsa(rsa_octets(2048, {3})), Fault::rsa_exponent_bad, Tier::warning, {"3"});
  expect(with_rsa(rsa_octets(2048, {1})), Fault::rsa_exponent_bad, Tier::critical, {"1"});
  expect_only(with_rsa(rsa_octets(2048, {1, 0, 0})), Fault::rsa_exponent_bad, Tier::critical,
              {"65536"});
  expect_only(with_rsa(rsa_octets(2048, {0, 1, 0, 1})), Fault::rsa_exponent_bad, Tier::critical,
              {"leading zero"});
  expect_only(with_rsa(rsa_octets(2048, {0x81, 0, 0, 0, 1})), Fault::rsa_exponent_bad,
              Tier::warning, {"40 bits"});
  expect_calm(with_rsa(rsa_octets(2048, {1, 0, 0, 0, 1})));
  expect_calm(with_rsa(rsa_octets(2048, {17})));
}

BOOST_AUTO_TEST_CASE(rsa_moduli) {
  auto padded = rsa_octets(2048);
  padded.insert(padded.begin() + 4, 0);
  expect_only(with_rsa(padded), Fault::rsa_modulus_weak, Tier::warning, {"leading zero"});
  expect(with_rsa(roca_octets()), Fault::rsa_modulus_weak, Tier::critical, {"ROCA"});
}

BOOST_AUTO_TEST_CASE(rsa_moduli_with_a_common_prime) {
  const auto mine = product_octets(761, 1505);
  const auto finding = expect(with_both(mine, product_octets(761, 2129)), Fault::rsa_modulus_weak,
                              Tier::critical, {"each shares a prime"});
  BOOST_TEST(finding.text.find(std::to_string(idle_key(8, mine).tag)) != std::string::npos);
  expect_absent(with_both(mine, product_octets(2129, 2141)), Fault::rsa_modulus_weak);
  // The same modulus with another exponent.
  auto same = mine;
  same[3] = 3;
  expect_absent(with_both(mine, same), Fault::rsa_modulus_weak);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_key) {
  expect_only(with_key(idle_key(13, dns::Bytes(63, 0x21))), Fault::dnskey_malformed, Tier::critical,
              {"63 octets", "wrong length"});
  expect_only(with_key(idle_key(13, dns::Bytes(64, 0x21))), Fault::dnskey_malformed, Tier::critical,
              {"no valid public key"});
  expect_only(with_key(idle_key(14, dns::Bytes(64, 0x21))), Fault::dnskey_malformed, Tier::critical,
              {"14"});
  expect_only(with_key(idle_key(15, dns::Bytes(33, 0x21))), Fault::dnskey_malformed, Tier::critical,
              {"15"});
  expect_only(with_key(idle_key(16, dns::Bytes(32, 0x21))), Fault::dnskey_malformed, Tier::critical,
              {"16"});
  expect_only(with_key(idle_key(8, {})), Fault::dnskey_malformed, Tier::critical, {"0 octets"});
  expect_calm(with_key(idle_key(15, dns::Bytes(32, 0x21))));
}

BOOST_AUTO_TEST_CASE(a_record_too_short_to_be_a_key) {
  World world;
  world.everywhere([](Zone& copy) {
    auto& data = copy.at(dns::Type::dnskey);
    data.set.rdatas.push_back({1, 0});
    copy.sign(data, copy.window);
  });
  expect_only(keys_of(world), Fault::dnskey_malformed, Tier::critical, {"too short"});
}

BOOST_AUTO_TEST_CASE(flags_and_protocol) {
  const dns::Bytes octets(32, 0x21);
  expect_only(with_key(idle_key(15, octets, 0)), Fault::dnskey_zone_flag_unset, Tier::warning,
              {"flags 0"});
  expect_only(with_key(idle_key(15, octets, kZoneKey, 2)), Fault::dnskey_protocol_not_3,
              Tier::critical, {"protocol 2"});
}

BOOST_AUTO_TEST_CASE(zone_data_signed_by_no_zone_key) {
  World world;
  const Signer odd(7, 0);
  publish_beside(world, odd.key());
  world.everywhere([&](Zone& copy) { sign_by(copy, dns::Type::mx, {odd}); });
  expect_only(keys_of(world), Fault::dnskey_zone_flag_unset, Tier::critical,
              {"signed by it alone"});
}

BOOST_AUTO_TEST_CASE(revoked_keys) {
  World world;
  const Signer gone(8, kKeySigningKey | kRevoked);
  publish_beside(world, gone.key());
  expect_only(keys_of(world), Fault::dnskey_revoked_not_signed, Tier::warning, {"revoked key"});
  world.everywhere([&](Zone& copy) { sign_by(copy, dns::Type::dnskey, {world.key_signer, gone}); });
  expect_stage(keys_of(world), "revocation (RFC 5011 2.1)");
  auto past = memory_of({remembered_key(gone.key(), -61 * kDay)});
  expect_only(keys_of(world, past), Fault::dnskey_revoked_lingering, Tier::warning, {"61d"});
  past = memory_of({remembered_key(gone.key(), -59 * kDay)});
  expect_calm(keys_of(world, past));
}

BOOST_AUTO_TEST_CASE(a_hostile_number_of_bad_keys_stays_short) {
  World world;
  for (std::uint8_t i = 1; i < 60; ++i) {
    publish_beside(world, idle_key(i, dns::Bytes(i, i)));
  }
  BOOST_TEST(keys_of(world).size() < 40U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
