// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace transport {

/// Keeps what each address is asked below a limit.
class Pace {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// At most so many questions within any second; 0: no limit.
  explicit Pace(unsigned most_per_second) : most_(most_per_second) {}

  /// When the next question may go to that address. It counts as put then. Nothing, and nothing is
  /// counted, where that would not be before `deadline`.
  std::optional<TimePoint> reserve(const std::string& address, TimePoint now,
                                   TimePoint deadline = TimePoint::max());

 private:
  void forget_the_idle(TimePoint now);

  std::size_t most_;
  /// The latest of each address, at most `most_` of them, in order.
  std::unordered_map<std::string, std::deque<TimePoint>> latest_;
  std::size_t sweep_at_ = 1024;
};

}  // namespace transport
