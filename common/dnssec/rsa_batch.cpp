// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/rsa_batch.hpp"

#include <openssl/bn.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "dns/octets.hpp"
#include "dnssec/crypto.hpp"
#include "dnssec/powers.hpp"
#include "dnssec/rsa.hpp"

namespace dnssec::rsa {

namespace {

using crypto::NumberPtr;
using powers::kLanes;

constexpr std::size_t kLeastBits = 1024, kMostBits = 4096;
constexpr std::size_t kMostExponentBits = 33;

/// RFC 8017 9.2, note 1: the DER before the hash.
dns::ByteView der_before_hash(std::uint8_t algorithm) {
  static constexpr std::array<std::uint8_t, 15> kSha1{
      0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14};
  static constexpr std::array<std::uint8_t, 19> kSha256{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
                                                        0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                                        0x01, 0x05, 0x00, 0x04, 0x20};
  static constexpr std::array<std::uint8_t, 19> kSha512{0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60,
                                                        0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                                        0x03, 0x05, 0x00, 0x04, 0x40};
  switch (algorithm) {  // as RFC 8624 3.1 numbers them
    case 5:
    case 7:
      return kSha1;
    case 8:
      return kSha256;
    case 10:
      return kSha512;
    default:
      return {};
  }
}

/// RFC 8017 9.2 with zeroes for the hash: 00 01 FF ... FF 00, DigestInfo. Its last octet gives the
/// hash's length.
dns::Bytes encoding(dns::ByteView info, std::size_t length) {
  dns::Bytes encoded(length, 0xff);
  encoded[0] = 0;
  encoded[1] = 1;
  const std::size_t rest = info.size() + info.back();
  const auto at =
      std::fill_n(encoded.end() - static_cast<std::ptrdiff_t>(rest) - 1, 1, std::uint8_t{0});
  std::fill(std::ranges::copy(info, at).out, encoded.end(), std::uint8_t{0});
  return encoded;
}

/// Reads a number's limbs out of its octets, the most significant of which comes first.
class LimbReader {
 public:
  void read(dns::ByteView octets) {
    std::ranges::fill(octets_, std::uint8_t{0});
    std::ranges::copy(octets, octets_.end() - static_cast<std::ptrdiff_t>(octets.size()));
  }
  [[nodiscard]] std::uint64_t limb(std::size_t index) const {
    const std::size_t bit = index * powers::kLimbBits;
    const std::uint8_t* at = octets_.data() + octets_.size() - bit / 8 - 8;
    const auto octet = [at](unsigned i) { return std::uint64_t{at[i]} << (56 - 8 * i); };
    // Compilers know this for one load.
    const std::uint64_t value =
        octet(0) | octet(1) | octet(2) | octet(3) | octet(4) | octet(5) | octet(6) | octet(7);
    return value >> bit % 8 & kMask;
  }

 private:
  static constexpr std::uint64_t kMask = (std::uint64_t{1} << powers::kLimbBits) - 1;
  /// Room for reading eight octets at the highest limb, which may begin past the modulus.
  std::array<std::uint8_t, kMostBits / 8 + 32> octets_{};
};

/// -1 / n modulo 2^52: each step doubles how many of the lowest bits are right, from 3 on.
std::uint64_t negative_inverse(std::uint64_t n) {
  std::uint64_t inverse = n;
  for (int right = 3; right < static_cast<int>(powers::kLimbBits); right *= 2) {
    inverse *= 2 - n * inverse;
  }
  return (0 - inverse) & ((std::uint64_t{1} << powers::kLimbBits) - 1);
}

/// 2^shift to the power of the exponent, modulo n, as octets; empty on failure.
dns::Bytes power_of_two(int shift, std::uint64_t exponent, dns::ByteView modulus) {
  const crypto::NumberContextPtr context(BN_CTX_new());
  const NumberPtr n(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr));
  const NumberPtr base(BN_new()), power(BN_new()), e(BN_new());
  dns::Bytes octets(modulus.size());
  if (!context || !n || !base || !power || !e || BN_set_bit(base.get(), shift) != 1 ||
      BN_set_word(e.get(), exponent) != 1 ||
      BN_mod_exp(power.get(), base.get(), e.get(), n.get(), context.get()) != 1 ||
      BN_bn2binpad(power.get(), octets.data(), static_cast<int>(octets.size())) < 0) {
    return {};
  }
  return octets;
}

}  // namespace

struct Key::State {
  dns::Bytes modulus;  // octets, no leading zero
  std::uint64_t exponent = 0;
  dns::Bytes encoded;
  std::size_t digest = 0;                    // octets
  std::vector<std::uint64_t> n, correction;  // limbs
  std::uint64_t negative_inverse = 0;
};

Key::Key(std::unique_ptr<State> state) : state_(std::move(state)) {}
Key::~Key() = default;

