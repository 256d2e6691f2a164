// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// How long a whole zone's signatures still hold, against the same thresholds as a live zone's (RFC
// 6781 4.4.2), and how many end soon: all of them together is what a stuck signer looks like.
#include "judge/whole_rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

constexpr std::int64_t kOnlineLifetime = 3 * dns::kDay;
constexpr std::int64_t kLongEnough = 28 * dns::kDay;

/// Of an RRset without a valid signature: the end of the one that ended last.
std::optional<std::int64_t> past_end(const WeighedRRset& weighed, dns::UnixTime now) {
  std::optional<std::int64_t> latest;
  for (const auto* entry : weighed.set.signatures) {
    if (entry->verdict == dnssec::SignatureVerdict::expired) {
      if (const auto view = dns::view_rrsig(entry->rdata())) {
        latest = std::max(latest.value_or(remaining_of(*view, now)), remaining_of(*view, now));
      }
    }
  }
  return latest;
}

void see_whole_end(WholeDocket& docket, const WeighedRRset& weighed) {
  if (weighed.remaining > kLongEnough && !docket.policy.warning && !docket.policy.critical &&
      !docket.policy.dnskey_warning && !docket.policy.dnskey_critical) {
    return;  // beyond every default
  }
  const auto limits = sigs_limits(docket.policy, weighed.set.type, weighed.lifetime);
  const auto level = level_of(weighed.remaining, limits);
  const bool soon = weighed.remaining < 7 * dns::kDay;
  if (!level &&
      (!soon || docket.policy.warning || docket.policy.critical || docket.check != kSigs)) {
    return;
  }
  const auto now = docket.whole.now;
  auto& group =
      docket.tally.see(level ? level->fault : Fault::rrsig_expiring_soon, 0, weighed.place, [&] {
        const std::string threshold = level ? ", " + threshold_words(*level->range) : "";
        return WholeWords{
            "has a signature that ends in " + end_words(now, weighed.remaining) + threshold,
            "have signatures that end soon" + threshold, "RRset", "ends"};
      });
  group.of_rrsets = true;
  group.add_key(weighed.lasting.key_tag);
  group.add_moment(now + weighed.remaining);
  // RFC 4035 5.3.3: a validator caps the TTL; others keep dead data.
  if (level && docket.check == kSigs &&
      static_cast<std::int64_t>(weighed.ttl) > weighed.remaining) {
    docket.tally.see(Fault::ttl_exceeds_remaining, 0, weighed.place, [&] {
      return WholeWords{"has TTL " + dns::to_human_duration(weighed.ttl) +
                            ", its signature ends in " + dns::to_human_duration(weighed.remaining),
                        "have TTLs beyond the end of their signatures"};
    });
  }
}

}  // namespace

void WholeExpiry::see(const WholeDocket& docket, const zone::Entry& signature) {
  if (const auto view = dns::view_rrsig(signature.rdata())) {
    const auto age = -view->inception.seconds_since(dns::SerialTime::from_unix(docket.whole.now));
    if (age >= 0 && (!newest_age_ || age < *newest_age_)) {
      newest_age_ = age;
    }
  }
}

void WholeExpiry::see(WholeDocket& docket, const WeighedRRset& weighed) {
  const bool valid = weighed.best != nullptr;
  const auto end = valid ? std::optional(weighed.remaining) : past_end(weighed, docket.whole.now);
  if (!end) {
    return;
  }
  within_hour_ += *end <= dns::kHour ? 1U : 0U;
  within_day_ += *end <= dns::kDay ? 1U : 0U;
  within_week_ += *end <= 7 * dns::kDay ? 1U : 0U;
  if (!least_ || *end < least_->remaining) {
    least_ = {weighed.place, *end, valid ? weighed.lifetime : 0, valid};
  }
  if (valid) {
    see_whole_end(docket, weighed);
  }
}

std::string WholeExpiry::spread_words(const WholeDocket& docket) const {
  return "of " + thousands(docket.to_sign) + " RRsets the signatures of " +
         thousands(within_hour_) + " end within an hour, of " + thousands(within_day_) +
         " within a day, of " + thousands(within_week_) + " within 7 days";
}

void WholeExpiry::finish(WholeDocket& docket) const {
  if (within_week_ > 0) {
    const auto words = spread_words(docket);
    for (const auto fault :
         {Fault::rrsig_expiring_crit, Fault::rrsig_expiring_warn, Fault::rrsig_expiring_soon}) {
      docket.tally.set_detail(fault, words);
    }
  }
  if (docket.check != kSigs) {
    return;
  }
  const auto& soa = docket.facts.soa;
  if (soa && least_ && least_->valid &&
      static_cast<std::int64_t>(soa->expire) > least_->remaining) {
    const auto expire = static_cast<std::int64_t>(soa->expire);
    auto& finding =
        docket.add(Fault::soa_expire_exceeds_remaining,
                   "SOA EXPIRE is " + dns::to_human_duration(expire) + ", but the signature of " +
                       rrset_label(zone::name_of(least_->place.key), least_->place.type,
                                   docket.whole.zone.apex()) +
                       " ends in " + dns::to_human_duration(least_->remaining) +
                       " (its lifetime is " + dns::to_human_duration(least_->lifetime) + ")");
    // A share of a short lifetime is always less, just before it is renewed.
    if (least_->lifetime < kLongEnough &&
        (expire <= least_->lifetime || least_->lifetime <= kOnlineLifetime)) {
      finding.tier = Tier::info;
    }
  }
  if (docket.policy.max_age && newest_age_ &&
      static_cast<double>(*newest_age_) > *docket.policy.max_age) {
    std::string text =
        "signing seems to have stopped " + dns::to_human_duration(*newest_age_) + " ago";
    if (within_week_ > 0) {
      text += "; " + spread_words(docket);
    }
    docket.add(Fault::signer_stalled, std::move(text)).moment = docket.whole.now - *newest_age_;
  }
}

void WholeExpiry::summarize(const WholeDocket& docket, WholeSummary& summary) const {
  summary.within_hour = within_hour_;
  summary.within_day = within_day_;
  summary.within_week = within_week_;
  summary.newest_age = newest_age_;
  if (least_) {
    summary.soonest = Soonest{
        least_->remaining, least_->lifetime,
        rrset_label(zone::name_of(least_->place.key), least_->place.type, docket.whole.zone.apex()),
        docket.whole.source, least_->place.type};
  }
}

}  // namespace judge
