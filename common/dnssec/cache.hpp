// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

#include "dns/bytes.hpp"
#include "dns/rdata.hpp"
#include "dnssec/crypto.hpp"
#include "dnssec/public_key.hpp"

namespace dnssec {

/// Loaded keys by algorithm and key field: flags and owner make no difference to the arithmetic.
class KeyCache {
 public:
  /// Stays valid until the next trim().
  PublicKey& get(const dns::Dnskey& dnskey);
  /// Forgets everything when there is much: a verifier may live through thousands of zones.
  void trim();

 private:
  struct Id {
    std::uint8_t algorithm;
    dns::Bytes key;
  };
  struct IdView {
    std::uint8_t algorithm;
    dns::ByteView key;
  };
  struct Less {
    using is_transparent = void;
    static bool less(IdView left, IdView right);
    static IdView view(const Id& id) { return {id.algorithm, id.key}; }
    static IdView view(IdView id) { return id; }
    template <class Left, class Right>
    bool operator()(const Left& left, const Right& right) const {
      return less(view(left), view(right));
    }
  };
  std::map<Id, PublicKey, Less> keys_;
};

/// Verdicts of public-key operations by what went into them. The look-up key is a cryptographic
/// hash: a zone must not be able to make a bad signature look like a remembered good one.
class Memo {
 public:
  using Id = std::array<std::uint8_t, 32>;

  /// Nothing when the library refuses SHA-256; then nothing is remembered.
  std::optional<Id> id(dns::ByteView data, dns::ByteView signature, const dns::Dnskey& key);
  [[nodiscard]] std::optional<bool> find(const Id& id) const;
  void put(const Id& id, bool verified);

 private:
  struct IdHash {
    std::size_t operator()(const Id& id) const;
  };
  std::optional<crypto::Hasher> hasher_;
  std::unordered_map<Id, bool, IdHash> verdicts_;
};

}  // namespace dnssec
