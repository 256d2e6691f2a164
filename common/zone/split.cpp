// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>
#include <tuple>

#include "zone/zone.hpp"

namespace zone {

dns::Type covered_by(const Entry& rrsig) {
  const auto rdata = rrsig.rdata();
  return rdata.size() < 2 ? dns::Type::none : static_cast<dns::Type>(rdata[0] << 8U | rdata[1]);
}

std::span<const RRsetView> Splitter::split(const Entry* first, const Entry* old) {
  slots_.clear();
  bool fresh = true;
  for (const Entry* entry = first; entry != nullptr; entry = entry->next) {
    fresh = fresh && entry != old;
    const bool signature = entry->type == dns::Type::rrsig;
    if (!signature || fresh) {
      slots_.push_back({entry, signature ? covered_by(*entry) : entry->type, slots_.size()});
    }
  }
  // The list has the latest first.
  std::ranges::sort(slots_, [](const Slot& left, const Slot& right) {
    return std::tuple(left.type, left.is_signature(), right.place) <
           std::tuple(right.type, right.is_signature(), left.place);
  });
  entries_.clear();
  for (const Slot& slot : slots_) {
    entries_.push_back(slot.entry);
  }
  sets_.clear();
  const std::span<const Entry* const> all(entries_);
  for (std::size_t begin = 0; begin < slots_.size();) {
    const auto type = slots_[begin].type;
    std::size_t signatures = begin;
    while (signatures < slots_.size() && slots_[signatures].type == type &&
           !slots_[signatures].is_signature()) {
      ++signatures;
    }
    std::size_t end = signatures;
    while (end < slots_.size() && slots_[end].type == type) {
      ++end;
    }
    sets_.push_back(
        {type, all.subspan(begin, signatures - begin), all.subspan(signatures, end - signatures)});
    begin = end;
  }
  return sets_;
}

}  // namespace zone
