// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What one zone may cost (CVE-2023-50387, CVE-2023-50868).
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "dnssec/denial.hpp"
#include "dnssec/verify.hpp"
#include "dnssec/work.hpp"
#include "signer.hpp"
#include "zone_text.hpp"

namespace {

using dnssec::SignatureVerdict;
using dnssec_test::name;
using dnssec_test::Signer;
using dnssec_test::signing_time;

struct Budget {
  Signer signer{1};
  dns::Name apex = name("example.");
  dns::SignedRRset data = signed_set();
  std::vector<dnssec::Key> keys{signer.key()};
  dnssec::Verifier verifier;

  dns::SignedRRset signed_set() {
    const auto zone = dnssec_test::records("www.example. 300 IN MX 10 mail.example.\n");
    auto made = dns::group(zone).at(0);
    made.signatures = {signer.sign(made.set, apex)};
    return made;
  }

  /// Signatures that no key made, before the good one.
  void add_false(unsigned count) {
    const auto good = data.signatures.back();
    for (unsigned i = 0; i < count; ++i) {
      auto bad = good;
      bad.rrsig->signature[0] = static_cast<std::uint8_t>(i);
      bad.rrsig->signature[1] ^= 1U;
      data.signatures.insert(data.signatures.begin(), bad);
    }
  }

