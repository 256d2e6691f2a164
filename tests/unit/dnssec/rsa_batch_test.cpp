// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What eight at once say of RSA signatures is what EVP says of each.
#include "dnssec/rsa_batch.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "dnssec/instructions.hpp"
#include "dnssec/public_key.hpp"
#include "dnssec/rsa_signer.hpp"

namespace {

using dnssec_test::Big;
using dnssec_test::padded;
using dnssec_test::RsaSigner;
using Top = RsaSigner::Top;

const dns::Bytes kAlgorithms{5, 7, 8, 10};

std::size_t digest_length(std::uint8_t algorithm) {
  return algorithm == 10 ? 64 : algorithm == 8 ? 32 : 20;
}

/// A key with what is known of it, and the same key for EVP.
struct RsaPair {
  RsaPair(int bits, std::uint64_t exponent, Top top, std::uint8_t with, std::mt19937& random)
      : signer(bits, exponent, top, random),
        algorithm(with),
        own(dnssec::rsa::Key::make({256, 3, with, signer.public_key()})),
        usual(dns::Dnskey{256, 3, with, signer.public_key()}) {
    BOOST_REQUIRE((usual.state() == dnssec::PublicKey::State::usable));
    BOOST_REQUIRE(!!own);
  }
  [[nodiscard]] dns::Bytes digest(std::mt19937& random) const {
    dns::Bytes made(digest_length(algorithm));
    std::ranges::generate(made, [&] { return static_cast<std::uint8_t>(random()); });
    return made;
  }

