// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Names of which is known what validation makes of them: --canary-bogus and --canary-algorithm.
#include <algorithm>
#include <array>

#include "dns/rdata.hpp"
#include "dnssec/algorithm.hpp"
#include "judge/resolver_sightings.hpp"

namespace judge {
namespace {

using dns::Security;

/// Nearly all zones are signed with these two.
constexpr std::array<std::uint8_t, 2> kMain{8, 13};

/// The algorithm that signs the answer; nothing without a signature.
std::optional<std::uint8_t> algorithm_of(const dns::Message& message) {
  for (const auto* section : {&message.answer, &message.authority}) {
    for (const auto& record : *section) {
      const auto rrsig =
          record.type == dns::Type::rrsig ? dns::parse_rrsig(record.rdata) : std::nullopt;
      if (rrsig) {
        return rrsig->algorithm;
      }
    }
  }
  return std::nullopt;
}

/// Somebody finds it secure: our own validator need not know every algorithm.
bool is_secure_for_anyone(const dns::Lookup& canary,
                          const std::vector<ResolverAnalysis>& resolvers) {
  return canary.security == Security::secure ||
         std::any_of(resolvers.begin(), resolvers.end(), [&](const ResolverAnalysis& resolver) {
           const auto* answer = resolver.view->find(canary.question, false);
           return resolver.validates() && is_resolved(kind_of(answer)) && answer->message->ad;
         });
}

/// RFC 9904: what a resolver does not validate comes without AD, or not at all.
void see_algorithm(const dns::Lookup& canary, const ResolverAnalysis& resolver,
                   ResolverSightings& sightings) {
  const auto* answer = resolver.view->find(canary.question, false);
  const auto kind = kind_of(answer);
  const bool failed = kind == AnswerKind::servfail;
  if (!resolver.validates() || (is_resolved(kind) ? answer->message->ad : !failed)) {
    return;
  }
  auto algorithm = canary.message ? algorithm_of(*canary.message) : std::nullopt;
  algorithm = algorithm ? algorithm : algorithm_of(*answer->message);
  const bool main = algorithm && std::find(kMain.begin(), kMain.end(), *algorithm) != kMain.end();
  sightings.push_back(
      {Fault::resolver_algorithm_gap,
       "algorithm " + (algorithm ? dnssec::algorithm_text(*algorithm) : std::string("unknown")) +
           " is not validated: " + canary.question.name.to_display() +
           (failed ? " fails" : " comes without AD"),
       "", resolver.label, extended_errors_of(answer), main ? Tier::critical : Tier::warning});
}

/// RFC 4035 3.2: what is bogus must not be answered; a name known to be bogus shows it.
void see_bogus_canary(const observe::ZoneObservation& seen, const ResolverAnalysis& resolver,
                      ResolverSightings& sightings) {
  if (!seen.canary) {
    return;
  }
  const auto& canary = *seen.canary;
  const auto name = canary.question.name.to_display();
  const auto* answer = resolver.view->find(canary.question, false);
  const auto add = [&](Fault fault, std::string words) {
    sightings.push_back(
        {fault, std::move(words), "", resolver.label, extended_errors_of(answer), {}});
  };
  switch (resolver.canary) {
    case CanaryWord::not_asked:
    case CanaryWord::refused:
      break;
    case CanaryWord::cd_ignored:
      add(Fault::resolver_ignores_cd, "SERVFAIL for the bogus canary " + name + ", with CD too");
      break;
    case CanaryWord::answered:
      if (resolver.shown.gives_ad && !answer->message->ad) {
        add(Fault::resolver_nta,
            "the bogus canary " + name + " is answered by a resolver that validates");
      } else {
        add(Fault::resolver_not_validating, "the bogus canary " + name + " is answered");
      }
      break;
    case CanaryWord::unclear:
      add(Fault::resolver_bogus_domain_unreachable,
          "the canary " + name + " tells nothing: " + resolver.canary_trouble);
      break;
  }
}

}  // namespace

void see_canaries(const observe::ZoneObservation& seen,
                  const std::vector<ResolverAnalysis>& resolvers, ResolverSightings& sightings) {
  for (const auto& resolver : resolvers) {
    if (resolver.usable() || resolver.use == ResolverUse::no_edns) {
      see_bogus_canary(seen, resolver, sightings);
    }
  }
  for (const auto& canary : seen.algorithm_canaries) {
    const bool secure = is_secure_for_anyone(canary, resolvers);
    for (const auto& resolver : resolvers) {
      if (secure) {
        see_algorithm(canary, resolver, sightings);
      } else if (resolver.validates()) {
        sightings.push_back({Fault::resolver_bogus_domain_unreachable,
                             "the canary " + canary.question.name.to_display() +
                                 " tells nothing: nobody finds it secure",
                             "",
                             resolver.label,
                             {},
                             {}});
      }
    }
  }
}

}  // namespace judge
