// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// How long the signatures will still hold, against the thresholds (RFC 6781 4.4.2).
#include <algorithm>

#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

/// Seconds; on-line signers' signatures live for hours to two days.
constexpr std::int64_t kLongestOnline = 3 * dns::kDay;

using dns::Type;

/// Signatures that live this long or longer are held against the full thresholds; shorter ones
/// against a share of their lifetime, because healthy signers of short signatures run close.
constexpr double kFullLifetime = 28 * dns::kDay;
constexpr double kFullChainLifetime = 10 * dns::kDay;

Range at_least(double seconds) {
  Range range;
  range.start = seconds;
  range.end.reset();
  return range;
}

Range scaled(double full, double share, double lifetime, double full_lifetime) {
  return at_least(lifetime >= full_lifetime ? full : std::min(full, lifetime * share));
}

/// A percent threshold in seconds of that lifetime.
Range in_seconds(const Threshold& threshold, double lifetime) {
  Range range = threshold.range;
  if (threshold.percent) {
    for (auto* bound : {&range.start, &range.end}) {
      if (*bound) {
        **bound *= lifetime / 100;
      }
    }
  }
  return range;
}

Range limit(const std::optional<Threshold>& given, const Range& fallback, double lifetime) {
  return given ? in_seconds(*given, lifetime) : fallback;
}

/// The level that counts: the default thresholds know nothing of a signer that has always renewed
/// its signatures this close to their end (`usual`, see usual_rest()).
std::optional<Level> judged_level(const Docket& docket, const CheckedRRset& checked,
                                  const Limits& limits, const std::optional<UsualRest>& usual) {
  const auto& policy = docket.policy;
  const auto& lasting = *checked.lasting();
  auto level = level_of(lasting.remaining, limits);
  const bool given =
      policy.warning || policy.critical ||
      (is_key_set(checked.set.type) && (policy.dnskey_warning || policy.dnskey_critical));
  if (level && !given && usual && usual->holds_for(lasting.lifetime) &&
      lasting.remaining >= usual->rest) {
    return std::nullopt;
  }
  return level;
}

/// One finding a level, over all RRsets and servers that cross it.
void see_rrset_expiry(const Docket& docket, const ServerAnalysis& server,
                      const CheckedRRset& checked, const std::optional<UsualRest>& usual,
                      std::vector<Sighting>& sightings) {
  const auto* lasting = checked.lasting();
  if (lasting == nullptr) {
    return;
  }
  const auto limits = sigs_limits(docket.policy, checked.set.type, lasting->lifetime);
  const auto level = judged_level(docket, checked, limits, usual);
  // The other checks look at signatures too, but only as far as they are told to.
  if (docket.check != kSigs &&
      (!level || !(level->fault == Fault::rrsig_expiring_crit ? docket.policy.critical
                                                              : docket.policy.warning))) {
    return;
  }
  const bool soon = lasting->remaining < 7 * dns::kDay;
  if (!level && (!soon || docket.policy.warning || docket.policy.critical)) {
    return;
  }
  Sighting sighting;
  sighting.fault = level ? level->fault : Fault::rrsig_expiring_soon;
  sighting.tier = info(sighting.fault).tier;
  sighting.rrset = rrset_label(checked.set.owner, checked.set.type, *docket.seen().apex);
  sighting.server = server.label;
  sighting.moment = docket.analysis.now + lasting->remaining;
  const auto when = end_words(docket.analysis.now, lasting->remaining);
  sighting.single = "signature ends in " + when;
  if (level) {
    sighting.single += ", " + threshold_words(*level->range);
  }
  sighting.plural = "signatures end soon";
  sightings.push_back(std::move(sighting));
}

/// RFC 4035 5.3.3: a validator caps the TTL; others keep dead data. Only said when the end is near.
void see_ttl(const Docket& docket, const ServerAnalysis& server, const CheckedRRset& checked,
             const std::optional<UsualRest>& usual, std::vector<Sighting>& sightings) {
  const auto* lasting = checked.lasting();
  if (lasting == nullptr || static_cast<std::int64_t>(checked.set.ttl) <= lasting->remaining) {
    return;
  }
  const auto limits = sigs_limits(docket.policy, checked.set.type, lasting->lifetime);
  if (!judged_level(docket, checked, limits, usual)) {
    return;
  }
  Sighting sighting;
  sighting.fault = Fault::ttl_exceeds_remaining;
  sighting.tier = info(sighting.fault).tier;
  sighting.rrset = rrset_label(checked.set.owner, checked.set.type, *docket.seen().apex);
  sighting.server = server.label;
  sighting.single = "has TTL " + dns::to_human_duration(checked.set.ttl) +
                    ", its signature ends in " + dns::to_human_duration(lasting->remaining);
  sighting.plural = "have TTLs beyond the end of their signatures";
  sightings.push_back(std::move(sighting));
}

