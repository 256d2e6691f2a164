// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/json_report.hpp"
#include "plugin/perfdata.hpp"
#include "plugin/report.hpp"
#include "plugin/summary.hpp"

namespace plugin {

std::string render_json(const Binary& binary, const Options& options,
                        const std::vector<Report>& reports) {
  if (reports.size() == 1) {
    return json_pages(report_document(binary, options, reports.front())) + "\n";
  }
  ReportJson document = json_head(binary);
  const State state = state_of(reports);
  document["state"] = to_text(state);
  document["exit_status"] = static_cast<int>(state);
  document["summary"] = first_words(reports);
  document["metrics"] = metrics_json(metrics_of(reports));
  document["zones"] = ReportJson::array();
  for (const Report& report : reports) {
    ReportJson zone;
    add_report(report, options.verbose, zone);
    document["zones"].push_back(std::move(zone));
  }
  return json_pages(document) + "\n";
}

std::string render_failure_json(const Binary& binary, Output output, State state,
                                std::string_view words) {
  ReportJson document = json_head(binary);
  document["zone"] = nullptr;
  document["state"] = to_text(state);
  document["exit_status"] = static_cast<int>(state);
  document["tier"] = nullptr;
  document["summary"] = words;
  for (const char* list : {"findings", "metrics", "servers", "keys"}) {
    document[list] = ReportJson::array();
  }
  return (output == Output::jsonl ? json_line(document) : json_pages(document)) + "\n";
}

}  // namespace plugin
