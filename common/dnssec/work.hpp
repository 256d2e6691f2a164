// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>

#include "dns/name.hpp"

namespace dnssec {

/// What one zone may cost, whatever it publishes (KeyTrap, CVE-2023-50387 and CVE-2023-50868).
/// Healthy zones stay far below: a signature has one key of its tag, an RRset a signature for each
/// algorithm and two during a rollover, and what servers have in common is verified once.
struct WorkLimits {
  unsigned keys_per_signature = 4;
  /// Public-key operations for the verifier's life.
  std::size_t verifications = 4000;
  /// Of those that fail. A zone signed with a wrong key fails for each signature that it has; one
  /// that means to cost fails for each key and signature.
  std::size_t failures = 256;
  /// Of one RRset; those with the fewest candidate keys are tried first. Unbound tries 8.
  unsigned signatures_per_rrset = 16;
  /// SHA-1 operations for NSEC3: a name with 150 iterations takes 151.
  std::size_t hash_rounds = 100000;
};

/// Hashes names for NSEC3 within a budget, and remembers what it hashed: the servers of a zone are
/// asked for the same names. Not thread-safe.
class HashWork {
 public:
  explicit HashWork(std::size_t most_rounds = WorkLimits{}.hash_rounds) : most_(most_rounds) {}

  /// RFC 5155 5, hash algorithm 1. Nothing when the budget does not suffice (then limit_hit() is
  /// true from now on), or when the library refuses SHA-1.
  std::optional<dns::Bytes> hash(const dns::Name& name, std::uint16_t iterations,
                                 dns::ByteView salt);

  [[nodiscard]] std::size_t rounds() const { return rounds_; }
  [[nodiscard]] bool limit_hit() const { return limit_hit_; }

 private:
  /// Iterations, salt and the name's canonical wire form.
  using Input = std::tuple<std::uint16_t, dns::Bytes, dns::Bytes>;

  std::size_t most_;
  std::size_t rounds_ = 0;
  bool limit_hit_ = false;
  std::map<Input, dns::Bytes> known_;
};

}  // namespace dnssec
