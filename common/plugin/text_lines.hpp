// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>
#include <vector>

#include "plugin/report.hpp"

namespace plugin {

/// A report's long output, a finding or a remark a line.
std::vector<std::string> long_lines(const Report& report, int verbose);

/// First line with performance data, then as many whole lines as Nagios keeps, and how many did not
/// fit.
std::string text_of(const Binary& binary, State state, const std::string& first_words,
                    const std::vector<Metric>& metrics, const std::vector<std::string>& lines);

}  // namespace plugin
