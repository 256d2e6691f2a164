// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Resolvers: who can be asked, who validates, and whether they agree with us and with each other.
#include <algorithm>
#include <cmath>
#include <map>

#include "dns/escape.hpp"
#include "judge/resolver_sightings.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Security;
using Resolvers = std::vector<ResolverAnalysis>;
using Questions = std::vector<AskedQuestion>;

template <class T>
void add_unique(std::vector<T>& list, const T& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) {
    list.push_back(item);
  }
}

std::optional<Fault> fault_of(ResolverUse use) {
  switch (use) {
    case ResolverUse::usable:
      return std::nullopt;
    case ResolverUse::not_asked:
      return Fault::deadline_reached;
    case ResolverUse::silent:
      return Fault::resolver_timeout;
    case ResolverUse::tls_failed:
      return Fault::resolver_tls_failed;
    case ResolverUse::no_recursion:
      return Fault::resolver_open_question;
    case ResolverUse::no_edns:
      return Fault::resolver_drops_edns;
  }
  return std::nullopt;
}

/// RFC 7766 5, and questions that got lost.
void rule_gaps(const ResolverAnalysis& resolver, ResolverSightings& sightings) {
  std::size_t missing = 0, unasked = 0;
  bool tcp_fails = false;
  for (const auto& answer : resolver.view->answers) {
    if (answer.answered()) {
      continue;
    }
    if (answer.outcome == dns::Outcome::not_asked) {
      ++unasked;
    } else if (answer.truncated_udp || answer.tcp_requested) {
      tcp_fails = true;
    } else {
      ++missing;
    }
  }
  if (tcp_fails) {
    sightings.push_back({Fault::resolver_tcp_broken,
                         "answers over UDP, but not over TCP, which large signed answers need",
                         "",
                         resolver.label,
                         {}});
  }
  if (unasked > 0) {
    sightings.push_back({Fault::deadline_reached,
                         "no time was left for " + count_words(unasked, "question"),
                         "",
                         resolver.label,
                         {}});
  }
  if (missing > 0) {
    sightings.push_back({Fault::resolver_timeout,
                         "no answer to " + count_words(missing, "question") + ", but to others",
                         "",
                         resolver.label,
                         {}});
  }
}

/// RFC 4035 3.2: what is bogus must not be answered; a name known to be bogus shows it.
void rule_canary(const Docket& docket, const ResolverAnalysis& resolver,
                 ResolverSightings& sightings) {
  if (!docket.seen().canary) {
    return;
  }
  const auto& canary = *docket.seen().canary;
  const auto name = canary.question.name.to_display();
  const auto* answer = resolver.view->find(canary.question, false);
  const auto add = [&](Fault fault, std::string words) {
    sightings.push_back({fault, std::move(words), "", resolver.label, extended_errors_of(answer)});
  };
  switch (resolver.canary) {
    case CanaryWord::not_asked:
    case CanaryWord::refused:
      break;
    case CanaryWord::cd_ignored:
      add(Fault::resolver_ignores_cd, "SERVFAIL for the bogus canary " + name + ", with CD too");
      break;
    case CanaryWord::answered:
      if (resolver.gives_ad && !answer->message->ad) {
        add(Fault::resolver_nta,
            "the bogus canary " + name + " is answered by a resolver that validates");
      } else {
        add(Fault::resolver_not_validating, "the bogus canary " + name + " is answered");
      }
      break;
    case CanaryWord::unclear:
      add(Fault::resolver_bogus_domain_unreachable,
          "the canary " + name + " tells nothing: " +
              (canary.security == Security::secure || canary.security == Security::insecure
                   ? "it is " + std::string(to_text(canary.security)) + ", not bogus"
                   : "it cannot be resolved with CD either"));
      break;
  }
}

