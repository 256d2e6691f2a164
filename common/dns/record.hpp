// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dns/bytes.hpp"
#include "dns/name.hpp"
#include "dns/rdata.hpp"
#include "dns/type.hpp"

namespace dns {

/// One resource record; rdata is uncompressed wire form, case kept.
struct Record {
  Name owner;
  Type type = Type::none;
  Class klass = Class::in;
  std::uint32_t ttl = 0;
  Bytes rdata;
  bool operator==(const Record&) const = default;
};

/// Records of one owner, type and class. Duplicate rdata (in canonical form) is dropped, RFC
/// 2181 5.
struct RRset {
  Name owner;
  Type type = Type::none;
  Class klass = Class::in;
  std::uint32_t ttl = 0;      ///< the least of its members' TTLs
  bool ttls_differ = false;   ///< RFC 2181 5.2 forbids it
  std::vector<Bytes> rdatas;  ///< in the order they came
  bool operator==(const RRset&) const = default;
};

/// An RRSIG beside an RRset. `rrsig` is empty when its rdata does not parse; `raw` always is the
/// rdata.
struct Signature {
  std::uint32_t ttl = 0;
  std::optional<Rrsig> rrsig;
  Bytes raw;
};

/// An RRset with the RRSIGs whose owner, class and type covered are its own.
struct SignedRRset {
  RRset set;
  std::vector<Signature> signatures;
};

/// Groups a section's records into RRsets with their signatures, in order of first appearance; the
/// RRSIG may come first. RRSIGs that cover nothing in the section come as an RRset with no rdatas
/// of the covered type. OPT and TSIG are passed over.
std::vector<SignedRRset> group(std::span<const Record> section);

/// The RRset of that owner and type in a grouped section, or nullptr. RRsets without rdatas count
/// as absent.
const SignedRRset* find(std::span<const SignedRRset> sets, const Name& owner, Type type);

/// True when both hold the same rdata in canonical form, whatever the order and TTL.
bool same_rdata(const RRset& left, const RRset& right);

}  // namespace dns
