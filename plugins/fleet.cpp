// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "fleet.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <utility>

#include "judge/words.hpp"
#include "look.hpp"
#include "plugin/output_file.hpp"
#include "plugin/run.hpp"
#include "plugin/stream.hpp"
#include "plugin/zone_list.hpp"
#include "policy.hpp"
#include "progress.hpp"
#include "signals.hpp"

namespace plugins {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kConcurrency = 64;
/// What a zone that there was no time for takes at the end.
constexpr auto kToSayOfEach = std::chrono::microseconds(20);

/// Options about one zone.
std::string misuse(const plugin::Options& options, std::size_t zones) {
  if (zones < 2 && !options.record) {
    return {};
  }
  const std::pair<bool, std::string_view> others[] = {// NOLINT(*-avoid-c-arrays): a short table
                                                      {options.record.has_value(), "--record"},
                                                      {options.replay.has_value(), "--replay"},
                                                      {options.axfr, "--axfr"},
                                                      {options.graph.has_value(), "--graph"}};
  for (const auto& [given, name] : others) {
    if (given) {
      return "option " + std::string(name) + ": takes one zone" +
             (zones > 1 ? ", " + judge::thousands(zones) + " were given"
                        : " and --output text or json without --output-file");
    }
  }
  return {};
}

/// What a person at the terminal is shown; written here, read by the thread that shows it.
struct Done {
  std::size_t all = 0;
  std::atomic<std::size_t> zones{0};
  std::atomic<std::size_t> bad{0};
};

/// "4,200 of 10,000 zones, 12 not OK, 95 zones/s, 1m 1s left".
std::string fleet_words(const Done& done, std::chrono::duration<double> since) {
  const std::size_t zones = done.zones;
  const double rate = since.count() > 0 ? static_cast<double>(zones) / since.count() : 0;
  std::string words = judge::thousands(zones) + " of " + judge::thousands(done.all) + " zones, " +
                      judge::thousands(done.bad) + " not OK, " +
                      judge::thousands(static_cast<std::size_t>(rate)) + " zones/s";
  if (rate > 0 && zones < done.all) {
    const auto left = static_cast<double>(done.all - zones) / rate;
    words += ", " + dns::to_human_duration(static_cast<std::int64_t>(left + 1)) + " left";
  }
  return words;
}

/// Judges zones and passes the reports on.
class Reporting {
 public:
  Reporting(const Check& check, plugin::ReportStream& stream, KeyFiles keys,
            Clock::time_point deadline, Done& done)
      : check_(check), stream_(stream), keys_(std::move(keys)), limits_{deadline}, done_(done) {}

  void take(const plugin::ZoneTask& task, const observe::ZoneObservation& seen, double seconds) {
    auto judged = report_on(check_, *task.options, policy_of(task.options), seen, seconds, limits_);
    if (auto words = spoilt(judged)) {
      trouble_ = trouble_ ? trouble_ : dns::Error{*std::move(words)};
      return;
    }
    pass_on(judged.report, seen.taken_at + static_cast<dns::UnixTime>(seconds));
  }

  /// A zone whose turn never came.
  void leave_out(const plugin::ZoneTask& task, const char* why, dns::UnixTime now) {
    plugin::Report report;
    report.zone = task.zone;
    judge::Finding finding;
    finding.fault = judge::Fault::deadline_reached;
    finding.tier = tier_of(task.options->timeout_state);
    finding.text = std::string("not looked at: ") + why;
    report.findings.push_back(std::move(finding));
    report.findings = plugin::settle(std::move(report.findings), task.options->severity);
    pass_on(report, now);
  }

  [[nodiscard]] const std::optional<dns::Error>& trouble() const { return trouble_; }

 private:
  void pass_on(const plugin::Report& report, dns::UnixTime now) {
    stream_.add(report, now);
    ++done_.zones;
    done_.bad += plugin::state_of(report) == plugin::State::ok ? 0 : 1;
  }

  /// Most zones share one.
  const judge::Policy& policy_of(const std::shared_ptr<const plugin::Options>& options) {
    if (options != policy_for_) {
      policy_ = policy_for(*options, keys_);
      policy_for_ = options;
    }
    return policy_;
  }

