// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "plugin/report.hpp"

namespace plugin {

/// What is said of many zones together, counted while they come.
class Totals {
 public:
  void add(const Report& report);

  [[nodiscard]] std::size_t zones() const { return zones_; }
  [[nodiscard]] std::size_t count(State state) const {
    return counts_[static_cast<std::size_t>(state)];
  }
  /// That of the worst zone; UNKNOWN without any: nothing looked at is not fine.
  [[nodiscard]] State state() const;
  /// "1 CRITICAL, 12 OK": the worst first.
  [[nodiscard]] std::string counts() const;
  /// One zone's first_words(), or the counts of several and the worst of them.
  [[nodiscard]] std::string words() const;

 private:
  std::size_t zones_ = 0;
  std::array<std::size_t, 4> counts_{};  // by State
  State worst_state_ = State::ok;
  judge::Tier worst_tier_ = judge::Tier::mute;
  std::string worst_words_;  // without EMERGENCY
};

}  // namespace plugin
