// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/totals.hpp"

#include "judge/words.hpp"
#include "plugin/summary.hpp"

namespace plugin {

void Totals::add(const Report& report) {
  const State state = state_of(report);
  const judge::Tier tier = worst_tier(report);
  ++counts_[static_cast<std::size_t>(state)];
  const bool is_worse =
      state != worst_state_ ? worse(state, worst_state_) == state : tier > worst_tier_;
  if (zones_ == 0 || is_worse) {
    worst_state_ = state;
    worst_tier_ = tier;
    worst_words_ = summary_of(report);
  }
  ++zones_;
}

State Totals::state() const { return zones_ == 0 ? State::unknown : worst_state_; }

std::string Totals::counts() const {
  std::string text;
  for (const State state : {State::critical, State::warning, State::unknown, State::ok}) {
    if (count(state) == 0) continue;
    text += (text.empty() ? "" : ", ") + judge::thousands(count(state)) + " " +
            std::string(to_text(state));
  }
  return text;
}

std::string Totals::words() const {
  if (zones_ == 0) return "no zone was looked at";
  std::string text = worst_tier_ == judge::Tier::emergency ? "EMERGENCY: " : "";
  if (zones_ == 1) return text + worst_words_;
  text += judge::thousands(zones_) + " zones: " + counts();
  if (worst_state_ != State::ok) text += "; " + worst_words_;
  return text;
}

}  // namespace plugin
