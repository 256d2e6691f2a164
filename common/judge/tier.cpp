// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/tier.hpp"

#include <array>
#include <utility>

namespace judge {

std::string_view to_text(Tier tier) {
  switch (tier) {
    case Tier::mute:
      return "MUTE";
    case Tier::info:
      return "INFO";
    case Tier::unknown:
      return "UNKNOWN";
    case Tier::warning:
      return "WARNING";
    case Tier::critical:
      return "CRITICAL";
    case Tier::emergency:
      return "EMERGENCY";
  }
  return "UNKNOWN";
}

std::optional<Tier> parse_tier(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, Tier>, 7> kWords{{
      {"mute", Tier::mute},
      {"ok", Tier::mute},
      {"info", Tier::info},
      {"unknown", Tier::unknown},
      {"warning", Tier::warning},
      {"critical", Tier::critical},
      {"emergency", Tier::emergency},
  }};
  for (const auto& [name, tier] : kWords) {
    if (word == name) return tier;
  }
  return std::nullopt;
}

}  // namespace judge
