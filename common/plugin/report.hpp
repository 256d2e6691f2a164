// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/name.hpp"
#include "dns/serial_time.hpp"
#include "judge/finding.hpp"
#include "judge/forecast.hpp"
#include "judge/picture.hpp"
#include "judge/range.hpp"
#include "plugin/options.hpp"
#include "plugin/state.hpp"

namespace plugin {

/// One perfdata item. Labels are [a-z0-9_], the same in every run and state. An unknown value is
/// left out whole.
struct Metric {
  std::string label;
  double value = 0;       ///< printed without exponent, integers as integers
  std::string_view unit;  ///< "", "s", "B", "%", "c"
  std::optional<judge::Range> warning, critical;
  std::optional<double> least, most;
};

/// One nameserver address, for -v and JSON.
struct ServerRow {
  std::string name, address;
  std::string status;  ///< "ok", "timeout", "REFUSED" ...
  std::optional<double> round_trip_ms;
  std::optional<std::uint32_t> serial;
  std::optional<dns::UnixTime> soonest_expiry;
  std::string nsid;  ///< escaped
};

/// One DNSKEY, for -v and JSON.
struct KeyRow {
  std::uint16_t tag = 0;
  std::uint8_t algorithm = 0;
  std::uint16_t flags = 0;
  unsigned bits = 0;
  bool ds_matches = false, signs_dnskey = false, signs_zone = false;
};

/// All that one zone's check has to say. Every string in it is safe to print.
/// What judging the zone cost; man page check_dnssec(7), LIMITS.
struct WorkDone {
  std::size_t verifications = 0;  ///< public-key operations
  std::size_t failures = 0;       ///< of those that said no
  std::size_t hash_rounds = 0;    ///< of SHA-1, for NSEC3
};

struct Report {
  dns::Name zone;
  std::string ok_summary;  ///< first line's words when nothing is above INFO, without the zone's
                           ///< name: "is secure: 3 links …"
  /// Leads the summary: what of the options failed, where nothing else is known.
  std::string trouble;
  std::vector<judge::Finding> findings;  ///< severities applied, worst first
  std::vector<Metric> metrics;
  std::vector<std::string> notes;    ///< what was not looked at, and why: long output, "[INFO] …"
  std::vector<std::string> chain;    ///< -v: the chain as a tree, one line each
  std::vector<std::string> details;  ///< -v: preformatted lines
  std::vector<std::string> debug;    ///< -vv and more: one line per question asked
  std::vector<ServerRow> servers;
  std::vector<KeyRow> keys;
  std::optional<dns::UnixTime> judged_at;
  std::optional<std::vector<judge::Event>> forecast;  ///< --forecast
  std::optional<WorkDone> work;
  std::optional<judge::Picture> picture;  ///< stands for `chain` at a terminal
};

/// The worst finding's state. A report with no finding above INFO and no ok_summary has looked at
/// nothing and is UNKNOWN, never OK.
State state_of(const Report& report);

/// The plugin's whole standard output, ends in a newline. One report: first line, perfdata, long
/// output. Several: a first line that counts states and names the worst,
/// then each zone's part. At most 8 KiB as text (Nagios keeps no more): what is left out is
/// counted.
std::string render_text(const Binary& binary, const Options& options,
                        const std::vector<Report>& reports);
/// One JSON document: the report of one zone, or {"zones": [...]} for several.
std::string render_json(const Binary& binary, const Options& options,
                        const std::vector<Report>& reports);
/// The document of a run that looked at nothing (wrong usage, unreadable files): the same members,
/// with `words` as its summary. `output`: on one line for jsonl.
std::string render_failure_json(const Binary& binary, Output output, State state,
                                std::string_view words);
/// The same for --output zabbix: no zones, and totals that say why.
std::string render_failure_zabbix(const Binary& binary, State state, std::string_view words);
/// The same in the format that was asked for; `words` are safe for one line.
std::string render_failure(const Binary& binary, Output output, State state,
                           std::string_view words);
std::string render_failure(const Binary& binary, const Options& options, State state,
                           std::string_view words);
std::string render(const Binary& binary, const Options& options,
                   const std::vector<Report>& reports);

/// Makes foreign text safe for one line of plugin output: control octets, backslash, `|`, `<`, `>`,
/// `&`, quotes, backtick, `$`, `;`, `[`, `]` (a finding's id stands in brackets) and every octet
/// above 126 become `\DDD`; when that is over `most` octets it is cut with "...".
std::string escape(std::string_view foreign, std::size_t most = 200);

/// The worst line first; keeps order among equals; drops muted ones; applies --severity.
std::vector<judge::Finding> settle(std::vector<judge::Finding> findings,
                                   const std::map<judge::Fault, judge::Tier>& severity);

}  // namespace plugin
