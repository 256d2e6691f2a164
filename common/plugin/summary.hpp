// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/report.hpp"

namespace plugin {

/// The worst of the report's findings, the first among equals; nullptr when there is none.
const judge::Finding* worst_finding(const Report& report);
/// Tier::mute when there is no finding.
judge::Tier worst_tier(const Report& report);

State state_of(const std::vector<Report>& reports);
/// The reports, worst first, in their order among equals.
std::vector<const Report*> worst_first(const std::vector<Report>& reports);

/// What one zone's line says after the state: "example.com: MX signature expired [id], and 2 more",
/// "example.com is secure". Without EMERGENCY.
std::string summary_of(const Report& report);
/// What the first line says after the state, with EMERGENCY where it applies: one zone's summary,
/// or the counts of several and the worst of them.
std::string first_words(const Report& report);
std::string first_words(const std::vector<Report>& reports);

/// One line whatever is in it: control octets (C0, C1), `|` and what is not UTF-8 become `\DDD`;
/// cut when longer than `most`.
std::string one_line(std::string_view text, std::size_t most = 1000);

}  // namespace plugin
