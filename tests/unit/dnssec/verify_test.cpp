// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <utility>

#include "dnssec/verify.hpp"
#include "signer.hpp"
#include "zone_text.hpp"

using dnssec::SignatureCheck;
using dnssec::SignatureVerdict;
using dnssec_test::make_key;
using dnssec_test::name;
using dnssec_test::Signer;
using dnssec_test::signing_time;
using dnssec_test::with_same_tag;

namespace {

/// One signed RRset in "example." and everything check() is asked with, to be changed by a test.
struct Fixture {
  Signer signer{1};
  dns::Name apex = name("example.");
  dns::RRset set = make_set();
  std::vector<dnssec::Key> keys{signer.key()};
  dns::Signature signature = signer.sign(set, apex);
  dns::SerialTime now = signing_time();
  dnssec::Verifier verifier;

  static dns::RRset make_set() {
    const auto zone = dnssec_test::records(
        "www.example. 300 IN MX 10 mail.example.\n"
        "www.example. 300 IN MX 5 Mail2.Example.\n");
    return dns::group(zone).at(0).set;
  }

  void sign_with(const dns::Rrsig& fields) { signature = signer.sign_as(set, fields); }
  SignatureCheck check() { return verifier.check(set, signature, apex, keys, now); }
  SignatureVerdict verdict() { return check().verdict; }
};

void expect(SignatureVerdict found, SignatureVerdict wanted) {
  BOOST_CHECK_MESSAGE(found == wanted, dnssec::to_text(found)
                                           << " instead of " << dnssec::to_text(wanted));
}

dns::Bytes text(const char* base64) { return dns::from_base64(base64).value(); }

// The key of RFC 6605 6.1.
const char* const p256_point =
    "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(verify, Fixture)

BOOST_AUTO_TEST_CASE(valid) {
  const SignatureCheck result = check();
  expect(result.verdict, SignatureVerdict::valid);
  BOOST_TEST(result.key.value() == 0U);
  BOOST_TEST(result.candidates == 1U);
  BOOST_TEST(!result.wildcard);
}

// RFC 4034 6.2, 6.3: order, case, duplicates and TTL of the set as served make no difference.
BOOST_AUTO_TEST_CASE(canonical_form) {
  std::swap(set.rdatas[0], set.rdatas[1]);
  set.rdatas.push_back(set.rdatas[0]);
  for (std::uint8_t& octet : set.rdatas[2]) {
    if (octet == 'm') octet = 'M';
  }
  set.owner = name("WwW.eXaMpLe.");
  signature.rrsig->signer = name("EXAMPLE.");
  set.ttl = 17;
  expect(verdict(), SignatureVerdict::valid);
}

BOOST_AUTO_TEST_CASE(malformed) {
  signature.rrsig.reset();
  expect(verdict(), SignatureVerdict::malformed);
}

BOOST_AUTO_TEST_CASE(wrong_type_covered) {
  signature.rrsig->covered = dns::Type::a;
  expect(verdict(), SignatureVerdict::wrong_type_covered);
}

BOOST_AUTO_TEST_CASE(wrong_signer) {
  signature.rrsig->signer = name("www.example.");
  expect(verdict(), SignatureVerdict::wrong_signer);
  signature = signer.sign(set, apex);
  apex = name("other.");
  expect(verdict(), SignatureVerdict::wrong_signer);
}

// A zone cannot sign what is not below its apex, even when the signer's name is right.
BOOST_AUTO_TEST_CASE(owner_outside_the_zone) {
  set.owner = name("www.example2.");
  sign_with(signer.fields(set, apex));
  expect(verdict(), SignatureVerdict::wrong_signer);
}

// Labels below the apex's would make it a wildcard of the zone above.
BOOST_AUTO_TEST_CASE(wildcard_outside_the_zone) {
  apex = name("sub.example.");
  set.owner = name("www.sub.example.");
  dns::Rrsig fields = signer.fields(set, apex);
  fields.labels = 1;
  sign_with(fields);
  expect(verdict(), SignatureVerdict::wrong_signer);
}

BOOST_AUTO_TEST_CASE(labels_exceed_owner) {
  signature.rrsig->labels = 3;
  expect(verdict(), SignatureVerdict::labels_exceed_owner);
}

BOOST_AUTO_TEST_CASE(unsupported_algorithm) {
  for (const std::uint8_t algorithm :
       std::initializer_list<std::uint8_t>{0, 1, 3, 6, 12, 17, 253}) {
    signature.rrsig->algorithm = algorithm;
    expect(verdict(), SignatureVerdict::unsupported_algorithm);
  }
}

// An exponent as long as the modulus is a key, but no one should pay for it.
BOOST_AUTO_TEST_CASE(unsupported_exponent) {
  dns::Bytes rsa(1, 9);
  rsa.insert(rsa.end(), 9 + 256, 0xff);
  keys = {make_key(256, 3, 8, rsa)};
  signature.rrsig->algorithm = 8;
  signature.rrsig->key_tag = keys[0].tag;
  expect(verdict(), SignatureVerdict::work_limit);
  BOOST_TEST(verifier.verifications() == 0U);
}

BOOST_AUTO_TEST_CASE(no_such_key) {
  keys = {Signer(2).key()};
  expect(verdict(), SignatureVerdict::no_such_key);
  keys.clear();
  expect(verdict(), SignatureVerdict::no_such_key);
  BOOST_TEST(!check().key.has_value());
}

BOOST_AUTO_TEST_CASE(not_zone_key) {
  signer = Signer(1, 0);
  keys = {signer.key()};
  signature = signer.sign(set, apex);
  expect(verdict(), SignatureVerdict::not_zone_key);
}

BOOST_AUTO_TEST_CASE(wrong_protocol) {
  signer = Signer(1, 256, 4);
  keys = {signer.key()};
  signature = signer.sign(set, apex);
  expect(verdict(), SignatureVerdict::wrong_protocol);
}

BOOST_AUTO_TEST_CASE(revoked_key_signs_only_the_dnskey_set) {
  signer = Signer(1, 0x0181);
  keys = {signer.key()};
  signature = signer.sign(set, apex);
  expect(verdict(), SignatureVerdict::revoked_key);
  set.owner = apex;
  set.type = dns::Type::dnskey;
  set.rdatas = {signer.key().rdata};
  signature = signer.sign(set, apex);
  expect(verdict(), SignatureVerdict::valid);
}

BOOST_AUTO_TEST_CASE(malformed_keys) {
  dns::Bytes off_the_curve = text(p256_point);
  off_the_curve[63] ^= 1U;
  dns::Bytes even_modulus(1, 1);
  even_modulus.push_back(3);
  even_modulus.insert(even_modulus.end(), 256, 0xfe);
  dns::Bytes small(1, 1);
  small.push_back(3);
  small.insert(small.end(), 63, 0xff);
  dns::Bytes large(1, 1);
  large.push_back(3);
  large.insert(large.end(), 513, 0xff);
  const std::vector<std::pair<std::uint8_t, dns::Bytes>> bad = {{13, off_the_curve},
                                                                {13, dns::Bytes(63, 1)},
                                                                {13, dns::Bytes(64, 0)},
                                                                {14, text(p256_point)},
                                                                {15, dns::Bytes(31, 1)},
                                                                {16, dns::Bytes(58, 1)},
                                                                {8, even_modulus},
                                                                {8, small},
                                                                {8, large},
                                                                {8, {}},
                                                                {10, {0}},
                                                                {5, {3, 1, 0, 1}}};
  for (const auto& [algorithm, public_key] : bad) {
    keys = {make_key(256, 3, algorithm, public_key)};
    signature.rrsig->algorithm = algorithm;
    signature.rrsig->key_tag = keys[0].tag;
    expect(verdict(), SignatureVerdict::malformed_key);
  }
}

BOOST_AUTO_TEST_CASE(bad_length) {
  signature.rrsig->signature.pop_back();
  expect(verdict(), SignatureVerdict::bad_length);
  signature.rrsig->signature.clear();
  expect(verdict(), SignatureVerdict::bad_length);
  signature.rrsig->signature.assign(65, 1);
  expect(verdict(), SignatureVerdict::bad_length);
  BOOST_TEST(verifier.verifications() == 0U);
}

BOOST_AUTO_TEST_CASE(times) {
  const dns::SerialTime inception = signature.rrsig->inception;
  const dns::SerialTime expiration = signature.rrsig->expiration;
  now = dns::SerialTime(expiration.value() + 1);
  expect(verdict(), SignatureVerdict::expired);
  now = dns::SerialTime(inception.value() - 1);
  expect(verdict(), SignatureVerdict::not_yet_valid);
  std::swap(signature.rrsig->inception, signature.rrsig->expiration);
  expect(verdict(), SignatureVerdict::expires_before_inception);
}

// RFC 4034 3.1.5, RFC 1982: the times wrap in 2106; moments 2^31 apart have no order.
BOOST_AUTO_TEST_CASE(times_are_serial_numbers) {
  dns::Rrsig fields = signer.fields(set, apex);
  fields.inception = dns::SerialTime(0xffffff00U);
  fields.expiration = dns::SerialTime(0x00000100U);
  sign_with(fields);
  now = dns::SerialTime(5);
  expect(verdict(), SignatureVerdict::valid);
  now = dns::SerialTime(0xffffff80U);
  expect(verdict(), SignatureVerdict::valid);
  now = dns::SerialTime(0x101);
  expect(verdict(), SignatureVerdict::expired);
  signature.rrsig->expiration = dns::SerialTime(0x7fffff00U);
  expect(verdict(), SignatureVerdict::expires_before_inception);
}

BOOST_AUTO_TEST_CASE(does_not_verify) {
  signature.rrsig->signature[5] ^= 1U;
  const SignatureCheck result = check();
  expect(result.verdict, SignatureVerdict::does_not_verify);
  BOOST_TEST(result.key.value() == 0U);
}

BOOST_AUTO_TEST_CASE(an_empty_set_is_not_signed) {
  set.rdatas.clear();
  expect(verdict(), SignatureVerdict::does_not_verify);
}

// What is first in the list of verdicts is said; without the times the arithmetic is.
BOOST_AUTO_TEST_CASE(the_times_come_before_the_arithmetic) {
  signature.rrsig->signature[5] ^= 1U;
  now = dns::SerialTime(signature.rrsig->expiration.value() + 1);
  expect(verdict(), SignatureVerdict::expired);
  expect(verifier.check_untimed(set, signature, apex, keys).verdict,
         SignatureVerdict::does_not_verify);
}

BOOST_AUTO_TEST_CASE(wildcard) {
  set.owner = name("*.w.example.");
  signature = signer.sign(set, apex);
  BOOST_TEST(int{signature.rrsig->labels} == 2);
  const SignatureCheck at_itself = check();
  expect(at_itself.verdict, SignatureVerdict::valid);
  BOOST_TEST(!at_itself.wildcard);
  for (const char* owner : {"x.w.example.", "a.b.c.w.example.", "*.x.w.example."}) {
    set.owner = name(owner);
    const SignatureCheck expanded = check();
    expect(expanded.verdict, SignatureVerdict::valid);
    BOOST_TEST(expanded.wildcard);
  }
  set.owner = name("x.v.example.");
  expect(verdict(), SignatureVerdict::does_not_verify);
}

// RFC 4034 appendix B: tags are not unique; each key is tried, and one good one is enough.
BOOST_AUTO_TEST_CASE(keys_with_one_tag) {
  const dnssec::Key good = signer.key();
  keys = {with_same_tag(good, 0), Signer(2).key(), good};
  BOOST_TEST(keys[0].tag == good.tag);
  const SignatureCheck result = check();
  expect(result.verdict, SignatureVerdict::valid);
  BOOST_TEST(result.key.value() == 2U);
  BOOST_TEST(result.candidates == 2U);
  keys.pop_back();
  expect(verdict(), SignatureVerdict::does_not_verify);
}

// "Every such key": one that may sign outweighs one that may not.
BOOST_AUTO_TEST_CASE(unusable_key_beside_a_good_one) {
  const dnssec::Key good = signer.key();
  dnssec::Key bad = with_same_tag(good, 0);
  bad.dnskey.flags = 0;
  keys = {bad, good};
  const SignatureCheck result = check();
  expect(result.verdict, SignatureVerdict::valid);
  BOOST_TEST(result.key.value() == 1U);
  keys = {bad};
  expect(verdict(), SignatureVerdict::not_zone_key);
}

// CVE-2023-50387: a zone full of keys with one tag costs no more than the limit.
BOOST_AUTO_TEST_CASE(limit_on_keys) {
  const dnssec::Key good = signer.key();
  keys.clear();
  for (std::size_t word = 0; word < 5; ++word) keys.push_back(with_same_tag(good, word));
  expect(verdict(), SignatureVerdict::work_limit);
  BOOST_TEST(verifier.limit_hit());
  BOOST_TEST(verifier.verifications() == 4U);
  keys.pop_back();
  expect(verdict(), SignatureVerdict::does_not_verify);
}

BOOST_AUTO_TEST_CASE(limit_on_verifications) {
  verifier = dnssec::Verifier({.verifications = 1});
  expect(verdict(), SignatureVerdict::valid);
  BOOST_TEST(!verifier.limit_hit());
  signature.rrsig->signature[0] ^= 1U;
  expect(verdict(), SignatureVerdict::work_limit);
  BOOST_TEST(verifier.limit_hit());
  signature.rrsig->signature[0] ^= 1U;
  expect(verdict(), SignatureVerdict::valid);
}

BOOST_AUTO_TEST_CASE(the_same_bytes_cost_one_operation) {
  for (int i = 0; i < 10; ++i) expect(verdict(), SignatureVerdict::valid);
  BOOST_TEST(verifier.verifications() == 1U);
  signature.rrsig->signature[9] ^= 1U;
  for (int i = 0; i < 10; ++i) expect(verdict(), SignatureVerdict::does_not_verify);
  BOOST_TEST(verifier.verifications() == 2U);
  set.ttl = 5;
  signature.rrsig->original_ttl ^= 1U;
  expect(verdict(), SignatureVerdict::does_not_verify);
  BOOST_TEST(verifier.verifications() == 3U);
}

// More zones than are remembered: nothing is confused, nothing grows without end.
BOOST_AUTO_TEST_CASE(many_keys) {
  verifier = dnssec::Verifier({.verifications = 100000, .failures = 100000});
  for (int i = 0; i < 600; ++i) {
    dns::Bytes point(32, static_cast<std::uint8_t>(i));
    point[1] = static_cast<std::uint8_t>(i / 256);
    keys = {make_key(256, 3, 15, point)};
    signature.rrsig->key_tag = keys[0].tag;
    expect(verdict(), SignatureVerdict::does_not_verify);
  }
  keys = {signer.key()};
  signature = signer.sign(set, apex);
  expect(verdict(), SignatureVerdict::valid);
}

BOOST_AUTO_TEST_CASE(every_verdict_has_its_own_text) {
  std::set<std::string_view> texts;
  const int last = static_cast<int>(SignatureVerdict::work_limit);
  for (int i = 0; i <= last; ++i) texts.insert(dnssec::to_text(static_cast<SignatureVerdict>(i)));
  BOOST_TEST(texts.size() == static_cast<std::size_t>(last) + 1);
}

BOOST_AUTO_TEST_SUITE_END()
