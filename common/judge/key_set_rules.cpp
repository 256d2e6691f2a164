// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The DNSKEY RRset as a set: how many keys, which tags, its TTL and size, its signatures, and
// whether every server has the same one.
#include <algorithm>
#include <map>

#include "dnssec/algorithm.hpp"
#include "judge/key_rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;

constexpr std::size_t kManyKeys = 8;
constexpr std::size_t kTooManyKeys = 16;
constexpr std::uint32_t kLongTtl = 2 * 86400;
constexpr std::uint32_t kShortTtl = 300;
constexpr std::size_t kSafeSize = 1232;

/// CVE-2023-50387: validators put a limit to the work that a key set may cost.
void see_number(Docket& docket) {
  std::size_t most = 0;
  std::vector<std::string> labels;
  for (const auto& server : docket.analysis.servers) {
    if (server.keys.size() > kManyKeys) {
      most = std::max(most, server.keys.size());
      labels.push_back(server.label);
    }
  }
  if (!labels.empty()) {
    auto& finding =
        docket.add(Fault::dnskey_too_many,
                   count_words(most, "key") + " are published " +
                       places_words(labels, docket.analysis.servers.size()) + ", over " +
                       std::to_string(most > kTooManyKeys ? kTooManyKeys : kManyKeys));
    finding.tier = most > kTooManyKeys ? Tier::critical : Tier::warning;
    finding.servers = std::move(labels);
  }
}

bool signs(const RosterKey& entry) { return entry.signs_dnskey || entry.signs_zone; }

/// RFC 4034 appendix B: tags need not be unique, but validators that meet two keys of one tag and
/// algorithm try one or a few of them (BIND takes the first).
void see_tags(Docket& docket, const std::vector<RosterKey>& roster) {
  std::map<std::pair<std::uint16_t, std::uint8_t>, std::vector<const RosterKey*>> by_tag;
  for (const auto& entry : roster) {
    by_tag[{entry.key.tag, entry.key.dnskey.algorithm}].push_back(&entry);
  }
  for (const auto& [tag, keys] : by_tag) {
    if (keys.size() < 2) {
      continue;
    }
    const bool used =
        std::any_of(keys.begin(), keys.end(), [](const auto* key) { return signs(*key); });
    docket
        .add(Fault::dnskey_keytag_collision,
             count_words(keys.size(), "key") + " of algorithm " +
                 dnssec::algorithm_text(tag.second) + " share the tag " +
                 std::to_string(tag.first) +
                 (used ? ", and one of them signs: BIND fails when the wrong one sorts first"
                       : ", none of them signs"))
        .tier = used ? Tier::critical : Tier::warning;
  }
}

/// RFC 5011 2.1: REVOKE changes the tag, to one that another key may have.
void see_tags_to_come(Docket& docket, const std::vector<RosterKey>& roster) {
  for (const auto& entry : roster) {
    if (entry.key.dnskey.revoked() || entry.key.rdata.size() < 2 || !signs(entry)) {
      continue;
    }
    auto rdata = entry.key.rdata;
    rdata[1] = static_cast<std::uint8_t>(rdata[1] | 0x80U);
    const auto tag = dnssec::key_tag(rdata);
    for (const auto& other : roster) {
      if (other.key.tag == tag && other.key.dnskey.algorithm == entry.key.dnskey.algorithm &&
          !same_material(other.key.dnskey, entry.key.dnskey)) {
        docket.add(Fault::dnskey_keytag_collision, name_of(entry) + " will have the tag of " +
                                                       name_of(other) + " when it is revoked");
      }
    }
  }
}