/// RFC 6781 4.4.1: a secondary that is cut off must expire before its signatures do. A share of the
/// lifetime is always short of EXPIRE just before re-signing where signatures are short; there only
/// an EXPIRE beyond the whole lifetime is a fault of the settings. Signatures of days or hours are
/// made on line at each server: no secondary keeps them.
void see_soa_expire(Docket& docket) {
  for (const auto& server : docket.analysis.servers) {
    if (!server.soa) {
      continue;
    }
    const auto expire = static_cast<std::int64_t>(server.soa->expire);
    const CheckedSignature* least = nullptr;
    const CheckedRRset* least_set = nullptr;
    for (const auto& checked : server.rrsets) {
      const auto* lasting = checked.lasting();
      if (lasting != nullptr && (least == nullptr || lasting->remaining < least->remaining)) {
        least = lasting;
        least_set = &checked;
      }
    }
    if (least == nullptr || expire <= least->remaining) {
      continue;
    }
    auto& finding =
        docket.add(Fault::soa_expire_exceeds_remaining,
                   "SOA EXPIRE is " + dns::to_human_duration(expire) + ", but the signature of " +
                       rrset_label(least_set->set.owner, least_set->set.type, *docket.seen().apex) +
                       " ends in " + dns::to_human_duration(least->remaining) +
                       " (its lifetime is " + dns::to_human_duration(least->lifetime) + ")");
    finding.servers = {server.label};
    if (static_cast<double>(least->lifetime) < kFullLifetime &&
        (expire <= least->lifetime || least->lifetime <= kLongestOnline)) {
      finding.tier = Tier::info;
    }
    return;
  }
}

/// --max-age: the newest signature shows when the signer last worked, long before anything ends.
void see_newest(Docket& docket) {
  const auto age = newest_signature_age(docket.analysis);
  if (!docket.policy.max_age || !age || static_cast<double>(*age) <= *docket.policy.max_age) {
    return;
  }
  std::string text = "signing seems to have stopped " + dns::to_human_duration(*age) + " ago";
  if (const auto soonest = soonest_signature(docket.analysis)) {
    text += "; the first signature (" + soonest->what + ") ends in " +
            end_words(docket.analysis.now, soonest->remaining);
  }
  docket.add(Fault::signer_stalled, std::move(text)).moment = docket.analysis.now - *age;
}

void rules_for_chain_expiry(Docket& docket) {
  const auto soonest = soonest_on_chain(docket.analysis);
  if (!soonest || soonest->remaining < 0) {
    return;
  }
  const auto limits = chain_limits(docket.policy, soonest->lifetime);
  if (const auto level = level_of(soonest->remaining, limits)) {
    auto& finding =
        docket.add(level->fault, "the signature of " + soonest->what + " ends in " +
                                     end_words(docket.analysis.now, soonest->remaining) + ", " +
                                     threshold_words(*level->range));
    finding.moment = docket.analysis.now + soonest->remaining;
    finding.rrsets = {soonest->what};
  }
}

}  // namespace

std::string threshold_words(const Range& range) {
  if (range.start && !range.end && !range.inside) {
    return "under the threshold of " +
           dns::to_human_duration(static_cast<std::int64_t>(*range.start));
  }
  return "outside the threshold " + range.to_text() + "s";
}

std::string end_words(dns::UnixTime now, std::int64_t remaining) {
  return dns::to_human_duration(remaining) + " (" + dns::to_iso_minute(now + remaining) + ")";
}

std::optional<Level> level_of(std::int64_t remaining, const Limits& limits) {
  if (limits.critical.alerts(static_cast<double>(remaining))) {
    return Level{Fault::rrsig_expiring_crit, &limits.critical};
  }
  if (limits.warning.alerts(static_cast<double>(remaining))) {
    return Level{Fault::rrsig_expiring_warn, &limits.warning};
  }
  return std::nullopt;
}

bool is_key_set(Type type) {
  return type == Type::dnskey || type == Type::cds || type == Type::cdnskey;
}

Limits sigs_limits(const Policy& policy, Type type, std::int64_t lifetime) {
  const auto life = static_cast<double>(lifetime);
  const auto warning = scaled(7 * dns::kDay, 0.1, life, kFullLifetime);
  const auto critical = scaled(1 * dns::kDay, 0.05, life, kFullLifetime);
  const bool dnskey = is_key_set(type);
  const auto& given_warning =
      dnskey && policy.dnskey_warning ? policy.dnskey_warning : policy.warning;
  const auto& given_critical =
      dnskey && policy.dnskey_critical ? policy.dnskey_critical : policy.critical;
  return {limit(given_warning, warning, life), limit(given_critical, critical, life)};
}

Limits chain_limits(const Policy& policy, std::int64_t lifetime) {
  const auto life = static_cast<double>(lifetime);
  return {limit(policy.warning, scaled(1 * dns::kDay, 0.1, life, kFullChainLifetime), life),
          limit(policy.critical, scaled(1 * dns::kHour, 0.05, life, kFullChainLifetime), life)};
}

void rules_for_expiry(Docket& docket) {
  if (docket.check == kChain) {
    rules_for_chain_expiry(docket);
    return;
  }
  std::vector<Sighting> sightings;
  const auto usual = usual_rest(docket);
  for (const auto& server : docket.analysis.servers) {
    for (const auto& checked : server.rrsets) {
      see_rrset_expiry(docket, server, checked, usual, sightings);
      if (docket.check == kSigs) {
        see_ttl(docket, server, checked, usual, sightings);
      }
    }
  }
  add_grouped(docket, sightings);
  if (docket.check != kSigs) {
    return;
  }
  see_soa_expire(docket);
  see_newest(docket);
}

}  // namespace judge
