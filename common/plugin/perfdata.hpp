// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>
#include <vector>

#include "plugin/report.hpp"
#include "plugin/totals.hpp"

namespace plugin {

/// The report's metrics as they may be printed: labels of [a-z0-9_], known units, finite numbers
/// with at most six decimals, one metric a label; `tier` at the end unless the state is UNKNOWN.
std::vector<Metric> metrics_of(const Report& report);
/// How many zones are in which state.
std::vector<Metric> metrics_of(const Totals& totals);
std::vector<Metric> metrics_of(const std::vector<Report>& reports);

/// "remaining=-10800s;604800:;86400:;; servers=4;;;0;", without the bar.
std::string perfdata(const std::vector<Metric>& metrics);

}  // namespace plugin
