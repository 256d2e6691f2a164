// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "zone/sort_key.hpp"

#include <algorithm>
#include <cstddef>

#include "dns/ascii.hpp"

namespace zone {

namespace {

// Ends a label, and comes before every octet that a label can hold.
constexpr std::uint8_t kEnd = 0;
// Before the two octets that would be taken for an end or for this one.
constexpr std::uint8_t kEscape = 1;

/// Where the label that ends the key begins.
std::size_t last_label(SortKeyView key) {
  std::size_t at = key.size() - 1;  // its end
  while (at > 0 && key[at - 1] != kEnd) {
    --at;
  }
  return at;
}

}  // namespace

SortKeyView SortKey::operator()(dns::ByteView wire) {
  std::array<std::uint8_t, dns::Name::max_octets / 2 + 1> starts;  // NOLINT: written before read
  std::size_t labels = 0;
  for (std::size_t at = 0; wire[at] != 0; at += std::size_t{wire[at]} + 1) {
    starts[labels++] = static_cast<std::uint8_t>(at);
  }
  std::size_t length = 0;
  while (labels > 0) {
    const std::size_t start = starts[--labels];
    for (const std::uint8_t octet : wire.subspan(start + 1, wire[start])) {
      if (octet <= kEscape) {
        octets_[length++] = kEscape;
        octets_[length++] = static_cast<std::uint8_t>(octet + 1);
      } else {
        octets_[length++] = dns::ascii_lower(octet);
      }
    }
    octets_[length++] = kEnd;
  }
  return SortKeyView(octets_).first(length);
}

void append_wire(SortKeyView key, dns::Bytes& wire) {
  wire.clear();
  while (!key.empty()) {
    const std::size_t start = last_label(key);
    const std::size_t length_at = wire.size();
    wire.push_back(0);
    for (std::size_t at = start; key[at] != kEnd; ++at) {
      const bool escaped = key[at] == kEscape;
      wire.push_back(escaped ? static_cast<std::uint8_t>(key[++at] - 1) : key[at]);
    }
    wire[length_at] = static_cast<std::uint8_t>(wire.size() - length_at - 1);
    key = key.first(start);
  }
  wire.push_back(0);
}

dns::Name name_of(SortKeyView key) {
  dns::Bytes wire;
  append_wire(key, wire);
  return dns::Name::from_wire(wire).value_or(dns::Name());
}

SortKeyView parent_of(SortKeyView key) { return key.empty() ? key : key.first(last_label(key)); }

bool is_wildcard(SortKeyView key) {
  return !key.empty() && last_label(key) + 2 == key.size() && key[key.size() - 2] == '*';
}

unsigned labels_of(SortKeyView key) {
  const auto labels = static_cast<unsigned>(std::count(key.begin(), key.end(), kEnd));
  return is_wildcard(key) ? labels - 1 : labels;
}

bool is_at_or_below(SortKeyView key, SortKeyView ancestor) {
  return key.size() >= ancestor.size() && std::equal(ancestor.begin(), ancestor.end(), key.begin());
}

}  // namespace zone
