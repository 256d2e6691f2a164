// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "dns/bytes.hpp"
#include "dns/rdata.hpp"
#include "dnssec/crypto.hpp"

namespace dnssec {

/// A DNSKEY's public key, ready to verify signatures: everything that can be done once per key is.
class PublicKey {
 public:
  enum class State {
    usable,
    malformed,    ///< the bytes are no key of the algorithm
    unsupported,  ///< no code for it here, or the crypto library refuses it
    dear,         ///< an operation with it costs as much as a signature: none is done
  };

  explicit PublicKey(const dns::Dnskey& dnskey);

  [[nodiscard]] State state() const { return state_; }
  /// The only length a signature by this key can have; 0 unless usable.
  [[nodiscard]] std::size_t signature_length() const { return signature_length_; }
  /// One public-key operation. False unless usable and the signature has signature_length().
  bool verify(dns::ByteView data, dns::ByteView signature);
  /// The two halves of verify() where the algorithm hashes first (RSA, ECDSA): the hash, good until
  /// the next, or empty; and the operation.
  dns::ByteView digest_of(dns::ByteView data);
  bool verify_digest(dns::ByteView digest, dns::ByteView signature);

 private:
  void load(const dns::Dnskey& dnskey);
  void load_rsa(const dns::Dnskey& dnskey, crypto::Hash hash);
  void load_ecdsa(const dns::Dnskey& dnskey, const char* group, std::size_t coordinate,
                  crypto::Hash hash);
  void load_eddsa(const dns::Dnskey& dnskey, const char* name, std::size_t key_length,
                  std::size_t signature_length);
  void prepare_digest_verification(crypto::Hash hash);
  bool verify_message(dns::ByteView data, dns::ByteView signature);

  State state_ = State::unsupported;
  bool ecdsa_ = false;
  std::size_t signature_length_ = 0;
  crypto::KeyPtr key_;
  crypto::KeyContextPtr context_;         // RSA, ECDSA: initialised once, verifies many times
  std::unique_ptr<crypto::Hasher> hash_;  // RSA, ECDSA
  crypto::MdContextPtr message_context_;  // EdDSA, which hashes inside
};

}  // namespace dnssec
