// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace transport {

/// Which servers have given no answer to anybody lately, so that a dead one that thousands of zones
/// share does not cost its whole time-out for each of them. A server may be silent about one zone
/// and answer for others, so silence about several is what counts, and any answer ends it.
class Silence {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  enum class Advice {
    ask,
    ask_briefly,  ///< silent about a few zones: one short try shows whether it is about this one
    do_not_ask,   ///< silent about many zones
  };
  /// `server`: whatever tells one way to reach it from others. One question in two seconds is let
  /// through to a server that is not to be asked.
  Advice advice(const std::string& server, TimePoint now);
  /// The detail of the answer that was given up last.
  [[nodiscard]] std::string detail(const std::string& server) const;
  void was_silent(const std::string& server, std::uint64_t about, const std::string& detail);
  void has_answered(const std::string& server) { servers_.erase(server); }

 private:
  struct Silent {
    std::unordered_set<std::uint64_t> about;  // up to kMany
    TimePoint ask_again;
    std::string detail;
  };
  std::unordered_map<std::string, Silent> servers_;
};

}  // namespace transport
