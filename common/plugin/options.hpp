// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dns/answer.hpp"
#include "dns/message.hpp"
#include "dns/name.hpp"
#include "dns/rdata.hpp"
#include "dns/serial_time.hpp"
#include "judge/catalogue.hpp"
#include "judge/policy.hpp"
#include "judge/range.hpp"
#include "plugin/state.hpp"
#include "plugin/terminal.hpp"

namespace plugin {

/// Which binary is speaking.
struct Binary {
  std::string_view name;     ///< "check_dnssec_sigs"
  std::string_view service;  ///< "DNSSEC SIGS": leads the first line
  std::string_view
      question;    ///< "Are all signatures there, valid, and fresh, on every nameserver?"
  unsigned check;  ///< judge::Check bit: picks its options and findings
};
extern const Binary kChainBinary;
extern const Binary kSigsBinary;
extern const Binary kDsBinary;
extern const Binary kNsecBinary;
extern const Binary kKeysBinary;
extern const Binary kResolversBinary;
/// All of them, in the order that help and man pages name them in.
std::span<const Binary* const> all_binaries();

enum class Unit {
  none,
  text,
  seconds,
  duration,
  range,
  threshold,
  address,
  file,
  time,
  word,
  count
};

/// One option. The one table behind parsing, range errors, --help, man pages, completion and the
/// monitoring systems' definitions.
struct OptionRow {
  std::string_view name;      ///< long name without dashes
  char letter = 0;            ///< short name, or 0
  std::string_view argument;  ///< "ZONE", "SECONDS[:STATE]"; empty for a flag
  Unit unit = Unit::none;
  bool repeatable = false;
  std::string_view fallback;        ///< default in words as help prints it; empty: none
  double least = 0, most = 0;       ///< for numbers; equal: unlimited
  unsigned checks = judge::kEvery;  ///< which binaries have it
  std::string_view sentence;        ///< for --help and the man page, ends in a full stop
  std::string_view group;           ///< the heading it stands under in --help
};
std::span<const OptionRow> option_table();
/// The group of the options that say how to judge.
inline constexpr std::string_view kLimitsGroup = "Thresholds and states";
/// The row of a long name that `binary` has, or nullptr.
const OptionRow* find_option(const Binary& binary, std::string_view name);

using judge::Expect;
enum class Output {
  text,
  json,
  jsonl,        ///< a document a zone, one a line
  passive,      ///< external commands of Nagios and Icinga, one a zone
  spool,        ///< Nagios check-result files
  icinga_api,   ///< bodies of Icinga 2's process-check-result, one a line
  openmetrics,  ///< for node_exporter's textfile collector
  zabbix,       ///< one line of JSON with low-level-discovery arrays
};
/// "icinga-api".
std::string_view to_text(Output output);
/// Nothing where there is none of that name.
std::optional<Output> find_output(std::string_view name);

enum class Sandbox { automatic, require, off };

/// What the command line and the extra-opts file say, checked and typed.
struct Options {
  std::vector<dns::Name> zones;
  std::optional<std::string> zones_file;    ///< "-": standard input
  std::optional<unsigned> concurrency;      ///< zones at once
  std::optional<unsigned> rate_per_server;  ///< questions a second
  double zone_timeout = 10;                 ///< seconds for each zone of zones_file
  std::optional<std::string> output_file;   ///< in standard output's place, by rename
  std::optional<std::string> command_file;  ///< passive
  std::optional<std::string> spool_dir;     ///< spool
  std::optional<std::string> host_template, service_template;  ///< passive, spool, icinga_api
  std::optional<double> forecast;                              ///< chain, sigs; seconds
  std::optional<std::string> graph;                            ///< chain
  std::optional<Terminal> terminal;  ///< where the report goes to one; not an option
  std::optional<judge::Threshold> warning, critical;
  std::optional<judge::Threshold> dnskey_warning, dnskey_critical;  // sigs
  std::optional<double> max_age;                                    // sigs, seconds
  std::optional<double> stall_slack;                                // sigs, seconds
  std::vector<dns::Ds> pins;                                        // ds
  std::optional<double> max_dangling, cds_max_age;                  // ds, seconds
  std::optional<double> zsk_max_age, ksk_max_age;                   // keys, seconds
  double notice = 30 * 86400;                                       // keys, seconds
  std::optional<std::string> key_dir;                               // keys
  double timeout = 10;                                              ///< seconds
  State timeout_state = State::unknown;
  int verbose = 0;
  bool only_v4 = false, only_v6 = false;
  bool bootstrap = false;        // ds
  bool standard_policy = false;  // keys
  std::vector<dns::Endpoint> servers;
  std::vector<dns::Endpoint> forward;
  std::vector<dns::ResolverAddress> resolvers;  // resolvers
  std::optional<std::string> tls_ca;            // resolvers
  std::optional<dns::Name> canary_bogus;        // resolvers
  std::vector<dns::Name> canary_algorithms;     // resolvers
  std::optional<unsigned> quorum;               // resolvers
  std::optional<std::string> trust_anchor, root_hints;
  std::optional<dns::UnixTime> at;  ///< absolute; `+DURATION` is counted from `now`
  unsigned retries = 2;
  double query_timeout = 2;  ///< seconds
  Sandbox sandbox = Sandbox::automatic;
  Expect expect = Expect::secure;
  std::map<judge::Fault, judge::Tier> severity;
  std::vector<dns::Question> names;  ///< --name NAME[/TYPE], TYPE A when not given
  judge::ExpectDenial expect_denial = judge::ExpectDenial::any;  // nsec
  unsigned probes = 4;                                           // nsec
  std::optional<std::uint32_t> walk;                             // nsec; 0: the whole chain
  std::optional<std::string> zone_file;                          // sigs, nsec; "-": standard input
  std::optional<dns::Endpoint> axfr_server;                      // sigs, nsec; else the zone's own
  std::optional<std::string> tsig_file;                          // sigs, nsec
  std::vector<dns::Ds> ds;                                       // sigs, nsec
  std::optional<unsigned> threads;                               // sigs, nsec
  bool axfr = false, allow_include = false, ds_lookup = false, all = false;  // sigs, nsec
  Output output = Output::text;
  std::optional<std::string> state_dir;  ///< --state-dir; MP_STATE_PATH is the session's matter
  bool show_state = false;
  std::optional<std::string> record, replay;
};

/// The run is over before it began: help, version, lists, usage errors.
struct EarlyExit {
  State state = State::unknown;
  std::string text;              ///< whole standard output, ends in a newline
  Output output = Output::text;  ///< that was asked for: of an error, `text` holds its words
};

/// What parsing needs of the outside, passed in.
struct Environment {
  dns::UnixTime now = 0;
  std::map<std::string, std::string>
      variables;  ///< MP_CONFIG_FILE, NAGIOS_CONFIG_PATH, MP_STATE_PATH ...
};

/// Parses `arguments` (without argv[0]). Handles -h, -V, --list-findings, --explain and
/// --extra-opts itself. A usage error is one line that names the option, the value and what is
/// accepted, state UNKNOWN; so do help and version end. Lists and explanations end OK. Where an
/// option that is not repeatable is given twice, the last one counts.
std::variant<Options, EarlyExit> parse_options(const Binary& binary,
                                               std::span<const std::string> arguments,
                                               const Environment& environment);

std::string help_text(const Binary& binary);  ///< at most 80 columns
/// --help with --output json: one document with `options` and `findings`, for generators and tests
/// of what monitoring systems are told about the plugins.
std::string help_json(const Binary& binary);
std::string version_text(const Binary& binary);  ///< "check_dnssec_sigs 0.1.0"
std::string findings_text(
    const Binary& binary);  ///< --list-findings: "id  TIER  sentence", one a line
std::string explain_text(const judge::FaultInfo& fault);

}  // namespace plugin
