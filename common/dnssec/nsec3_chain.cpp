// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/nsec3_chain.hpp"

#include <algorithm>
#include <utility>

namespace dnssec {

std::optional<dns::Bytes> nsec3_hash(const dns::Name& name, std::uint8_t hash_algorithm,
                                     std::uint16_t iterations, dns::ByteView salt,
                                     std::uint16_t most_iterations) {
  // RFC 5155 11: SHA-1 is the only hash algorithm ever assigned.
  if (hash_algorithm != 1 || iterations > most_iterations) return std::nullopt;
  return nsec3::NameHasher()(name, iterations, salt);
}

namespace nsec3 {

namespace {

bool same_parameters(const Entry& left, const Entry& right) {
  return left.nsec3.iterations == right.nsec3.iterations && left.nsec3.salt == right.nsec3.salt;
}

// RFC 5155 1.3: strictly between owner and next hash; the last NSEC3's next hash is the first's
// owner, so its span runs over the end, and that of a chain of one over everything but itself.
bool is_between(const dns::Bytes& owner, const dns::Bytes& hash, const dns::Bytes& next) {
  if (owner < next) return owner < hash && hash < next;
  return owner < hash || hash < next;
}

/// The hash plus one; wraps.
dns::Bytes successor(dns::Bytes hash) {
  for (std::size_t at = hash.size(); at > 0; --at) {
    if (++hash[at - 1] != 0) break;
  }
  return hash;
}

}  // namespace

std::optional<dns::Bytes> NameHasher::operator()(const dns::Name& name, std::uint16_t iterations,
                                                 dns::ByteView salt) {
  dns::Bytes hash(kHashOctets);
  if (!(*this)(name.canonical_wire(), iterations, salt,
               std::span<std::uint8_t, kHashOctets>(hash))) {
    return std::nullopt;
  }
  return hash;
}

bool NameHasher::operator()(dns::ByteView canonical_wire, std::uint16_t iterations,
                            dns::ByteView salt, std::span<std::uint8_t, kHashOctets> hash) {
  dns::ByteView hashed = canonical_wire;
  // IH(salt, x, k) = H(IH(salt, x, k-1) | salt), one hash more than there are iterations.
  for (unsigned round = 0; round <= iterations; ++round) {
    if (!hasher_.begin() || !hasher_.add(hashed) || !hasher_.add(salt)) return false;
    const dns::ByteView digest = hasher_.finish();
    if (digest.size() != kHashOctets) return false;
    std::copy(digest.begin(), digest.end(), hash.begin());
    hashed = hash;
  }
  return true;
}

Chain::Chain(dns::Name apex, std::vector<const Entry*> entries, unsigned most_hashes,
             HashWork* work)
    : apex_(std::move(apex)),
      entries_(std::move(entries)),
      hashes_left_(most_hashes),
      work_(work) {}

std::vector<std::vector<const Entry*>> Chain::by_parameters(const DenialRecords& records) {
  std::vector<std::vector<const Entry*>> sets;
  for (const Entry& entry : records.nsec3) {
    const auto same = std::find_if(sets.begin(), sets.end(), [&](const auto& set) {
      return same_parameters(*set.front(), entry);
    });
    if (same == sets.end()) {
      sets.push_back({&entry});
    } else {
      same->push_back(&entry);
    }
  }
  return sets;
}

const dns::Bytes* Chain::hash_of(const dns::Name& name) {
  const auto known = hashes_.find(name);
  if (known != hashes_.end()) return &known->second;
  if (entries_.empty()) return nullptr;
  if (hashes_left_ == 0) {
    limit_hit_ = true;
    return nullptr;
  }
  --hashes_left_;
  auto hash = hash_anew(name);
  return hash ? &hashes_.emplace(name, std::move(*hash)).first->second : nullptr;
}

/// Notes why there is none.
std::optional<dns::Bytes> Chain::hash_anew(const dns::Name& name) {
  const dns::Nsec3& parameters = entries_.front()->nsec3;
  auto hash = work_ == nullptr ? hasher_(name, parameters.iterations, parameters.salt)
                               : work_->hash(name, parameters.iterations, parameters.salt);
  if (!hash) {
    const bool spent = work_ != nullptr && work_->limit_hit();
    (spent ? limit_hit_ : cannot_hash_) = true;
  }
  return hash;
}

const Entry* Chain::match(const dns::Name& name) {
  const dns::Bytes* hash = hash_of(name);
  if (hash == nullptr) return nullptr;
  for (const Entry* entry : entries_) {
    if (entry->owner_hash == *hash) return entry;
  }
  return nullptr;
}

Cover Chain::cover(const dns::Name& name) {
  const dns::Bytes* hash = hash_of(name);
  if (hash == nullptr) return {};
  for (const Entry* entry : entries_) {
    if (is_between(entry->owner_hash, *hash, entry->nsec3.next_hash)) return {entry};
  }
  return {};
}

bool Chain::is_minimal(const Entry& entry, const dns::Name& name) {
  const dns::Bytes* hash = hash_of(name);
  return hash != nullptr && entry.nsec3.next_hash == successor(*hash);
}

}  // namespace nsec3

}  // namespace dnssec
