// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What the tables of one's own for P-256 say is what EVP says, in the awkward cases above all.
#include "dnssec/p256.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "dnssec/p256_signer.hpp"
#include "dnssec/public_key.hpp"

namespace {

using dnssec::p256::Batch;
using dnssec::p256::Item;
using dnssec::p256::Table;
using dnssec_test::P256Signer;

/// A key's table, and the same key for EVP.
struct Both {
  explicit Both(const dns::Bytes& public_key)
      : table(Table::make(public_key)), usual(dns::Dnskey{256, 3, 13, public_key}) {}
  std::unique_ptr<Table> table;
  dnssec::PublicKey usual;
};

class Cases {
 public:
  void add(Both& key, const dns::Bytes& digest, dns::Bytes signature, std::string what) {
    Item item;
    item.key = key.table.get();
    std::ranges::copy(digest, item.digest.begin());
    item.signature = signatures_.emplace_back(std::move(signature));
    items_.push_back(item);
    expected_.push_back(key.usual.verify_digest(digest, signatures_.back()));
    what_.push_back(std::move(what));
  }
  void expect_as_evp(Batch& batch) {
    batch.verify(items_);
    for (std::size_t i = 0; i < items_.size(); ++i) {
      BOOST_CHECK_MESSAGE(items_[i].valid == expected_[i],
                          what_[i] << ": " << items_[i].valid << ", EVP " << expected_[i]);
    }
  }
  [[nodiscard]] std::size_t valid() const {
    return static_cast<std::size_t>(std::ranges::count(expected_, true));
  }
  [[nodiscard]] std::size_t size() const { return items_.size(); }

 private:
  std::deque<dns::Bytes> signatures_;
  std::vector<Item> items_;
  std::vector<bool> expected_;
  std::vector<std::string> what_;
};

dns::Bytes digest_of(std::mt19937& random) {
  dns::Bytes digest(dnssec::p256::kDigest);
  std::ranges::generate(digest, [&] { return static_cast<std::uint8_t>(random()); });
  return digest;
}

dns::Bytes joined(dns::Bytes r, const dns::Bytes& s) {
  r.insert(r.end(), s.begin(), s.end());
  return r;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(p256)

BOOST_AUTO_TEST_CASE(no_table_without_a_point) {
  const P256Signer signer(77);
  auto off = signer.public_key();
  off.back() ^= 1U;
  BOOST_TEST(!Table::make(off));
  BOOST_TEST(!Table::make(dns::Bytes(64, 0)));
  BOOST_TEST(!Table::make(dns::Bytes(63, 1)));
  BOOST_TEST(!Table::make({}));
  BOOST_TEST(!!Table::make(signer.public_key()));
}

BOOST_AUTO_TEST_CASE(as_evp_on_signatures_changed_at_random) {
  std::mt19937 random(7);
  const P256Signer first(random());
  const P256Signer second(random());
  Both one(first.public_key());
  Both other(second.public_key());
  Batch batch;
  for (const std::size_t size : {1U, 2U, 64U, 3U, 100U}) {
    Cases cases;
    while (cases.size() < size) {
      const bool by_first = random() % 2 == 0;
      auto digest = digest_of(random);
      auto signature = (by_first ? first : second).sign(digest, random() + 1U);
      const auto change = random() % 5;
      if (change == 0) signature.at(random() % 64) ^= static_cast<std::uint8_t>(random() % 255 + 1);
      if (change == 1) digest.at(random() % 32) ^= 0x10U;
      Both& key = by_first == (change != 2) ? one : other;
      cases.add(key, digest, signature, "change " + std::to_string(change));
    }
    cases.expect_as_evp(batch);
  }
}

// FIPS 186-5 6.4.2 step 1, and numbers near the order.
BOOST_AUTO_TEST_CASE(as_evp_at_the_edges) {
  std::mt19937 random(8);
  const P256Signer signer(random());
  Both key(signer.public_key());
  const auto digest = digest_of(random);
  const auto good = signer.sign(digest, 4711);
  const dns::Bytes r(good.begin(), good.begin() + 32);
  const dns::Bytes s(good.begin() + 32, good.end());
  const auto order = P256Signer::order();
  const auto n = P256Signer::octets(order);
  const dns::Bytes zero(32, 0);
  const dns::Bytes most(32, 0xff);
  auto one = zero;
  one.back() = 1;
  dnssec_test::Big negated(BN_new());
  BN_sub(negated.get(), order.get(), P256Signer::number(s).get());
  Cases cases;
  cases.add(key, digest, joined(r, s), "good");
  cases.add(key, digest, joined(r, P256Signer::octets(negated)), "the other s is as good");
  for (const auto& edge : {zero, one, n, most}) {
    cases.add(key, digest, joined(edge, s), "r at an edge");
    cases.add(key, digest, joined(r, edge), "s at an edge");
    cases.add(key, digest, joined(edge, edge), "both at an edge");
  }
  for (const auto& edge : {zero, n, most}) {
    cases.add(key, edge, signer.sign(edge, 12345), "digest at an edge");
    cases.add(key, edge, joined(r, s), "digest at an edge, of another signature");
  }
  BOOST_TEST(cases.valid() == 5U);
  Batch batch;
  cases.expect_as_evp(batch);
  Cases all_wrong;
  all_wrong.add(key, digest, joined(zero, zero), "nothing but zero");
  all_wrong.expect_as_evp(batch);
  std::vector<Item> none;
  batch.verify(none);
}

// The two multiples that are added are the same point, or add up to infinity.
BOOST_AUTO_TEST_CASE(as_evp_where_points_meet) {
  const P256Signer generator(1);
  const P256Signer negative(1, true);
  Both same(generator.public_key());
  Both opposite(negative.public_key());
  Cases cases;
  for (const std::uint64_t nonce : {2U, 3U, 1000U}) {
    const auto digest = P256Signer::r_of(nonce);
    cases.add(same, digest, generator.sign(digest, nonce), "doubled");
    cases.add(opposite, digest, generator.sign(digest, nonce), "at infinity");
  }
  BOOST_TEST(cases.valid() == 3U);
  Batch batch;
  cases.expect_as_evp(batch);
}

BOOST_AUTO_TEST_SUITE_END()
