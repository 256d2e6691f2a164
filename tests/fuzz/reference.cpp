// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "reference.hpp"

#include <openssl/sha.h>

#include <string>
#include <vector>

namespace fuzz {
namespace {

std::uint8_t lower(std::uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet + 32) : octet;
}

/// The labels from right to left, the root's left out.
std::vector<std::vector<std::uint8_t>> labels_from_right(const dns::Name& name) {
  std::vector<std::vector<std::uint8_t>> labels;
  const auto wire = name.wire();
  for (std::size_t at = 0; wire[at] != 0; at += std::size_t{wire[at]} + 1) {
    std::vector<std::uint8_t> label;
    for (std::size_t i = 1; i <= wire[at]; ++i) label.push_back(lower(wire[at + i]));
    labels.insert(labels.begin(), label);
  }
  return labels;
}

}  // namespace

std::strong_ordering slow_name_order(const dns::Name& left, const dns::Name& right) {
  return labels_from_right(left) <=> labels_from_right(right);
}

std::strong_ordering slow_rdata_order(dns::ByteView left, dns::ByteView right) {
  return dns::Bytes(left.begin(), left.end()) <=> dns::Bytes(right.begin(), right.end());
}

dns::Bytes slow_nsec3_hash(const dns::Name& name, unsigned iterations, dns::ByteView salt) {
  dns::Bytes input;
  for (const auto octet : name.wire()) input.push_back(octet);
  // A length octet is at most 63, below every letter.
  for (auto& octet : input) octet = lower(octet);
  dns::Bytes hash(SHA_DIGEST_LENGTH);
  for (unsigned round = 0; round <= iterations; ++round) {
    input.insert(input.end(), salt.begin(), salt.end());
    SHA1(input.data(), input.size(), hash.data());
    input = hash;
  }
  return hash;
}

}  // namespace fuzz
