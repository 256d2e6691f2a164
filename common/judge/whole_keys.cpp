// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The keys of a whole zone, and who signs them: by the parent's DS where that is known (RFC 4035
// 5.2), and never by the SEP bit alone, which is only a hint (RFC 4034 2.1.1).
#include <algorithm>
#include <map>

#include "judge/whole_rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using dnssec::DsVerdict;
using dnssec::SignatureVerdict;
using Keys = std::span<const dnssec::Key>;

std::string key_words(const dnssec::Key& key) { return "key " + std::to_string(key.tag); }

bool can_sign(const dnssec::Key& key) {
  return key.dnskey.zone_key() && !key.dnskey.revoked() && key.dnskey.protocol == 3;
}

/// The key made a valid signature over its own set.
bool signs_keys(RRsetViews apex, std::size_t key) {
  const auto* set = find(apex, Type::dnskey);
  return set != nullptr &&
         std::any_of(set->signatures.begin(), set->signatures.end(), [key](const auto* entry) {
           return entry->verdict == SignatureVerdict::valid && entry->key == key;
         });
}

bool any_signs_keys(RRsetViews apex) {
  const auto* set = find(apex, Type::dnskey);
  return set != nullptr &&
         std::any_of(set->signatures.begin(), set->signatures.end(),
                     [](const auto* entry) { return entry->verdict == SignatureVerdict::valid; });
}

/// There is a signature over the set that names the key, whatever it is worth.
bool claims_keys(RRsetViews apex, const dnssec::Key& key) {
  const auto* set = find(apex, Type::dnskey);
  return set != nullptr &&
         std::any_of(set->signatures.begin(), set->signatures.end(), [&key](const auto* entry) {
           const auto view = dns::view_rrsig(entry->rdata());
           return view && view->key_tag == key.tag && view->algorithm == key.dnskey.algorithm;
         });
}

// ---- each key by itself

void see_whole_key(WholeDocket& docket, RRsetViews apex, std::size_t index) {
  const auto& key = docket.whole.zone.keys()[index];
  if (dnssec::form_of(key) == dnssec::KeyForm::malformed) {
    docket.add(Fault::dnskey_malformed,
               key_words(key) + " has bytes that are no key of its algorithm");
  }
  if (!key.dnskey.zone_key()) {
    docket.add(Fault::dnskey_zone_flag_unset, key_words(key) + " has the Zone Key bit off (flags " +
                                                  std::to_string(key.dnskey.flags) + ")");
  }
  if (key.dnskey.protocol != 3) {
    docket.add(Fault::dnskey_protocol_not_3,
               key_words(key) + " has protocol " + std::to_string(key.dnskey.protocol));
  }
  if (key.dnskey.revoked() && key.dnskey.zone_key() && any_signs_keys(apex) &&
      !signs_keys(apex, index)) {
    docket.add(Fault::dnskey_revoked_not_signed,
               key_words(key) + " is revoked and does not sign the DNSKEY RRset");
  }
}

/// RFC 5155 2: algorithms that older signers and validators know without NSEC3.
void see_nsec3_incapable(WholeDocket& docket, RRsetViews apex) {
  if (!holds_data(apex, Type::nsec3param)) {
    return;
  }
  for (const auto& key : docket.whole.zone.keys()) {
    const auto algorithm = key.dnskey.algorithm;
    if (algorithm == 1 || algorithm == 3 || algorithm == 5) {
      docket.add(Fault::dnskey_nsec3_incapable,
                 key_words(key) + " has algorithm " + std::to_string(algorithm) +
                     ", which does not allow NSEC3, and the zone uses it");
      return;
    }
  }
}

void see_same_tags(WholeDocket& docket) {
  std::map<std::pair<std::uint16_t, std::uint8_t>, std::size_t> tags;
  for (const auto& key : docket.whole.zone.keys()) {
    ++tags[{key.tag, key.dnskey.algorithm}];
  }
  for (const auto& [tag, count] : tags) {
    if (count > 1) {
      docket.add(Fault::dnskey_keytag_collision, std::to_string(count) + " keys of algorithm " +
                                                     std::to_string(tag.second) + " have the tag " +
                                                     std::to_string(tag.first));
    }
  }
}

/// RFC 6781 3.1: where there are keys with the SEP bit, the DS is of one of those, and it must sign
/// the set. A single key of either kind that signs everything is legal, and so are standby keys.
void see_whole_signers(WholeDocket& docket, RRsetViews apex) {
  const auto keys = docket.whole.zone.keys();
  if (!docket.whole.ds.empty() || !any_signs_keys(apex)) {
    return;  // the DS tells
  }
  std::vector<std::string> idle;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!keys[i].dnskey.sep() || !can_sign(keys[i])) {
      continue;
    }
    if (signs_keys(apex, i)) {
      return;
    }
    idle.push_back(std::to_string(keys[i].tag));
  }
  if (!idle.empty()) {
    docket.add(Fault::dnskey_not_signed_by_ksk,
               "the DNSKEY RRset is not signed by a key-signing key: not by " + list_words(idle));
  }
}

