// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What can be said of a public key without a signature by it.
#include <algorithm>
#include <array>
#include <bitset>
#include <memory>

#include "dnssec/crypto.hpp"
#include "dnssec/key.hpp"
#include "dnssec/public_key.hpp"
#include "dnssec/rsa.hpp"

namespace dnssec {
namespace {

constexpr std::array rsa_algorithms = {1, 5, 7, 8, 10};

unsigned remainder_of(dns::ByteView number, unsigned divisor) {
  unsigned rest = 0;
  for (const std::uint8_t octet : number) rest = (rest << 8U | octet) % divisor;
  return rest;
}

/// CVE-2017-15361: the primes that a library made were k * M + 65537^a mod M, so that the modulus
/// is a power of 65537 modulo each of M's small prime factors. A modulus of another making passes
/// for all of these primes once in 2^28 or so.
bool has_roca_fingerprint(dns::ByteView modulus) {
  constexpr std::array primes = {3U,   5U,   7U,   11U,  13U,  17U,  19U,  23U,  29U,  31U,
                                 37U,  41U,  43U,  47U,  53U,  59U,  61U,  67U,  71U,  73U,
                                 79U,  83U,  89U,  97U,  101U, 103U, 107U, 109U, 113U, 127U,
                                 131U, 137U, 139U, 149U, 151U, 157U, 163U, 167U};
  return std::all_of(primes.begin(), primes.end(), [&](unsigned prime) {
    const unsigned wanted = remainder_of(modulus, prime);
    unsigned power = 1;
    do {
      if (power == wanted) return true;
      power = power * (65537U % prime) % prime;
    } while (power != 1);
    return false;
  });
}

/// The octets of exponent and modulus with what stands before them.
std::optional<RsaNumbers> unstripped(dns::ByteView key) {
  if (key.empty()) return std::nullopt;
  std::size_t at = 1;
  std::size_t length = key[0];
  if (length == 0) {
    if (key.size() < 3) return std::nullopt;
    length = static_cast<std::size_t>(key[1]) << 8U | key[2];
    at = 3;
  }
  if (key.size() < at + length) return std::nullopt;
  return RsaNumbers{key.subspan(at, length), key.subspan(at + length)};
}

struct FreeContext {
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using Context = std::unique_ptr<BN_CTX, FreeContext>;

struct Modulus {
  std::size_t key = 0;  ///< index
  crypto::NumberPtr number;
};

/// No two alike: the same key with other flags shares all its primes with itself.
std::vector<Modulus> moduli_of(std::span<const Key> keys) {
  constexpr unsigned kMostBits = 4096;
  constexpr std::size_t kMostKeys = 24;
  std::vector<Modulus> moduli;
  for (std::size_t i = 0; i < keys.size() && moduli.size() < kMostKeys; ++i) {
    const auto facts = rsa_facts(keys[i]);
    if (!facts || facts->modulus_bits > kMostBits) continue;
    const auto octets = parse_rsa(keys[i].dnskey.public_key)->modulus;
    crypto::NumberPtr number(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
    if (!number) continue;
    const bool known = std::any_of(moduli.begin(), moduli.end(), [&](const Modulus& other) {
      return BN_cmp(other.number.get(), number.get()) == 0;
    });
    if (!known) moduli.push_back({i, std::move(number)});
  }
  return moduli;
}

/// Small common factors make a bad key of another kind (form_of() tells).
bool have_common_prime(const BIGNUM& left, const BIGNUM& right, BN_CTX& context) {
  constexpr int kLeastBits = 128;
  const crypto::NumberPtr common(BN_new());
  return common && BN_gcd(common.get(), &left, &right, &context) == 1 &&
         BN_num_bits(common.get()) >= kLeastBits;
}

}  // namespace

std::vector<std::size_t> keys_sharing_primes(std::span<const Key> keys) {
  const auto moduli = moduli_of(keys);
  const Context context(BN_CTX_new());
  std::vector<std::size_t> sharing;
  for (std::size_t i = 0; context && moduli.size() > 1 && i < moduli.size(); ++i) {
    // One gcd a key, with the product of all others, costs less than one a pair.
    const auto& own = *moduli[i].number;
    const crypto::NumberPtr others(BN_new());
    bool whole = others && BN_one(others.get()) == 1;
    for (std::size_t j = 0; whole && j < moduli.size(); ++j) {
      whole = j == i || BN_mod_mul(others.get(), others.get(), moduli[j].number.get(), &own,
                                   context.get()) == 1;
    }
    if (whole && have_common_prime(own, *others, *context)) sharing.push_back(moduli[i].key);
  }
  return sharing;
}

KeyForm form_of(const Key& key) {
  switch (PublicKey(key.dnskey).state()) {
    case PublicKey::State::usable:
      return KeyForm::usable;
    case PublicKey::State::malformed:
      return KeyForm::malformed;
    case PublicKey::State::unsupported:
    case PublicKey::State::dear:
      break;
  }
  return KeyForm::unsupported;
}

std::optional<RsaFacts> rsa_facts(const Key& key) {
  if (std::find(rsa_algorithms.begin(), rsa_algorithms.end(), key.dnskey.algorithm) ==
      rsa_algorithms.end()) {
    return std::nullopt;
  }
  const auto numbers = parse_rsa(key.dnskey.public_key);
  const auto raw = unstripped(key.dnskey.public_key);
  if (!numbers || !raw) return std::nullopt;
  RsaFacts facts;
  facts.modulus_bits = static_cast<unsigned>(bit_length(numbers->modulus));
  facts.exponent_bits = static_cast<unsigned>(bit_length(numbers->exponent));
  if (facts.exponent_bits <= 64) {
    for (const std::uint8_t octet : numbers->exponent) {
      facts.exponent = facts.exponent << 8U | octet;
    }
  }
  facts.exponent_even = numbers->exponent.back() % 2 == 0;
  facts.exponent_padded = numbers->exponent.size() != raw->exponent.size();
  facts.modulus_padded = numbers->modulus.size() != raw->modulus.size();
  facts.roca = has_roca_fingerprint(numbers->modulus);
  return facts;
}

}  // namespace dnssec