/// RFC 8509 3: SERVFAIL for "is-ta" and an answer for "not-ta" say that the key is not trusted.
void rule_sentinels(const Docket& docket, const ResolverAnalysis& resolver,
                    ResolverSightings& sightings) {
  const auto kind = [&](bool is_ta, std::uint16_t tag) {
    const auto name = docket.seen().apex->prepend(observe::sentinel_label(is_ta, tag));
    return name ? kind_of(resolver.view->find({*name, dns::Type::a, dns::Class::in}, false))
                : AnswerKind::none;
  };
  for (const auto& anchor : docket.seen().anchors) {
    const auto tag = anchor.ds.key_tag;
    if (anchor.zone.is_root() && kind(true, tag) == AnswerKind::servfail &&
        is_resolved(kind(false, tag))) {
      sightings.push_back({Fault::resolver_trust_anchor_old,
                           "the root's key " + std::to_string(tag) + " is not trusted",
                           "",
                           resolver.label,
                           {}});
    }
  }
}

/// The zone's own fault: where our own validation says bogus, a resolver's SERVFAIL is right.
void rule_zone_itself(Docket& docket, const Resolvers& resolvers, const Questions& questions) {
  std::vector<std::string> bogus, failed, refusing;
  std::vector<std::uint16_t> codes;
  std::string why;
  for (const auto& asked : questions) {
    if (asked.own == Security::failed) {
      failed.push_back(asked.words);
    }
    if (asked.own != Security::bogus) {
      continue;
    }
    bogus.push_back(asked.words);
    for (const auto& resolver : resolvers) {
      const auto* answer = resolver.view->find(asked.question, false);
      if (kind_of(answer) == AnswerKind::servfail) {
        add_unique(refusing, resolver.label);
        for (const auto code : extended_errors_of(answer)) {
          add_unique(codes, code);
        }
      }
    }
  }
  if (!bogus.empty()) {
    const auto* broken = docket.analysis.first_break();
    if (broken != nullptr && broken->cause) {
      why = " (" + broken->cause->words + ")";
    }
    auto& finding = docket.add(
        Fault::chain_bogus,
        list_words(bogus) + ": bogus in our own validation too" + why +
            ", so it is the zone's "
            "fault: " +
            std::to_string(refusing.size()) + " of " + count_words(resolvers.size(), "resolver") +
            " rightly give SERVFAIL" +
            (codes.empty() ? "" : " (extended error " + extended_error_words(codes) + ")"));
    finding.tier = docket.policy.expect == Expect::bogus ? Tier::info : Tier::critical;
    finding.remedy = "Mend the zone: check_dnssec_chain and check_dnssec_sigs say where.";
  } else if (!failed.empty()) {
    docket.add(Fault::chain_failed, "our own validation gets no usable answer for " +
                                        list_words(failed) +
                                        ": resolvers cannot be held against it");
  }
}

void rule_expectation(Docket& docket, const Questions& questions) {
  const auto own = questions.empty() ? Security::not_looked_up : questions.front().own;
  const auto expect = docket.policy.expect;
  if (expect == Expect::secure && own == Security::insecure) {
    docket.add(Fault::chain_insecure,
               "it is insecure, so resolvers validate nothing of it; check_dnssec_chain says why");
  } else if ((expect == Expect::insecure && own == Security::secure) ||
             (expect == Expect::bogus && own != Security::bogus && own != Security::failed)) {
    docket.add(
        Fault::secure_unexpected,
        std::string("expected to be ") + (expect == Expect::bogus ? "bogus" : "insecure") +
            ", but it is " +
            (own == Security::not_looked_up ? "of unknown security" : std::string(to_text(own))));
  }
}

bool is_loud(const Finding& finding) { return finding.tier > Tier::info; }

bool is_named(const Docket& docket, const std::string& label) {
  return std::any_of(docket.findings.begin(), docket.findings.end(), [&](const Finding& finding) {
    return is_loud(finding) && std::find(finding.servers.begin(), finding.servers.end(), label) !=
                                   finding.servers.end();
  });
}

