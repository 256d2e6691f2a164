// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>

#include "dnssec/algorithm.hpp"
#include "judge/whole_rules.hpp"

namespace judge {
namespace {

using dns::Type;

std::bitset<256> key_algorithms(std::span<const dnssec::Key> keys) {
  std::bitset<256> algorithms;
  for (const auto& key : keys) {
    // What no validator knows, none demands (RFC 6840 5.2).
    if (key.dnskey.zone_key() && !key.dnskey.revoked() && key.dnskey.protocol == 3 &&
        dnssec::algorithm_info(key.dnskey.algorithm).verifiable) {
      algorithms.set(key.dnskey.algorithm);
    }
  }
  return algorithms;
}

void read_apex(WholeFacts& facts) {
  for (const auto* entry = facts.apex->first; entry != nullptr; entry = entry->next) {
    if (entry->type == Type::dnskey) {
      facts.has_keys = true;
    } else if (entry->type == Type::soa && !facts.soa) {
      facts.soa = dns::parse_soa(entry->rdata());
      if (facts.soa) {
        facts.denial_ttl = std::min(entry->ttl, facts.soa->minimum);
      }
    }
  }
}

}  // namespace

WholeFacts facts_of(const WholeZone& whole) {
  WholeFacts facts;
  facts.apex = whole.zone.apex_node();
  if (facts.apex != nullptr) {
    read_apex(facts);
  }
  facts.is_signed = facts.has_keys || whole.zone.signatures() > 0;
  facts.algorithms = key_algorithms(whole.zone.keys());
  for (const auto& ds : dnssec::usable_ds(whole.ds)) {
    facts.ds_algorithms.set(ds.algorithm);
  }
  facts.algorithms |= facts.ds_algorithms;
  return facts;
}

Finding& WholeDocket::add(Fault fault, std::string text) {
  Finding finding;
  finding.fault = fault;
  finding.tier = info(fault).tier;
  finding.text = std::move(text);
  finding.remedy = info(fault).remedy;
  findings.push_back(std::move(finding));
  return findings.back();
}

const zone::RRsetView* find(RRsetViews sets, Type type) {
  const auto found = std::find_if(sets.begin(), sets.end(),
                                  [type](const zone::RRsetView& set) { return set.type == type; });
  return found == sets.end() ? nullptr : &*found;
}

const zone::RRsetView* find_data(RRsetViews sets, Type type) {
  const auto* set = find(sets, type);
  return set == nullptr || set->records.empty() ? nullptr : set;
}

bool holds_data(RRsetViews sets, Type type) { return find_data(sets, type) != nullptr; }

std::uint32_t ttl_of(const zone::RRsetView& set) {
  std::uint32_t least = set.records.front()->ttl;
  for (const auto* entry : set.records) {
    least = std::min(least, entry->ttl);
  }
  return least;
}

std::size_t distinct(const zone::RRsetView& set) {
  if (set.records.size() < 2) {
    return set.records.size();
  }
  std::vector<dns::Bytes> rdatas;
  for (const auto* entry : set.records) {
    rdatas.push_back(dns::canonical_rdata(set.type, entry->rdata()));
  }
  std::sort(rdatas.begin(), rdatas.end());
  return static_cast<std::size_t>(std::unique(rdatas.begin(), rdatas.end()) - rdatas.begin());
}

std::size_t name_octets(dns::ByteView rdata) {
  std::size_t at = 0;
  while (at < rdata.size() && at < dns::Name::max_octets) {
    const std::size_t label = rdata[at];
    at += 1 + label;
    if (label == 0) {
      return at <= dns::Name::max_octets ? at : 0;
    }
    if (label > dns::Name::max_label_octets) {
      return 0;
    }
  }
  return 0;
}

bool holds_data(RRsetViews sets) {
  return std::any_of(sets.begin(), sets.end(), [](const zone::RRsetView& set) {
    return !set.records.empty() && set.type != Type::nsec && set.type != Type::nsec3;
  });
}

Signing signing_of(const zone::Node& node, Type type) {
  switch (node.standing) {
    case zone::Standing::authoritative:
      return Signing::due;
    case zone::Standing::delegation:
      return type == Type::ds || type == Type::nsec ? Signing::due : Signing::forbidden;
    case zone::Standing::glue:
    case zone::Standing::occluded:
      return Signing::forbidden;
    case zone::Standing::outside:
      return Signing::no_matter;
  }
  return Signing::no_matter;
}

std::int64_t remaining_of(const dns::RrsigView& view, dns::UnixTime now) {
  return view.expiration.seconds_since(dns::SerialTime::from_unix(now));
}

WeighedRRset weigh(const WholeDocket& docket, const zone::Node& node, const zone::RRsetView& set) {
  WeighedRRset weighed{node, set, {node.key(), set.type}};
  weighed.ttl = ttl_of(set);
  const unsigned labels = zone::labels_of(node.key());
  for (const auto* entry : set.signatures) {
    weighed.untold = weighed.untold || entry->verdict == dnssec::SignatureVerdict::work_limit;
    if (entry->verdict != dnssec::SignatureVerdict::valid) {
      continue;
    }
    const auto view = dns::view_rrsig(entry->rdata());
    if (!view) {
      continue;
    }
    if (view->labels < labels) {
      weighed.shortened = true;
    } else if (weighed.best == nullptr || view->expiration.after(weighed.lasting.expiration)) {
      weighed.best = entry;
      weighed.lasting = *view;
    }
  }
  if (weighed.best != nullptr) {
    weighed.remaining = remaining_of(weighed.lasting, docket.whole.now);
    weighed.age =
        -weighed.lasting.inception.seconds_since(dns::SerialTime::from_unix(docket.whole.now));
    weighed.lifetime = weighed.remaining + weighed.age;
  }
  return weighed;
}

}  // namespace judge
