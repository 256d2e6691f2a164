// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string_view>

#include "judge/tier.hpp"

namespace plugin {

/// Exit states of the plugin contract; the values are exit statuses.
enum class State { ok = 0, warning = 1, critical = 2, unknown = 3 };
std::string_view to_text(State state);  ///< "OK", "WARNING" ...

/// CRITICAL > WARNING > UNKNOWN > OK: the same function for exit status and summary.
State worse(State left, State right);
State state_of(judge::Tier tier);

}  // namespace plugin
