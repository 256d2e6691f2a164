// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/cache.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "dns/cursor.hpp"

namespace dnssec {

namespace {

constexpr std::size_t most_keys = 256;
constexpr std::size_t most_verdicts = 8192;

}  // namespace

bool KeyCache::Less::less(IdView left, IdView right) {
  if (left.algorithm != right.algorithm) return left.algorithm < right.algorithm;
  return std::lexicographical_compare(left.key.begin(), left.key.end(), right.key.begin(),
                                      right.key.end());
}

PublicKey& KeyCache::get(const dns::Dnskey& dnskey) {
  const auto found = keys_.find(IdView{dnskey.algorithm, dnskey.public_key});
  if (found != keys_.end()) return found->second;
  return keys_.emplace(Id{dnskey.algorithm, dnskey.public_key}, PublicKey(dnskey)).first->second;
}

void KeyCache::trim() {
  if (keys_.size() > most_keys) keys_.clear();
}

std::optional<Memo::Id> Memo::id(dns::ByteView data, dns::ByteView signature,
                                 const dns::Dnskey& key) {
  if (!hasher_) hasher_.emplace(crypto::Hash::sha256);
  // Lengths first, so that no octet can move from one part into the next.
  dns::Writer lengths;
  lengths.u32(static_cast<std::uint32_t>(data.size()));
  lengths.u32(static_cast<std::uint32_t>(signature.size()));
  lengths.u8(key.algorithm);
  if (!hasher_->begin() || !hasher_->add(lengths.view()) || !hasher_->add(data) ||
      !hasher_->add(signature) || !hasher_->add(key.public_key)) {
    return std::nullopt;
  }
  const dns::ByteView digest = hasher_->finish();
  Id id{};
  if (digest.size() != id.size()) return std::nullopt;
  std::copy(digest.begin(), digest.end(), id.begin());
  return id;
}

std::optional<bool> Memo::find(const Id& id) const {
  const auto found = verdicts_.find(id);
  if (found == verdicts_.end()) return std::nullopt;
  return found->second;
}

void Memo::put(const Id& id, bool verified) {
  if (verdicts_.size() >= most_verdicts) verdicts_.clear();
  verdicts_.insert_or_assign(id, verified);
}

std::size_t Memo::IdHash::operator()(const Id& id) const {
  std::size_t hash = 0;
  std::memcpy(&hash, id.data(), sizeof hash);
  return hash;
}

}  // namespace dnssec
