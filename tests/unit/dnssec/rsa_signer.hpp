// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <random>

#include "dns/bytes.hpp"
#include "dnssec/big.hpp"

namespace dnssec_test {

/// Signs with RSA by the book (RFC 8017 5.2.1), any octets, so that a test may choose the padding
/// too. The modulus is a product of many primes, which are soon found; no secret hides in it.
class RsaSigner {
 public:
  enum class Top {
    ones,   ///< the modulus is just below 2^bits
    least,  ///< just above 2^(bits - 1)
    middle,
  };
  RsaSigner(int bits, std::uint64_t exponent, Top top, std::mt19937& random);

  [[nodiscard]] dns::Bytes public_key() const;  ///< RFC 3110 2
  [[nodiscard]] const Big& modulus() const { return modulus_; }
  [[nodiscard]] std::size_t length() const;  ///< of the modulus, in octets
  /// Those octets, a number less than the modulus, raised to the private exponent.
  [[nodiscard]] dns::Bytes raw(dns::ByteView octets) const;
  /// RFC 8017 8.2.1 for a hash as RFC 5702 has it (20, 32 or 64 octets).
  [[nodiscard]] dns::Bytes sign(dns::ByteView digest) const;
  [[nodiscard]] dns::Bytes octets(const Big& number) const;  ///< length() of them

 private:
  Big modulus_{BN_new()}, exponent_{BN_new()}, private_{BN_new()};
};

/// RFC 8017 9.2 note 1: DigestInfo.
dns::Bytes digest_info(dns::ByteView digest);
/// 00 01, so many FF, 00, the rest; nothing says that it is as long as the modulus.
dns::Bytes padded(std::size_t ones, dns::ByteView rest);

}  // namespace dnssec_test
