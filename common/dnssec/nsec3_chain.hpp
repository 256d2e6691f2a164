// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "dns/name.hpp"
#include "dnssec/crypto.hpp"
#include "dnssec/denial.hpp"
#include "dnssec/work.hpp"

namespace dnssec::nsec3 {

using Entry = DenialRecords::Nsec3Entry;

constexpr std::size_t kHashOctets = 20;  ///< of SHA-1, RFC 5155 11

/// RFC 5155 5: what an owner name is hashed with.
class NameHasher {
 public:
  NameHasher() : hasher_(crypto::Hash::sha1) {}
  /// Nothing when the library refuses SHA-1.
  std::optional<dns::Bytes> operator()(const dns::Name& name, std::uint16_t iterations,
                                       dns::ByteView salt);
  /// The same of a name's canonical wire form, into `hash`; false when the library refuses SHA-1.
  bool operator()(dns::ByteView canonical_wire, std::uint16_t iterations, dns::ByteView salt,
                  std::span<std::uint8_t, kHashOctets> hash);

 private:
  crypto::Hasher hasher_;
};

/// RFC 5155 8.3: `opt_out` is of the NSEC3 that covers.
struct Cover {
  const Entry* entry = nullptr;
  [[nodiscard]] bool opt_out() const { return entry != nullptr && entry->nsec3.opt_out(); }
};

/// The NSEC3 records of one parameter set (RFC 5155 8.2), asked about names. Each name is hashed
/// once, and no more names than the limit allows: CVE-2023-50868.
class Chain {
 public:
  /// `work`, where given, is the budget of the whole zone, and outlives the chain.
  Chain(dns::Name apex, std::vector<const Entry*> entries, unsigned most_hashes, HashWork* work);

  /// The distinct parameter sets of the records.
  static std::vector<std::vector<const Entry*>> by_parameters(const DenialRecords& records);

  [[nodiscard]] const dns::Name& apex() const { return apex_; }
  /// The NSEC3 whose owner is the name's hash.
  const Entry* match(const dns::Name& name);
  /// The NSEC3 between whose hashes the name's hash lies.
  Cover cover(const dns::Name& name);
  /// The record was made up for this name (RFC 7129 appendix B): the hash after it is its end.
  bool is_minimal(const Entry& entry, const dns::Name& name);

  /// A name was not hashed because of the limit: what was not found may be there.
  [[nodiscard]] bool limit_hit() const { return limit_hit_; }
  /// SHA-1 is refused by the library.
  [[nodiscard]] bool cannot_hash() const { return cannot_hash_; }

 private:
  const dns::Bytes* hash_of(const dns::Name& name);
  std::optional<dns::Bytes> hash_anew(const dns::Name& name);

  dns::Name apex_;
  std::vector<const Entry*> entries_;
  unsigned hashes_left_;
  bool limit_hit_ = false;
  bool cannot_hash_ = false;
  NameHasher hasher_;
  HashWork* work_;
  std::unordered_map<dns::Name, dns::Bytes, dns::NameHash> hashes_;
};

}  // namespace dnssec::nsec3
