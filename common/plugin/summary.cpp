// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/summary.hpp"

#include <algorithm>

#include "plugin/totals.hpp"

namespace plugin {

const judge::Finding* worst_finding(const Report& report) {
  const judge::Finding* worst = nullptr;
  for (const judge::Finding& finding : report.findings) {
    if (worst == nullptr || finding.tier > worst->tier) worst = &finding;
  }
  return worst;
}

judge::Tier worst_tier(const Report& report) {
  const judge::Finding* worst = worst_finding(report);
  return worst == nullptr ? judge::Tier::mute : worst->tier;
}

State state_of(const Report& report) {
  const State state = state_of(worst_tier(report));
  return state == State::ok && report.ok_summary.empty() ? State::unknown : state;
}

State state_of(const std::vector<Report>& reports) {
  if (reports.empty()) return State::unknown;  // nothing looked at is not fine
  State state = State::ok;
  for (const Report& report : reports) state = worse(state, state_of(report));
  return state;
}

std::vector<const Report*> worst_first(const std::vector<Report>& reports) {
  std::vector<const Report*> sorted;
  sorted.reserve(reports.size());
  for (const Report& report : reports) sorted.push_back(&report);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Report* left, const Report* right) {
    const State left_state = state_of(*left);
    const State right_state = state_of(*right);
    if (left_state != right_state) return worse(left_state, right_state) == left_state;
    return worst_tier(*left) > worst_tier(*right);
  });
  return sorted;
}

std::string summary_of(const Report& report) {
  const std::string zone = report.zone.to_display();
  const judge::Finding* worst = worst_finding(report);
  if (worst == nullptr || state_of(worst->tier) == State::ok) {
    if (report.ok_summary.empty()) return zone + ": nothing was looked at";
    return zone + " " + one_line(report.ok_summary);
  }
  const auto others = std::count_if(report.findings.begin(), report.findings.end(),
                                    [&](const judge::Finding& finding) {
                                      return &finding != worst && finding.tier > judge::Tier::info;
                                    });
  std::string text =
      zone + ": " + one_line(worst->text) + " [" + std::string(judge::info(worst->fault).id) + "]";
  if (others > 0) text += ", and " + std::to_string(others) + " more";
  return text;
}

std::string first_words(const Report& report) {
  return (worst_tier(report) == judge::Tier::emergency ? "EMERGENCY: " : "") + summary_of(report);
}

std::string first_words(const std::vector<Report>& reports) {
  Totals totals;
  for (const Report& report : reports) totals.add(report);
  return totals.words();
}

std::string one_line(std::string_view text, std::size_t most) {
  std::string line;
  for (const char octet : text) {
    const auto code = static_cast<unsigned char>(octet);
    if (code >= 32 && code != 127 && octet != '|') {
      line += octet;
      continue;
    }
    line += '\\';
    for (const int power : {100, 10, 1}) line += static_cast<char>('0' + code / power % 10);
  }
  if (line.size() <= most) return line;
  std::size_t end = most < 3 ? 0 : most - 3;
  // Not inside a character of UTF-8, whose later octets are 10xxxxxx.
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  return line.substr(0, end) + "...";
}

}  // namespace plugin
