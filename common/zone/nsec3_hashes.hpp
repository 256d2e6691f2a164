// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "dns/bytes.hpp"
#include "zone/sort_key.hpp"

namespace zone {

using Nsec3Hash = std::array<std::uint8_t, 20>;

enum class Hashing {
  done,
  refused,   ///< the library or its policy has no SHA-1
  too_much,  ///< more hash computations than allowed: none was done
};

struct Nsec3Hashes {
  Hashing outcome = Hashing::done;
  std::vector<Nsec3Hash> hashes;  ///< one for each name, in their order, when done
};

/// What one parameter set makes of the names (RFC 5155 5), computed on `threads` threads (0: as
/// many as this process may run on). An iteration more costs every name one more computation;
/// `most` bounds their sum.
Nsec3Hashes hash_names(std::span<const SortKeyView> names, std::uint16_t iterations,
                       dns::ByteView salt, unsigned threads, std::uint64_t most);

}  // namespace zone
