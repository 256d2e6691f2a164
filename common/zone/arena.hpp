// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

namespace zone {

/// Memory for things that all die together and need no destructor; they never move. Not
/// thread-safe, though what it gave may be read by others.
class Arena {
 public:
  /// Suitably aligned for any of this room's types. Throws std::bad_alloc.
  void* take(std::size_t octets) {
    octets = (octets + kAlignment - 1) / kAlignment * kAlignment;
    if (octets > left_) {
      add_chunk(octets);
    }
    void* taken = at_;
    at_ += octets;  // NOLINT(cppcoreguidelines-pro-bounds-pointer-arithmetic): within the chunk
    left_ -= octets;
    return taken;
  }

 private:
  static constexpr std::size_t kAlignment = 8;
  /// A huge page where the kernel has them: filling small ones would cost as much as reading a
  /// zone does (measured: a tenth of the whole run for signatures by RSA).
  static constexpr std::size_t kChunk = std::size_t{1} << 21U;

  struct Free {
    void operator()(std::uint8_t* chunk) const {
      std::free(chunk);  // NOLINT(*-no-malloc,*-owning-memory): of aligned_alloc()
    }
  };

  void add_chunk(std::size_t least) {
    const std::size_t size = (std::max(least, kChunk) + kChunk - 1) / kChunk * kChunk;
    std::unique_ptr<std::uint8_t, Free> chunk(
        static_cast<std::uint8_t*>(std::aligned_alloc(kChunk, size)));
    if (!chunk) {
      throw std::bad_alloc();
    }
    madvise(chunk.get(), size, MADV_HUGEPAGE);  // where it may not, nothing is lost
    at_ = chunk.get();
    left_ = size;
    chunks_.push_back(std::move(chunk));
  }

  std::vector<std::unique_ptr<std::uint8_t, Free>> chunks_;
  std::uint8_t* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace zone
