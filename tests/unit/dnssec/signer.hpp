// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <memory>

#include "dns/record.hpp"
#include "dnssec/key.hpp"

namespace dnssec_test {

/// Signs with an Ed25519 key made from a seed, so that fixtures are made and not stored. What the
/// suite takes for the signed bytes is checked against the RFCs' examples and other signers
/// elsewhere.
class Signer {
 public:
  explicit Signer(std::uint8_t seed, std::uint16_t flags = 256, std::uint8_t protocol = 3);

  [[nodiscard]] const dnssec::Key& key() const { return key_; }
  /// Fields to sign with; change what the test is about, then sign_as().
  [[nodiscard]] dns::Rrsig fields(const dns::RRset& set, const dns::Name& apex) const;
  [[nodiscard]] dns::Signature sign_as(const dns::RRset& set, dns::Rrsig fields) const;
  [[nodiscard]] dns::Signature sign(const dns::RRset& set, const dns::Name& apex) const {
    return sign_as(set, fields(set, apex));
  }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  std::unique_ptr<EVP_PKEY, Free> private_key_;
  dnssec::Key key_;
};

/// A time inside every window that fields() gives.
inline dns::SerialTime signing_time() { return dns::SerialTime(1'800'000'000); }

/// A key with these fields, its rdata and tag made from them.
dnssec::Key make_key(std::uint16_t flags, std::uint8_t protocol, std::uint8_t algorithm,
                     dns::Bytes public_key);

/// Another key with the same tag: two of its 16-bit words change places.
dnssec::Key with_same_tag(const dnssec::Key& key, std::size_t word);

}  // namespace dnssec_test
