// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>

#include "judge/judge.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

/// The signature by which an RRset lives: the longest-lived valid one, else the one that ended
/// last.
const CheckedSignature* life_of(const CheckedRRset& checked) {
  if (const auto* lasting = checked.lasting()) {
    return lasting;
  }
  const CheckedSignature* latest = nullptr;
  for (const auto& signature : checked.signatures) {
    if (signature.check.verdict == dnssec::SignatureVerdict::expired &&
        (latest == nullptr || signature.remaining > latest->remaining)) {
      latest = &signature;
    }
  }
  return latest;
}

void take_sooner(std::optional<Soonest>& soonest, const CheckedRRset& checked, std::string what,
                 const std::string& server) {
  const auto* life = life_of(checked);
  if (life != nullptr && (!soonest || life->remaining < soonest->remaining)) {
    soonest = Soonest{life->remaining, life->lifetime, std::move(what), server, checked.set.type};
  }
}

std::string apex_words(const LinkAnalysis& link) {
  return link.zone().is_root() ? "the root" : link.zone().to_display();
}

}  // namespace

std::optional<Soonest> soonest_signature(const Analysis& analysis) {
  std::optional<Soonest> soonest;
  for (const auto& server : analysis.servers) {
    for (const auto& checked : server.rrsets) {
      take_sooner(soonest, checked,
                  rrset_label(checked.set.owner, checked.set.type, *analysis.seen->apex),
                  server.label);
    }
  }
  return soonest;
}

std::optional<Soonest> soonest_on_chain(const Analysis& analysis) {
  std::optional<Soonest> soonest;
  const LinkAnalysis* parent = nullptr;
  for (const auto& link : analysis.chain()) {
    if (link.ds_set && parent != nullptr) {
      take_sooner(soonest, *link.ds_set, "DS of " + apex_words(link) + " at " + apex_words(*parent),
                  {});
    }
    if (link.dnskey_set) {
      take_sooner(soonest, *link.dnskey_set, "DNSKEY of " + apex_words(link), {});
    }
    parent = &link;
  }
  if (!analysis.seen->apex) {
    return soonest;  // a stored observation may hold servers all the same
  }
  for (const auto& server : analysis.servers) {
    if (const auto* soa = server.find(*analysis.seen->apex, dns::Type::soa)) {
      take_sooner(soonest, *soa, "SOA of " + analysis.seen->apex->to_display(), server.label);
    }
  }
  return soonest;
}

std::optional<std::int64_t> newest_signature_age(const Analysis& analysis) {
  std::optional<std::int64_t> newest;
  for (const auto& server : analysis.servers) {
    for (const auto& checked : server.rrsets) {
      for (const auto& signature : checked.signatures) {
        if (signature.rrsig && signature.age >= 0) {
          newest = std::min(newest.value_or(signature.age), signature.age);
        }
      }
    }
  }
  return newest;
}

}  // namespace judge
