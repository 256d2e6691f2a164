// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>

#include "describe.hpp"
#include "judge/denials.hpp"
#include "judge/whole.hpp"
#include "judge/words.hpp"
#include "observe/zone_file.hpp"
#include "session.hpp"

namespace {

void ask_for(observe::Request& request, const plugin::Options& options) {
  request.apex_rrsets = true;
  request.denials = true;
  request.probes = options.probes;
  request.walk = options.walk;
}

/// "denies by NSEC3, no iterations, no salt; 9 denials verified at each of 4 server addresses".
std::string verified_words(const judge::DenialSummary& summary) {
  const auto& rows = summary.rows;
  if (rows.empty()) {
    return {};
  }
  const auto& first = rows.front();
  const bool same = std::all_of(rows.begin(), rows.end(),
                                [&](const auto& row) { return row.words == first.words; });
  const auto [least, most] = std::minmax_element(
      rows.begin(), rows.end(),
      [](const auto& left, const auto& right) { return left.proven < right.proven; });
  std::string words = "denies by " + (same ? first.words : first.words + " and others (-v)");
  words += "; " +
           (least->proven == most->proven
                ? std::to_string(most->proven)
                : std::to_string(least->proven) + " to " + std::to_string(most->proven)) +
           " denials verified at ";
  return words + (rows.size() == 1
                      ? "its only server address"
                      : "each of " + std::to_string(rows.size()) + " server addresses");
}

/// What ended the walk where it should not have is a finding; what kept it from its end, a note.
void add_walk(plugin::Report& report, const judge::WalkAnalysis& walk) {
  const auto words = judge::walk_words(walk);
  switch (walk.end) {
    case judge::WalkEnd::closed:
      report.ok_summary += "; " + words;
      report.details.push_back(words);
      return;
    case judge::WalkEnd::missing:
    case judge::WalkEnd::backwards:
    case judge::WalkEnd::out_of_zone:
      report.details.push_back(words);
      return;
    case judge::WalkEnd::enough:
    case judge::WalkEnd::out_of_time:
    case judge::WalkEnd::flooded:
    case judge::WalkEnd::no_answer:
    case judge::WalkEnd::no_chain:
    case judge::WalkEnd::changed:
      report.notes.push_back(words);
      return;
  }
}

void describe(plugin::Report& report, const judge::Analysis& analysis,
              const judge::Policy& policy) {
  const auto summary = judge::summarize_denials(analysis);
  report.ok_summary = plugins::expected_state_words(analysis, policy);
  if (analysis.zone_signed) {
    report.ok_summary += (report.ok_summary.empty() ? "" : "; ") + verified_words(summary);
  }
  std::size_t proven = 0;
  for (const auto& row : summary.rows) {
    report.details.push_back(row.server + ": " + row.words + ", " + std::to_string(row.proven) +
                             " of " + judge::count_words(row.denials, "denial") + " verified");
    proven += row.proven;
  }
  if (!summary.rows.empty() && (analysis.state() == judge::LinkState::bogus ||
                                analysis.state() == judge::LinkState::unknown)) {
    report.notes.emplace_back(
        "the chain of trust does not reach the zone (check_dnssec_chain tells why): denials were "
        "held against the keys that its servers publish");
  }
  if (!summary.rows.empty() && !analysis.seen->random_name) {
    report.notes.emplace_back(
        "the zone's name is so long that no random name fits below it: how names are denied was "
        "not looked at");
  }
  if (analysis.walk) {
    add_walk(report, *analysis.walk);
    report.metrics.push_back(
        plugins::metric("walked", static_cast<double>(analysis.walk->chain.size())));
  }
  report.metrics.push_back(plugins::metric("iterations", summary.iterations));
  report.metrics.push_back(plugins::metric("salt", static_cast<double>(summary.salt_octets), "B"));
  report.metrics.push_back(plugins::metric("optout", summary.opt_out ? 1 : 0));
  report.metrics.push_back(plugins::metric("denials", static_cast<double>(proven)));
}

/// What the denial chain of a whole zone rests on.
bool is_of_denial(dns::Type type) {
  return type == dns::Type::nsec || type == dns::Type::nsec3 || type == dns::Type::nsec3param ||
         type == dns::Type::soa || type == dns::Type::dnskey;
}

}  // namespace

int main(int argc, char** argv) {
  plugins::exit_now(plugins::run({plugin::kNsecBinary,
                                  ask_for,
                                  judge::judge_nsec,
                                  describe,
                                  nullptr,
                                  {judge::judge_whole_nsec, is_of_denial, observe::read_zone_file}},
                                 argc, argv));
}
