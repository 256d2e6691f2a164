// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "describe.hpp"
#include "judge/whole.hpp"
#include "judge/words.hpp"
#include "observe/zone_file.hpp"
#include "session.hpp"

namespace {

void ask_for(observe::Request& request, const plugin::Options&) { request.apex_rrsets = true; }

struct Counts {
  std::size_t rrsets = 0, signatures = 0;
};

/// RRsets count once however many servers have them; signatures are counted where they were
/// verified.
Counts count(const judge::Analysis& analysis) {
  Counts counts;
  for (const auto& server : analysis.servers) {
    std::size_t here = 0;
    for (const auto& checked : server.rrsets) {
      here += checked.set.rdatas.empty() ? 0 : 1;
      counts.signatures += checked.signatures.size();
    }
    counts.rrsets = std::max(counts.rrsets, here);
  }
  return counts;
}

std::string summary(const judge::Analysis& analysis, const judge::Policy& policy,
                    const Counts& counts, const std::optional<judge::Soonest>& soonest) {
  if (auto words = plugins::expected_state_words(analysis, policy); !words.empty()) {
    return words;
  }
  if (!soonest) {
    return {};
  }
  const std::string rrsets = "has " + judge::count_words(counts.rrsets, "RRset");
  const std::string places = " at " + std::to_string(analysis.serving()) +
                             (analysis.serving() == 1 ? " server address" : " server addresses");
  if (soonest->remaining < 0) {  // told by a finding that was muted
    return rrsets + places + ", but a signature (" + soonest->what + ") expired " +
           dns::to_human_duration(soonest->remaining) + " ago";
  }
  return rrsets + " validly signed" + places + ", soonest expiry " +
         dns::to_human_duration(soonest->remaining) + " (" + soonest->what + ")";
}

void describe(plugin::Report& report, const judge::Analysis& analysis,
              const judge::Policy& policy) {
  const auto soonest = judge::soonest_signature(analysis);
  const auto counts = count(analysis);
  report.ok_summary = summary(analysis, policy, counts, soonest);
  if (soonest) {
    const auto limits = judge::sigs_limits(policy, soonest->type, soonest->lifetime);
    auto remaining = plugins::metric("remaining", static_cast<double>(soonest->remaining), "s");
    remaining.warning = limits.warning;
    remaining.critical = limits.critical;
    remaining.least.reset();
    report.metrics.insert(report.metrics.begin(), std::move(remaining));
  }
  if (const auto age = judge::newest_signature_age(analysis)) {
    report.metrics.push_back(plugins::metric("newest_age", static_cast<double>(*age), "s"));
  }
  report.metrics.push_back(plugins::metric("rrsets", static_cast<double>(counts.rrsets)));
  report.metrics.push_back(plugins::metric("signatures", static_cast<double>(counts.signatures)));
}

}  // namespace

int main(int argc, char** argv) {
  plugins::exit_now(plugins::run({plugin::kSigsBinary,
                                  ask_for,
                                  judge::judge_sigs,
                                  describe,
                                  nullptr,
                                  {judge::judge_whole_sigs, nullptr, observe::read_zone_file}},
                                 argc, argv));
}
