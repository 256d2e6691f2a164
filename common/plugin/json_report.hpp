// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "plugin/report.hpp"

namespace plugin {

/// Members stay in the order in which they were added.
using ReportJson = nlohmann::ordered_json;

/// {"plugin": ..., "version": ...}: what every document begins with.
ReportJson json_head(const Binary& binary);
/// Adds the members of one zone's report: "zone", "state" ...
void add_report(const Report& report, int verbose, ReportJson& document);
/// The document of one zone.
ReportJson report_document(const Binary& binary, const Options& options, const Report& report);
ReportJson metrics_json(const std::vector<Metric>& metrics);
/// Integers as integers, never an exponent; null for what is no number.
ReportJson json_number(double value);

/// As text of many indented lines, or of one; without a newline at the end. Octets that are not
/// UTF-8 are replaced: a report must never fail to print.
std::string json_pages(const ReportJson& document);
std::string json_line(const ReportJson& document);

}  // namespace plugin
