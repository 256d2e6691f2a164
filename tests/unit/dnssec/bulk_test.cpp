// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Many signatures by few keys: whatever is done to be quick, the verdicts are Verifier's.
#include "dnssec/bulk.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "dnssec/crypto.hpp"
#include "dnssec/p256_signer.hpp"
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

struct Signer {
  explicit Signer(std::uint64_t secret)
      : pair(secret), key(dnssec_test::make_key(256, 3, 13, pair.public_key())) {}

  [[nodiscard]] Signed sign(std::size_t number, std::uint64_t nonce) {
    Signed made;
    made.set.owner = dns::Name::from_text("h" + std::to_string(number) + ".example.").value();
    made.set.type = dns::Type::a;
    made.set.ttl = 300;
    made.set.rdatas = {{192, 0, 2, static_cast<std::uint8_t>(number)}};
    dns::Rrsig fields = dnssec_test::Signer(1).fields(made.set, apex());
    fields.algorithm = 13;
    fields.key_tag = key.tag;
    const auto data = dnssec::signed_data(made.set, fields).value();
    const auto signature = pair.sign(hash(data), nonce);
    constexpr std::ptrdiff_t kHead = 18;  // before the signer's name
    made.rrsig.assign(data.begin(),
                      data.begin() + kHead + static_cast<std::ptrdiff_t>(apex().wire().size()));
    made.rrsig.insert(made.rrsig.end(), signature.begin(), signature.end());
    return made;
  }

  dnssec_test::P256Signer pair;
  dnssec::Key key;
  dnssec::crypto::Hasher hash{dnssec::crypto::Hash::sha256};
};

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
  Signer often(random());
  Signer seldom(random());
  std::deque<Signed> all;
  std::size_t spoilt = 0;
  for (std::size_t number = 0; number < 900; ++number) {
    auto& by = number % 7 == 0 ? seldom : often;
    auto& made = all.emplace_back(by.sign(number, random() + 1U));
    if (random() % 10 != 0) continue;
    ++spoilt;
    switch (random() % 4) {
      case 0:
        made.set.rdatas.front().back() ^= 1U;
        break;
      case 1:
        made.rrsig.at(random() % made.rrsig.size()) ^= 4U;
        break;
      case 2:
        made.rrsig.pop_back();
        break;
      default:
        made.set.rdatas.push_back({192, 0, 2, 200});
    }
  }
  BOOST_TEST(spoilt > 50U);
  check_all(all, std::vector{often.key, seldom.key});
  check_all(all, std::vector{seldom.key, dnssec_test::with_same_tag(often.key, 3), often.key});
  check_all(all, std::vector{seldom.key});
}

BOOST_AUTO_TEST_SUITE_END()
