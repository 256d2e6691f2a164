// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/random.hpp"

#include <sys/random.h>

#include <random>

namespace transport {

std::uint32_t KernelRandom::operator()() {
  if (left_ == 0) {
    // At most 256 octets: then getrandom(2) gives all of them or fails, and is not interrupted.
    const auto wanted = static_cast<ssize_t>(sizeof pool_);
    if (getrandom(pool_.data(), sizeof pool_, 0) != wanted) {
      std::random_device device;  // kernels or sandboxes without the system call
      for (std::uint32_t& number : pool_) {
        number = device();
      }
    }
    left_ = pool_.size();
  }
  return pool_[--left_];
}

}  // namespace transport
