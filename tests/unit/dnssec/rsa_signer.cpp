// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/rsa_signer.hpp"

#include <algorithm>
#include <stdexcept>

namespace dnssec_test {
namespace {

constexpr int kPrimeBits = 256;

Big random_number(int bits, std::mt19937& random) {
  dns::Bytes bytes(static_cast<std::size_t>(bits) / 8);
  std::ranges::generate(bytes, [&] { return static_cast<std::uint8_t>(random()); });
  Big number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  BN_set_bit(number.get(), bits - 1);
  return number;
}

/// The next number up or down that is prime and one more than a number without the exponent's
/// factors, so that there is a private exponent.
void to_prime(Big& number, bool down, const Big& exponent, BN_CTX* context) {
  const Big less(BN_new()), common(BN_new());
  if (BN_is_odd(number.get()) == 0) BN_sub_word(number.get(), 1);
  for (;;) {
    BN_sub(less.get(), number.get(), BN_value_one());
    BN_gcd(common.get(), less.get(), exponent.get(), context);
    if (BN_is_one(common.get()) != 0 && BN_check_prime(number.get(), context, nullptr) == 1) return;
    if (down) {
      BN_sub_word(number.get(), 2);
    } else {
      BN_add_word(number.get(), 2);
    }
  }
}

}  // namespace

RsaSigner::RsaSigner(int bits, std::uint64_t exponent, Top top, std::mt19937& random) {
  const BigContext context(BN_CTX_new());
  const Big totient(BN_new());
  BN_set_word(exponent_.get(), exponent);
  BN_one(modulus_.get());
  BN_one(totient.get());
  const auto multiply_by = [&](Big prime) {
    BN_mul(modulus_.get(), modulus_.get(), prime.get(), context.get());
    BN_sub_word(prime.get(), 1);
    BN_mul(totient.get(), totient.get(), prime.get(), context.get());
  };
  while (BN_num_bits(modulus_.get()) + 2 * kPrimeBits <= bits) {
    Big prime = random_number(kPrimeBits, random);
    to_prime(prime, false, exponent_, context.get());
    multiply_by(std::move(prime));
  }
  // The last prime takes the modulus where it is wanted.
  Big last(BN_new());
  BN_set_bit(last.get(), top == Top::ones ? bits : bits - 1);
  if (top == Top::middle) BN_set_bit(last.get(), bits - 3);
  BN_div(last.get(), nullptr, last.get(), modulus_.get(), context.get());
  if (top == Top::least) BN_add_word(last.get(), 4);
  to_prime(last, top == Top::ones, exponent_, context.get());
  multiply_by(std::move(last));
  if (BN_num_bits(modulus_.get()) != bits ||
      BN_mod_inverse(private_.get(), exponent_.get(), totient.get(), context.get()) == nullptr) {
    throw std::runtime_error("no such RSA key");
  }
}

dns::Bytes RsaSigner::public_key() const {
  dns::Bytes key(1, static_cast<std::uint8_t>(BN_num_bytes(exponent_.get())));
  key.resize(1 + key.front());
  BN_bn2bin(exponent_.get(), key.data() + 1);
  const auto rest = octets(modulus_);
  key.insert(key.end(), rest.begin(), rest.end());
  return key;
}

std::size_t RsaSigner::length() const {
  return static_cast<std::size_t>(BN_num_bytes(modulus_.get()));
}

dns::Bytes RsaSigner::octets(const Big& number) const {
  dns::Bytes bytes(length());
  if (BN_bn2binpad(number.get(), bytes.data(), static_cast<int>(bytes.size())) < 0) {
    throw std::runtime_error("too long for the modulus");
  }
  return bytes;
}

dns::Bytes RsaSigner::raw(dns::ByteView octets) const {
  const BigContext context(BN_CTX_new());
  const Big number(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
  BN_mod_exp(number.get(), number.get(), private_.get(), modulus_.get(), context.get());
  return this->octets(number);
}

dns::Bytes RsaSigner::sign(dns::ByteView digest) const {
  const auto info = digest_info(digest);
  return raw(padded(length() - 3 - info.size(), info));
}

dns::Bytes digest_info(dns::ByteView digest) {
  dns::Bytes info;
  if (digest.size() == 20) {
    info = {0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 20};
  } else {
    const bool sha512 = digest.size() == 64;
    const auto length = static_cast<std::uint8_t>(digest.size());
    info = {0x30,
            static_cast<std::uint8_t>(17 + length),
            0x30,
            0x0d,
            0x06,
            0x09,
            0x60,
            0x86,
            0x48,
            0x01,
            0x65,
            0x03,
            0x04,
            0x02,
            static_cast<std::uint8_t>(sha512 ? 3 : 1),
            0x05,
            0x00,
            0x04,
            length};
  }
  info.insert(info.end(), digest.begin(), digest.end());
  return info;
}

dns::Bytes padded(std::size_t ones, dns::ByteView rest) {
  dns::Bytes octets{0, 1};
  octets.insert(octets.end(), ones, 0xff);
  octets.push_back(0);
  octets.insert(octets.end(), rest.begin(), rest.end());
  return octets;
}

}  // namespace dnssec_test