// ---- DS

Fault fault_of_match(DsVerdict verdict) {
  switch (verdict) {
    case DsVerdict::wrong_algorithm:
      return Fault::ds_alg_mismatch;
    case DsVerdict::wrong_digest:
      return Fault::ds_digest_mismatch;
    case DsVerdict::not_zone_key:
    case DsVerdict::wrong_protocol:
      return Fault::ds_to_non_zone_key;
    case DsVerdict::revoked:
      return Fault::ds_to_revoked_key;
    case DsVerdict::matches:
    case DsVerdict::unsupported_digest:
    case DsVerdict::no_such_tag:
      break;
  }
  return Fault::ds_no_matching_dnskey;
}

std::string whole_ds_words(std::span<const dns::Ds> set) {
  std::vector<std::string> tags;
  for (const auto& ds : set) {
    add_unique(tags, std::to_string(ds.key_tag));
  }
  return "the DS (" + list_words(tags) + ")";
}

void see_unusable_ds(WholeDocket& docket) {
  const auto& set = docket.whole.ds;
  const bool by_digest = std::any_of(set.begin(), set.end(), [](const dns::Ds& ds) {
    return dnssec::usable_ds(std::vector<dns::Ds>{{ds.key_tag, 13, ds.digest_type, ds.digest}})
        .empty();
  });
  auto& finding =
      docket.add(by_digest ? Fault::ds_digest_unsupported_only : Fault::ds_alg_unsupported_only,
                 whole_ds_words(set) + " has no " + (by_digest ? "digest type" : "algorithm") +
                     " that validators know: they will take the zone as insecure");
  if (docket.policy.expect != Expect::secure) {
    finding.tier = Tier::warning;
  }
}

/// No DS leads to a key that signs the keys: which of them came nearest says why.
void see_no_way(WholeDocket& docket, RRsetViews apex, const std::vector<dns::Ds>& usable) {
  const auto keys = docket.whole.zone.keys();
  std::optional<Fault> fault;
  for (const auto& ds : usable) {
    const auto match = dnssec::match(ds, docket.whole.zone.apex(), keys);
    if (match.verdict == DsVerdict::matches) {
      const auto& key = keys[*match.key];
      const bool claims = claims_keys(apex, key);
      docket.add(claims ? Fault::ds_key_rrsig_invalid : Fault::ds_key_does_not_sign,
                 "the DS names " + key_words(key) +
                     (claims ? ", whose signature over the DNSKEY RRset is not valid"
                             : ", which does not sign the DNSKEY RRset"));
      return;
    }
    if (!fault || *fault == Fault::ds_no_matching_dnskey) {
      fault = fault_of_match(match.verdict);
    }
  }
  auto& finding =
      docket.add(*fault, whole_ds_words(usable) + " matches no key of the zone that may sign it");
  finding.tier = Tier::critical;
}

}  // namespace

void rules_for_whole_keys(WholeDocket& docket, RRsetViews apex) {
  const auto keys = docket.whole.zone.keys();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    see_whole_key(docket, apex, i);
  }
  const auto* set = find_data(apex, Type::dnskey);
  if (set != nullptr && std::any_of(set->records.begin(), set->records.end(), [](const auto* one) {
        return !dns::parse_dnskey(one->rdata());
      })) {
    docket.add(Fault::dnskey_malformed, "the DNSKEY RRset has a record that cannot be read");
  }
  see_nsec3_incapable(docket, apex);
  see_same_tags(docket);
  see_whole_signers(docket, apex);
}

void rules_for_whole_ds(WholeDocket& docket, RRsetViews apex) {
  if (docket.whole.ds.empty()) {
    return;  // not known
  }
  const auto usable = dnssec::usable_ds(docket.whole.ds);
  if (usable.empty()) {
    see_unusable_ds(docket);
    return;
  }
  if (!docket.facts.has_keys) {
    docket.add(Fault::ds_but_unsigned_zone,
               "the parent has " + whole_ds_words(usable) + ", and the zone has no DNSKEY");
    return;
  }
  for (const auto& ds : usable) {
    const auto match = dnssec::match(ds, docket.whole.zone.apex(), docket.whole.zone.keys());
    if (match.verdict == DsVerdict::matches && signs_keys(apex, *match.key)) {
      return;
    }
  }
  if (!find_data(apex, Type::dnskey)->signatures.empty()) {
    see_no_way(docket, apex, usable);
  }
}

}  // namespace judge
