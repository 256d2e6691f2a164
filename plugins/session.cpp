// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "session.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "describe.hpp"
#include "dns/escape.hpp"
#include "file_run.hpp"
#include "fleet.hpp"
#include "judge/words.hpp"
#include "look.hpp"
#include "memory/key_dir.hpp"
#include "observe/json.hpp"
#include "outlook.hpp"
#include "past.hpp"
#include "plugin/run.hpp"
#include "policy.hpp"
#include "sandbox.hpp"
#include "signals.hpp"

// POSIX leaves this declaration to the program.
// NOLINTNEXTLINE(readability-redundant-declaration,*-non-const-global-variables)
extern char** environ;

namespace plugins {
namespace {

using Clock = std::chrono::steady_clock;
using plugin::State;

/// A file larger than this is no observation of ours.
constexpr std::streamsize kMostReplayOctets = 64 << 20;
/// Between the end of a transfer's verification and the deadline.
constexpr auto kJudgingWhole = std::chrono::milliseconds(500);

plugin::Environment environment() {
  plugin::Environment outside;
  outside.now = std::chrono::duration_cast<std::chrono::seconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count();
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) {
      outside.variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return outside;
}

int leave_early(const plugin::Binary& binary, const plugin::EarlyExit& early) {
  if (early.state != State::ok) {
    // What --timeout says may not even be a number; a line is read at once where it is read at all.
    end_process_at(Clock::now() + std::chrono::milliseconds(500), {},
                   static_cast<int>(State::unknown));
  }
  const std::string error = std::string(binary.service) + " UNKNOWN - ";
  if (early.text.rfind(error, 0) != 0) {
    return emit_last(early.state, early.text);
  }
  const auto words = early.text.substr(error.size());
  return emit_last(early.state, plugin::render_failure(binary, early.output, early.state,
                                                       words.substr(0, words.find('\n'))));
}

std::optional<std::string> record(const std::string& file, const observe::ZoneObservation& seen) {
  std::ofstream output(file, std::ios::binary | std::ios::trunc);
  output << observe::to_json(seen);
  output.flush();
  if (!output) {
    return "option --record: cannot write " + file;
  }
  return std::nullopt;
}

dns::Result<observe::ZoneObservation> observation(const Check& check,
                                                  const plugin::Options& options,
                                                  Clock::time_point deadline, dns::UnixTime now) {
  return options.replay ? replayed(*options.replay)
                        : look_at_zone(options, {check.ask_for, check.make_tls}, deadline, now);
}

/// Before --timeout is known: a file that options name may hang, and whoever reads standard output.
void end_if_options_hang(const plugin::Binary& binary, Clock::time_point start) {
  constexpr auto kEnough = std::chrono::seconds(10);
  end_process_at(
      start + kEnough,
      std::string(binary.service) +
          " UNKNOWN - cut off after 10s: a file that the options name does not respond\n",
      static_cast<int>(State::unknown));
}

/// The promise of --timeout for what is no network.
void end_if_all_else_hangs(const plugin::Binary& binary, const plugin::Options& options,
                           Clock::time_point start) {
  std::string subject;
  if (!options.zones.empty()) {
    subject = options.zones.size() == 1 ? options.zones.front().to_display() + ": "
                                        : judge::count_words(options.zones.size(), "zone") + ": ";
  }
  end_process_at(
      start + std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout * 1000)),
      plugin::render_failure(binary, options, options.timeout_state,
                             subject + "cut off after " + judge::plain_number(options.timeout) +
                                 "s: a file or pipe of the options, or this host, does not respond "
                                 "[deadline-reached]"),
      static_cast<int>(options.timeout_state));
}

int run_on_zone(const Check& check, const plugin::Options& options, Clock::time_point start,
                dns::UnixTime now) {
  const auto limit =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options.timeout));
  // One silent address makes a look take what it may have: a transfer needs its share.
  const auto seen = observation(check, options, start + (options.axfr ? limit / 2 : limit), now);
  end_process_at_signals(
      plugin::render_failure(check.binary, options, State::unknown,
                             "ended by a signal before all that was seen was judged"),
      static_cast<int>(State::unknown));
  if (!seen) {
    return fail(check.binary, options, seen.error().message);
  }
  if (options.record) {
    if (const auto problem = record(*options.record, *seen)) {
      return fail(check.binary, options, *problem);
    }
  }
  const auto key_times = key_times_for(options, {seen->apex.value_or(seen->asked)});
  if (!key_times) {
    return fail(check.binary, options, key_times.error().message);
  }
  auto report =
      report_on(check, options, policy_for(options, *key_times), *seen,
                std::chrono::duration<double>(Clock::now() - start).count(), start + limit);
  if (!report) {
    return fail(check.binary, options, report.error().message);
  }
  const auto state = plugin::state_of(*report);
  std::vector<plugin::Report> reports;
  reports.push_back(*std::move(report));
  const auto text = plugin::render(check.binary, options, reports);
  return emit_last(state, text);
}