/// The same key pair under two flags.
void see_duplicates(Docket& docket, const std::vector<RosterKey>& roster) {
  for (std::size_t i = 0; i < roster.size() && i < kTooManyKeys; ++i) {
    for (std::size_t j = i + 1; j < roster.size() && j < kTooManyKeys; ++j) {
      const auto& left = roster[i].key;
      const auto& right = roster[j].key;
      if (same_material(left.dnskey, right.dnskey)) {
        docket.add(Fault::dnskey_duplicate,
                   "keys " + std::to_string(left.tag) + " and " + std::to_string(right.tag) +
                       " are the same key with flags " + std::to_string(left.dnskey.flags) +
                       " and " + std::to_string(right.dnskey.flags));
      }
    }
  }
}

/// RFC 4034 2.1.1: SEP is a hint to people, and a zone can do without.
void see_sep(Docket& docket, const std::vector<RosterKey>& roster) {
  if (!roster.empty() && std::none_of(roster.begin(), roster.end(), [](const RosterKey& entry) {
        return entry.key.dnskey.sep();
      })) {
    docket.add(Fault::no_sep_key, "no key has the SEP flag: legal, but some tools look for it");
  }
}

const CheckedRRset* dnskeys_of(const Docket& docket, const ServerAnalysis& server) {
  return server.serving() ? server.find(*docket.seen().apex, Type::dnskey) : nullptr;
}

/// RFC 6781 4.1: a rollover waits for the TTL several times over.
void see_ttl(Docket& docket) {
  std::map<std::uint32_t, std::vector<std::string>> by_ttl;
  for (const auto& server : docket.analysis.servers) {
    const auto* set = dnskeys_of(docket, server);
    if (set != nullptr && set->aa && !set->set.rdatas.empty()) {
      by_ttl[set->set.ttl].push_back(server.label);
    }
  }
  for (auto& [ttl, labels] : by_ttl) {
    const auto places = places_words(labels, docket.analysis.servers.size());
    if (ttl > kLongTtl) {
      docket.add(Fault::dnskey_ttl_too_long, "the DNSKEY RRset has a TTL of " +
                                                 dns::to_human_duration(ttl) + " " + places +
                                                 ": every step of a rollover takes that long");
    } else if (ttl < kShortTtl) {
      docket.add(Fault::dnskey_ttl_too_short, "the DNSKEY RRset has a TTL of " +
                                                  std::to_string(ttl) + "s " + places +
                                                  ": resolvers ask for it all the time");
    }
  }
}

/// RFC 9715 3: what does not fit in 1232 octets costs every validator a TCP connection.
void see_size(Docket& docket) {
  std::size_t size = 0;
  std::vector<std::string> labels;
  for (const auto& server : docket.analysis.servers) {
    const auto* answer = server.server->find(*docket.seen().apex, Type::dnskey);
    if (server.serving() && answer != nullptr && answer->answered() &&
        answer->wire.size() > kSafeSize) {
      size = std::max(size, answer->wire.size());
      labels.push_back(server.label);
    }
  }
  if (!labels.empty()) {
    docket
        .add(Fault::dnskey_response_too_big,
             "the DNSKEY answer has " + std::to_string(size) + " octets, over 1232, " +
                 places_words(labels, docket.analysis.servers.size()))
        .servers = labels;
  }
}

/// RFC 4034 2.1: four octets of fields, then a key.
void see_unreadable(Docket& docket) {
  std::vector<std::string> labels;
  for (const auto& server : docket.analysis.servers) {
    const auto* set = dnskeys_of(docket, server);
    if (set != nullptr && server.keys_seen && set->set.rdatas.size() > server.keys.size()) {
      labels.push_back(server.label);
    }
  }
  if (!labels.empty()) {
    docket.add(Fault::dnskey_malformed, "a DNSKEY record is too short to be a key " +
                                            places_words(labels, docket.analysis.servers.size()));
  }
}

std::string why_invalid(const CheckedRRset& set) {
  const CheckedSignature* nearest = nullptr;
  for (const auto& signature : set.signatures) {
    if (nearest == nullptr || signature.check.verdict > nearest->check.verdict) {
      nearest = &signature;
    }
  }
  const auto by = nearest->rrsig
                      ? "the signature by key " + std::to_string(nearest->rrsig->key_tag) + " "
                      : std::string("the signature ");
  return by + verdict_words(nearest->check.verdict, nearest->remaining, nearest->age);
}

