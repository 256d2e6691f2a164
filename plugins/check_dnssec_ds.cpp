// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "describe.hpp"
#include "judge/bootstrap.hpp"
#include "judge/ds_words.hpp"
#include "judge/words.hpp"
#include "session.hpp"

namespace {

void ask_for(observe::Request& request, const plugin::Options& options) {
  request.parent_servers = true;
  request.child_ds = true;
  request.signals = true;
  request.bootstrap = options.bootstrap;
}

/// How many of each there are, and how many of them gave what was asked.
struct Counts {
  std::size_t ds = 0, matching = 0, parents = 0, parents_usable = 0, servers = 0, serving = 0;
};

Counts count(const judge::Analysis& analysis) {
  Counts counts;
  const auto* link = analysis.apex_link();
  if (link == nullptr) {
    return counts;
  }
  const auto published = judge::published_ds(analysis);
  counts.ds = published.size();
  const auto signing = judge::keys_that_sign(analysis);
  for (const auto& ds : published) {
    counts.matching += judge::leads_to_one_of(ds, analysis, signing) ? 1 : 0;
  }
  counts.parents = analysis.seen->parent_servers.size();
  for (const auto& server : analysis.seen->parent_servers) {
    counts.parents_usable += judge::parents_ds_answer(server, link->zone()) != nullptr ? 1 : 0;
  }
  counts.servers = analysis.servers.size();
  counts.serving = analysis.serving();
  return counts;
}

std::string share(std::size_t some, std::size_t all) {
  return some == all ? std::to_string(all) : std::to_string(some) + " of " + std::to_string(all);
}

std::string summary(const judge::Analysis& analysis, const judge::Policy& policy,
                    const Counts& counts) {
  if (auto words = plugins::expected_state_words(analysis, policy); !words.empty()) {
    return words;
  }
  const auto* link = analysis.apex_link();
  if (link == nullptr || link->state != judge::LinkState::secure) {
    return {};
  }
  if (link->anchored) {
    return "is secure by its own trust anchor, no DS is needed";
  }
  std::string words = "has " + share(counts.matching, counts.ds) + " DS at " + link->parent +
                      " for keys that sign it";
  if (counts.parents == 0) {
    return words;
  }
  return words + "; " + share(counts.parents_usable, counts.parents) + " parent and " +
         share(counts.serving, counts.servers) + " child server addresses agree";
}

void describe(plugin::Report& report, const judge::Analysis& analysis,
              const judge::Policy& policy) {
  const auto counts = count(analysis);
  report.ok_summary = summary(analysis, policy, counts);
  report.details = judge::ds_table(analysis);
  if (auto words = judge::bootstrap_words(analysis)) {
    report.notes.push_back(*std::move(words));
  }
  const auto add = [&](const char* label, std::size_t value) {
    report.metrics.push_back(plugins::metric(label, static_cast<double>(value)));
  };
  add("parent_servers", counts.parents);
  add("parent_servers_failing", counts.parents - counts.parents_usable);
  add("ds", counts.ds);
  add("ds_matching", counts.matching);
  add("keys", analysis.apex_link() == nullptr ? 0 : analysis.apex_link()->keys.size());
}

}  // namespace

int main(int argc, char** argv) {
  plugins::exit_now(
      plugins::run({plugin::kDsBinary, ask_for, judge::judge_ds, describe}, argc, argv));
}
