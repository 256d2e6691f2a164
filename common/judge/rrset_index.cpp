// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/rrset_index.hpp"

namespace judge {
namespace {

std::string key_of(const dns::Name& owner, dns::Type type) {
  const auto wire = owner.canonical_wire();
  std::string key(wire.begin(), wire.end());
  const auto number = static_cast<std::uint16_t>(type);
  key.push_back(static_cast<char>(number >> 8U));
  key.push_back(static_cast<char>(number & 0xffU));
  return key;
}

}  // namespace

void RRsetIndex::add(const dns::RRset& set, std::size_t place) {
  places_[key_of(set.owner, set.type)].push_back(place);
}

std::span<const std::size_t> RRsetIndex::find(const dns::Name& owner, dns::Type type) const {
  const auto found = places_.find(key_of(owner, type));
  return found == places_.end() ? std::span<const std::size_t>() : found->second;
}

}  // namespace judge
