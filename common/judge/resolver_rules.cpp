// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Resolvers: who can be asked, and what each of them leaves unanswered.
#include <algorithm>

#include "judge/resolver_sightings.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using Resolvers = std::vector<ResolverAnalysis>;
using Questions = std::vector<AskedQuestion>;

std::optional<Fault> fault_of(ResolverUse use) {
  switch (use) {
    case ResolverUse::usable:
    case ResolverUse::flooded:
      return std::nullopt;
    case ResolverUse::not_asked:
      return Fault::deadline_reached;
    case ResolverUse::silent:
      return Fault::resolver_timeout;
    case ResolverUse::tls_failed:
      return Fault::resolver_tls_failed;
    case ResolverUse::tcp_failed:
      return Fault::resolver_tcp_broken;
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
  return asked != questions.end() ? asked->words
                                  : rrset_label(answer.question.name, answer.question.type, {});
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

/// Nothing comes with CD, and nothing without it: told once.
bool is_told_without_cd(const dns::Answer& answer, const ResolverAnalysis& resolver) {
  const auto* plain = answer.cd_sent ? resolver.view->find(answer.question, false) : nullptr;
  return plain != nullptr && !plain->answered();
}

/// RFC 7766 5, and questions that got lost. What the canary's silence means is told with it.
void rule_gaps(const Docket& docket, const ResolverAnalysis& resolver, const Questions& questions,
               ResolverSightings& sightings) {
  const auto& canary = docket.seen().canary;
  for (const auto& answer : resolver.view->answers) {
    if (answer.answered() || is_told_without_cd(answer, resolver) ||
        is_unanswered_by_all(answer, *docket.seen().apex, questions)) {
      continue;
    }
    ResolverSighting sighting{Fault::resolver_timeout,
                              answer.cd_sent
                                  ? "no answer with CD (checking disabled), though there is one "
                                    "without it"
                                  : "no answer, though other questions are answered",
                              words_for(answer, questions),
                              resolver.label,
                              {},
                              {}};
    if (answer.outcome == dns::Outcome::flooded) {
      continue;  // of the zone as a whole: rule_work tells
    }
    if (answer.outcome == dns::Outcome::not_asked) {
      if (docket.has(Fault::deadline_reached)) {
        continue;
      }
      sighting.fault = Fault::deadline_reached;
      sighting.words =
          answer.cd_sent ? "not asked with CD, no time was left" : "not asked, no time was left";
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

/// A key that the root has not published yet, or not any more, no resolver need trust.
bool is_key_of_root(const Docket& docket, std::uint16_t tag) {
  const auto& links = docket.analysis.links;
  return !links.empty() && links.front().zone().is_root() &&
         std::any_of(links.front().keys.begin(), links.front().keys.end(),
                     [tag](const dnssec::Key& key) { return key.tag == tag; });
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
    if (anchor.zone.is_root() && is_key_of_root(docket, tag) &&
        kind(true, tag) == AnswerKind::servfail && is_resolved(kind(false, tag))) {
      sightings.push_back({Fault::resolver_trust_anchor_old,
                           "the root's key " + std::to_string(tag) + " is not trusted",
                           "",
                           resolver.label,
                           {},
                           {}});
    }
  }
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
        see_resolver_answer(docket.analysis, resolver, asked, sightings);
      }
    }
  }
  see_signatures(docket.analysis, resolvers, questions, sightings);
  rules_for_zone_at_resolvers(docket, resolvers, questions);
  add_grouped(docket, sightings);
  soften_when_all_are_silent(docket, resolvers);
  rules_for_all_resolvers(docket, resolvers, questions);
}

}  // namespace judge
