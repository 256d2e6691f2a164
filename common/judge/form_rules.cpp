// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Signatures that verify and still are not as they should be: TTLs, lifetimes, numbers, algorithms.
#include <algorithm>
#include <map>
#include <set>

#include "dnssec/algorithm.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;

/// Half a year, as Zonemaster has it; offline key-signing keys sign DNSKEY for longer.
constexpr std::int64_t kLongLifetime = 180 * dns::kDay;
constexpr std::int64_t kLongDnskeyLifetime = 400 * dns::kDay;
constexpr std::int64_t kVeryRecent = 300;
/// BIND, Unbound, PowerDNS and Knot Resolver stop between 8 and 30.
constexpr std::size_t kManySignatures = 8;
constexpr std::size_t kTooManySignatures = 16;
constexpr std::size_t kManyBySameKey = 2;

struct Form {
  const Docket& docket;
  const ServerAnalysis& server;
  const CheckedRRset& checked;
  std::vector<Sighting>& sightings;

  // NOLINTNEXTLINE(modernize-use-nodiscard): most sightings need no more said of them
  Sighting& saw(Fault fault, std::string single, std::string plural) const {
    sightings.push_back(
        sighting_of(docket, server, checked, fault, std::move(single), std::move(plural)));
    return sightings.back();
  }
};

/// RFC 4035 2.2: the RRset's TTL is the RRSIG's Original TTL. Cached answers count down, so only
/// authoritative ones are looked at; NSEC3PARAM's TTL is its signer's business.
void see_ttls(const Form& form) {
  const auto& set = form.checked.set;
  if (set.ttls_differ) {
    form.saw(Fault::rrset_ttls_unequal, "has records of different TTLs",
             "have records of different TTLs");
  }
  if (!form.checked.aa || set.type == Type::nsec3param) {
    return;
  }
  const auto* lasting = form.checked.lasting();
  const auto original = lasting->rrsig->original_ttl;
  const std::string words =
      "TTL " + std::to_string(set.ttl) + ", signed with " + std::to_string(original);
  // The SOA of a negative answer may carry the negative TTL (RFC 2308 3, 5; RFC 9077).
  const bool negative = set.type == Type::soa || set.type == Type::nsec || set.type == Type::nsec3;
  if (set.ttl > original) {
    form.saw(Fault::rrset_ttl_above_original_ttl, "is served with " + words,
             "are served with TTLs above the signed ones");
  } else if (set.ttl < original && !negative) {
    form.saw(Fault::rrset_ttl_below_original_ttl, "is served with " + words,
             "are served with TTLs below the signed ones");
  }
  if (lasting->ttl != set.ttl && !set.ttls_differ) {
    form.saw(Fault::rrsig_ttl_differs,
             "signature has TTL " + std::to_string(lasting->ttl) + ", the RRset " +
                 std::to_string(set.ttl),
             "signatures have other TTLs than the RRsets");
  }
}

/// RFC 6781 4.4.2: long enough to outlive caches, short enough not to be replayed.
void see_lifetime(const Form& form) {
  const auto& lasting = *form.checked.lasting();
  const bool dnskey = form.checked.set.type == Type::dnskey || form.checked.set.type == Type::cds ||
                      form.checked.set.type == Type::cdnskey;
  if (lasting.lifetime > (dnskey ? kLongDnskeyLifetime : kLongLifetime)) {
    form.saw(Fault::rrsig_lifetime_too_long,
             "signature lives for " + dns::to_human_duration(lasting.lifetime),
             "signatures live for up to " + dns::to_human_duration(lasting.lifetime));
  }
  if (lasting.lifetime <= static_cast<std::int64_t>(form.checked.set.ttl)) {
    form.saw(Fault::rrsig_lifetime_too_short,
             "signature lives for " + dns::to_human_duration(lasting.lifetime) + ", its TTL is " +
                 dns::to_human_duration(form.checked.set.ttl),
             "signatures live no longer than their TTLs");
  }
  if (lasting.age >= 0 && lasting.age < kVeryRecent) {
    form.saw(Fault::rrsig_inception_too_recent,
             "signature began " + dns::to_human_duration(lasting.age) + " ago",
             "signatures began less than 5 minutes ago");
  }
}

