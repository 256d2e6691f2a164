// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Signatures that came through resolvers, verified with the zone's validated keys as everybody
// would who validates behind them. AD alone is the resolver's word.
#include "dns/record.hpp"
#include "judge/resolver_sightings.hpp"

namespace judge {
namespace {

using dnssec::SignatureVerdict;

enum class Carried { well, expired, spoilt };

/// RFC 4035 5.3.3. A key that is not the zone's any more may have signed what a cache still holds,
/// and an algorithm that is unknown here says nothing: no verdict, and so well.
Carried carried(const CheckedRRset& checked) {
  bool spoilt = false;
  for (const auto& signature : checked.signatures) {
    const auto verdict = signature.check.verdict;
    const bool broken = verdict == SignatureVerdict::does_not_verify ||
                        verdict == SignatureVerdict::bad_length ||
                        verdict == SignatureVerdict::malformed;
    if (!broken && verdict != SignatureVerdict::expired) {
      return Carried::well;
    }
    spoilt |= broken;
  }
  if (checked.signatures.empty()) {
    return Carried::well;
  }
  return spoilt ? Carried::spoilt : Carried::expired;
}

/// The worst of an answer's RRsets. Signatures without their RRset cannot be verified by anybody:
/// PowerDNS Recursor passes those of an NS RRset on that it leaves out.
Carried carried(const dns::Message& message, const LinkAnalysis& zone, dns::UnixTime now,
                dnssec::Verifier& verifier) {
  auto worst = Carried::well;
  for (const auto* section : {&message.answer, &message.authority}) {
    for (const auto& data : dns::group(*section)) {
      if (!data.set.rdatas.empty()) {
        worst = std::max(worst, carried(check_rrset(data, zone.zone(), zone.keys, now, verifier)));
      }
    }
  }
  return worst;
}

}  // namespace

void see_signatures(const Analysis& analysis, const std::vector<ResolverAnalysis>& resolvers,
                    const std::vector<AskedQuestion>& questions, ResolverSightings& sightings) {
  const auto* zone = analysis.apex_link();
  if (zone == nullptr || zone->state != LinkState::secure) {
    return;
  }
  auto& verifier = analysis.work->verifier;
  for (const auto& resolver : resolvers) {
    for (const auto& asked : questions) {
      const auto* answer = resolver.view->find(asked.question, false);
      if (asked.own != dns::Security::secure || !is_resolved(kind_of(answer))) {
        continue;
      }
      const auto state = carried(*answer->message, *zone, analysis.now, verifier);
      if (state == Carried::spoilt) {
        sightings.push_back({Fault::resolver_bad_signature,
                             "signatures that do not verify with the zone's keys" +
                                 std::string(answer->message->ad ? ", called secure (AD)" : ""),
                             asked.words,
                             resolver.label,
                             {},
                             {}});
      } else if (state == Carried::expired) {
        sightings.push_back({Fault::resolver_ede_stale,
                             "answered with signatures that have expired, while the zone has newer "
                             "ones",
                             asked.words,
                             resolver.label,
                             extended_errors_of(answer),
                             {}});
      }
    }
  }
}

}  // namespace judge
