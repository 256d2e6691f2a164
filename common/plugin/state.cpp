// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/state.hpp"

namespace plugin {
namespace {

int badness(State state) {
  switch (state) {
    case State::ok:
      return 0;
    case State::unknown:
      return 1;
    case State::warning:
      return 2;
    case State::critical:
      return 3;
  }
  return 1;
}

}  // namespace

std::string_view to_text(State state) {
  switch (state) {
    case State::ok:
      return "OK";
    case State::warning:
      return "WARNING";
    case State::critical:
      return "CRITICAL";
    case State::unknown:
      return "UNKNOWN";
  }
  return "UNKNOWN";
}

State worse(State left, State right) { return badness(right) > badness(left) ? right : left; }

State state_of(judge::Tier tier) {
  switch (tier) {
    case judge::Tier::mute:
    case judge::Tier::info:
      return State::ok;
    case judge::Tier::unknown:
      return State::unknown;
    case judge::Tier::warning:
      return State::warning;
    case judge::Tier::critical:
    case judge::Tier::emergency:
      return State::critical;
  }
  return State::unknown;
}

}  // namespace plugin
