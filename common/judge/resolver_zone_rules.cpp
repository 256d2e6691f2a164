// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What resolvers cannot be blamed for: the zone is bogus, nobody answers for it, or it is not what
// was expected.
#include <functional>

#include "judge/resolver_sightings.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Security;
using Resolvers = std::vector<ResolverAnalysis>;
using Questions = std::vector<AskedQuestion>;

/// What many resolvers make of some questions.
struct Echo {
  std::vector<std::string> questions, failing;
  std::vector<std::string> trusting;  ///< they say that it is secure
  std::vector<std::uint16_t> codes;
  void see(const ResolverAnalysis& resolver, const dns::Question& question) {
    const auto* answer = resolver.view->find(question, false);
    if (answer == nullptr || !dns::was_asked(answer->outcome)) {
      return;
    }
    if (is_resolved(kind_of(answer))) {
      if (answer->message->ad) {
        add_distinct(trusting, resolver.label);
      }
      return;
    }
    add_distinct(failing, resolver.label);
    for (const auto code : extended_errors_of(answer)) {
      add_distinct(codes, code);
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

/// What the resolvers make of what is bogus for us.
std::string verdict_of_others(const Docket& docket, const Echo& echo, std::size_t of) {
  const auto count = echo.failing.size();
  if (count > 0) {
    return " too, " + resolver_share(count, of) + " rightly " + (count == 1 ? "gives" : "give") +
           " SERVFAIL" + codes_words(echo.codes);
  }
  if (echo.trusting.empty()) {
    return ", which no resolver refuses";
  }
  const auto& forwarders = docket.seen().forwarders;
  return " only, " + resolver_share(echo.trusting.size(), of) + " " +
         (echo.trusting.size() == 1 ? "says" : "say") +
         " secure (AD): from caches or with an allowance for clocks" +
         (forwarders.empty() ? "" : ", or what --forward " + forwarders + " gives us is spoilt");
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
  // Nobody refuses it, and somebody vouches for it: it may be what we alone see.
  const bool ours = echo.failing.empty() && !echo.trusting.empty();
  auto& finding =
      docket.add(Fault::chain_bogus, (ours ? "" : "the zone's fault: ") +
                                         (explained ? broken->cause->words + ": " : std::string()) +
                                         questions_words(echo.questions, questions.size()) +
                                         (echo.questions.size() == 1 ? " is" : " are") +
                                         " bogus in our own validation" +
                                         verdict_of_others(docket, echo, resolvers.size()));
  if (docket.policy.expect == Expect::bogus) {
    finding.tier = Tier::info;
  } else if (ours || echo.questions.size() < questions.size()) {
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
                                 resolver_share(echo.failing.size(), resolvers.size()) +
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

}  // namespace

void rules_for_zone_at_resolvers(Docket& docket, const Resolvers& resolvers,
                                 const Questions& questions) {
  rule_bogus_zone(docket, resolvers, questions);
  rule_unanswered(docket, resolvers, questions);
  rule_expectation(docket, questions);
}

}  // namespace judge
