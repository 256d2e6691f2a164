// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Signatures that came through resolvers, verified with the zone's validated keys as everybody
// would who validates behind them. AD alone is the resolver's word.
#include <algorithm>

#include "dns/record.hpp"
#include "judge/resolver_evidence.hpp"
#include "judge/resolver_sightings.hpp"

namespace judge {
namespace {

using dnssec::SignatureVerdict;

/// From harmless to worst.
enum class Carried { well, expired, foreign, spoilt };

/// Whose signatures they have to be, and what our own look-up has.
struct Measure {
  const LinkAnalysis& zone;
  const AskedQuestion& asked;
  dns::UnixTime now;
  dnssec::Verifier& verifier;
};

bool is_published(const dns::Rrsig& rrsig, const LinkAnalysis& zone) {
  return std::any_of(zone.keys.begin(), zone.keys.end(), [&](const dnssec::Key& key) {
    return key.tag == rrsig.key_tag && key.dnskey.algorithm == rrsig.algorithm;
  });
}

/// Out of time: is it of the zone at all?
Carried out_of_time(const dns::SignedRRset& data, const dns::Signature& signature,
                    const Measure& by, Carried otherwise) {
  const auto check =
      by.verifier.check_untimed(data.set, signature, by.zone.zone(), by.zone.keys).verdict;
  return check == SignatureVerdict::does_not_verify || check == SignatureVerdict::bad_length
             ? Carried::spoilt
             : otherwise;
}

/// RFC 4035 5.3.1, 5.3.3. An algorithm that is unknown here says nothing, as long as the zone has
/// such a key: no verdict, and so well. So does a signer's clock that is ahead.
Carried carried(const dns::SignedRRset& data, const dns::Signature& signature,
                SignatureVerdict verdict, const Measure& by) {
  switch (verdict) {
    case SignatureVerdict::valid:
    case SignatureVerdict::work_limit:
      return Carried::well;
    case SignatureVerdict::unsupported_algorithm:
      return signature.rrsig && is_published(*signature.rrsig, by.zone) ? Carried::well
                                                                        : Carried::foreign;
    case SignatureVerdict::expired:
      return out_of_time(data, signature, by, Carried::expired);
    case SignatureVerdict::not_yet_valid:
      return out_of_time(data, signature, by, Carried::well);
    case SignatureVerdict::wrong_signer:
    case SignatureVerdict::no_such_key:
    case SignatureVerdict::not_zone_key:
    case SignatureVerdict::wrong_protocol:
    case SignatureVerdict::revoked_key:
    case SignatureVerdict::malformed_key:
      return Carried::foreign;
    case SignatureVerdict::malformed:
    case SignatureVerdict::wrong_type_covered:
    case SignatureVerdict::labels_exceed_owner:
    case SignatureVerdict::bad_length:
    case SignatureVerdict::expires_before_inception:
    case SignatureVerdict::does_not_verify:
      return Carried::spoilt;
  }
  return Carried::well;
}

/// One good signature is enough (RFC 4035 5.3.3).
Carried carried(const dns::SignedRRset& data, const Measure& by) {
  const auto checked = check_rrset(data, by.zone.zone(), by.zone.keys, by.now, by.verifier);
  auto worst = Carried::well;
  for (std::size_t i = 0; i < checked.signatures.size(); ++i) {
    const auto one = carried(data, data.signatures[i], checked.signatures[i].check.verdict, by);
    if (one == Carried::well) {
      return Carried::well;
    }
    worst = std::max(worst, one);
  }
  return worst;
}

/// The RRset is what our own look-up found secure: by whatever signature it came, it is right.
bool is_ours(const dns::RRset& set, const AskedQuestion& asked) {
  if (asked.lookup == nullptr || !asked.lookup->message) {
    return false;
  }
  const auto& own = *asked.lookup->message;
  const auto has = [&](const std::vector<dns::Record>& section) {
    const auto sets = dns::group(section);
    const auto* same = dns::find(sets, set.owner, set.type);
    return same != nullptr && dns::same_rdata(same->set, set);
  };
  return has(own.answer) || has(own.authority);
}

/// What a zone below has signed, at a name of which our own answer knows nothing.
bool is_from_below(const dns::SignedRRset& data, const Measure& by) {
  const auto& own = by.asked.lookup;
  const bool known =
      own != nullptr && own->message &&
      std::any_of(own->message->answer.begin(), own->message->answer.end(),
                  [&](const dns::Record& record) { return record.owner == data.set.owner; });
  return !known &&
         std::any_of(data.signatures.begin(), data.signatures.end(), [&](const auto& signature) {
           return signature.rrsig && signature.rrsig->signer.is_below(by.zone.zone()) &&
                  data.set.owner.is_at_or_below(signature.rrsig->signer);
         });
}

/// What the answer rests on has to be signed by the zone (RFC 4035 5.3.1). Signed by none of its
/// keys it may be right all the same, from before a key was withdrawn.
bool must_be_the_zones(const dns::SignedRRset& data, const Measure& by) {
  const auto& apex = by.zone.zone();
  return is_of_zone(data.set.owner, data.set.type, by.asked, apex) && !is_from_below(data, by) &&
         !is_ours(data.set, by.asked);
}

/// The worst of an answer's RRsets. Signatures without their RRset cannot be verified by anybody:
/// PowerDNS Recursor passes those of an NS RRset on that it leaves out.
Carried carried(const dns::Message& message, const Measure& by) {
  auto worst = Carried::well;
  const auto see = [&](const std::vector<dns::SignedRRset>& sets, bool evidence) {
    for (const auto& data : sets) {
      const auto one = data.set.rdatas.empty() ? Carried::well : carried(data, by);
      if (one != Carried::foreign || (evidence && must_be_the_zones(data, by))) {
        worst = std::max(worst, one);
      }
    }
  };
  see(dns::group(message.answer), false);
  see(dns::group(message.authority), false);
  const auto evidence = evidence_in(message, by.asked.question);
  see(evidence.answer, true);
  see(evidence.denial, true);
  return worst;
}

std::string called_secure(const dns::Message& message) {
  return message.ad ? ", called secure (AD)" : "";
}

/// What to say of it; nothing of what is well.
std::optional<ResolverSighting> told_of(Carried state, const dns::Answer& answer) {
  ResolverSighting sighting;
  switch (state) {
    case Carried::well:
      return std::nullopt;
    case Carried::expired:
      sighting.fault = Fault::resolver_ede_stale;
      sighting.words = "answered with signatures that have expired, while the zone has newer ones";
      sighting.codes = extended_errors_of(&answer);
      return sighting;
    case Carried::foreign:
      sighting.fault = Fault::resolver_bad_signature;
      sighting.words =
          "records other than our own look-up finds, signed by no key that the zone publishes" +
          called_secure(*answer.message) + ": forged, or from before a key was withdrawn";
      sighting.tier = Tier::warning;
      return sighting;
    case Carried::spoilt:
      sighting.fault = Fault::resolver_bad_signature;
      sighting.words =
          "signatures that do not verify with the zone's keys" + called_secure(*answer.message);
      return sighting;
  }
  return std::nullopt;
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
      const Measure by{*zone, asked, analysis.now, verifier};
      if (auto sighting = told_of(carried(*answer->message, by), *answer)) {
        sighting->question = asked.words;
        sighting->resolver = resolver.label;
        sightings.push_back(*std::move(sighting));
      }
    }
  }
}

}  // namespace judge
