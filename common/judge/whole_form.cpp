// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// RRsets and signatures of a whole zone that verify and still are not as they should be: TTLs,
// lifetimes, numbers, algorithms (RFC 4035 2.2, RFC 6781 4.4.2).
#include <algorithm>
#include <array>

#include "dnssec/algorithm.hpp"
#include "judge/whole_rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using dnssec::SignatureVerdict;

/// Half a year; key-signing keys that are kept offline sign DNSKEY for longer.
constexpr std::int64_t kLongWhole = 180 * dns::kDay;
constexpr std::int64_t kLongWholeKeys = 400 * dns::kDay;
constexpr std::int64_t kJustSigned = 300;
/// Validators stop between 8 and 30 (CVE-2023-50387).
constexpr std::size_t kManyOfOne = 8;
constexpr std::size_t kFarTooManyOfOne = 16;
constexpr std::size_t kManyOfKey = 2;

/// RFC 4035 2.2: the RRset's TTL is the RRSIG's Original TTL, and the RRSIG has the same one.
/// NSEC3PARAM's TTL is its signer's business.
void see_whole_ttls(WholeDocket& docket, const WeighedRRset& weighed) {
  if (weighed.set.type == Type::nsec3param) {
    return;
  }
  const auto original = weighed.lasting.original_ttl;
  const auto say = [&](Fault fault, const char* plural) {
    docket.tally.see(fault, 0, weighed.place, [&] {
      return WholeWords{
          "has TTL " + std::to_string(weighed.ttl) + ", signed with " + std::to_string(original),
          plural};
    });
  };
  if (weighed.ttl > original) {
    say(Fault::rrset_ttl_above_original_ttl, "have TTLs above the signed ones");
  } else if (weighed.ttl < original) {
    say(Fault::rrset_ttl_below_original_ttl, "have TTLs below the signed ones");
  }
  if (weighed.best->ttl != weighed.ttl) {
    docket.tally.see(Fault::rrsig_ttl_differs, 0, weighed.place, [&] {
      return WholeWords{"has TTL " + std::to_string(weighed.ttl) + ", its signature " +
                            std::to_string(weighed.best->ttl),
                        "have signatures of other TTLs"};
    });
  }
}

void see_whole_lifetime(WholeDocket& docket, const WeighedRRset& weighed) {
  const auto say = [&](Fault fault, const char* plural) {
    docket.tally.see(fault, 0, weighed.place, [&] {
      return WholeWords{"has a signature that lives for " +
                            dns::to_human_duration(weighed.lifetime) + "; the TTL is " +
                            dns::to_human_duration(weighed.ttl),
                        plural};
    });
  };
  if (weighed.lifetime > (is_key_set(weighed.set.type) ? kLongWholeKeys : kLongWhole)) {
    say(Fault::rrsig_lifetime_too_long, "have signatures that live for very long");
  }
  if (weighed.lifetime <= static_cast<std::int64_t>(weighed.ttl)) {
    say(Fault::rrsig_lifetime_too_short, "have signatures that live no longer than their TTLs");
  }
  if (weighed.age >= 0 && weighed.age < kJustSigned) {
    docket.tally.see(Fault::rrsig_inception_too_recent, 0, weighed.place, [&] {
      return WholeWords{
          "has a signature that began " + dns::to_human_duration(weighed.age) + " ago",
          "have signatures that began less than 5 minutes ago"};
    });
  }
}

std::size_t most_of_one_key(const WeighedRRset& weighed) {
  std::vector<std::pair<std::uint16_t, std::uint8_t>> keys;
  for (const auto* entry : weighed.set.signatures) {
    if (const auto view = dns::view_rrsig(entry->rdata())) {
      keys.emplace_back(view->key_tag, view->algorithm);
    }
  }
  std::size_t most = 0;
  for (const auto& key : keys) {
    most = std::max(most, static_cast<std::size_t>(std::count(keys.begin(), keys.end(), key)));
  }
  return most;
}

/// KeyTrap: validators try only so many (CVE-2023-50387).
void see_whole_numbers(WholeDocket& docket, const WeighedRRset& weighed) {
  const auto count = weighed.set.signatures.size();
  if (count <= kManyOfKey) {
    return;
  }
  const bool far = count > kFarTooManyOfOne;
  if (count <= kManyOfOne && most_of_one_key(weighed) <= kManyOfKey) {
    return;
  }
  auto& group = docket.tally.see(Fault::too_many_rrsigs, far ? 1 : 0, weighed.place, [&] {
    return WholeWords{"has " + thousands(count) + " signatures",
                      far ? "have more than 16 signatures"
                          : "have more than 8 signatures, or more than 2 by one key"};
  });
  if (far) {
    group.tier = Tier::critical;
  }
}

/// The signature counts for its algorithm: it is good, or what is wrong with it was said.
bool counts_for_algorithm(SignatureVerdict verdict) {
  switch (verdict) {
    case SignatureVerdict::valid:
    case SignatureVerdict::malformed:
    case SignatureVerdict::bad_length:
    case SignatureVerdict::does_not_verify:
    case SignatureVerdict::unsupported_algorithm:
    case SignatureVerdict::work_limit:
      return true;
    default:
      return false;
  }
}

}  // namespace

void see_whole_form(WholeDocket& docket, const WeighedRRset& weighed) {
  see_whole_numbers(docket, weighed);
  if (weighed.best != nullptr) {
    see_whole_ttls(docket, weighed);
    see_whole_lifetime(docket, weighed);
  }
}

/// RFC 4035 2.2, RFC 6840 5.11. In a rollover signatures of the new algorithm come first and go
/// last (RFC 6781 4.1.4): an algorithm without a key is not missed, nor one whose only key is
/// revoked.
void see_whole_algorithms(WholeDocket& docket, const WeighedRRset& weighed) {
  if (weighed.best == nullptr) {
    return;  // that it is not signed at all was said
  }
  auto missing = docket.facts.algorithms;
  for (const auto* entry : weighed.set.signatures) {
    if (counts_for_algorithm(entry->verdict) && entry->rdata().size() > 2) {
      missing.reset(entry->rdata()[2]);
    }
  }
  if (missing.none()) {
    return;
  }
  for (unsigned algorithm = 0; algorithm < missing.size(); ++algorithm) {
    if (!missing.test(algorithm)) {
      continue;
    }
    const bool by_ds = docket.facts.ds_algorithms.test(algorithm);
    docket.tally
        .see(by_ds ? Fault::algorithm_incomplete_ds : Fault::algorithm_incomplete_dnskey, algorithm,
             weighed.place,
             [&] {
               const std::string words =
                   "no signature by algorithm " +
                   dnssec::algorithm_text(static_cast<std::uint8_t>(algorithm)) + ", which the " +
                   (by_ds ? "DS" : "DNSKEY") + " set demands";
               return WholeWords{"has " + words, "have " + words};
             })
        .of_rrsets = true;
  }
}

}  // namespace judge
