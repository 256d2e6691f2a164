// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <utility>
#include <vector>

#include "zone/arena.hpp"
#include "zone/table.hpp"
#include "zone/zone.hpp"

namespace zone {

struct Zone::State {
  State(dns::Name name, std::uint64_t seed) : apex(std::move(name)), table(seed) {
    SortKey key;
    const auto view = key(apex);
    apex_key.assign(view.begin(), view.end());
  }

  /// The owners in canonical order from now on.
  void order();
  /// How each owner stands to the zone; they are in order.
  void classify();

  dns::Name apex;
  dns::Bytes apex_key;
  Arena arena;
  Table table;
  std::vector<dnssec::Key> keys;
  std::size_t records = 0, signatures = 0, verified = 0, left = 0;
};

}  // namespace zone
