// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Many signatures by few keys: whatever is done to be quick, the verdicts are Verifier's.
#include "dnssec/bulk.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dnssec/crypto.hpp"
#include "dnssec/p256_signer.hpp"
#include "dnssec/rsa_signer.hpp"
#include "dnssec/signed_data.hpp"
#include "dnssec/signer.hpp"

namespace {

using dnssec::SignatureVerdict;

const dns::Name& apex() {
  static const auto name = dns::Name::from_text("example.").value();
  return name;
}

/// One RRset of many, with its RRSIG's rdata.
struct Signed {
  dns::RRset set;
  dns::Bytes rrsig;
  SignatureVerdict verdict = SignatureVerdict::work_limit;
  std::uint16_t key = 0;
};

/// Signs by whatever makes a signature of a SHA-256 hash.
struct Signer {
  using Sign = std::function<dns::Bytes(dns::ByteView digest)>;
  Signer(std::uint8_t algorithm, const dns::Bytes& public_key, Sign with)
      : key(dnssec_test::make_key(256, 3, algorithm, public_key)), sign_digest(std::move(with)) {}

  [[nodiscard]] Signed sign(std::size_t number) {
    Signed made;
    made.set.owner = dns::Name::from_text("h" + std::to_string(number) + ".example.").value();
    made.set.type = dns::Type::a;
    made.set.ttl = 300;
    made.set.rdatas = {{192, 0, 2, static_cast<std::uint8_t>(number)}};
    dns::Rrsig fields = dnssec_test::Signer(1).fields(made.set, apex());
    fields.algorithm = key.dnskey.algorithm;
    fields.key_tag = key.tag;
    const auto data = dnssec::signed_data(made.set, fields).value();
    const auto signature = sign_digest(hash(data));
    constexpr std::ptrdiff_t kHead = 18;  // before the signer's name
    made.rrsig.assign(data.begin(),
                      data.begin() + kHead + static_cast<std::ptrdiff_t>(apex().wire().size()));
    made.rrsig.insert(made.rrsig.end(), signature.begin(), signature.end());
    return made;
  }

  dnssec::Key key;
  Sign sign_digest;
  dnssec::crypto::Hasher hash{dnssec::crypto::Hash::sha256};
};

Signer p256_signer(std::mt19937& random) {
  const auto pair = std::make_shared<dnssec_test::P256Signer>(random());
  return {13, pair->public_key(), [pair, &random](dns::ByteView digest) {
            return pair->sign(digest, random() + std::uint64_t{1});
          }};
}

Signer rsa_signer(int bits, std::mt19937& random) {
  const auto pair = std::make_shared<dnssec_test::RsaSigner>(
      bits, 65537, dnssec_test::RsaSigner::Top::middle, random);
  return {8, pair->public_key(), [pair](dns::ByteView digest) { return pair->sign(digest); }};
}

void spoil(Signed& one, std::mt19937& random) {
  switch (random() % 4) {
    case 0:
      one.set.rdatas.front().back() ^= 1U;
      break;
    case 1:
      one.rrsig.at(random() % one.rrsig.size()) ^= 4U;
      break;
    case 2:
      one.rrsig.pop_back();
      break;
    default:
      one.set.rdatas.push_back({192, 0, 2, 200});
  }
}

void expect_as_alone(const Signed& one, std::span<const dnssec::Key> keys) {
  dnssec::Verifier verifier;
  const dns::Signature alone{one.set.ttl, dns::parse_rrsig(one.rrsig), one.rrsig};
  const auto check = verifier.check(one.set, alone, apex(), keys, dnssec_test::signing_time());
  BOOST_CHECK_MESSAGE(check.verdict == one.verdict, one.set.owner.to_text()
                                                        << ": " << to_text(one.verdict)
                                                        << ", alone " << to_text(check.verdict));
  if (check.verdict == SignatureVerdict::valid) {
    BOOST_TEST(keys[one.key].rdata == keys[check.key.value()].rdata);
  }
}

void check_all(std::deque<Signed>& all, std::span<const dnssec::Key> keys) {
  dnssec::BulkVerifier bulk(apex(), keys, dnssec_test::signing_time());
  for (auto& one : all) {
    const dns::Bytes owner = one.set.owner.canonical_wire();
    const std::vector<dns::ByteView> rdatas(one.set.rdatas.begin(), one.set.rdatas.end());
    bulk.take(owner, one.set.type, rdatas);
    bulk.check(one.rrsig, one.verdict, one.key);
  }
  bulk.settle();
  BOOST_TEST(bulk.verifications() <= all.size());
  for (const auto& one : all) expect_as_alone(one, keys);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bulk)

BOOST_AUTO_TEST_CASE(as_one_at_a_time) {
  std::mt19937 random(3);
  std::deque<Signer> signers;
  signers.push_back(p256_signer(random));
  signers.push_back(p256_signer(random));
  signers.push_back(rsa_signer(1024, random));
  signers.push_back(rsa_signer(1280, random));
  Signer& often = signers[0];
  Signer& seldom = signers[1];
  Signer& rsa = signers[2];
  std::deque<Signed> all;
  std::size_t spoilt = 0;
  for (std::size_t number = 0; number < 1300; ++number) {
    auto& by = number % 7 == 0    ? seldom
               : number % 5 == 0  ? rsa
               : number % 41 == 0 ? signers[3]
                                  : often;
    auto& made = all.emplace_back(by.sign(number));
    if (random() % 10 != 0) continue;
    ++spoilt;
    spoil(made, random);
  }
  BOOST_TEST(spoilt > 50U);
  const auto same_tag = [](const Signer& as) { return dnssec_test::with_same_tag(as.key, 3); };
  check_all(all, std::vector{often.key, seldom.key, rsa.key, signers[3].key});
  check_all(all, std::vector{seldom.key, same_tag(often), often.key, rsa.key});
  check_all(all, std::vector{same_tag(rsa), seldom.key, rsa.key});
  check_all(all, std::vector{seldom.key});
}

BOOST_AUTO_TEST_SUITE_END()
