// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// RFC 8901 2.1: a resolver takes the keys from one server and an answer from another, so every
// server's key set must hold the keys that sign at any server.
#include <algorithm>
#include <map>
#include <set>

#include "judge/key_rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dnssec::SignatureVerdict;

bool has_key(const ServerAnalysis& server, const dnssec::Key& key) {
  return std::find(server.keys.begin(), server.keys.end(), key) != server.keys.end();
}

bool publishes(const ServerAnalysis& server) {
  return server.serving() && server.keys_seen && !server.keys.empty();
}

/// The keys that sign an RRset at `signer` of which none is published at `publisher`.
const dnssec::Key* missing_for(const CheckedRRset& checked, const ServerAnalysis& signer,
                               const ServerAnalysis& publisher) {
  const dnssec::Key* missing = nullptr;
  for (const auto& signature : checked.signatures) {
    if (signature.valid() && signature.check.key && *signature.check.key < signer.keys.size()) {
      const auto& key = signer.keys[*signature.check.key];
      if (has_key(publisher, key)) {
        return nullptr;
      }
      missing = &key;
    }
  }
  return missing;
}

const dnssec::Key* missing_key(const ServerAnalysis& signer, const ServerAnalysis& publisher) {
  for (const auto& checked : signer.rrsets) {
    if (is_zone_data(checked.set.type)) {
      if (const auto* key = missing_for(checked, signer, publisher)) {
        return key;
      }
    }
  }
  return nullptr;
}

/// Older or newer by the SOA serial; providers of a multi-signer zone count each for itself, so a
/// lack on both sides is no matter of age.
Fault fault_of_gap(const ServerAnalysis& signer, const ServerAnalysis& publisher) {
  if (missing_key(publisher, signer) == nullptr && signer.soa && publisher.soa) {
    const dns::SerialTime mine(signer.soa->serial);
    const dns::SerialTime theirs(publisher.soa->serial);
    if (mine.before(theirs)) {
      return Fault::dnskey_withdrawn_too_early;
    }
    if (theirs.before(mine)) {
      return Fault::dnskey_used_too_early;
    }
  }
  return Fault::multisigner_incomplete;
}

std::string gap_words(Fault fault) {
  switch (fault) {
    case Fault::dnskey_withdrawn_too_early:
      return ": it was withdrawn while an older version of the zone still carries its signatures";
    case Fault::dnskey_used_too_early:
      return ": it signs before every server publishes it";
    default:
      return ": a resolver that asks both cannot verify";
  }
}

struct Gap {
  std::vector<std::string> signers, lacking;
};

/// True: there is one, and what else differs follows from it.
bool see_gaps(Docket& docket) {
  std::map<std::pair<Fault, std::uint16_t>, Gap> gaps;
  for (const auto& signer : docket.analysis.servers) {
    for (const auto& publisher : docket.analysis.servers) {
      if (!publishes(signer) || !publishes(publisher) || &signer == &publisher) {
        continue;
      }
      if (const auto* key = missing_key(signer, publisher)) {
        auto& gap = gaps[{fault_of_gap(signer, publisher), key->tag}];
        add_unique(gap.signers, signer.label);
        add_unique(gap.lacking, publisher.label);
      }
    }
  }
  for (auto& [cause, gap] : gaps) {
    auto& finding =
        docket.add(cause.first, "key " + std::to_string(cause.second) + " signs zone data at " +
                                    list_words(gap.signers) + " and is not published at " +
                                    list_words(gap.lacking) + gap_words(cause.first));
    finding.servers = std::move(gap.lacking);
    finding.rrsets = {"DNSKEY"};
  }
  return !gaps.empty();
}

bool same_keys(const ServerAnalysis& left, const ServerAnalysis& right) {
  return left.keys.size() == right.keys.size() &&
         std::all_of(left.keys.begin(), left.keys.end(),
                     [&](const auto& key) { return has_key(right, key); });
}

