// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>

#include "dns/record.hpp"
#include "dns/serial_time.hpp"
#include "dnssec/key.hpp"

namespace judge_test {

/// The moment of every judgement.
inline constexpr dns::UnixTime kNow = 1'800'000'000;
inline constexpr std::int64_t kMinute = 60;
inline constexpr std::int64_t kHour = 3600;
inline constexpr std::int64_t kDay = 86400;

/// From when until when a signature holds, in seconds from kNow.
struct Window {
  std::int64_t begin = -3 * kDay;
  std::int64_t end = 25 * kDay;
};

inline constexpr std::uint16_t kZoneKey = 256;
inline constexpr std::uint16_t kKeySigningKey = 257;
inline constexpr std::uint16_t kRevoked = 0x80;
inline constexpr std::uint8_t kEd25519 = 15;
inline constexpr std::uint8_t kEd448 = 16;

/// An Ed25519 or Ed448 key pair made from a seed, so that nothing is stored and every run is alike.
class Signer {
 public:
  explicit Signer(std::uint8_t seed, std::uint16_t flags = kZoneKey,
                  std::uint8_t algorithm = kEd25519, std::uint8_t protocol = 3);

  [[nodiscard]] const dnssec::Key& key() const { return key_; }
  [[nodiscard]] std::uint16_t tag() const { return key_.tag; }
  [[nodiscard]] bool is_sep() const { return key_.dnskey.sep(); }
  [[nodiscard]] bool is_revoked() const { return key_.dnskey.revoked(); }
  [[nodiscard]] dns::Ds ds(const dns::Name& owner, std::uint8_t digest_type = 2) const;

  /// What sign() signs with; change what the test is about, then sign_as().
  [[nodiscard]] dns::Rrsig fields(const dns::RRset& set, const dns::Name& apex,
                                  Window window) const;
  [[nodiscard]] dns::Signature sign_as(const dns::RRset& set, dns::Rrsig fields) const;
  [[nodiscard]] dns::Signature sign(const dns::RRset& set, const dns::Name& apex,
                                    Window window = {}) const {
    return sign_as(set, fields(set, apex, window));
  }

 private:
  std::uint8_t seed_;
  dnssec::Key key_;
};

dnssec::Key make_key(std::uint16_t flags, std::uint8_t protocol, std::uint8_t algorithm,
                     const dns::Bytes& public_key);

}  // namespace judge_test
