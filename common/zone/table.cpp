// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "zone/table.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace zone {

namespace {

constexpr std::size_t kFirstBuckets = 1024;
constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15U;  // 2^64 by the golden ratio

std::uint64_t mixed(std::uint64_t state, std::uint64_t word) {
  state = (state ^ word) * kOdd;
  return state ^ (state >> 29U);
}

/// What follows an object in the memory that was taken for both.
template <class T>
std::uint8_t* behind(T* object) {
  // NOLINTNEXTLINE(*-reinterpret-cast,*-pointer-arithmetic): the arena gave this much
  return reinterpret_cast<std::uint8_t*>(object) + sizeof(T);
}

template <class T>
const std::uint8_t* behind(const T* object) {
  // NOLINTNEXTLINE(*-reinterpret-cast,*-pointer-arithmetic): as above
  return reinterpret_cast<const std::uint8_t*>(object) + sizeof(T);
}

}  // namespace

dns::ByteView Entry::rdata() const { return {behind(this), length}; }
SortKeyView Node::key() const { return {behind(this), key_length}; }

bool Node::has(dns::Type type) const {
  for (const Entry* entry = first; entry != nullptr; entry = entry->next) {
    if (entry->type == type) {
      return true;
    }
  }
  return false;
}

Table::Table(std::uint64_t seed) : seed_(seed), buckets_(kFirstBuckets, nullptr) {}

std::size_t Table::bucket_of(SortKeyView key) const {
  std::uint64_t state = mixed(seed_, key.size());
  for (; key.size() >= sizeof(std::uint64_t); key = key.subspan(sizeof(std::uint64_t))) {
    std::uint64_t word = 0;
    std::memcpy(&word, key.data(), sizeof word);
    state = mixed(state, word);
  }
  std::uint64_t word = 0;
  if (!key.empty()) {
    std::memcpy(&word, key.data(), key.size());
  }
  return mixed(mixed(state, word), seed_) & (buckets_.size() - 1);
}

Node* Table::find(SortKeyView key) const {
  for (Node* node = buckets_[bucket_of(key)]; node != nullptr; node = node->bucket_next) {
    if (std::ranges::equal(node->key(), key)) {
      return node;
    }
  }
  return nullptr;
}

Node* Table::find_or_add(SortKeyView key, Arena& arena) {
  if (Node* known = find(key)) {
    return known;
  }
  if (nodes_.size() >= buckets_.size()) {
    grow();
  }
  Node* node = new (arena.take(sizeof(Node) + key.size())) Node;
  node->key_length = static_cast<std::uint16_t>(key.size());
  std::ranges::copy(key, behind(node));
  Node*& bucket = buckets_[bucket_of(key)];
  node->bucket_next = bucket;
  bucket = node;
  nodes_.push_back(node);
  return node;
}

void Table::grow() {
  buckets_.assign(buckets_.size() * 2, nullptr);
  for (Node* node : nodes_) {
    Node*& bucket = buckets_[bucket_of(node->key())];
    node->bucket_next = bucket;
    bucket = node;
  }
}

Entry* add_entry(Node& node, dns::Type type, std::uint32_t ttl, dns::ByteView rdata, Arena& arena) {
  auto* entry = new (arena.take(sizeof(Entry) + rdata.size())) Entry;
  entry->next = node.first;
  entry->ttl = ttl;
  entry->type = type;
  entry->length = static_cast<std::uint16_t>(rdata.size());
  std::ranges::copy(rdata, behind(entry));
  node.first = entry;
  return entry;
}

}  // namespace zone
