// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What is changing: the stages of RFC 6781 4.1, RFC 5011 and RFC 8901, by what they look like. All
// of them are legal; one that lasts is not meant.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "dnssec/algorithm.hpp"
#include "judge/key_age.hpp"
#include "judge/key_rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

constexpr std::int64_t kZoneKeyPatience = 30 * dns::kDay;
constexpr std::int64_t kKeySigningPatience = 90 * dns::kDay;

using Keys = std::vector<const RosterKey*>;

std::string names_of(const Keys& keys) {
  std::vector<std::string> names;
  for (const auto* key : keys) {
    names.push_back(name_of(*key));
  }
  return list_words(names, 4);
}

// ---- algorithms

struct Algorithm {
  bool key = false, ds = false, signatures = false;
};

/// The algorithms that keys, DS and signatures of zone data are of; those that can be verified.
std::map<std::uint8_t, Algorithm> algorithms_of(const Docket& docket,
                                                const std::vector<RosterKey>& roster) {
  std::map<std::uint8_t, Algorithm> algorithms;
  for (const auto& entry : roster) {
    algorithms[entry.key.dnskey.algorithm].key = true;
  }
  for (const auto& ds : docket.analysis.apex_link()->ds) {
    algorithms[ds.algorithm].ds = true;
  }
  for (const auto& server : docket.analysis.servers) {
    for (const auto& checked : server.rrsets) {
      for (const auto& signature : checked.signatures) {
        if (signature.rrsig && is_zone_data(checked.set.type)) {
          algorithms[signature.rrsig->algorithm].signatures = true;
        }
      }
    }
  }
  for (auto at = algorithms.begin(); at != algorithms.end();) {
    at = dnssec::algorithm_info(at->first).verifiable ? std::next(at) : algorithms.erase(at);
  }
  return algorithms;
}

std::string state_words(std::uint8_t number, const Algorithm& algorithm) {
  std::vector<std::string> has;
  if (algorithm.signatures) has.emplace_back("signatures");
  if (algorithm.key) has.emplace_back("key");
  if (algorithm.ds) has.emplace_back("DS");
  return dnssec::algorithm_text(number) + " has " + list_words(has) +
         (algorithm.key ? "" : " and no key yet or any more");
}

/// RFC 6781 4.1.4: signatures first, then keys, then DS; and back in the other order.
bool see_algorithm_rollover(Docket& docket, const std::vector<RosterKey>& roster) {
  const auto algorithms = algorithms_of(docket, roster);
  std::vector<std::string> words;
  for (const auto& [number, algorithm] : algorithms) {
    if (algorithm.signatures) {
      words.push_back(state_words(number, algorithm));
    }
  }
  if (words.size() < 2) {
    return false;
  }
  docket.add(Fault::rollover_in_progress,
             "algorithm rollover (RFC 6781 4.1.4): " + list_words(words, 4));
  return true;
}

// ---- keys of one algorithm

/// When the youngest of them joined in.
std::optional<dns::UnixTime> together_since(const Docket& docket, const Keys& keys, bool zone) {
  std::optional<dns::UnixTime> since;
  for (const auto* key : keys) {
    const auto* record = remembered(docket.analysis, key->key);
    std::optional<dns::UnixTime> joined = key->oldest_inception;
    if (record != nullptr && (!zone || record->first_signing)) {
      const auto seen = zone ? *record->first_signing : record->first_seen;
      joined = std::min(joined.value_or(seen), seen);
    } else if (key->age.source == AgeSource::key_dir) {
      joined = docket.analysis.now - key->age.seconds;
    }
    if (!joined) {
      return std::nullopt;
    }
    since = std::max(since.value_or(*joined), *joined);
  }
  return since;
}

void see_patience(Docket& docket, const Keys& keys, bool zone) {
  const auto since = together_since(docket, keys, zone);
  const auto patience = zone ? kZoneKeyPatience : kKeySigningPatience;
  if (since && docket.analysis.now - *since > patience) {
    docket
        .add(Fault::rollover_stuck,
             names_of(keys) + (zone ? " have signed the zone" : " have signed the key set") +
                 " together for " + dns::to_human_duration(docket.analysis.now - *since) +
                 ", over " + dns::to_human_duration(patience))
        .moment = *since;
  }
}

/// Each two of them sign at some server both; else they belong to two signers (RFC 8901).
bool intersect(const Keys& keys) {
  for (const auto* left : keys) {
    for (const auto* right : keys) {
      const bool common = std::any_of(left->signing.begin(), left->signing.end(), [&](auto at) {
        return std::find(right->signing.begin(), right->signing.end(), at) != right->signing.end();
      });
      if (!common) {
        return false;
      }
    }
  }
  return true;
}

/// Does one RRset carry valid signatures by two of them?
bool sign_doubly(const Docket& docket, const Keys& keys) {
  for (const auto& server : docket.analysis.servers) {
    for (const auto& checked : server.rrsets) {
      if (!is_zone_data(checked.set.type)) {
        continue;
      }
      std::set<const RosterKey*> signers;
      for (const auto& signature : checked.signatures) {
        for (const auto* key : keys) {
          const bool its = signature.valid() && signature.check.key &&
                           *signature.check.key < server.keys.size() &&
                           server.keys[*signature.check.key] == key->key;
          if (its) {
            signers.insert(key);
          }
        }
      }
      if (signers.size() > 1) {
        return true;
      }
    }
  }
  return false;
}

std::string combined_or(const Keys& keys, const std::string& other) {
  const bool combined = std::all_of(keys.begin(), keys.end(),
                                    [](const auto* key) { return key->role == KeyRole::combined; });
  return combined ? "CSK" : other;
}

