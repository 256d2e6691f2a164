// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/report.hpp"

#include <algorithm>

#include "dns/escape.hpp"

namespace plugin {

std::string escape(std::string_view foreign, std::size_t most) {
  return dns::escape(foreign, most);
}

std::string render(const Binary& binary, const Options& options,
                   const std::vector<Report>& reports) {
  switch (options.output) {
    case Output::text:
      return render_text(binary, options, reports);
    case Output::json:
      return render_json(binary, options, reports);
    case Output::jsonl:
    case Output::passive:
    case Output::spool:
    case Output::icinga_api:
    case Output::openmetrics:
    case Output::zabbix:
      break;
  }
  return render_text(binary, options, reports);
}

std::string render_failure(const Binary& binary, Output output, State state,
                           std::string_view words) {
  switch (output) {
    case Output::json:
    case Output::jsonl:
      return render_failure_json(binary, output, state, words);
    case Output::zabbix:
      return render_failure_zabbix(binary, state, words);
    case Output::text:
    case Output::passive:
    case Output::spool:
    case Output::icinga_api:
    case Output::openmetrics:
      break;
  }
  return std::string(binary.service) + " " + std::string(to_text(state)) + " - " +
         std::string(words) + "\n";
}

std::string render_failure(const Binary& binary, const Options& options, State state,
                           std::string_view words) {
  return render_failure(binary, options.output, state, words);
}

std::vector<judge::Finding> settle(std::vector<judge::Finding> findings,
                                   const std::map<judge::Fault, judge::Tier>& severity) {
  for (judge::Finding& finding : findings) {
    const auto wanted = severity.find(finding.fault);
    if (wanted != severity.end()) finding.tier = wanted->second;
  }
  const auto muted = [](const judge::Finding& finding) {
    return finding.tier == judge::Tier::mute;
  };
  findings.erase(std::remove_if(findings.begin(), findings.end(), muted), findings.end());
  std::stable_sort(findings.begin(), findings.end(),
                   [](const judge::Finding& left, const judge::Finding& right) {
                     return left.tier > right.tier;
                   });
  return findings;
}

}  // namespace plugin
