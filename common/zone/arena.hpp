// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace zone {

/// Memory for things that all die together and need no destructor; they never move. Not
/// thread-safe, though what it gave may be read by others.
class Arena {
 public:
  /// Suitably aligned for any of this room's types.
  void* take(std::size_t octets) {
    octets = (octets + kAlignment - 1) / kAlignment * kAlignment;
    if (octets > left_) {
      const std::size_t size = std::max(octets, kChunk);
      // Not zeroed: pages that nothing is written to cost nothing.
      chunks_.push_back(
          std::make_unique_for_overwrite<std::uint8_t[]>(size));  // NOLINT: sized once
      at_ = chunks_.back().get();
      left_ = size;
    }
    void* taken = at_;
    at_ += octets;  // NOLINT(cppcoreguidelines-pro-bounds-pointer-arithmetic): within the chunk
    left_ -= octets;
    return taken;
  }

 private:
  static constexpr std::size_t kAlignment = 8;
  static constexpr std::size_t kChunk = std::size_t{1} << 18U;

  std::vector<std::unique_ptr<std::uint8_t[]>> chunks_;  // NOLINT(*-avoid-c-arrays): raw memory
  std::uint8_t* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace zone
