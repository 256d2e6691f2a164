// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <vector>

#include "zone/arena.hpp"
#include "zone/zone.hpp"

namespace zone {

/// The owner names by their keys, in the order they came.
class Table {
 public:
  /// `seed`: unpredictable, so that no zone can be made whose names all fall into one bucket.
  explicit Table(std::uint64_t seed);

  [[nodiscard]] Node* find(SortKeyView key) const;
  Node* find_or_add(SortKeyView key, Arena& arena);
  [[nodiscard]] std::vector<Node*>& nodes() { return nodes_; }
  [[nodiscard]] const std::vector<Node*>& nodes() const { return nodes_; }

 private:
  [[nodiscard]] std::size_t bucket_of(SortKeyView key) const;
  void grow();

  std::uint64_t seed_;
  std::vector<Node*> buckets_;  // a power of two of them
  std::vector<Node*> nodes_;
};

/// A record at the head of its node's list.
Entry* add_entry(Node& node, dns::Type type, std::uint32_t ttl, dns::ByteView rdata, Arena& arena);

}  // namespace zone
