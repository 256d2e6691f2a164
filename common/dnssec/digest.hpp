// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <memory>

#include "dns/bytes.hpp"

namespace dnssec {

enum class DigestHash : std::uint8_t { sha384, sha512 };

/// The digest of octets as they come, for what is too long to stand in memory in one piece.
class Digest {
 public:
  explicit Digest(DigestHash hash);
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;

  void add(dns::ByteView octets);
  /// Once, at the end. Empty when the library or its policy has no such hash.
  dns::Bytes finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dnssec
