// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "judge/words.hpp"
#include "plugin/perfdata.hpp"
#include "plugin/report.hpp"
#include "plugin/summary.hpp"
#include "plugin/tally.hpp"
#include "plugin/terminal.hpp"
#include "plugin/text_lines.hpp"
#include "plugin/tree.hpp"

namespace plugin {
namespace {

/// Nagios keeps 8192 octets with the zero at the end (MAX_PLUGIN_OUTPUT_LENGTH).
constexpr std::size_t kMostPrinted = 8191;
constexpr std::size_t kRoomForRemark = 80;

using Lines = TextLines;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// Of a fault of a whole zone the first few are always shown: the text names the first and the
/// last.
constexpr std::size_t kMostRRsets = 10;

void add_rrsets(const judge::Finding& finding, int verbose, Lines& lines) {
  const std::size_t count = finding.count.value_or(finding.rrsets.size());
  const bool always = finding.count && count > 1 && finding.tier != judge::Tier::info;
  if (finding.rrsets.empty() || (verbose < 1 && !always)) return;
  if (!finding.count) {
    lines.emplace_back("    RRsets: " + joined(finding.rrsets));
    return;
  }
  const std::size_t shown = std::min(kMostRRsets, finding.rrsets.size());
  std::string line = "    ";
  for (std::size_t i = 0; i < shown; ++i) line += (i == 0 ? "" : ", ") + finding.rrsets[i];
  if (shown < count) line += " and " + judge::thousands(count - shown) + " more";
  lines.emplace_back(line);
}

void add_finding(const judge::Finding& finding, int verbose, Lines& lines) {
  const judge::FaultInfo& info = judge::info(finding.fault);
  std::string line = "[" + std::string(judge::to_text(finding.tier)) + "] " + std::string(info.id) +
                     ": " + finding.text;
  const std::string remedy = finding.remedy.empty() ? std::string(info.remedy) : finding.remedy;
  if (!remedy.empty()) line += (line.back() == '?' ? " " : ". ") + remedy;
  lines.emplace_back(line);
  if (verbose < 1) {
    add_rrsets(finding, verbose, lines);
    return;
  }
  if (finding.moment) lines.emplace_back("    time: " + dns::to_iso_second(*finding.moment));
  if (!finding.servers.empty()) lines.emplace_back("    servers: " + joined(finding.servers));
  add_rrsets(finding, verbose, lines);
  if (!finding.detail.empty()) lines.emplace_back("    detail: " + finding.detail);
  if (!info.reference.empty()) lines.emplace_back("    see: " + std::string(info.reference));
}

std::string server_line(const ServerRow& server) {
  std::string line = "server " + server.name;
  line += server.name.empty() ? server.address : " (" + server.address + ")";
  line += ": " + server.status;
  if (server.round_trip_ms) {
    line += ", " + judge::plain_number(std::round(*server.round_trip_ms * 10) / 10) + " ms";
  }
  if (server.serial) line += ", serial " + std::to_string(*server.serial);
  if (server.soonest_expiry) {
    line += ", soonest expiry " + dns::to_iso_minute(*server.soonest_expiry);
  }
  if (!server.nsid.empty()) line += ", NSID " + server.nsid;
  return line;
}

std::string key_line(const KeyRow& key) {
  std::string line = "key " + std::to_string(key.tag) + ": algorithm " +
                     std::to_string(key.algorithm) + ", flags " + std::to_string(key.flags) + ", " +
                     std::to_string(key.bits) + " bits";
  if (key.ds_matches) line += ", DS at the parent";
  if (key.signs_dnskey) line += ", signs DNSKEY";
  if (key.signs_zone) line += ", signs the zone";
  return line;
}

std::string forecast_line(const judge::Event& event, const Report& report) {
  std::string line = "[INFO] forecast: ";
  if (event.time) {
    line += dns::to_iso_minute(*event.time);
    if (report.judged_at && *event.time > *report.judged_at) {
      line += " (in " + dns::to_human_duration(*event.time - *report.judged_at) + ")";
    }
    line += " ";
  }
  return line + event.text;
}

/// At a terminal drawn, elsewhere as plain lines.
void add_chain(const Report& report, const std::optional<Terminal>& terminal, Lines& lines) {
  if (!terminal || !report.picture) {
    lines.insert(lines.end(), report.chain.begin(), report.chain.end());
    return;
  }
  for (auto& line : draw_tree(*report.picture, terminal->utf8)) {
    lines.emplace_back(std::move(line.text), terminal->colours ? colour_of(line.state) : "");
  }
}

}  // namespace

TextLines long_lines(const Report& report, const Options& options) {
  Lines lines;
  const int verbose = options.verbose;
  std::vector<judge::Finding> findings = settle(report.findings, {});  // worst first, always
  for (const judge::Finding& finding : findings) add_finding(finding, verbose, lines);
  if (report.forecast) {
    for (const judge::Event& event : *report.forecast) {
      lines.emplace_back(forecast_line(event, report));
    }
  }
  for (const std::string& note : report.notes) lines.emplace_back("[INFO] " + note);
  if (verbose >= 1) {
    add_chain(report, options.terminal, lines);
    lines.insert(lines.end(), report.details.begin(), report.details.end());
    for (const ServerRow& server : report.servers) lines.emplace_back(server_line(server));
    for (const KeyRow& key : report.keys) lines.emplace_back(key_line(key));
    if (report.judged_at)
      lines.emplace_back("judged as of " + dns::to_iso_second(*report.judged_at));
  }
  if (verbose >= 2) lines.insert(lines.end(), report.debug.begin(), report.debug.end());
  return lines;
}

namespace {

/// Adds whole lines while they fit, and says how many did not.
void append_within_limit(const Lines& lines, std::string& text) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string line = one_line(lines[i].text);
    if (!lines[i].colour.empty()) {
      line.insert(0, lines[i].colour);
      line += "\033[0m";
    }
    line += "\n";
    const bool last = i + 1 == lines.size();
    const std::size_t room = kMostPrinted - (last ? 0 : kRoomForRemark);
    if (text.size() + line.size() <= room) {
      text += line;
      continue;
    }
    text += "[INFO] " + std::to_string(lines.size() - i) +
            " more lines left out; --output json has everything\n";
    return;
  }
}

}  // namespace

std::string text_of(const Binary& binary, State state, const std::string& first_words,
                    const std::vector<Metric>& metrics, const TextLines& lines) {
  std::string text =
      std::string(binary.service) + " " + std::string(to_text(state)) + " - " + first_words;
  const std::string numbers = perfdata(metrics);
  if (!numbers.empty()) text += " | " + numbers;
  text += "\n";
  append_within_limit(lines, text);
  return text;
}

std::string render_text(const Binary& binary, const Options& options,
                        const std::vector<Report>& reports) {
  if (reports.size() == 1) {
    const Report& report = reports.front();
    return text_of(binary, state_of(report), first_words(report), metrics_of(report),
                   long_lines(report, options));
  }
  Tally tally(options);
  for (const Report& report : reports) tally.add(report);
  return text_of(binary, tally.state(), tally.first_words(), tally.metrics(), tally.lines());
}

}  // namespace plugin