  RsaSigner signer;
  std::uint8_t algorithm;
  std::unique_ptr<dnssec::rsa::Key> own;
  dnssec::PublicKey usual;
};

class RsaCases {
 public:
  void add(RsaPair& key, const dns::Bytes& digest, dns::Bytes signature, std::string what) {
    dnssec::rsa::Item item;
    item.key = key.own.get();
    std::ranges::copy(digest, item.digest.begin());
    item.signature = signatures_.emplace_back(std::move(signature));
    items_.push_back(item);
    expected_.push_back(key.usual.verify_digest(digest, signatures_.back()));
    what_.push_back(std::move(what));
  }
  void expect_as_evp(dnssec::rsa::Batch& batch) {
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
  std::vector<dnssec::rsa::Item> items_;
  std::vector<bool> expected_;
  std::vector<std::string> what_;
};

/// A signature of a random digest, half of them with something changed.
void add_at_random(RsaCases& cases, RsaPair& key, std::mt19937& random) {
  auto digest = key.digest(random);
  auto signature = key.signer.sign(digest);
  const auto change = random() % 6;
  if (change == 0)
    signature.at(random() % signature.size()) ^= static_cast<std::uint8_t>(1U << random() % 8);
  if (change == 1) digest.at(random() % digest.size()) ^= 0x10U;
  if (change == 2) std::swap(signature.front(), signature.back());
  cases.add(key, digest, std::move(signature), "change " + std::to_string(change));
}

/// All that is as long as the modulus and no encoding of the digest, but looks like one.
void add_wrong_paddings(RsaCases& cases, RsaPair& key, const dns::Bytes& digest) {
  const auto info = dnssec_test::digest_info(digest);
  const std::size_t length = key.signer.length();
  const auto ones = length - 3 - info.size();
  const auto add = [&](const dns::Bytes& octets, const char* what) {
    BOOST_TEST(octets.size() == length);
    cases.add(key, digest, key.signer.raw(octets), what);
  };
  const auto good = padded(ones, info);
  add(good, "good");
  for (const std::size_t at : {std::size_t{1}, std::size_t{2}, ones + 1, ones + 2, ones + 3}) {
    auto changed = good;
    changed.at(at) ^= 2U;
    add(changed, "padding changed");
  }
  auto type_2 = good;
  type_2.at(1) = 2;
  add(type_2, "block type 2");
  auto early = good;
  early.at(2 + ones / 2) = 0;
  add(early, "a zero amid the ones");
  // The hash, then garbage: what lax parsers took (CVE-2006-4339).
  auto garbage = info;
  garbage.resize(length - 3 - 8, 0xab);
  add(padded(8, garbage), "eight ones and garbage behind");
  auto before = dns::Bytes(length - 3 - 8 - info.size(), 0xab);
  before.insert(before.end(), info.begin(), info.end());
  add(padded(8, before), "eight ones and garbage before");
  // Without the NULL: two lengths are less by two.
  auto bare = info;
  const auto parameters = static_cast<std::ptrdiff_t>(info.size() - digest.size() - 4);
  bare.erase(bare.begin() + parameters, bare.begin() + parameters + 2);
  bare.at(1) = static_cast<std::uint8_t>(bare.at(1) - 2);
  bare.at(3) = static_cast<std::uint8_t>(bare.at(3) - 2);
  add(padded(ones + 2, bare), "no NULL");
  auto other = info;
  other.at(static_cast<std::size_t>(parameters) - 1) ^= 1U;
  add(padded(ones, other), "another hash's name");
  add(padded(length - 3 - digest.size(), digest), "no DigestInfo");
  auto hash = info;
  hash.back() ^= 1U;
  add(padded(ones, hash), "another hash");
}

/// RFC 8017 5.2.2 step 1, numbers at the edges, and lengths.
void add_edges(RsaCases& cases, RsaPair& key, const dns::Bytes& digest) {
  const auto good = key.signer.sign(digest);
  const auto add = [&](dns::Bytes signature, const char* what) {
    cases.add(key, digest, std::move(signature), what);
  };
  const auto& n = key.signer.modulus();
  const Big number(BN_new());
  for (const std::uint64_t small : {0U, 1U, 2U}) {
    BN_set_word(number.get(), small);
    add(key.signer.octets(number), "small");
    BN_sub(number.get(), n.get(), number.get());
    add(key.signer.octets(number), "the modulus less something small");
  }
  add(dns::Bytes(good.size(), 0xff), "nothing but ones");
  BN_bin2bn(good.data(), static_cast<int>(good.size()), number.get());
  const Big negated(BN_new());
  BN_sub(negated.get(), n.get(), number.get());
  add(key.signer.octets(negated), "negated");
  BN_add(number.get(), number.get(), n.get());
  if (static_cast<std::size_t>(BN_num_bytes(number.get())) == good.size()) {
    add(key.signer.octets(number), "plus the modulus");
  }
  auto longer = good;
  longer.insert(longer.begin(), 0);
  add(longer, "a zero before");
  auto behind = good;
  behind.push_back(0);
  add(behind, "a zero behind");
  add(dns::Bytes(good.begin() + 1, good.end()), "one octet short");
  add({}, "empty");
  add(good, "good");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rsa_batch, *boost::unit_test::precondition(dnssec_test::with_instructions))

BOOST_AUTO_TEST_CASE(only_keys_that_gain) {
  std::mt19937 random(20);
  using dnssec::rsa::Key;
  const auto made = [&](std::uint8_t algorithm, dns::Bytes public_key) {
    return Key::make({256, 3, algorithm, std::move(public_key)}) != nullptr;
  };
  const auto public_key = RsaSigner(1024, 3, Top::ones, random).public_key();
  for (const std::uint8_t algorithm : kAlgorithms) BOOST_TEST(made(algorithm, public_key));
  for (const std::uint8_t algorithm : dns::Bytes{0, 1, 3, 6, 13, 15, 253}) {
    BOOST_TEST(!made(algorithm, public_key));
  }
  auto even = public_key;
  even.back() &= 0xfeU;
  BOOST_TEST(!made(8, even));
  auto one = public_key;
  one.at(1) = 1;
  BOOST_TEST(!made(8, one));
  BOOST_TEST(!made(8, {}));
  BOOST_TEST(!made(8, {1, 3}));
  BOOST_TEST(!made(8, RsaSigner(1016, 3, Top::ones, random).public_key()));
  BOOST_TEST(!made(8, RsaSigner(4104, 3, Top::least, random).public_key()));
  BOOST_TEST(made(8, RsaSigner(1024, 0x1ffffffff, Top::least, random).public_key()));
  BOOST_TEST(!made(8, RsaSigner(1024, 0x200000001, Top::least, random).public_key()));
}

BOOST_AUTO_TEST_CASE(as_evp_of_every_size) {
  std::mt19937 random(21);
  dnssec::rsa::Batch batch;
  for (const int bits : {1024, 1280, 1536, 2048, 3072, 4096, 1025, 2047}) {
    for (const std::uint64_t exponent : {3UL, 65537UL, 0x100000001UL}) {
      const std::uint8_t algorithm = bits % 512 == 0 ? 8 : exponent == 3 ? 5 : 10;
      const Top top = exponent == 3 ? Top::ones : exponent == 65537 ? Top::middle : Top::least;
      RsaPair key(bits, exponent, top, algorithm, random);
      RsaCases cases;
      while (cases.size() < 11) add_at_random(cases, key, random);
      cases.add(key, dns::Bytes(digest_length(algorithm), 0xff), dns::Bytes(key.signer.length()),
                "all zero");
      BOOST_TEST(cases.valid() > 0U);
      BOOST_TEST_CONTEXT(bits << " bits, exponent " << exponent) { cases.expect_as_evp(batch); }
    }
  }
}

BOOST_AUTO_TEST_CASE(as_evp_of_wrong_paddings_and_edges) {
  std::mt19937 random(22);
  dnssec::rsa::Batch batch;
  for (const std::uint8_t algorithm : kAlgorithms) {
    for (const Top top : {Top::ones, Top::least, Top::middle}) {
      RsaPair key(top == Top::ones ? 1024 : 1096, 3, top, algorithm, random);
      RsaCases cases;
      const auto digest = key.digest(random);
      add_wrong_paddings(cases, key, digest);
      add_edges(cases, key, digest);
      BOOST_TEST(cases.valid() == 2U);
      BOOST_TEST_CONTEXT("algorithm " << int{algorithm}) { cases.expect_as_evp(batch); }
    }
  }
}

BOOST_AUTO_TEST_CASE(as_evp_of_few_and_of_mixed_keys) {
  std::mt19937 random(23);
  std::deque<RsaPair> keys;
  keys.emplace_back(1024, 65537, Top::ones, 8, random);
  keys.emplace_back(1024, 65537, Top::middle, 10, random);
  keys.emplace_back(1024, 65537, Top::least, 5, random);
  keys.emplace_back(1000 + 24, 3, Top::middle, 8, random);
  keys.emplace_back(1280, 65537, Top::middle, 8, random);
  keys.emplace_back(1300, 65537, Top::ones, 7, random);
  dnssec::rsa::Batch batch;
  for (std::size_t size = 0; size < 20; ++size) {
    for (const std::size_t different : {std::size_t{1}, std::size_t{3}, keys.size()}) {
      RsaCases cases;
      while (cases.size() < size) add_at_random(cases, keys.at(random() % different), random);
      cases.expect_as_evp(batch);
    }
  }
}

// A signature that is good by one key is put to all of them.
BOOST_AUTO_TEST_CASE(each_lane_has_its_own_key) {
  std::mt19937 random(24);
  std::deque<RsaPair> keys;
  for (int i = 0; i < 8; ++i) keys.emplace_back(1024, 65537, Top::middle, 8, random);
  dnssec::rsa::Batch batch;
  for (const RsaPair& signing : keys) {
    const auto digest = signing.digest(random);
    RsaCases cases;
    for (RsaPair& key : keys) cases.add(key, digest, signing.signer.sign(digest), "of eight keys");
    cases.expect_as_evp(batch);
    BOOST_TEST(cases.valid() == 1U);
  }
}

BOOST_AUTO_TEST_SUITE_END()
