// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <openssl/ec.h>

#include <cstdint>

#include "dns/bytes.hpp"
#include "dnssec/big.hpp"

namespace dnssec_test {

/// Signs with ECDSA P-256 by the book (FIPS 186-5 6.4.1), so that a test may choose the secret and
/// the nonce, and with them the signature's awkward cases. No secrets: nothing here hides a thing.
class P256Signer {
 public:
  /// Its private key is `secret`, or the order less that.
  explicit P256Signer(std::uint64_t secret, bool negative = false);

  [[nodiscard]] const dns::Bytes& public_key() const { return public_key_; }  ///< x | y
  /// r | s over a digest of 32 octets.
  [[nodiscard]] dns::Bytes sign(dns::ByteView digest, std::uint64_t nonce) const;
  /// r of such a signature.
  [[nodiscard]] static dns::Bytes r_of(std::uint64_t nonce);

  [[nodiscard]] static Big order();
  [[nodiscard]] static dns::Bytes octets(const Big& number);  ///< 32 of them
  [[nodiscard]] static Big number(dns::ByteView octets);

 private:
  Big secret_;
  dns::Bytes public_key_;
};

}  // namespace dnssec_test
