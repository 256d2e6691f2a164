// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Servers that do not say the same: versions, records, keys, and signatures of different age.
#include <algorithm>
#include <map>

#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;

const CheckedSignature* soa_signature(const ServerAnalysis& server, const dns::Name& apex) {
  const auto* soa = server.find(apex, Type::soa);
  return soa == nullptr ? nullptr : soa->lasting();
}

std::vector<const ServerAnalysis*> with_soa(const Docket& docket) {
  std::vector<const ServerAnalysis*> servers;
  for (const auto& server : docket.analysis.servers) {
    if (server.serving() && server.soa) {
      servers.push_back(&server);
    }
  }
  return servers;
}

bool behind(const ServerAnalysis& server, const ServerAnalysis& other) {
  return dns::SerialTime(server.soa->serial).before(dns::SerialTime(other.soa->serial));
}

const ServerAnalysis& newest(const std::vector<const ServerAnalysis*>& servers) {
  return **std::max_element(
      servers.begin(), servers.end(),
      [](const auto* left, const auto* right) { return behind(*left, *right); });
}

/// A zone transfer takes its time; a server that is behind by more than the SOA refresh is not on
/// its way (RFC 1034 4.3.5). How long it is behind shows in the inception of its SOA's signature.
void see_lag(Docket& docket, const std::vector<const ServerAnalysis*>& servers) {
  const auto& apex = *docket.seen().apex;
  const auto& best = newest(servers);
  const auto* best_signature = soa_signature(best, apex);
  std::vector<std::string> lagging;
  std::int64_t oldest = 0;
  std::int64_t least_remaining = 0;
  for (const auto* server : servers) {
    const auto* signature = soa_signature(*server, apex);
    if (!behind(*server, best) || signature == nullptr || best_signature == nullptr) {
      continue;
    }
    const auto lag = signature->age - best_signature->age;
    if (lag <= static_cast<std::int64_t>(best.soa->refresh)) {
      continue;
    }
    least_remaining =
        lagging.empty() ? signature->remaining : std::min(least_remaining, signature->remaining);
    oldest = std::max(oldest, lag);
    lagging.push_back(server->label);
  }
  if (lagging.empty()) {
    return;
  }
  const bool sigs = docket.check == kSigs;
  auto& finding = docket.add(
      sigs ? Fault::serial_lag_with_aging_sigs : Fault::soa_serial_spread,
      "an old version of the zone, signed " + dns::to_human_duration(oldest) + " before serial " +
          std::to_string(best.soa->serial) + " at " + best.label + ", is served " +
          places_words(lagging, docket.analysis.servers.size()) +
          (sigs ? "; its SOA signature ends in " + dns::to_human_duration(least_remaining) : ""));
  finding.servers = lagging;
  finding.moment = docket.analysis.now + least_remaining;
}

/// PowerDNS pre-signed secondaries, presigned copies: same serial, old signatures. Different
/// windows by themselves are legal: only far apart ones, by the same key, show a copy
/// not renewed.
void see_drift(Docket& docket, const std::vector<const ServerAnalysis*>& servers) {
  const auto& apex = *docket.seen().apex;
  std::vector<std::string> stale;
  std::int64_t most = 0;
  for (const auto* server : servers) {
    const auto* mine = soa_signature(*server, apex);
    for (const auto* other : servers) {
      const auto* theirs = soa_signature(*other, apex);
      const bool comparable = mine != nullptr && theirs != nullptr && !behind(*server, *other) &&
                              !behind(*other, *server) &&
                              mine->rrsig->key_tag == theirs->rrsig->key_tag &&
                              mine->rrsig->algorithm == theirs->rrsig->algorithm;
      if (!comparable) {
        continue;
      }
      const auto apart = theirs->remaining - mine->remaining;
      const bool far = apart > theirs->lifetime * 2 / 5 &&
                       apart > static_cast<std::int64_t>(server->soa->refresh);
      if (far) {
        stale.push_back(server->label);
        most = std::max(most, apart);
        break;
      }
    }
  }
  if (!stale.empty()) {
    auto& finding = docket.add(Fault::rrsig_drift,
                               "signatures that end " + dns::to_human_duration(most) +
                                   " earlier than elsewhere, under the same serial, are served " +
                                   places_words(stale, docket.analysis.servers.size()));
    finding.servers = std::move(stale);
  }
}