  std::vector<dnssec::SignatureCheck> check_all() {
    return verifier.check_all(data, apex, keys, signing_time());
  }
};

std::size_t count(const std::vector<dnssec::SignatureCheck>& checks, SignatureVerdict verdict) {
  std::size_t found = 0;
  for (const auto& check : checks) found += check.verdict == verdict ? 1 : 0;
  return found;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(work, Budget)

BOOST_AUTO_TEST_CASE(healthy_set_is_far_from_any_limit) {
  BOOST_TEST((check_all().at(0).verdict == SignatureVerdict::valid));
  BOOST_TEST(!verifier.limit_hit());
  BOOST_TEST(verifier.verifications() == 1U);
  BOOST_TEST(verifier.failures() == 0U);
}

BOOST_AUTO_TEST_CASE(signatures_of_one_set) {
  add_false(15);
  auto checks = check_all();
  BOOST_TEST(count(checks, SignatureVerdict::does_not_verify) == 15U);
  BOOST_TEST((checks.back().verdict == SignatureVerdict::valid));
  BOOST_TEST(!verifier.limit_hit());
  add_false(84);
  verifier = dnssec::Verifier();
  checks = check_all();
  BOOST_TEST(checks.size() == 100U);
  BOOST_TEST(verifier.verifications() == 16U);
  BOOST_TEST(verifier.limit_hit());
  BOOST_TEST(count(checks, SignatureVerdict::work_limit) == 84U);
  BOOST_TEST((checks.back().verdict == SignatureVerdict::work_limit));
}

// What many keys may have made is tried last: a good signature beside it is still seen.
BOOST_AUTO_TEST_CASE(signatures_with_one_candidate_come_first) {
  const Signer other(2);
  const auto good = data.signatures.front();
  data.signatures = {other.sign(data.set, apex)};
  add_false(99);
  data.signatures.push_back(good);
  for (std::size_t word = 0; word < 3; ++word) {
    keys.push_back(dnssec_test::with_same_tag(other.key(), word));
  }
  const auto checks = check_all();
  BOOST_TEST((checks.back().verdict == SignatureVerdict::valid));
  BOOST_TEST(verifier.limit_hit());
  BOOST_TEST(verifier.verifications() <= 1U + 16U * 3U);
}

BOOST_AUTO_TEST_CASE(signatures_that_are_no_candidates_do_not_count) {
  const Signer stranger(3);
  const auto good = data.signatures.front();
  data.signatures.assign(40, stranger.sign(data.set, apex));
  data.signatures.push_back(good);
  const auto checks = check_all();
  BOOST_TEST(count(checks, SignatureVerdict::no_such_key) == 40U);
  BOOST_TEST((checks.back().verdict == SignatureVerdict::valid));
  BOOST_TEST(!verifier.limit_hit());
}

BOOST_AUTO_TEST_CASE(failures_of_one_zone) {
  verifier = dnssec::Verifier({.failures = 3});
  add_false(8);
  const auto checks = check_all();
  BOOST_TEST(verifier.failures() == 3U);
  BOOST_TEST(verifier.limit_hit());
  BOOST_TEST((checks.back().verdict == SignatureVerdict::work_limit));
}

BOOST_AUTO_TEST_CASE(names_are_hashed_once) {
  dnssec::HashWork hashing;
  const dns::Bytes salt{0xaa, 0xbb};
  const auto first = hashing.hash(name("a.example."), 12, salt);
  BOOST_TEST((first == dnssec::nsec3_hash(name("a.example."), 1, 12, salt)));
  BOOST_TEST((hashing.hash(name("A.Example."), 12, salt) == first));
  BOOST_TEST(hashing.rounds() == 13U);
  BOOST_TEST((hashing.hash(name("a.example."), 13, salt) != first));
  BOOST_TEST((hashing.hash(name("a.example."), 12, {}) != first));
  BOOST_TEST(hashing.rounds() == 13U + 14U + 13U);
  BOOST_TEST(!hashing.limit_hit());
}

BOOST_AUTO_TEST_CASE(rounds_of_hashing) {
  dnssec::HashWork hashing(100);
  BOOST_TEST(hashing.hash(name("a.example."), 98, {}).has_value());
  BOOST_TEST(!hashing.hash(name("b.example."), 1, {}).has_value());
  BOOST_TEST(hashing.limit_hit());
  BOOST_TEST(hashing.hash(name("a.example."), 98, {}).has_value());  // known
  BOOST_TEST(hashing.rounds() == 99U);
}

// A proof stops with the zone's budget, and says that it was not refuted.
BOOST_AUTO_TEST_CASE(proof_within_the_budget_of_the_zone) {
  const auto zone = dnssec_test::records(
      "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. 300 IN NSEC3 1 0 12 aabbccdd "
      "2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY NS SOA NSEC3PARAM RRSIG\n");
  const auto records = dnssec::denial_records(apex, dns::group(zone));
  dnssec::HashWork spent(12);
  const auto proof = dnssec::prove_name_error(name("c.x.w.example."), records, {.work = &spent});
  BOOST_TEST((proof.verdict == dnssec::DenialVerdict::too_many_iterations));
  BOOST_TEST(spent.limit_hit());
  dnssec::HashWork enough;
  const auto refuted = dnssec::prove_name_error(name("c.x.w.example."), records, {.work = &enough});
  BOOST_TEST((refuted.verdict != dnssec::DenialVerdict::too_many_iterations));
  BOOST_TEST(enough.rounds() > 0U);
}

// Hundreds of DS for hundreds of keys of one tag: each DS is compared with a few keys only.
BOOST_AUTO_TEST_CASE(keys_that_a_ds_is_compared_with) {
  std::vector<dnssec::Key> many;
  const auto good = signer.key();
  for (std::size_t i = 0; i < 20; ++i) {
    auto bytes = good.dnskey.public_key;
    bytes[0] = static_cast<std::uint8_t>(bytes[0] + i + 1);
    bytes[2] = static_cast<std::uint8_t>(bytes[2] - i - 1);
    auto twin = dnssec_test::make_key(257, 3, good.dnskey.algorithm, bytes);
    twin.tag = good.tag;
    many.push_back(twin);
  }
  dns::Ds ds;
  ds.key_tag = good.tag;
  ds.algorithm = good.dnskey.algorithm;
  ds.digest_type = 2;
  ds.digest = dnssec::ds_digest(apex, good.rdata, 2).value();
  auto few = std::vector(many.begin(), many.begin() + 15);
  few.push_back(good);
  BOOST_TEST((dnssec::match(ds, apex, few).verdict == dnssec::DsVerdict::matches));
  many.push_back(good);
  BOOST_TEST((dnssec::match(ds, apex, many).verdict == dnssec::DsVerdict::wrong_digest));
}

BOOST_AUTO_TEST_SUITE_END()
