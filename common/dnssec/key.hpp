// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dns/name.hpp"
#include "dns/rdata.hpp"
#include "dns/record.hpp"

namespace dnssec {

/// A DNSKEY record with its tag.
struct Key {
  dns::Dnskey dnskey;
  dns::Bytes rdata;       ///< as it came
  std::uint16_t tag = 0;  ///< RFC 4034 appendix B, over `rdata`
  bool operator==(const Key& other) const { return rdata == other.rdata; }
  /// RSA modulus bits (RFC 3110), else the curve's size; 0 when malformed or unknown.
  [[nodiscard]] unsigned bits() const;
};

/// RFC 4034 appendix B (and B.1 for algorithm 1).
std::uint16_t key_tag(dns::ByteView dnskey_rdata);

/// What the bytes of a public key are worth.
enum class KeyForm {
  usable,
  malformed,    ///< no key of its algorithm: a wrong length, no point of the curve, an even modulus
  unsupported,  ///< no code for the algorithm here, or the crypto library refuses the key
};
KeyForm form_of(const Key& key);

/// The numbers of an RSA key (algorithms 1, 5, 7, 8, 10) as they stand in it.
struct RsaFacts {
  unsigned modulus_bits = 0;
  unsigned exponent_bits = 0;
  std::uint64_t exponent = 0;  ///< 0 when it has more than 64 bits
  bool exponent_even = false;
  bool exponent_padded = false, modulus_padded = false;  ///< leading zero octets (RFC 3110 2)
  bool roca = false;  ///< the modulus has the fingerprint of CVE-2017-15361
};
/// Nothing for other algorithms and where there are no two numbers.
std::optional<RsaFacts> rsa_facts(const Key& key);

/// Indexes of the RSA keys that share a prime with another of these: whoever sees both can compute
/// both private keys. Only the first few dozen are looked at, none of over 4096 bits.
std::vector<std::size_t> keys_sharing_primes(std::span<const Key> keys);

/// The keys of a DNSKEY RRset; rdata that does not parse is left out.
std::vector<Key> keys_of(const dns::RRset& dnskeys);
/// The DS records of a DS or CDS RRset; rdata that does not parse is left out.
std::vector<dns::Ds> ds_of(const dns::RRset& set);

/// digest = hash(canonical owner | DNSKEY rdata), RFC 4034 5.1.4; types 1, 2, 4.
/// Nothing for other digest types or when the library refuses the hash.
std::optional<dns::Bytes> ds_digest(const dns::Name& owner, dns::ByteView dnskey_rdata,
                                    std::uint8_t digest_type);
/// The DS a registrar wants for that key (digest type 2): "12345 13 2 4ABF..."; empty where
/// ds_digest() gives nothing.
std::string ds_text(const dns::Name& owner, const Key& key, std::uint8_t digest_type = 2);

/// How a DS stands to a key set. The first that applies, in this order of rows.
enum class DsVerdict {
  matches,             ///< tag, algorithm and digest are one zone key's
  unsupported_digest,  ///< a digest type we cannot compute
  no_such_tag,         ///< no key has that tag
  wrong_algorithm,     ///< tag and digest agree, the algorithm field does not
  wrong_digest,        ///< tag and algorithm agree, the digest does not (or the tag alone agrees)
  not_zone_key,        ///< matches a key whose Zone bit is off (RFC 4034 2.1.1)
  revoked,             ///< matches a key with REVOKE (RFC 5011 2.1)
  wrong_protocol,      ///< matches a key whose protocol is not 3
};
std::string_view to_text(DsVerdict verdict);
struct DsMatch {
  DsVerdict verdict = DsVerdict::no_such_tag;
  std::optional<std::size_t>
      key;  ///< index into the keys, for all but no_such_tag and unsupported_digest
};
DsMatch match(const dns::Ds& ds, const dns::Name& owner, std::span<const Key> keys);

/// RFC 4509 3: the DS records a validator heeds: SHA-1 is ignored where the same key set has a
/// supported stronger digest; unsupported algorithms and digests are left out (RFC 4035 5.2).
std::vector<dns::Ds> usable_ds(std::span<const dns::Ds> set);

/// A trust anchor in DS form (a DNSKEY anchor becomes a DS of digest type 2).
struct Anchor {
  dns::Name zone;
  dns::Ds ds;
  bool operator==(const Anchor&) const = default;
};

}  // namespace dnssec
