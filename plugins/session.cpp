// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "session.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <iterator>

#include "describe.hpp"
#include "dns/escape.hpp"
#include "file_run.hpp"
#include "fleet.hpp"
#include "judge/words.hpp"
#include "look.hpp"
#include "memory/file.hpp"
#include "observe/json.hpp"
#include "outlook.hpp"
#include "past.hpp"
#include "plugin/arguments.hpp"
#include "plugin/output_file.hpp"
#include "plugin/read_file.hpp"
#include "plugin/run.hpp"
#include "plugin/summary.hpp"
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
constexpr std::size_t kMostReplayOctets = std::size_t{64} << 20U;
constexpr std::size_t kMostOfPath = 160;
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

/// What is no file takes what it is given: a pipe, a terminal.
bool is_odd(const std::string& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

std::string not_recorded(const std::string& file, int code) {
  return "option --record: cannot write " + plugin::quote(file) + ": " +
         plugin::unwritten_words(code);
}

std::optional<std::string> record(const std::string& file, const observe::ZoneObservation& seen) {
  const auto text = observe::to_json(seen);
  if (is_odd(file)) {
    const memory::Descriptor odd(::open(file.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    return odd.open() && plugin::write_all(odd.number(), text)
               ? std::nullopt
               : std::optional(not_recorded(file, errno));
  }
  auto output = plugin::OutputFile::open(file, "record");
  if (!output) {
    return output.error().message;
  }
  if (!output->write(text)) {
    return not_recorded(file, errno);
  }
  if (const auto problem = output->finish()) {
    return problem->message;
  }
  return std::nullopt;
}

/// What was asked for and is not in the record must not pass for fine.
void note_unrecorded_names(observe::ZoneObservation& seen,
                           const std::vector<dns::Question>& names) {
  for (const auto& name : names) {
    const bool recorded =
        std::any_of(seen.wanted.begin(), seen.wanted.end(),
                    [&](const dns::Question& wanted) { return wanted.name == name.name; });
    if (!recorded) {
      seen.notes.push_back(name.name.to_display() + " is not in the record: it was not looked at");
    }
  }
}

dns::Result<observe::ZoneObservation> read_record(const std::string& file) {
  const auto text = plugin::read_file(file, kMostReplayOctets, "observation");
  if (!text) {
    return dns::Error{"option --replay: " + text.error().message};
  }
  auto seen = observe::from_json(*text);
  if (!seen) {
    return dns::Error{"option --replay: " + file +
                      " is not a record that --record wrote: " + seen.error().message};
  }
  return seen;
}

dns::Result<observe::ZoneObservation> observation(const Check& check,
                                                  const plugin::Options& options,
                                                  Clock::time_point deadline, dns::UnixTime now) {
  return options.replay ? replayed(options)
                        : look_at_zone(options, {check.ask_for, check.make_tls}, deadline, now);
}

/// Leads what is said of a run that was cut off.
std::string subject_of(const plugin::Options& options) {
  if (options.zones.empty()) {
    return {};
  }
  return options.zones.size() == 1 ? options.zones.front().to_display() + ": "
                                   : judge::count_words(options.zones.size(), "zone") + ": ";
}

/// What the command line says by itself, as far as it makes sense.
plugin::Options without_files(const std::vector<plugin::Given>& given,
                              const plugin::Environment& outside) {
  plugin::Options options;
  for (const auto& one : given) {
    for (const std::string_view name : {"zone", "timeout", "output"}) {
      if (one.row->name == name) {
        static_cast<void>(plugin::apply_option(one, outside, options));
      }
    }
  }
  return options;
}

/// Before all options are known: the file of --extra-opts may hang, and whoever writes it.
void end_if_options_hang(const plugin::Binary& binary, const std::vector<std::string>& arguments,
                         const plugin::Environment& outside, Clock::time_point start) {
  const auto given = plugin::split_arguments(binary, arguments);
  const auto is_file = [](const plugin::Given& one) { return one.row->name == "extra-opts"; };
  const auto known = given ? without_files(*given, outside) : plugin::Options();
  std::string where = "option --extra-opts";
  if (given && std::ranges::any_of(*given, is_file)) {
    where += ": " + plugin::quote(std::ranges::find_if(*given, is_file)->value);
    end_process_at_signals(plugin::render_failure(binary, known, State::unknown,
                                                  subject_of(known) + "ended by a signal before " +
                                                      where + " was read"),
                           static_cast<int>(State::unknown));
  }
  end_process_at(start + std::chrono::milliseconds(static_cast<std::int64_t>(known.timeout * 1000)),
                 plugin::render_failure(binary, known, known.timeout_state,
                                        subject_of(known) + "cut off after " +
                                            judge::plain_number(known.timeout) + "s: " + where +
                                            " does not respond [deadline-reached]"),
                 static_cast<int>(known.timeout_state));
}

/// The promise of --timeout for what is no network.
void end_if_all_else_hangs(const plugin::Binary& binary, const plugin::Options& options,
                           Clock::time_point start) {
  const auto subject = subject_of(options);
  end_process_at(
      start + std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout * 1000)),
      plugin::render_failure(
          binary, options, options.timeout_state,
          subject + "cut off after " + judge::plain_number(options.timeout) +
              "s: a file or pipe of the options does not respond, or this host is "
              "too slow [deadline-reached]"),
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
  const auto keys = key_files_for(options, {seen->apex.value_or(seen->asked)});
  PastLimits limits{start + limit};
  auto judged = report_on(check, options, policy_for(options, keys), *seen,
                          std::chrono::duration<double>(Clock::now() - start).count(), limits);
  if (const auto words = spoilt(judged)) {
    return fail(check.binary, options, *words);
  }
  const auto state = plugin::state_of(judged.report);
  std::vector<plugin::Report> reports;
  reports.push_back(std::move(judged.report));
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

dns::Result<observe::ZoneObservation> replayed(const plugin::Options& options) {
  auto seen = read_record(*options.replay);
  if (seen && !options.zones.empty() && options.zones != std::vector{seen->asked}) {
    return dns::Error{"option --replay: " + *options.replay + " is a record of " +
                      seen->asked.to_display() + ", not of " + options.zones.back().to_display() +
                      ": leave --zone out"};
  }
  if (seen && options.bootstrap && observe::lacks_signals(*seen)) {
    return dns::Error{"option --replay: " + dns::escape_line(*options.replay, kMostOfPath) +
                      " does not hold what the nameservers signal, so it cannot go with "
                      "--bootstrap: make the record with check_dnssec_ds --bootstrap, or leave "
                      "--bootstrap out"};
  }
  if (seen) {
    note_unrecorded_names(*seen, options.names);
  }
  return seen;
}

Judged report_on(const Check& check, const plugin::Options& options, const judge::Policy& policy,
                 const observe::ZoneObservation& seen, double seconds, PastLimits& limits) {
  Judged judged;
  if (options.record) {
    judged.trouble = record(*options.record, seen);
  }
  Past past(check.binary, options, seen, limits);
  const auto analysis = judge::analyse(seen, options.at.value_or(seen.taken_at), past.known());
  auto findings = check.judge(analysis, policy);
  past.save(analysis, findings);
  for (auto& finding : findings) {
    if (finding.fault == judge::Fault::deadline_reached) {
      finding.tier = tier_of(options.timeout_state);  // -t SECONDS:STATE
    }
  }
  plugin::Report& report = judged.report;
  report.zone = seen.asked;
  report.judged_at = analysis.now;
  report.findings = std::move(findings);
  describe_common(report, analysis, seconds);
  report.notes.insert(report.notes.end(), past.notes().begin(), past.notes().end());
  check.describe(report, analysis, policy);
  const auto also = [&](const std::optional<dns::Error>& trouble) {
    if (trouble) {
      judged.trouble =
          judged.trouble ? *judged.trouble + "; " + trouble->message : trouble->message;
    }
  };
  if (options.axfr && check.whole.judge != nullptr) {
    also(add_transfer(check.whole, options, analysis, policy,
                      {analysis.now, limits.deadline - kJudgingWhole}, report));
  }
  report.findings = plugin::settle(std::move(report.findings), options.severity);
  also(add_outlook(options, check.binary.check, analysis, limits.deadline, report));
  return judged;
}

std::optional<std::string> spoilt(Judged& judged) {
  if (!judged.trouble) {
    return std::nullopt;
  }
  auto words = dns::escape_line(*judged.trouble);
  const auto state = plugin::state_of(judged.report);
  if (state == State::ok) {
    return words + "; but for that: " + plugin::first_words(judged.report);
  }
  if (state == State::unknown) {
    judged.report.trouble = words;
  }
  judged.report.notes.push_back(std::move(words));
  return std::nullopt;
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
    const std::vector<std::string> arguments(
        argv + 1, argv + argc);  // NOLINT(cppcoreguidelines-pro-bounds-pointer-arithmetic):
                                 // argv is what main() gets
    const auto outside = environment();
    end_if_options_hang(check.binary, arguments, outside, start);
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
    // Reading what the options name may wait for whoever writes it.
    end_process_at_signals(
        plugin::render_failure(check.binary, options, State::unknown,
                               subject_of(options) + "ended by a signal before anybody was asked"),
        static_cast<int>(State::unknown));
    return run_checked(check, options, outside, start);
  };
  return plugin::guarded(check.binary, look, emit_last);
}

void exit_now(int status) { _exit(status); }

}  // namespace plugins