/// RFC 4035 2.2, at every server: the key set is signed, and validly.
void see_key_signatures(Docket& docket) {
  std::vector<std::string> without;
  std::map<std::string, std::vector<std::string>> invalid;
  for (const auto& server : docket.analysis.servers) {
    const auto* set = dnskeys_of(docket, server);
    if (set == nullptr || set->set.rdatas.empty() || set->valid()) {
      continue;
    }
    const bool unverifiable = std::any_of(
        set->signatures.begin(), set->signatures.end(), [](const CheckedSignature& signature) {
          return signature.check.verdict == dnssec::SignatureVerdict::unsupported_algorithm ||
                 signature.check.verdict == dnssec::SignatureVerdict::work_limit;
        });
    if (set->signatures.empty()) {
      without.push_back(server.label);
    } else if (!unverifiable) {
      invalid[why_invalid(*set)].push_back(server.label);
    }
  }
  const auto all = docket.analysis.servers.size();
  if (!without.empty()) {
    docket
        .add(Fault::dnskey_rrsig_missing,
             "the DNSKEY RRset is not signed " + places_words(without, all))
        .servers = without;
  }
  for (auto& [why, labels] : invalid) {
    docket
        .add(Fault::dnskey_rrsig_invalid,
             "no signature of the DNSKEY RRset is valid " + places_words(labels, all) + ": " + why)
        .servers = labels;
  }
}

/// BIND's sig-signing-type: signatures by a key, or an NSEC3 chain, still to be made. Five octets
/// (algorithm, tag, removal, done) or the parameters of a chain with its flags.
bool is_signing_note(const dns::Bytes& rdata) {
  if (rdata.size() == 5 && rdata[0] != 0) {
    return rdata[4] == 0;
  }
  return rdata.size() > 5 && rdata[0] == 0 && (rdata[2] & 0xe0U) != 0;
}

void see_signing(Docket& docket) {
  constexpr Type kSigningType{static_cast<Type>(65534)};
  std::vector<std::string> labels;
  for (const auto& server : docket.analysis.servers) {
    const auto* set = server.serving() ? server.find(*docket.seen().apex, kSigningType) : nullptr;
    if (set != nullptr &&
        std::any_of(set->set.rdatas.begin(), set->set.rdatas.end(), is_signing_note)) {
      labels.push_back(server.label);
    }
  }
  if (!labels.empty()) {
    auto& finding =
        docket.add(Fault::bind_signing_in_progress,
                   "BIND is still signing the zone or building its denial chain, says TYPE65534 " +
                       places_words(labels, docket.analysis.servers.size()));
    raise_when_lasting(docket, finding, Tier::warning);
  }
}

}  // namespace

bool told_by_chain(const Docket& docket) {
  const auto* broken = docket.analysis.first_break();
  return broken != nullptr && broken == docket.analysis.apex_link() && broken->cause.has_value();
}

void rules_for_key_sets(Docket& docket, const std::vector<RosterKey>& roster) {
  see_number(docket);
  see_tags(docket, roster);
  see_tags_to_come(docket, roster);
  see_duplicates(docket, roster);
  see_sep(docket, roster);
  see_ttl(docket);
  see_size(docket);
  see_unreadable(docket);
  see_signing(docket);
  if (!told_by_chain(docket)) {
    see_key_signatures(docket);
  }
}

void rules_for_keys(Docket& docket) {
  if (!docket.analysis.zone_signed) {
    return;
  }
  const auto roster = key_roster(docket.analysis, docket.policy);
  rules_for_key_form(docket, roster);
  rules_for_key_sets(docket, roster);
  rules_for_key_servers(docket, roster);
  rules_for_key_age(docket, roster);
  rules_for_rollovers(docket, roster);
  rules_for_key_history(docket, roster);
}

}  // namespace judge