/// Types whose records may differ between servers on purpose, or are compared
/// elsewhere.
bool may_differ(Type type) {
  return type == Type::a || type == Type::aaaa || type == Type::cname || type == Type::https ||
         type == Type::svcb || type == Type::nsec || type == Type::nsec3 || type == Type::dnskey ||
         type == Type::cds || type == Type::cdnskey || type == Type::soa;
}

void see_records(Docket& docket, const std::vector<const ServerAnalysis*>& servers) {
  const auto& first = *servers.front();
  std::vector<Sighting> sightings;
  for (const auto* server : servers) {
    if (server->soa->serial != first.soa->serial) {
      continue;
    }
    for (const auto& checked : server->rrsets) {
      const auto* other = first.find(checked.set.owner, checked.set.type);
      const bool comparable = other != nullptr && !may_differ(checked.set.type) &&
                              !checked.set.rdatas.empty() && !other->set.rdatas.empty();
      if (comparable && !dns::same_rdata(checked.set, other->set)) {
        Sighting sighting;
        sighting.fault = Fault::rrset_differs;
        sighting.tier = info(sighting.fault).tier;
        sighting.rrset = rrset_label(checked.set.owner, checked.set.type, *docket.seen().apex);
        sighting.server = server->label;
        sighting.single = "has other records than at " + first.label + " under the same serial";
        sighting.plural = "have other records than at " + first.label + " under the same serial";
        sightings.push_back(std::move(sighting));
      }
    }
  }
  add_grouped(docket, sightings);
}

// ---- keys

