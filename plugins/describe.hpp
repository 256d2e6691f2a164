// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>

#include "judge/judge.hpp"
#include "plugin/report.hpp"

namespace plugins {

/// What every binary's report shows: servers, keys, notes, the questions asked, and the metrics of
/// all checks.
void describe_common(plugin::Report& report, const judge::Analysis& analysis, double seconds);

/// "and says so where it was expected": the summary of a zone that is not secure and need not be.
std::string expected_state_words(const judge::Analysis& analysis, const judge::Policy& policy);

plugin::Metric metric(std::string label, double value, std::string_view unit = {});

}  // namespace plugins