/// How the answer looks from outside: code and AD.
std::string look_of(const dns::Answer& answer) {
  const auto kind = kind_of(&answer);
  return std::string(to_text(kind)) +
         (is_resolved(kind) ? answer.message->ad ? " with AD" : " without AD" : "");
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

/// One question, several answers, and no other finding says whose is wrong. Caches of different
/// age may hold different records: that is only told.
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
      looks[look_of(*answer)].push_back(resolver.label);
      if (kind_of(answer) == AnswerKind::data) {
        add_unique(data, sorted_data(*answer));
      }
    }
    if (looks.size() > 1) {
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
             (right == 0 ? "no" : "only " + std::to_string(right)) + std::string(" of ") +
                 count_words(resolvers.size(), "resolver") + " has nothing wrong, " +
                 std::to_string(*docket.policy.quorum) + " must have");
}

/// Who gives no answer at all cannot be called broken when nobody answers: it may be our network.
void soften_when_all_are_silent(Docket& docket, const Resolvers& resolvers) {
  const bool all = std::all_of(resolvers.begin(), resolvers.end(), [](const auto& resolver) {
    return resolver.use == ResolverUse::silent;
  });
  for (auto& finding : docket.findings) {
    if (all && finding.fault == Fault::resolver_timeout) {
      finding.tier = Tier::unknown;
    }
  }
}

}  // namespace

std::string resolver_places(const std::vector<std::string>& labels, std::size_t of) {
  if (labels.empty()) {
    return {};
  }
  if (labels.size() == 1) {
    return "at " + labels.front();
  }
  return "at " + (labels.size() == of
                      ? "all " + std::to_string(of) + " resolvers"
                      : std::to_string(labels.size()) + " of " + std::to_string(of) +
                            " resolvers (" + list_words(labels) + ")");
}

void add_grouped(Docket& docket, const ResolverSightings& sightings) {
  struct Group {
    std::vector<std::string> questions, labels;
    std::vector<std::uint16_t> codes;
  };
  std::map<std::pair<Fault, std::string>, Group> groups;
  for (const auto& sighting : sightings) {
    auto& group = groups[{sighting.fault, sighting.words}];
    if (!sighting.question.empty()) {
      add_unique(group.questions, sighting.question);
    }
    add_unique(group.labels, sighting.resolver);
    for (const auto code : sighting.codes) {
      add_unique(group.codes, code);
    }
  }
  for (auto& [key, group] : groups) {
    std::string text = group.questions.empty() ? "" : list_words(group.questions) + ": ";
    text += key.second;
    if (!group.codes.empty()) {
      text += " (extended error " + extended_error_words(group.codes) + ")";
    }
    auto& finding = docket.add(
        key.first, text + ", " + resolver_places(group.labels, docket.seen().resolvers.size()));
    finding.servers = std::move(group.labels);
    finding.rrsets = std::move(group.questions);
  }
}

void rules_for_resolvers(Docket& docket) {
  const auto resolvers = analyse_resolvers(docket.analysis);
  const auto questions = asked_questions(docket.analysis);
  ResolverSightings sightings;
  for (const auto& resolver : resolvers) {
    const auto fault = fault_of(resolver.use);
    if (fault && !(fault == Fault::deadline_reached && docket.has(*fault))) {
      sightings.push_back({*fault, resolver.trouble, "", resolver.label, {}});
    }
    if (resolver.usable() || resolver.use == ResolverUse::no_edns) {
      rule_canary(docket, resolver, sightings);
    }
    if (resolver.usable()) {
      rule_gaps(resolver, sightings);
      rule_sentinels(docket, resolver, sightings);
      for (const auto& asked : questions) {
        see_resolver_answer(resolver, asked, sightings);
      }
    }
  }
  add_grouped(docket, sightings);
  soften_when_all_are_silent(docket, resolvers);
  rule_zone_itself(docket, resolvers, questions);
  rule_expectation(docket, questions);
  rule_slow(docket, resolvers);
  rule_agreement(docket, resolvers, questions);
  rule_quorum(docket, resolvers);
}

}  // namespace judge
