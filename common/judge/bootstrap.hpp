// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <string>

#include "judge/analysis.hpp"

namespace judge {

/// That every nameserver signals what the zone asks for; nothing where that is not so, or was not
/// looked at.
std::optional<std::string> bootstrap_words(const Analysis& analysis);

}  // namespace judge