/// KeyTrap: validators try only so many (CVE-2023-50387).
void see_numbers(const Form& form) {
  std::map<std::pair<std::uint16_t, std::uint8_t>, std::size_t> by_key;
  std::size_t same = 0;
  for (const auto& signature : form.checked.signatures) {
    if (signature.rrsig) {
      same = std::max(same, ++by_key[{signature.rrsig->key_tag, signature.rrsig->algorithm}]);
    }
  }
  const auto count = form.checked.signatures.size();
  if (count > kManySignatures || same > kManyBySameKey) {
    auto& sighting =
        form.saw(Fault::too_many_rrsigs, "has " + std::to_string(count) + " signatures",
                 "have up to " + std::to_string(count) + " signatures");
    if (count > kTooManySignatures) {
      sighting.tier = Tier::critical;
    }
  }
}

void see_form(const Form& form) {
  see_numbers(form);
  if (form.checked.valid()) {
    see_ttls(form);
    see_lifetime(form);
  }
}

// ---- RFC 4035 2.2: every algorithm of the DNSKEY set (and so of the DS set) signs every RRset

std::set<std::uint8_t> published_algorithms(const std::vector<dnssec::Key>& keys) {
  std::set<std::uint8_t> algorithms;
  for (const auto& key : keys) {
    // What no validator knows, none demands (RFC 6840 5.2).
    if (key.dnskey.zone_key() && !key.dnskey.revoked() && key.dnskey.protocol == 3 &&
        dnssec::algorithm_info(key.dnskey.algorithm).verifiable) {
      algorithms.insert(key.dnskey.algorithm);
    }
  }
  return algorithms;
}

std::set<std::uint8_t> ds_algorithms(const Analysis& analysis) {
  std::set<std::uint8_t> algorithms;
  const auto* link = analysis.apex_link();
  if (link != nullptr && !link->anchored && link->state == LinkState::secure) {
    for (const auto& ds : dnssec::usable_ds(link->ds)) {
      algorithms.insert(ds.algorithm);
    }
  }
  return algorithms;
}

bool signed_by_algorithm(const CheckedRRset& checked, std::uint8_t algorithm) {
  return std::any_of(checked.signatures.begin(), checked.signatures.end(),
                     [&](const CheckedSignature& signature) {
                       return signature.rrsig && signature.rrsig->algorithm == algorithm;
                     });
}

void see_algorithms(const Form& form, const std::set<std::uint8_t>& demanded_by_ds) {
  if (!form.checked.valid()) {
    return;  // that it is not signed at all was said
  }
  auto demanded = published_algorithms(form.server.keys);
  demanded.insert(demanded_by_ds.begin(), demanded_by_ds.end());
  for (const auto algorithm : demanded) {
    if (signed_by_algorithm(form.checked, algorithm)) {
      continue;
    }
    const bool by_ds = demanded_by_ds.contains(algorithm);
    const std::string words = "by algorithm " + dnssec::algorithm_text(algorithm) + ", which the " +
                              (by_ds ? "DS" : "DNSKEY") + " set demands";
    form.saw(by_ds ? Fault::algorithm_incomplete_ds : Fault::algorithm_incomplete_dnskey,
             "has no signature " + words, "have no signature " + words)
        .cause = std::to_string(algorithm);
  }
}

template <class See>
void for_each_rrset(Docket& docket, See see_one) {
  std::vector<Sighting> sightings;
  for (const auto& server : docket.analysis.servers) {
    for (const auto& checked : server.rrsets) {
      see_one(Form{docket, server, checked, sightings});
    }
  }
  add_grouped(docket, sightings);
}

}  // namespace

void rules_for_signature_form(Docket& docket) { for_each_rrset(docket, see_form); }

void rules_for_algorithms(Docket& docket) {
  const auto demanded_by_ds = ds_algorithms(docket.analysis);
  for_each_rrset(docket, [&](const Form& form) { see_algorithms(form, demanded_by_ds); });
}

}  // namespace judge
