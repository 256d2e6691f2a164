// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <optional>

#include "dns/result.hpp"
#include "judge/analysis.hpp"
#include "plugin/options.hpp"
#include "plugin/report.hpp"

namespace plugins {

/// What the options want said beside the judgement: the forecast, and the chain's picture for a
/// terminal and for --graph. Findings must be in the report, with their severities.
/// An error: the picture's file cannot be written. Where it cannot be drawn a note says so.
std::optional<dns::Error> add_outlook(const plugin::Options& options, unsigned check,
                                      const judge::Analysis& analysis,
                                      std::chrono::steady_clock::time_point deadline,
                                      plugin::Report& report);

}  // namespace plugins
