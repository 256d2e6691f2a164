// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "dns/record.hpp"

namespace judge {

/// Where RRsets stand in a list, by owner and type: a server may send very many, and each that
/// comes asks for those that came before.
class RRsetIndex {
 public:
  void add(const dns::RRset& set, std::size_t place);
  /// The places of all with this owner (RFC 4343: whatever its case) and type, first come first.
  [[nodiscard]] std::span<const std::size_t> find(const dns::Name& owner, dns::Type type) const;

 private:
  std::unordered_map<std::string, std::vector<std::size_t>> places_;
};

}  // namespace judge
