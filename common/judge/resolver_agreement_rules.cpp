// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Resolvers beside each other: how fast they are, whether they agree, and whether enough are right.
#include <cmath>
#include <map>

#include "judge/resolver_sightings.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Security;
using Resolvers = std::vector<ResolverAnalysis>;
using Questions = std::vector<AskedQuestion>;

bool is_loud(const Finding& finding) { return finding.tier > Tier::info; }

bool is_named(const Docket& docket, const std::string& label) {
  return std::any_of(docket.findings.begin(), docket.findings.end(), [&](const Finding& finding) {
    return is_loud(finding) && std::find(finding.servers.begin(), finding.servers.end(), label) !=
                                   finding.servers.end();
  });
}

/// How the answer looks from outside: its kind, and AD where nothing says who should give it.
std::string look_of(const dns::Answer& answer, bool with_ad) {
  const auto kind = kind_of(&answer);
  return std::string(to_text(kind)) +
         (with_ad && is_resolved(kind) ? answer.message->ad ? " with AD" : " without AD" : "");
}

std::vector<dns::Bytes> sorted_data(const dns::Answer& answer) {
  std::vector<dns::Bytes> data;
  for (const auto& record : answer.message->answer) {
    if (record.type == answer.question.type) {
      data.push_back(record.rdata);
    }
  }
  std::sort(data.begin(), data.end());
  return data;
}

std::string groups_words(const std::map<std::string, std::vector<std::string>>& groups) {
  std::string words;
  for (const auto& [look, labels] : groups) {
    words += (words.empty() ? "" : "; ") + look + " at " + list_words(labels);
  }
  return words;
}

/// One question, several answers, and neither our own validation nor another finding says whose is
/// wrong. Caches of different age may hold different records: that is only told.
void rule_agreement(Docket& docket, const Resolvers& resolvers, const Questions& questions) {
  std::vector<std::string> differing;
  std::string first;
  std::vector<std::string> varied;
  for (const auto& asked : questions) {
    std::map<std::string, std::vector<std::string>> looks;
    std::vector<std::vector<dns::Bytes>> data;
    for (const auto& resolver : resolvers) {
      const auto* answer = resolver.view->find(asked.question, false);
      if (!resolver.usable() || kind_of(answer) == AnswerKind::none ||
          is_named(docket, resolver.label)) {
        continue;
      }
      looks[look_of(*answer, asked.unanswered())].push_back(resolver.label);
      if (kind_of(answer) == AnswerKind::data) {
        add_distinct(data, sorted_data(*answer));
      }
    }
    const bool judged = asked.own == Security::secure || asked.own == Security::bogus ||
                        (asked.own == Security::insecure && is_resolved(asked.truth));
    if (looks.size() > 1 && !judged) {
      differing.push_back(asked.words);
      first = first.empty() ? groups_words(looks) : first;
    } else if (data.size() > 1 && asked.question.type != dns::Type::soa) {
      varied.push_back(asked.words);
    }
  }
  if (!differing.empty()) {
    docket.add(Fault::resolvers_disagree, list_words(differing) + ": " + first);
  } else if (!varied.empty()) {
    auto& finding = docket.add(Fault::resolvers_disagree,
                               list_words(varied) +
                                   ": not the same records from every resolver, as caches of "
                                   "different age or an answer by location would give");
    finding.tier = Tier::info;
  }
}

/// -w and -c: on the slowest answer of each resolver, in seconds.
void rule_slow(Docket& docket, const Resolvers& resolvers) {
  for (const auto& resolver : resolvers) {
    if (!resolver.slowest) {
      continue;
    }
    const double seconds = std::chrono::duration<double>(*resolver.slowest).count();
    const auto& policy = docket.policy;
    const bool critical = policy.critical && policy.critical->range.alerts(seconds);
    if (critical || (policy.warning && policy.warning->range.alerts(seconds))) {
      const auto& range = critical ? policy.critical->range : policy.warning->range;
      auto& finding =
          docket.add(Fault::resolver_slow,
                     "slowest answer took " + plain_number(std::round(seconds * 1000) / 1000) +
                         "s, outside the threshold " + range.to_text() + "s, at " + resolver.label);
      finding.tier = critical ? Tier::critical : Tier::warning;
      finding.servers = {resolver.label};
    }
  }
}

/// With --quorum single resolvers' faults count only together.
void rule_quorum(Docket& docket, const Resolvers& resolvers) {
  if (!docket.policy.quorum) {
    return;
  }
  const auto right = static_cast<std::size_t>(
      std::count_if(resolvers.begin(), resolvers.end(), [&](const ResolverAnalysis& resolver) {
        return resolver.usable() && !is_named(docket, resolver.label);
      }));
  if (right >= *docket.policy.quorum) {
    for (auto& finding : docket.findings) {
      if (is_loud(finding) && !finding.servers.empty()) {
        finding.tier = Tier::warning;
      }
    }
    return;
  }
  docket.add(Fault::resolver_quorum_missed,
             resolver_share(right, resolvers.size()) + (right == 1 ? " has" : " have") +
                 " nothing wrong, --quorum wants " + std::to_string(*docket.policy.quorum));
}

}  // namespace

void rules_for_all_resolvers(Docket& docket, const Resolvers& resolvers,
                             const Questions& questions) {
  rule_slow(docket, resolvers);
  rule_agreement(docket, resolvers, questions);
  rule_quorum(docket, resolvers);
}

}  // namespace judge
