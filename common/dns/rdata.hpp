// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "dns/bitmap.hpp"
#include "dns/bytes.hpp"
#include "dns/cursor.hpp"
#include "dns/name.hpp"
#include "dns/serial_time.hpp"
#include "dns/type.hpp"

namespace dns {

// Each parse_*() takes a whole uncompressed rdata and gives nothing when it is malformed (too
// short, too long, bad name). Values are not judged here.

struct Soa {
  Name mname, rname;
  std::uint32_t serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0;
};
std::optional<Soa> parse_soa(ByteView rdata);

/// RFC 4034 3.
struct Rrsig {
  Type covered = Type::none;
  std::uint8_t algorithm = 0;
  std::uint8_t labels = 0;
  std::uint32_t original_ttl = 0;
  SerialTime expiration, inception;
  std::uint16_t key_tag = 0;
  Name signer;
  Bytes signature;
  bool operator==(const Rrsig&) const = default;
};
std::optional<Rrsig> parse_rrsig(ByteView rdata);

/// RFC 4034 2, RFC 5011.
struct Dnskey {
  std::uint16_t flags = 0;
  std::uint8_t protocol = 0;
  std::uint8_t algorithm = 0;
  Bytes public_key;
  [[nodiscard]] bool zone_key() const { return (flags & 0x0100U) != 0; }
  [[nodiscard]] bool sep() const { return (flags & 0x0001U) != 0; }
  [[nodiscard]] bool revoked() const { return (flags & 0x0080U) != 0; }
  bool operator==(const Dnskey&) const = default;
};
std::optional<Dnskey> parse_dnskey(ByteView rdata);

/// RFC 4034 5; CDS has the same form.
struct Ds {
  std::uint16_t key_tag = 0;
  std::uint8_t algorithm = 0;
  std::uint8_t digest_type = 0;
  Bytes digest;
  bool operator==(const Ds&) const = default;
};
std::optional<Ds> parse_ds(ByteView rdata);

/// RFC 4034 4.
struct Nsec {
  Name next;
  TypeBitmap types;
};
std::optional<Nsec> parse_nsec(ByteView rdata);

/// RFC 5155 3.
struct Nsec3 {
  std::uint8_t hash_algorithm = 0;
  std::uint8_t flags = 0;
  std::uint16_t iterations = 0;
  Bytes salt;
  Bytes next_hash;
  TypeBitmap types;
  [[nodiscard]] bool opt_out() const { return (flags & 0x01U) != 0; }
};
std::optional<Nsec3> parse_nsec3(ByteView rdata);

/// RFC 5155 4.
struct Nsec3Param {
  std::uint8_t hash_algorithm = 0;
  std::uint8_t flags = 0;
  std::uint16_t iterations = 0;
  Bytes salt;
};
std::optional<Nsec3Param> parse_nsec3param(ByteView rdata);

/// The single target name of NS, CNAME, DNAME, PTR.
std::optional<Name> parse_target(ByteView rdata);

/// Reads one rdata of `length` octets at the cursor of a whole message and returns it uncompressed,
/// or nothing (RFC 3597 4: names are decompressed in the types of RFC 1035 and the few later ones
/// named there; unknown types are copied). The cursor ends behind the rdata.
std::optional<Bytes> read_rdata(Cursor& message, Type type, std::size_t length);

/// Canonical form (RFC 4034 6.2 point 3 as amended by RFC 6840 5.1): embedded names of the listed
/// types in lower case, everything else untouched (RRSIG's signer too; NSEC's next name is kept).
/// Malformed rdata is returned as it is.
Bytes canonical_rdata(Type type, ByteView rdata);

/// Presentation format of the types this suite prints (A, AAAA, NS, CNAME, MX, SOA, DS, CDS,
/// DNSKEY, CDNSKEY, RRSIG, NSEC, NSEC3, NSEC3PARAM, TXT), else `\# n hex` (RFC 3597 5). Safe to
/// print.
std::string rdata_to_text(Type type, ByteView rdata);

std::string to_hex(ByteView bytes);  ///< upper case, no blanks
std::optional<Bytes> from_hex(std::string_view text);
std::string to_base64(ByteView bytes);  ///< RFC 4648 4, padded
std::optional<Bytes> from_base64(std::string_view text);
std::string to_base32hex(ByteView bytes);  ///< RFC 4648 7, lower case, no padding (NSEC3 owners)
std::optional<Bytes> from_base32hex(std::string_view text);  ///< either case, no padding

}  // namespace dns
