// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Resolvers: who can be asked, who validates, and whether they agree with us and with each other.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <tuple>

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

/// A question in words: those asked for every zone have theirs already.
std::string words_for(const dns::Answer& answer, const Questions& questions) {
  const auto asked = std::find_if(
      questions.begin(), questions.end(),
      [&](const AskedQuestion& candidate) { return candidate.question == answer.question; });
  const std::string words = asked != questions.end()
                                ? asked->words
                                : rrset_label(answer.question.name, answer.question.type, {});
  return words + (answer.cd_sent ? " with CD" : "");
}

/// Nothing comes for what our own look-up has no answer to either: not the resolver's fault. The
/// sentinels' names we do not look up: they fare as the zone does.
bool is_unanswered_by_all(const dns::Answer& answer, const dns::Name& apex,
                          const Questions& questions) {
  const bool asked_for =
      std::any_of(questions.begin(), questions.end(),
                  [&](const AskedQuestion& asked) { return asked.question == answer.question; });
  const bool of_zone = !asked_for && answer.question.name.is_at_or_below(apex);
  return std::any_of(questions.begin(), questions.end(), [&](const AskedQuestion& asked) {
    return (of_zone || asked.question == answer.question) && asked.unanswered();
  });
}

/// RFC 7766 5, and questions that got lost. What the canary's silence means is told with it.
void rule_gaps(const Docket& docket, const ResolverAnalysis& resolver, const Questions& questions,
               ResolverSightings& sightings) {
  const auto& canary = docket.seen().canary;
  for (const auto& answer : resolver.view->answers) {
    if (answer.answered() || is_unanswered_by_all(answer, *docket.seen().apex, questions)) {
      continue;
    }
    ResolverSighting sighting{Fault::resolver_timeout,
                              "no answer, though other questions are answered",
                              words_for(answer, questions),
                              resolver.label,
                              {},
                              {}};
    if (answer.outcome == dns::Outcome::not_asked) {
      if (docket.has(Fault::deadline_reached)) {
        continue;
      }
      sighting.fault = Fault::deadline_reached;
      sighting.words = "not asked, no time was left";
    } else if (answer.truncated_udp || answer.tcp_requested) {
      sighting.fault = Fault::resolver_tcp_broken;
      sighting.words = "answers over UDP, but not over TCP, which large signed answers need";
      sighting.question.clear();
    } else if (canary && answer.question == canary->question) {
      continue;
    }
    sightings.push_back(std::move(sighting));
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
                           {},
                           {}});
    }
  }
}

/// What many resolvers make of some questions.
struct Echo {
  std::vector<std::string> questions, failing;
  std::vector<std::uint16_t> codes;
  void see(const ResolverAnalysis& resolver, const dns::Question& question) {
    const auto* answer = resolver.view->find(question, false);
    if (answer == nullptr || answer->outcome == dns::Outcome::not_asked ||
        is_resolved(kind_of(answer))) {
      return;
    }
    add_unique(failing, resolver.label);
    for (const auto code : extended_errors_of(answer)) {
      add_unique(codes, code);
    }
  }
};

Echo echo_of(const Resolvers& resolvers, const Questions& questions,
             const std::function<bool(const AskedQuestion&)>& which) {
  Echo echo;
  for (const auto& asked : questions) {
    if (!which(asked)) {
      continue;
    }
    echo.questions.push_back(asked.words);
    for (const auto& resolver : resolvers) {
      if (resolver.usable()) {
        echo.see(resolver, asked.question);
      }
    }
  }
  return echo;
}

/// "3 of 4 resolvers".
std::string share_words(std::size_t count, std::size_t of) {
  return std::to_string(count) + " of " + count_words(of, "resolver");
}

std::string codes_words(const std::vector<std::uint16_t>& codes) {
  return codes.empty() ? "" : " (extended error " + extended_error_words(codes) + ")";
}

/// The zone's own fault: where our own validation says bogus, a resolver's SERVFAIL is right.
void rule_bogus_zone(Docket& docket, const Resolvers& resolvers, const Questions& questions) {
  const auto echo = echo_of(resolvers, questions, [](const AskedQuestion& asked) {
    return asked.own == Security::bogus;
  });
  if (echo.questions.empty()) {
    return;
  }
  const auto* broken = docket.analysis.first_break();
  const bool explained = broken != nullptr && broken->cause;
  auto& finding = docket.add(
      Fault::chain_bogus,
      "the zone's fault: " + (explained ? broken->cause->words + ": " : std::string()) +
          questions_words(echo.questions, questions.size()) + " bogus in our own validation too, " +
          share_words(echo.failing.size(), resolvers.size()) + " rightly " +
          (echo.failing.size() == 1 ? "gives" : "give") + " SERVFAIL" + codes_words(echo.codes));
  if (docket.policy.expect == Expect::bogus) {
    finding.tier = Tier::info;
  } else if (echo.questions.size() < questions.size()) {
    finding.tier = Tier::critical;
  }
  finding.remedy = explained && !broken->cause->remedy.empty()
                       ? broken->cause->remedy
                       : "Mend the zone: check_dnssec_chain and check_dnssec_sigs say where.";
}