bool has_key(const std::vector<dnssec::Key>& keys, const dnssec::Key& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool same_keys(const std::vector<dnssec::Key>& left, const std::vector<dnssec::Key>& right) {
  return left.size() == right.size() && std::all_of(left.begin(), left.end(), [&](const auto& key) {
           return has_key(right, key);
         });
}

/// A key that signs at one server and is not published at the other: a resolver that got its keys
/// there cannot verify (RFC 8901 2.1). DNSKEY itself always comes with its own signatures.
const dnssec::Key* missing_signer(const ServerAnalysis& signer, const ServerAnalysis& publisher) {
  for (const auto& checked : signer.rrsets) {
    if (checked.set.type == Type::dnskey) {
      continue;
    }
    const dnssec::Key* missing = nullptr;
    bool covered = false;
    for (const auto& signature : checked.signatures) {
      if (signature.valid() && signature.check.key) {
        const auto& key = signer.keys[*signature.check.key];
        covered = covered || has_key(publisher.keys, key);
        missing = &key;
      }
    }
    if (missing != nullptr && !covered) {
      return missing;
    }
  }
  return nullptr;
}

void see_keys(Docket& docket, const std::vector<const ServerAnalysis*>& servers) {
  std::vector<std::string> others;
  std::string mixing;
  bool same_serial = false;
  const auto serves_keys = [](const auto* server) {
    return server->keys_seen && !server->keys.empty();
  };
  const auto reference = std::find_if(servers.begin(), servers.end(), serves_keys);
  if (reference == servers.end()) {
    return;
  }
  const ServerAnalysis* first = *reference;
  for (const auto* server : servers) {
    if (!serves_keys(server) || same_keys(first->keys, server->keys)) {
      continue;
    }
    others.push_back(server->label);
    same_serial = same_serial || first->soa->serial == server->soa->serial;
    for (const auto& [signer, publisher] : {std::pair{first, server}, std::pair{server, first}}) {
      const auto* key = missing_signer(*signer, *publisher);
      if (key != nullptr && mixing.empty()) {
        mixing = "; key " + std::to_string(key->tag) + " signs at " + signer->label +
                 " and is not published at " + publisher->label;
      }
    }
  }
  if (others.empty()) {
    return;
  }
  auto& finding = docket.add(Fault::dnskey_inconsistent_ns,
                             "other DNSKEY sets than at " + first->label + " are served " +
                                 places_words(others, docket.analysis.servers.size()) + mixing);
  finding.servers = std::move(others);
  finding.rrsets = {"DNSKEY"};
  if (!mixing.empty()) {
    finding.tier = Tier::critical;
  } else if (!same_serial) {
    finding.tier = Tier::info;  // the zone is on its way
  }
}

/// Why a server's key set is of no use to anybody.
std::string invalid_keys_words(const CheckedRRset* dnskeys) {
  if (dnskeys == nullptr) {
    return "there is no DNSKEY, though the parent has a DS,";
  }
  if (dnskeys->signatures.empty()) {
    return "the DNSKEY RRset is not signed";
  }
  const auto& nearest =
      *std::max_element(dnskeys->signatures.begin(), dnskeys->signatures.end(),
                        [](const CheckedSignature& left, const CheckedSignature& right) {
                          return left.check.verdict < right.check.verdict;
                        });
  return "the signature of the DNSKEY RRset " +
         verdict_words(nearest.check.verdict, nearest.remaining, nearest.age);
}

/// RFC 4035 5.2, at every server: the DNSKEY RRset is signed by a key that the DS set names.
void see_ds_keys(Docket& docket, const std::vector<const ServerAnalysis*>& servers) {
  const auto* link = docket.analysis.apex_link();
  if (link == nullptr || link->state != LinkState::secure) {
    return;
  }
  const auto usable = dnssec::usable_ds(link->ds);
  std::map<std::string, std::vector<std::string>> places;
  for (const auto* server : servers) {
    const auto* dnskeys = server->find(link->zone(), Type::dnskey);
    if (dnskeys == nullptr || !dnskeys->valid()) {
      if (docket.check == kDs && server->keys_seen) {
        places[invalid_keys_words(dnskeys)].push_back(server->label);
      }
      continue;  // told by the signature rules, where those are asked
    }
    const bool trusted = std::any_of(usable.begin(), usable.end(), [&](const dns::Ds& ds) {
      const auto match = dnssec::match(ds, link->zone(), server->keys);
      return match.verdict == dnssec::DsVerdict::matches &&
             std::any_of(dnskeys->signatures.begin(), dnskeys->signatures.end(),
                         [&](const CheckedSignature& signature) {
                           return signature.valid() && signature.check.key == match.key;
                         });
    });
    if (!trusted) {
      places["the DNSKEY RRset is not signed by a key that the DS names"].push_back(server->label);
    }
  }
  for (auto& [words, labels] : places) {
    auto& finding = docket.add(Fault::dnskey_not_signed_by_ds_key,
                               words + " " + places_words(labels, docket.analysis.servers.size()));
    finding.servers = std::move(labels);
    finding.rrsets = {"DNSKEY"};
  }
}

}  // namespace

void rules_for_differences(Docket& docket) {
  const auto servers = with_soa(docket);
  if (servers.empty()) {
    return;
  }
  if (docket.check == kDs) {
    see_ds_keys(docket, servers);
    if (!docket.has(Fault::dnskey_not_signed_by_ds_key)) {
      see_keys(docket, servers);
    }
    return;
  }
  if ((docket.check & kBoth) != 0) {
    see_lag(docket, servers);
  }
  see_ds_keys(docket, servers);
  if (docket.check != kSigs) {
    return;
  }
  see_drift(docket, servers);
  see_records(docket, servers);
  see_keys(docket, servers);
}

}  // namespace judge
