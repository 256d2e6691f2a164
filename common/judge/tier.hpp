// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <string_view>

namespace judge {

/// How bad, in the order in which findings combine: emergency > critical > warning >
/// unknown > info. `mute` exists only as an override: the finding is dropped.
enum class Tier { mute, info, unknown, warning, critical, emergency };
/// "INFO", "EMERGENCY" ...
std::string_view to_text(Tier tier);
/// Lower-case words: mute (or ok), info, unknown, warning, critical, emergency.
std::optional<Tier> parse_tier(std::string_view word);

}  // namespace judge