/// No answer from anybody is the zone's fault; none for us alone may be our network's.
void rule_unanswered(Docket& docket, const Resolvers& resolvers, const Questions& questions) {
  const auto echo =
      echo_of(resolvers, questions, [](const AskedQuestion& asked) { return asked.unanswered(); });
  if (echo.questions.empty() || docket.has(Fault::deadline_reached)) {
    return;
  }
  const auto what = questions_words(echo.questions, questions.size());
  if (echo.failing.empty()) {
    auto& finding = docket.add(Fault::chain_failed,
                               "our own look-up gets no usable answer for " + what +
                                   ", though resolvers do: they cannot be held against it");
    finding.tier = Tier::unknown;
    finding.remedy = "See whether the zone's nameservers can be reached from this host.";
    return;
  }
  auto& finding = docket.add(Fault::chain_failed,
                             "the zone's servers fail: no usable answer for " + what + " from " +
                                 share_words(echo.failing.size(), resolvers.size()) +
                                 codes_words(echo.codes) + ", nor for our own look-up");
  finding.remedy = "See to the zone's nameservers: check_dnssec_chain says how each of them does.";
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
        add_unique(data, sorted_data(*answer));
      }
    }
    const bool judged = asked.own == Security::secure || asked.own == Security::bogus;
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
             share_words(right, resolvers.size()) + (right == 1 ? " has" : " have") +
                 " nothing wrong, --quorum wants " + std::to_string(*docket.policy.quorum));
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

std::string questions_words(const std::vector<std::string>& some, std::size_t of) {
  return some.size() > 2 && some.size() == of ? "all " + count_words(of, "question")
                                              : list_words(some);
}

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
  std::map<std::tuple<Fault, std::string, std::optional<Tier>>, Group> groups;
  for (const auto& sighting : sightings) {
    auto& group = groups[{sighting.fault, sighting.words, sighting.tier}];
    if (!sighting.question.empty()) {
      add_unique(group.questions, sighting.question);
    }
    add_unique(group.labels, sighting.resolver);
    for (const auto code : sighting.codes) {
      add_unique(group.codes, code);
    }
  }
  for (auto& [key, group] : groups) {
    const auto& [fault, words, tier] = key;
    const std::string questions =
        group.questions.empty()
            ? ""
            : questions_words(group.questions, docket.seen().probes.size()) + ": ";
    auto& finding =
        docket.add(fault, questions + words + codes_words(group.codes) + ", " +
                              resolver_places(group.labels, docket.seen().resolvers.size()));
    finding.tier = tier.value_or(finding.tier);
    finding.servers = std::move(group.labels);
    finding.rrsets = std::move(group.questions);
  }
}

void rules_for_resolvers(Docket& docket) {
  const auto resolvers = analyse_resolvers(docket.analysis);
  const auto questions = asked_questions(docket.analysis);
  ResolverSightings sightings;
  see_canaries(docket.seen(), resolvers, sightings);
  for (const auto& resolver : resolvers) {
    const auto fault = fault_of(resolver.use);
    if (fault && !(fault == Fault::deadline_reached && docket.has(*fault))) {
      sightings.push_back({*fault, resolver.trouble, "", resolver.label, {}, {}});
    }
    if (resolver.usable()) {
      rule_gaps(docket, resolver, questions, sightings);
      rule_sentinels(docket, resolver, sightings);
      for (const auto& asked : questions) {
        see_resolver_answer(resolver, asked, sightings);
      }
    }
  }
  rule_bogus_zone(docket, resolvers, questions);
  rule_unanswered(docket, resolvers, questions);
  rule_expectation(docket, questions);
  add_grouped(docket, sightings);
  soften_when_all_are_silent(docket, resolvers);
  rule_slow(docket, resolvers);
  rule_agreement(docket, resolvers, questions);
  rule_quorum(docket, resolvers);
}

}  // namespace judge