/// Other sets that do no harm yet: a transfer under way where the serials differ.
void see_differences(Docket& docket) {
  const auto& servers = docket.analysis.servers;
  const auto first = std::find_if(servers.begin(), servers.end(), publishes);
  std::vector<std::string> labels;
  bool same_serial = false;
  for (auto server = first; server != servers.end(); ++server) {
    if (publishes(*server) && !same_keys(*first, *server)) {
      labels.push_back(server->label);
      same_serial =
          same_serial || (first->soa && server->soa && first->soa->serial == server->soa->serial);
    }
  }
  if (labels.empty()) {
    return;
  }
  auto& finding = docket.add(
      Fault::dnskey_inconsistent_ns,
      "other DNSKEY sets than at " + first->label + " are served " +
          places_words(labels, servers.size()) +
          (same_serial ? " under the same serial" : " with another version of the zone"));
  finding.tier = same_serial ? Tier::warning : Tier::info;
  finding.servers = std::move(labels);
  finding.rrsets = {"DNSKEY"};
}

/// A copy of the zone from before it was signed.
void see_without_keys(Docket& docket) {
  const auto& servers = docket.analysis.servers;
  std::vector<std::string> labels;
  for (const auto& server : servers) {
    if (server.serving() && server.keys_seen && server.keys.empty()) {
      labels.push_back(server.label);
    }
  }
  if (!labels.empty() && std::any_of(servers.begin(), servers.end(), publishes)) {
    docket
        .add(Fault::unsigned_on_one_ns,
             "no DNSKEY is published " + places_words(labels, servers.size()))
        .servers = labels;
  }
}

/// What is to be said of a server at which no key signs the zone's data.
std::optional<Fault> fault_of_unsigned(const ServerAnalysis& server) {
  bool any = false;
  bool unknown = false;
  for (const auto& checked : server.rrsets) {
    if (!is_zone_data(checked.set.type) || checked.set.rdatas.empty()) {
      continue;
    }
    for (const auto& signature : checked.signatures) {
      if (signature.check.verdict != SignatureVerdict::no_such_key) {
        return std::nullopt;  // valid, or a matter of that signature
      }
      unknown = true;
    }
    any = true;
  }
  if (!any) {
    return std::nullopt;
  }
  return unknown ? Fault::rrsig_no_matching_dnskey : Fault::rrsig_missing_all;
}

/// The keys that signatures name and nobody publishes; what is left of them in the state tells why.
std::string signers_of(const ServerAnalysis& server) {
  std::set<std::uint16_t> tags;
  for (const auto& checked : server.rrsets) {
    for (const auto& signature : checked.signatures) {
      if (signature.rrsig && is_zone_data(checked.set.type)) {
        tags.insert(signature.rrsig->key_tag);
      }
    }
  }
  std::vector<std::string> words;
  for (const auto tag : tags) {
    words.push_back(std::to_string(tag));
  }
  return list_words(words);
}

/// RFC 4035 2.2: the zone's data is signed by a key of its DNSKEY RRset.
void see_signing_of_data(Docket& docket) {
  std::map<std::pair<Fault, std::string>, std::vector<std::string>> places;
  for (const auto& server : docket.analysis.servers) {
    if (!publishes(server)) {
      continue;
    }
    if (const auto fault = fault_of_unsigned(server)) {
      places[{*fault, signers_of(server)}].push_back(server.label);
    }
  }
  for (auto& [cause, labels] : places) {
    const auto where = places_words(labels, docket.analysis.servers.size());
    docket
        .add(cause.first, cause.first == Fault::rrsig_missing_all
                              ? "no key signs the zone data " + where
                              : "all zone data is signed by key " + cause.second +
                                    ", which is not published " + where)
        .servers = labels;
  }
}

}  // namespace

void rules_for_key_servers(Docket& docket, const std::vector<RosterKey>& /*roster*/) {
  see_without_keys(docket);
  see_signing_of_data(docket);
  if (!see_gaps(docket)) {
    see_differences(docket);
  }
}

}  // namespace judge
