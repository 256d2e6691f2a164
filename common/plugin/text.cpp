// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "judge/words.hpp"
#include "plugin/perfdata.hpp"
#include "plugin/report.hpp"
#include "plugin/summary.hpp"
#include "plugin/tally.hpp"
#include "plugin/text_lines.hpp"

namespace plugin {
namespace {

/// Nagios keeps 8192 octets with the zero at the end (MAX_PLUGIN_OUTPUT_LENGTH).
constexpr std::size_t kMostPrinted = 8191;
constexpr std::size_t kRoomForRemark = 80;

using Lines = std::vector<std::string>;

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
    lines.push_back("    RRsets: " + joined(finding.rrsets));
    return;
  }
  const std::size_t shown = std::min(kMostRRsets, finding.rrsets.size());
  std::string line = "    ";
  for (std::size_t i = 0; i < shown; ++i) line += (i == 0 ? "" : ", ") + finding.rrsets[i];
  if (shown < count) line += " and " + judge::thousands(count - shown) + " more";
  lines.push_back(line);
}

void add_finding(const judge::Finding& finding, int verbose, Lines& lines) {
  const judge::FaultInfo& info = judge::info(finding.fault);
  std::string line = "[" + std::string(judge::to_text(finding.tier)) + "] " + std::string(info.id) +
                     ": " + finding.text;
  const std::string remedy = finding.remedy.empty() ? std::string(info.remedy) : finding.remedy;
  if (!remedy.empty()) line += (line.back() == '?' ? " " : ". ") + remedy;
  lines.push_back(line);
  if (verbose < 1) {
    add_rrsets(finding, verbose, lines);
    return;
  }
  if (finding.moment) lines.push_back("    time: " + dns::to_iso_second(*finding.moment));
  if (!finding.servers.empty()) lines.push_back("    servers: " + joined(finding.servers));
  add_rrsets(finding, verbose, lines);
  if (!finding.detail.empty()) lines.push_back("    detail: " + finding.detail);
  if (!info.reference.empty()) lines.push_back("    see: " + std::string(info.reference));
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

}  // namespace

std::vector<std::string> long_lines(const Report& report, int verbose) {
  Lines lines;
  std::vector<judge::Finding> findings = settle(report.findings, {});  // worst first, always
  for (const judge::Finding& finding : findings) add_finding(finding, verbose, lines);
  for (const std::string& note : report.notes) lines.push_back("[INFO] " + note);
  if (verbose >= 1) {
    lines.insert(lines.end(), report.details.begin(), report.details.end());
    for (const ServerRow& server : report.servers) lines.push_back(server_line(server));
    for (const KeyRow& key : report.keys) lines.push_back(key_line(key));
    if (report.judged_at) lines.push_back("judged as of " + dns::to_iso_second(*report.judged_at));
  }
  if (verbose >= 2) lines.insert(lines.end(), report.debug.begin(), report.debug.end());
  return lines;
}

namespace {

/// Adds whole lines while they fit, and says how many did not.
void append_within_limit(const Lines& lines, std::string& text) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = one_line(lines[i]) + "\n";
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
                    const std::vector<Metric>& metrics, const std::vector<std::string>& lines) {
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
                   long_lines(report, options.verbose));
  }
  Tally tally(options.verbose);
  for (const Report& report : reports) tally.add(report);
  return text_of(binary, tally.state(), tally.first_words(), tally.metrics(), tally.lines());
}

}  // namespace plugin
