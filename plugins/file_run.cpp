// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "file_run.hpp"

#include <algorithm>
#include <utility>

#include "describe.hpp"
#include "dns/escape.hpp"
#include "judge/words.hpp"
#include "look.hpp"
#include "plugin/run.hpp"
#include "policy.hpp"
#include "signals.hpp"

namespace plugins {
namespace {

using Clock = std::chrono::steady_clock;

/// Of the time that --timeout gives; the rest is for judging what was read.
constexpr double kShareForReading = 0.9;

void ask_for_ds_alone(observe::Request& request, const plugin::Options&) {
  request.zone_servers = false;
}

struct ParentDs {
  std::vector<dns::Ds> set;
  std::string note;  ///< why nothing is held against it, where that is so
};

/// RFC 4035 5: what the parent says the zone's keys are; validated.
dns::Result<ParentDs> parent_ds(const plugin::Options& options, Clock::time_point deadline,
                                dns::UnixTime now) {
  ParentDs parent{options.ds, {}};
  if (!options.ds_lookup) {
    if (parent.set.empty()) {
      parent.note =
          "no DS was given (--ds): whether the parent's points at these keys was not "
          "judged";
    }
    return parent;
  }
  const auto seen = look_at_zone(options, {ask_for_ds_alone, nullptr}, deadline, now);
  if (!seen) {
    return seen.error();
  }
  const auto analysis = judge::analyse(*seen, now, nullptr);
  const auto* link = analysis.apex_link();
  const bool found = link != nullptr && seen->apex == options.zones.front();
  if (found && !link->ds.empty()) {
    parent.set = link->ds;
  } else {
    parent.note = found && link->state == judge::LinkState::insecure
                      ? "the parent has no DS for the zone (--ds lookup)"
                      : "the DS at the parent could not be found out (--ds lookup): whether it "
                        "points at these keys was not judged";
  }
  return parent;
}

/// Options that say what a file alone cannot be asked.
std::string misuse(const plugin::Options& options) {
  const std::string file = "option --zone-file: ";
  if (options.zones.size() != 1) {
    return file + "takes one zone, " + std::to_string(options.zones.size()) + " were given";
  }
  const std::pair<bool, std::string_view> others[] = {// NOLINT(*-avoid-c-arrays): a short table
                                                      {options.axfr, "--axfr"},
                                                      {options.replay.has_value(), "--replay"},
                                                      {options.record.has_value(), "--record"},
                                                      {!options.servers.empty(), "--server"},
                                                      {!options.names.empty(), "--name"},
                                                      {options.walk.has_value(), "--walk"}};
  for (const auto& [given, name] : others) {
    if (given) {
      return file + "a file is judged without asking nameservers, so it cannot go with " +
             std::string(name);
    }
  }
  return {};
}

}  // namespace

int run_on_file(const Check& check, const plugin::Options& options, Clock::time_point start,
                dns::UnixTime now) {
  if (const auto words = misuse(options); !words.empty()) {
    return fail(check.binary, options, words);
  }
  const auto limit = std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(options.timeout * kShareForReading));
  const WholeLimits limits{options.at.value_or(now), start + limit};
  const auto parent = parent_ds(options, start + limit, now);
  if (!parent) {
    return fail(check.binary, options, parent.error().message);
  }
  end_process_at_signals(
      plugin::render_failure(check.binary, options, plugin::State::unknown,
                             options.zones.front().to_display() +
                                 ": ended by a signal before the zone file was read and judged"),
      static_cast<int>(plugin::State::unknown));
  const auto look = look_into_file(check.whole, options, limits);
  if (!look && Clock::now() >= limits.deadline) {
    return emit_last(
        options.timeout_state,
        plugin::render_failure(check.binary, options, options.timeout_state,
                               options.zones.front().to_display() + ": " +
                                   dns::escape_line(look.error().message) + " [deadline-reached]"));
  }
  if (!look) {
    return fail(check.binary, options, look.error().message);
  }
  const auto policy = policy_for(options, {});
  plugin::Report report;
  report.zone = options.zones.front();
  report.judged_at = limits.now;
  judge_whole(check.whole, options, *look, parent->set, policy, report);
  if (!parent->note.empty()) {
    report.notes.push_back(parent->note);
  }
  if (options.forecast) {
    report.notes.emplace_back(
        "no forecast: --forecast looks at the zone's servers and the chain, not into files");
  }
  report.metrics.push_back(
      metric("time", std::chrono::duration<double>(Clock::now() - start).count(), "s"));
  report.findings = plugin::settle(std::move(report.findings), options.severity);
  const auto state = plugin::state_of(report);
  std::vector<plugin::Report> reports;
  reports.push_back(std::move(report));
  const auto text = plugin::render(check.binary, options, reports);
  return emit_last(state, text);
}

}  // namespace plugins
