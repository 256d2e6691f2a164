// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>
#include <string>

#include "dnssec/algorithm.hpp"
#include "dnssec/crypto.hpp"
#include "dnssec/key.hpp"

namespace dnssec {

namespace {

/// Keys with its tag that a DS is compared with.
constexpr unsigned kMostOfOneTag = 16;

std::optional<crypto::Hash> hash_of(std::uint8_t digest_type) {
  switch (digest_type) {
    case 1:
      return crypto::Hash::sha1;
    case 2:
      return crypto::Hash::sha256;
    case 4:
      return crypto::Hash::sha384;
    default:
      return std::nullopt;
  }
}

bool can_compute(std::uint8_t digest_type) {
  const auto hash = hash_of(digest_type);
  return hash && crypto::fetched(*hash) != nullptr;
}

bool has_digest_of(const dns::Ds& ds, const dns::Name& owner, const Key& key) {
  const auto digest = ds_digest(owner, key.rdata, ds.digest_type);
  return digest && *digest == ds.digest;
}

/// What keeps a key with the DS's tag and digest from being the one the DS stands for.
DsVerdict verdict_on_owner_of_digest(const dns::Ds& ds, const dns::Dnskey& dnskey) {
  if (dnskey.algorithm != ds.algorithm) return DsVerdict::wrong_algorithm;
  // RFC 4034 5.2: the DS refers to a zone key; 2.1.2: the protocol is always 3.
  if (!dnskey.zone_key()) return DsVerdict::not_zone_key;
  if (dnskey.revoked()) return DsVerdict::revoked;
  if (dnskey.protocol != 3) return DsVerdict::wrong_protocol;
  return DsVerdict::matches;
}

}  // namespace

std::vector<dns::Ds> ds_of(const dns::RRset& set) {
  std::vector<dns::Ds> records;
  for (const dns::Bytes& rdata : set.rdatas) {
    auto parsed = dns::parse_ds(rdata);
    if (parsed) records.push_back(std::move(*parsed));
  }
  return records;
}

std::optional<dns::Bytes> ds_digest(const dns::Name& owner, dns::ByteView dnskey_rdata,
                                    std::uint8_t digest_type) {
  const auto hash = hash_of(digest_type);
  if (!hash) return std::nullopt;
  crypto::Hasher hasher(*hash);
  if (!hasher.begin() || !hasher.add(owner.canonical_wire()) || !hasher.add(dnskey_rdata)) {
    return std::nullopt;
  }
  const dns::ByteView digest = hasher.finish();
  if (digest.empty()) return std::nullopt;
  return dns::Bytes(digest.begin(), digest.end());
}

std::string ds_text(const dns::Name& owner, const Key& key, std::uint8_t digest_type) {
  const auto digest = ds_digest(owner, key.rdata, digest_type);
  if (!digest) return {};
  return std::to_string(key.tag) + ' ' + std::to_string(key.dnskey.algorithm) + ' ' +
         std::to_string(digest_type) + ' ' + dns::to_hex(*digest);
}

std::string_view to_text(DsVerdict verdict) {
  switch (verdict) {
    case DsVerdict::matches:
      return "matches";
    case DsVerdict::unsupported_digest:
      return "unsupported digest type";
    case DsVerdict::no_such_tag:
      return "no key has that tag";
    case DsVerdict::wrong_algorithm:
      return "the key has another algorithm";
    case DsVerdict::wrong_digest:
      return "the digest is not the key's";
    case DsVerdict::not_zone_key:
      return "the key is no zone key";
    case DsVerdict::revoked:
      return "the key is revoked";
    case DsVerdict::wrong_protocol:
      return "the key's protocol is not 3";
  }
  return "no key has that tag";
}

DsMatch match(const dns::Ds& ds, const dns::Name& owner, std::span<const Key> keys) {
  if (!can_compute(ds.digest_type)) return {DsVerdict::unsupported_digest, std::nullopt};
  DsMatch best;
  bool digest_found = false;
  unsigned tried = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Key& key = keys[i];
    if (key.tag != ds.key_tag) continue;
    // Hundreds of keys and DS of one tag are an attack; Unbound gives up after 4 that do not match.
    if (++tried > kMostOfOneTag) break;
    if (has_digest_of(ds, owner, key)) {
      const DsVerdict verdict = verdict_on_owner_of_digest(ds, key.dnskey);
      if (verdict == DsVerdict::matches) return {verdict, i};
      if (!digest_found) best = {verdict, i};
      digest_found = true;
    } else if (!digest_found) {
      // Tags collide (RFC 4034 appendix B): of the keys with the tag, name one of the algorithm.
      const bool better = !best.key || (key.dnskey.algorithm == ds.algorithm &&
                                        keys[*best.key].dnskey.algorithm != ds.algorithm);
      if (better) best = {DsVerdict::wrong_digest, i};
    }
  }
  return best;
}

std::vector<dns::Ds> usable_ds(std::span<const dns::Ds> set) {
  std::vector<dns::Ds> usable;
  for (const dns::Ds& ds : set) {
    if (algorithm_info(ds.algorithm).verifiable && can_compute(ds.digest_type)) {
      usable.push_back(ds);
    }
  }
  const bool stronger = std::any_of(usable.begin(), usable.end(),
                                    [](const dns::Ds& ds) { return ds.digest_type != 1; });
  if (stronger) std::erase_if(usable, [](const dns::Ds& ds) { return ds.digest_type == 1; });
  return usable;
}

}  // namespace dnssec