/// Which of them the parent's DS set leads to.
std::string delegated_words(const Keys& keys) {
  Keys without;
  std::copy_if(keys.begin(), keys.end(), std::back_inserter(without),
               [](const auto* key) { return !key->ds_matched; });
  return without.empty() ? "and each has a DS"
                         : names_of(without) + " without a DS yet or any more";
}

/// True: several providers sign.
bool see_zone_signers(Docket& docket, const Keys& keys, std::size_t key_signers) {
  if (keys.size() < 2) {
    return false;
  }
  const bool csk = combined_or(keys, "") == "CSK";
  if (!intersect(keys)) {
    if (docket.has(Fault::dnskey_withdrawn_too_early) || docket.has(Fault::dnskey_used_too_early)) {
      return true;  // one signer, whose servers have different versions
    }
    docket.add(Fault::rollover_in_progress,
               "multi-signer (RFC 8901 model " + std::string(key_signers > 1 || csk ? "2" : "1") +
                   "): " + names_of(keys) + " each sign the zone at servers of their own");
    return true;
  }
  const bool doubly = sign_doubly(docket, keys);
  const std::string section = csk ? "4.1.3" : doubly ? "4.1.1.2" : "4.1.1.1";
  docket.add(Fault::rollover_in_progress,
             combined_or(keys, "ZSK") + " rollover by " +
                 (doubly ? "double signature" : "pre-publication") + " (RFC 6781 " + section +
                 "): " + names_of(keys) +
                 (doubly ? " sign side by side" : " each sign a part of the zone") +
                 (csk ? ", " + delegated_words(keys) : ""));
  see_patience(docket, keys, !csk);
  return false;
}

void see_key_signers(Docket& docket, const Keys& keys) {
  if (keys.size() < 2) {
    return;
  }
  docket.add(Fault::rollover_in_progress,
             "KSK rollover by double signature (RFC 6781 4.1.2): " + names_of(keys) +
                 " sign the key set, " + delegated_words(keys));
  see_patience(docket, keys, false);
}

std::string standby_words(const Docket& docket, const RosterKey& entry) {
  const auto* record = remembered(docket.analysis, entry.key);
  if (record != nullptr && record->last_signing) {
    return " is retired: it last signed " +
           dns::to_human_duration(docket.analysis.now - *record->last_signing) +
           " ago and stays until its signatures have left the caches";
  }
  return entry.ds_matched
             ? " is published with a DS and signs nothing: a standby key, or the next "
               "KSK of a double-DS rollover (RFC 6781 4.1.2)"
             : " is published and signs nothing: a standby key, or one before or after "
               "its use in a rollover by pre-publication (RFC 6781 4.1.1.1)";
}

/// What no validator can use is no standby key, and is told by its own finding.
bool could_sign(const dnssec::Key& key) {
  return key.dnskey.zone_key() && key.dnskey.protocol == 3 &&
         dnssec::algorithm_info(key.dnskey.algorithm).verifiable &&
         dnssec::form_of(key) != dnssec::KeyForm::malformed;
}

void see_idle(Docket& docket, const std::vector<RosterKey>& roster) {
  std::map<std::string, Keys> idle;
  for (const auto& entry : roster) {
    if (entry.role == KeyRole::standby && could_sign(entry.key)) {
      idle[standby_words(docket, entry)].push_back(&entry);
    } else if (entry.role == KeyRole::revoked) {
      idle[" is being retired by revocation (RFC 5011 2.1)"].push_back(&entry);
    }
  }
  for (const auto& [words, keys] : idle) {
    docket.add(Fault::rollover_in_progress,
               names_of(keys) + (keys.size() == 1 ? "" : ": each") + words);
  }
}

/// RFC 6781 4.1.2: a DS ahead of its key, or behind it.
void see_double_ds(Docket& docket, const std::vector<RosterKey>& roster) {
  const auto& link = *docket.analysis.apex_link();
  if (link.state != LinkState::secure || link.anchored) {
    return;
  }
  std::set<std::string> tags;
  for (const auto& ds : link.ds) {
    const bool published = std::any_of(roster.begin(), roster.end(), [&](const auto& entry) {
      return entry.key.tag == ds.key_tag;
    });
    if (!published && dnssec::algorithm_info(ds.algorithm).verifiable) {
      tags.insert(std::to_string(ds.key_tag));
    }
  }
  if (!tags.empty()) {
    docket.add(Fault::rollover_in_progress,
               "KSK rollover by double DS (RFC 6781 4.1.2): the DS of key " +
                   list_words({tags.begin(), tags.end()}) +
                   " is at the parent, the key is not published yet or any more");
  }
}

}  // namespace

void rules_for_rollovers(Docket& docket, const std::vector<RosterKey>& roster) {
  if (docket.analysis.apex_link() == nullptr || roster.empty()) {
    return;
  }
  see_algorithm_rollover(docket, roster);
  std::map<std::uint8_t, Keys> zone_signers, key_signers;
  for (const auto& entry : roster) {
    const auto algorithm = entry.key.dnskey.algorithm;
    if (entry.role == KeyRole::zone_signing || entry.role == KeyRole::combined) {
      if (entry.signs_zone && !entry.signing.empty()) {
        zone_signers[algorithm].push_back(&entry);
      }
    } else if (entry.role == KeyRole::key_signing) {
      key_signers[algorithm].push_back(&entry);
    }
  }
  for (const auto& [algorithm, keys] : zone_signers) {
    const auto& own = key_signers[algorithm];
    if (see_zone_signers(docket, keys, own.size())) {
      key_signers[algorithm].clear();  // each signer has its own (RFC 8901 2.1.2)
    }
  }
  for (const auto& [algorithm, keys] : key_signers) {
    see_key_signers(docket, keys);
  }
  see_idle(docket, roster);
  see_double_ds(docket, roster);
}

}  // namespace judge