  const Check& check_;
  plugin::ReportStream& stream_;
  KeyFiles keys_;
  PastLimits limits_;
  Done& done_;
  std::shared_ptr<const plugin::Options> policy_for_;
  judge::Policy policy_;
  std::optional<dns::Error> trouble_;
};

/// Of all zones of the list, where ages come from a directory.
KeyFiles key_files_of_all(const plugin::Options& options, plugin::ZoneList list) {
  std::vector<dns::Name> zones;
  if (options.key_dir) {
    while (auto task = list.next()) {
      zones.push_back(std::move(task->zone));
    }
  }
  return key_files_for(options, zones);
}

std::optional<dns::Error> report_replayed(const plugin::Options& options, Reporting& reporting) {
  const auto seen = replayed(options);
  if (!seen) {
    return seen.error();
  }
  reporting.take({seen->asked, std::make_shared<const plugin::Options>(options)}, *seen, 0);
  return reporting.trouble();
}

std::optional<dns::Error> look_at_all(const Check& check, const plugin::Options& options,
                                      plugin::ZoneList& list, const LookLimits& limits,
                                      Reporting& reporting) {
  auto problem = look_at_many(
      options, {check.ask_for, check.make_tls}, limits, [&] { return list.next(); },
      [&](const plugin::ZoneTask& task, observe::ZoneObservation&& seen, double seconds) {
        const auto taken = std::move(seen);
        reporting.take(task, taken, seconds);
      });
  if (problem) {
    return problem;
  }
  const char* why = end_signal_noted() ? "ended by a signal before its turn came"
                                       : "the time (--timeout) was over before its turn came";
  while (const auto task = list.next()) {
    reporting.leave_out(*task, why, limits.now);
  }
  return reporting.trouble();
}

/// Reading the list may wait for whoever writes it, and the report for its reader.
void end_at_signals(const Check& check, const plugin::Options& options, const std::string& words) {
  end_process_at_signals(
      plugin::render_failure(check.binary, options, plugin::State::unknown, words),
      static_cast<int>(plugin::State::unknown));
}

}  // namespace

int run_on_many(const Check& check, const plugin::Options& options,
                const plugin::Environment& outside, Clock::time_point start) {
  const auto failed = [&](const dns::Error& error) {
    return fail(check.binary, options, error.message);
  };
  end_at_signals(check, options, "ended by a signal before the list of zones was read");
  auto list = plugin::ZoneList::read(check.binary, options, outside);
  if (!list) {
    return failed(list.error());
  }
  if (const auto words = misuse(options, list->size()); !words.empty()) {
    return fail(check.binary, options, words);
  }
  auto keys = key_files_of_all(options, *list);
  auto output = plugin::OutputFile::open(options.output_file);
  if (!output) {
    return failed(output.error());
  }
  auto stream = plugin::make_stream(check.binary, options, [&](std::string_view text) {
    report_begins();
    return output->write(text);
  });
  if (!stream) {
    return failed(stream.error());
  }
  end_at_signals(
      check, options,
      judge::count_words(list->size(), "zone") + ": ended by a signal before anybody was asked");
  LookLimits limits;
  limits.now = outside.now;
  limits.deadline =
      start +
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options.timeout)) -
      list->size() * kToSayOfEach;
  limits.at_once = options.concurrency.value_or(kConcurrency);
  if (options.zones_file) {
    limits.each = std::chrono::duration<double>(options.zone_timeout);
  }
  Done done;
  done.all = list->size();
  Reporting reporting(check, **stream, std::move(keys), limits.deadline, done);
  std::optional<dns::Error> problem;
  {
    const ProgressLine shown([&](auto since) { return fleet_words(done, since); });
    problem = options.replay ? report_replayed(options, reporting)
                             : look_at_all(check, options, *list, limits, reporting);
  }
  end_at_signals(check, options,
                 judge::count_words(done.all, "zone") +
                     ": ended by a second signal before the report was written");
  if (problem) {
    return failed(*problem);
  }
  const auto state = (*stream)->finish();
  if (!state) {
    return failed(state.error());
  }
  if (const auto lost = output->finish()) {
    return failed(*lost);
  }
  const int status = static_cast<int>(*state);
  report_ends(status);
  return status;
}

}  // namespace plugins
