// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// CDS and CDNSKEY of a whole zone: what it is about to ask its parent to publish (RFC 7344 4, RFC
// 8078 4).
#include <algorithm>

#include "judge/whole_rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using dnssec::DsVerdict;

struct Wish {
  std::vector<dns::Ds> ds;        ///< of CDS, without delete requests
  std::vector<dnssec::Key> keys;  ///< of CDNSKEY, without delete requests
  bool deletes = false, malformed = false;
};

bool is_one_zero(const dns::Bytes& field) { return field == dns::Bytes{0}; }

dns::RRset to_rrset(const zone::RRsetView& view, const dns::Name& owner) {
  dns::RRset set;
  set.owner = owner;
  set.type = view.type;
  for (const auto* entry : view.records) {
    set.rdatas.emplace_back(entry->rdata().begin(), entry->rdata().end());
  }
  return set;
}

void read_wish_ds(Wish& wish, const dns::RRset& set) {
  const auto records = dnssec::ds_of(set);
  wish.malformed = wish.malformed || records.size() != set.rdatas.size();
  for (const auto& ds : records) {
    if (ds.algorithm != 0) {
      wish.ds.push_back(ds);
    } else if (ds.key_tag == 0 && ds.digest_type == 0 && is_one_zero(ds.digest)) {
      wish.deletes = true;
    } else {
      wish.malformed = true;
    }
  }
}

void read_wish_keys(Wish& wish, const dns::RRset& set) {
  const auto records = dnssec::keys_of(set);
  wish.malformed = wish.malformed || records.size() != set.rdatas.size();
  for (const auto& key : records) {
    const auto& fields = key.dnskey;
    if (fields.algorithm != 0) {
      wish.keys.push_back(key);
    } else if (fields.flags == 0 && fields.protocol == 3 && is_one_zero(fields.public_key)) {
      wish.deletes = true;
    } else {
      wish.malformed = true;
    }
  }
}

bool of_key(const DsVerdict verdict) {
  return verdict == DsVerdict::matches || verdict == DsVerdict::not_zone_key ||
         verdict == DsVerdict::revoked || verdict == DsVerdict::wrong_protocol;
}

/// RFC 7344 4: both must come from the same keys. Which of the two the parent reads is its choice.
bool from_same_keys(const Wish& wish, const dns::Name& apex) {
  std::vector<bool> used(wish.keys.size(), false);
  for (const auto& ds : wish.ds) {
    const auto match = dnssec::match(ds, apex, wish.keys);
    if (match.verdict == DsVerdict::unsupported_digest) {
      return true;  // not to be told
    }
    if (!of_key(match.verdict)) {
      return false;
    }
    used[*match.key] = true;
  }
  return std::all_of(used.begin(), used.end(), [](bool one) { return one; });
}

/// What the parent would publish must lead to keys of the zone (RFC 7344 4.1).
void see_wished_keys(WholeDocket& docket, const Wish& wish) {
  const auto keys = docket.whole.zone.keys();
  std::vector<std::string> unknown;
  std::size_t good = 0;
  for (const auto& ds : wish.ds) {
    const auto verdict = dnssec::match(ds, docket.whole.zone.apex(), keys).verdict;
    good += verdict == DsVerdict::matches || verdict == DsVerdict::unsupported_digest ? 1U : 0U;
    if (!of_key(verdict) && verdict != DsVerdict::unsupported_digest) {
      add_unique(unknown, std::to_string(ds.key_tag));
    }
  }
  for (const auto& key : wish.keys) {
    const bool published = std::any_of(keys.begin(), keys.end(), [&](const dnssec::Key& other) {
      return other.rdata == key.rdata;
    });
    good += published ? 1U : 0U;
    if (!published) {
      add_unique(unknown, std::to_string(key.tag));
    }
  }
  if (unknown.empty()) {
    return;
  }
  auto& finding = docket.add(Fault::cds_no_matching_dnskey,
                             "CDS or CDNSKEY names key " + list_words(unknown) +
                                 ", which the zone does not publish" +
                                 (good > 0 ? "" : "; if the parent acts on it, the zone is bogus"));
  if (good == 0) {
    finding.tier = Tier::critical;
  }
}

}  // namespace

void rules_for_whole_cds(WholeDocket& docket, RRsetViews apex) {
  Wish wish;
  const auto& name = docket.whole.zone.apex();
  const auto* cds = find_data(apex, Type::cds);
  const auto* cdnskey = find_data(apex, Type::cdnskey);
  if (cds != nullptr) {
    read_wish_ds(wish, to_rrset(*cds, name));
  }
  if (cdnskey != nullptr) {
    read_wish_keys(wish, to_rrset(*cdnskey, name));
  }
  if (wish.malformed) {
    docket.add(Fault::cds_delete_malformed,
               "a CDS or CDNSKEY record of algorithm 0 is not the delete request "
               "(0 0 0 00, 0 3 0 AA==)");
  }
  if (wish.deletes) {
    const bool mixed = !wish.ds.empty() || !wish.keys.empty();
    docket
        .add(mixed ? Fault::cds_delete_mixed : Fault::cds_delete_present,
             mixed ? "the delete request (CDS 0 0 0 00) stands beside other CDS or CDNSKEY "
                     "records"
                   : "the zone asks its parent to remove the DS (CDS 0 0 0 00)")
        .tier = mixed                                      ? Tier::critical
                : docket.policy.expect == Expect::insecure ? Tier::info
                                                           : Tier::warning;
    return;
  }
  if (wish.ds.empty() && wish.keys.empty()) {
    return;
  }
  if (wish.keys.empty()) {
    docket.add(Fault::cds_without_cdnskey, "there is CDS, but no CDNSKEY");
  } else if (wish.ds.empty()) {
    docket.add(Fault::cdnskey_without_cds, "there is CDNSKEY, but no CDS");
  } else if (!from_same_keys(wish, name)) {
    docket.add(Fault::cds_cdnskey_mismatch, "CDS and CDNSKEY are not of the same keys");
  }
  see_wished_keys(docket, wish);
}

}  // namespace judge
