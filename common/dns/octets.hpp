// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "dns/bytes.hpp"

namespace dns {

/// By octets, the shorter first where it begins the longer: RFC 4034 6.3.
inline bool less(ByteView left, ByteView right) {
  const std::size_t common = std::min(left.size(), right.size());
  const int order = common == 0 ? 0 : std::memcmp(left.data(), right.data(), common);
  return order != 0 ? order < 0 : left.size() < right.size();
}

}  // namespace dns
