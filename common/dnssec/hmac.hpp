// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "dns/bytes.hpp"

struct evp_mac_ctx_st;

namespace dnssec {

enum class HmacHash : std::uint8_t { md5, sha1, sha224, sha256, sha384, sha512 };
/// Octets of a whole code.
std::size_t hmac_octets(HmacHash hash);

/// Message authentication codes (RFC 2104) with one secret, one after another.
class Hmac {
 public:
  Hmac(HmacHash hash, dns::ByteView secret);

  /// False when the library or its policy refuses the hash; then nothing below does anything.
  [[nodiscard]] bool usable() const { return context_ != nullptr; }
  bool begin();
  bool add(dns::ByteView bytes);
  /// Good until the next finish(); empty on failure.
  dns::ByteView finish();

 private:
  struct Free {
    void operator()(evp_mac_ctx_st* context) const;
  };
  std::unique_ptr<evp_mac_ctx_st, Free> context_;
  std::array<std::uint8_t, 64> code_{};
};

/// Takes the same time wherever they differ.
bool same_codes(dns::ByteView left, dns::ByteView right);

}  // namespace dnssec
