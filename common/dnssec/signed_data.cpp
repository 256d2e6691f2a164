// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/signed_data.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "dns/cursor.hpp"

namespace dnssec {

namespace {

// RFC 4035 5.3.2: the owner, or "*." and its last Labels labels when it has more than that.
std::optional<dns::Bytes> signed_owner(const dns::Name& owner, std::uint8_t labels) {
  const std::size_t owner_labels = owner.label_count_without_wildcard();
  if (labels > owner_labels) return std::nullopt;
  if (labels == owner_labels) return owner.canonical_wire();
  const auto wildcard = owner.suffix(labels).wildcard();
  if (!wildcard) return std::nullopt;
  return wildcard->canonical_wire();
}

// RFC 4034 6.3: ascending as octet strings, a missing octet before a zero one; no duplicates.
std::vector<dns::Bytes> canonical_rdatas(const dns::RRset& set) {
  std::vector<dns::Bytes> rdatas;
  rdatas.reserve(set.rdatas.size());
  for (const dns::Bytes& rdata : set.rdatas) {
    rdatas.push_back(dns::canonical_rdata(set.type, rdata));
  }
  std::sort(rdatas.begin(), rdatas.end());
  rdatas.erase(std::unique(rdatas.begin(), rdatas.end()), rdatas.end());
  return rdatas;
}

void write_rrsig_head(dns::Writer& writer, const dns::Rrsig& rrsig) {
  writer.u16(static_cast<std::uint16_t>(rrsig.covered));
  writer.u8(rrsig.algorithm);
  writer.u8(rrsig.labels);
  writer.u32(rrsig.original_ttl);
  writer.u32(rrsig.expiration.value());
  writer.u32(rrsig.inception.value());
  writer.u16(rrsig.key_tag);
  writer.bytes(rrsig.signer.canonical_wire());
}

}  // namespace

std::optional<dns::Bytes> signed_data(const dns::RRset& set, const dns::Rrsig& rrsig) {
  const auto owner = signed_owner(set.owner, rrsig.labels);
  if (!owner || set.rdatas.empty()) return std::nullopt;
  dns::Writer writer;
  write_rrsig_head(writer, rrsig);
  for (const dns::Bytes& rdata : canonical_rdatas(set)) {
    if (rdata.size() > 0xffff) return std::nullopt;
    writer.bytes(*owner);
    writer.u16(static_cast<std::uint16_t>(set.type));
    writer.u16(static_cast<std::uint16_t>(set.klass));
    writer.u32(rrsig.original_ttl);
    writer.u16(static_cast<std::uint16_t>(rdata.size()));
    writer.bytes(rdata);
  }
  return writer.take();
}

}  // namespace dnssec
