// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace transport {

/// Unpredictable numbers from the kernel, fetched by the handful (RFC 5452 9.2, RFC 4086).
class KernelRandom {
 public:
  std::uint32_t operator()();

 private:
  std::array<std::uint32_t, 32> pool_{};
  std::size_t left_ = 0;
};

}  // namespace transport