/// Outputs that hand on single results are streams also where there is one zone.
bool is_of_many(const plugin::Options& options) {
  return options.zones_file || options.zones.size() > 1 || options.output_file ||
         (options.output != plugin::Output::text && options.output != plugin::Output::json);
}

int run_checked(const Check& check, const plugin::Options& options,
                const plugin::Environment& outside, Clock::time_point start) {
  if (options.zone_file) {
    return run_on_file(check, options, start, outside.now);
  }
  return is_of_many(options) ? run_on_many(check, options, outside, start)
                             : run_on_zone(check, options, start, outside.now);
}

}  // namespace

dns::Result<observe::ZoneObservation> replayed(const std::string& file) {
  std::ifstream input(file, std::ios::binary);
  if (!input) {
    return dns::Error{"option --replay: cannot read " + file};
  }
  std::string text;
  text.resize(1 << 16);
  std::string whole;
  while (input.read(text.data(), static_cast<std::streamsize>(text.size())) || input.gcount() > 0) {
    whole.append(text, 0, static_cast<std::size_t>(input.gcount()));
    if (static_cast<std::streamsize>(whole.size()) > kMostReplayOctets) {
      return dns::Error{"option --replay: " + file + " is too large for an observation"};
    }
  }
  auto seen = observe::from_json(whole);
  if (!seen) {
    return dns::Error{"option --replay: " + file +
                      " is not a record that --record wrote: " + seen.error().message};
  }
  return seen;
}

dns::Result<std::vector<memory::KeyTimes>> key_times_for(const plugin::Options& options,
                                                         const std::vector<dns::Name>& zones) {
  if (!options.key_dir) {
    return std::vector<memory::KeyTimes>();
  }
  auto times = memory::read_key_dir(*options.key_dir, zones);
  if (!times) {
    return dns::Error{"option --key-dir: " + times.error().message};
  }
  return times;
}

dns::Result<plugin::Report> report_on(const Check& check, const plugin::Options& options,
                                      const judge::Policy& policy,
                                      const observe::ZoneObservation& seen, double seconds,
                                      Clock::time_point deadline) {
  Past past(check.binary, options, seen, deadline);
  const auto analysis = judge::analyse(seen, options.at.value_or(seen.taken_at), past.known());
  auto findings = check.judge(analysis, policy);
  past.save(analysis, findings);
  for (auto& finding : findings) {
    if (finding.fault == judge::Fault::deadline_reached) {
      finding.tier = tier_of(options.timeout_state);  // -t SECONDS:STATE
    }
  }
  plugin::Report report;
  report.zone = seen.asked;
  report.judged_at = analysis.now;
  report.findings = std::move(findings);
  describe_common(report, analysis, seconds);
  report.notes.insert(report.notes.end(), past.notes().begin(), past.notes().end());
  check.describe(report, analysis, policy);
  if (options.axfr && check.whole.judge != nullptr) {
    if (auto trouble = add_transfer(check.whole, options, analysis, policy,
                                    {analysis.now, deadline - kJudgingWhole}, report)) {
      return *std::move(trouble);
    }
  }
  report.findings = plugin::settle(std::move(report.findings), options.severity);
  if (auto trouble = add_outlook(options, check.binary.check, analysis, deadline, report)) {
    return *std::move(trouble);
  }
  return report;
}

int fail(const plugin::Binary& binary, const plugin::Options& options, const std::string& words) {
  return emit_last(State::unknown, plugin::render_failure(binary, options, State::unknown,
                                                          dns::escape_line(words)));
}

int run(const Check& check, int argc, char** argv) {
  const auto look = [&] {
    const auto start = Clock::now();
    hold_end_signals();
    end_process_at_crashes(check.binary.service);
    end_if_options_hang(check.binary, start);
    const std::vector<std::string> arguments(
        argv + 1, argv + argc);  // NOLINT(cppcoreguidelines-pro-bounds-pointer-arithmetic):
                                 // argv is what main() gets
    const auto outside = environment();
    const auto parsed = plugin::parse_options(check.binary, arguments, outside);
    if (const auto* early = std::get_if<plugin::EarlyExit>(&parsed)) {
      return leave_early(check.binary, *early);
    }
    auto options = std::get<plugin::Options>(parsed);
    options.terminal =
        plugin::terminal_for(outside.variables, !options.output_file && isatty(STDOUT_FILENO) == 1);
    options.state_dir = state_directory(check.binary, options, outside);
    if (const auto problem = enter_sandbox(options)) {
      return fail(check.binary, options, problem->message);
    }
    if (options.show_state) {
      return show_state(check.binary, options, outside.now);
    }
    end_if_all_else_hangs(check.binary, options, start);
    return run_checked(check, options, outside, start);
  };
  return plugin::guarded(check.binary, look, emit_last);
}

void exit_now(int status) { _exit(status); }

}  // namespace plugins