std::unique_ptr<Key> Key::make(const dns::Dnskey& dnskey) {
  const crypto::ErrorMark mark;
  const auto info = der_before_hash(dnskey.algorithm);
  const auto numbers = parse_rsa(dnskey.public_key);
  if (!powers::available() || info.empty() || !numbers) return nullptr;
  const std::size_t bits = bit_length(numbers->modulus);
  if (bits < kLeastBits || bits > kMostBits || numbers->modulus.back() % 2 == 0 ||
      bit_length(numbers->exponent) > kMostExponentBits) {
    return nullptr;
  }
  auto state = std::make_unique<State>();
  for (const auto octet : numbers->exponent) state->exponent = state->exponent << 8U | octet;
  if (state->exponent < 2) return nullptr;
  state->modulus.assign(numbers->modulus.begin(), numbers->modulus.end());
  state->encoded = encoding(info, state->modulus.size());
  state->digest = info.back();
  const std::size_t limbs = powers::limbs_for(bits);
  const auto correction =
      power_of_two(static_cast<int>(limbs * powers::kLimbBits), state->exponent, state->modulus);
  if (correction.empty()) return nullptr;
  const auto limbs_of = [limbs](dns::ByteView octets) {
    LimbReader reader;
    reader.read(octets);
    std::vector<std::uint64_t> read(limbs);
    for (std::size_t i = 0; i < limbs; ++i) read[i] = reader.limb(i);
    return read;
  };
  state->n = limbs_of(state->modulus);
  state->correction = limbs_of(correction);
  state->negative_inverse = negative_inverse(state->n.front());
  return std::unique_ptr<Key>(new Key(std::move(state)));  // NOLINT(*-owning-memory): private
}

struct Batch::State {
  using Lanes = std::array<const Key::State*, kLanes>;

  powers::Raiser raiser;
  powers::Moduli moduli;
  Lanes loaded{};  // whose moduli those are
  std::vector<powers::Limbs> numbers;
  LimbReader reader;
  dns::Bytes encoded;
  std::vector<Item*> proper;  // those that can be valid

  void load(const Lanes& keys);
  bool equal(const Item& item, std::size_t lane);
  void verify_together(std::span<Item* const> items);
  void verify(std::span<Item> items);
};

void Batch::State::load(const Lanes& keys) {
  if (keys == loaded) return;
  loaded = keys;
  const std::size_t limbs = keys.front()->n.size();
  moduli.n.resize(limbs);
  moduli.correction.resize(limbs);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const Key::State& key = *keys.at(lane);
    moduli.negative_inverse.lane.at(lane) = key.negative_inverse;
    for (std::size_t i = 0; i < limbs; ++i) {
      moduli.n[i].lane.at(lane) = key.n[i];
      moduli.correction[i].lane.at(lane) = key.correction[i];
    }
  }
}

/// Is what the signature was raised to the encoding of the hash?
bool Batch::State::equal(const Item& item, std::size_t lane) {
  const Key::State& key = *item.key->state_;
  encoded = key.encoded;
  std::copy_n(item.digest.begin(), key.digest,
              encoded.end() - static_cast<std::ptrdiff_t>(key.digest));
  reader.read(encoded);
  std::uint64_t different = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    different |= numbers[i].lane.at(lane) ^ reader.limb(i);
  }
  return different == 0;
}

/// Up to kLanes of one size and exponent. Lanes that are left over raise zero.
void Batch::State::verify_together(std::span<Item* const> items) {
  Lanes keys;
  keys.fill(items.front()->key->state_.get());
  numbers.assign(keys.front()->n.size(), {});
  for (std::size_t lane = 0; lane < items.size(); ++lane) {
    keys.at(lane) = items[lane]->key->state_.get();
    reader.read(items[lane]->signature);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i].lane.at(lane) = reader.limb(i);
  }
  load(keys);
  raiser.raise(numbers, moduli, keys.front()->exponent);
  for (std::size_t lane = 0; lane < items.size(); ++lane) {
    items[lane]->valid = equal(*items[lane], lane);
  }
}

void Batch::State::verify(std::span<Item> items) {
  loaded = {};  // keys may be gone since, and others in their place
  proper.clear();
  for (Item& item : items) {
    item.valid = false;
    // RFC 8017 8.2.2 step 1, and 5.2.2 step 1.
    if (item.key != nullptr && item.signature.size() == item.key->state_->modulus.size() &&
        dns::less(item.signature, item.key->state_->modulus)) {
      proper.push_back(&item);
    }
  }
  const auto kind = [](const Item* item) {
    return std::pair(item->key->state_->n.size(), item->key->state_->exponent);
  };
  std::ranges::stable_sort(proper, {}, kind);
  const std::span<Item* const> all(proper);
  for (std::size_t from = 0; from < all.size();) {
    std::size_t count = 1;
    while (count < std::min(kLanes, all.size() - from) &&
           kind(all[from + count]) == kind(all[from])) {
      ++count;
    }
    verify_together(all.subspan(from, count));
    from += count;
  }
}

Batch::Batch() : state_(std::make_unique<State>()) {}
Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;

void Batch::verify(std::span<Item> items) { state_->verify(items); }

}  // namespace dnssec::rsa
