// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "describe.hpp"
#include "judge/words.hpp"
#include "session.hpp"

namespace {

void ask_for(observe::Request& request, const plugin::Options&) {
  request.chain_probes = true;
  request.parent_servers = true;
  request.server_tcp = true;
}

std::string summary(const judge::Analysis& analysis, const judge::Policy& policy,
                    const std::optional<judge::Soonest>& soonest) {
  if (auto words = plugins::expected_state_words(analysis, policy); !words.empty()) {
    return words;
  }
  if (analysis.state() != judge::LinkState::secure) {
    return {};
  }
  const auto chain = analysis.chain();
  const auto& anchor = chain.front();
  const std::size_t links = chain.size() - 1;
  std::string words = "is secure: ";
  if (links == 0) {
    words += "by its own trust anchor";
  } else {
    words += judge::count_words(links, "link") + " from the " +
             (anchor.zone().is_root() ? "root" : "trust anchor of " + anchor.zone().to_display());
  }
  if (soonest) {
    words += ", soonest expiry " + dns::to_human_duration(soonest->remaining) + " (" +
             soonest->what + ")";
  }
  return words;
}

void describe(plugin::Report& report, const judge::Analysis& analysis,
              const judge::Policy& policy) {
  const auto soonest = judge::soonest_on_chain(analysis);
  report.ok_summary = summary(analysis, policy, soonest);
  report.chain = judge::chain_tree(analysis);
  if (!analysis.seen->anchor_source.empty()) {
    report.details.push_back("trust anchors: " + analysis.seen->anchor_source);
  }
  if (soonest) {
    const auto limits = judge::chain_limits(policy, soonest->lifetime);
    auto remaining = plugins::metric("remaining", static_cast<double>(soonest->remaining), "s");
    remaining.warning = limits.warning;
    remaining.critical = limits.critical;
    remaining.least.reset();
    report.metrics.insert(report.metrics.begin(), std::move(remaining));
  }
  report.metrics.push_back(plugins::metric("links", static_cast<double>(analysis.links.size())));
}

}  // namespace

int main(int argc, char** argv) {
  plugins::exit_now(
      plugins::run({plugin::kChainBinary, ask_for, judge::judge_chain, describe}, argc, argv));
}
