// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Which keys the zone has and what each of them does. SEP is only a hint to people (RFC 4034 2.1.1:
// validators must not look at it), so a key's role is what it signs.
#include "judge/key_roster.hpp"

#include <algorithm>
#include <set>

#include "judge/key_age.hpp"

namespace judge {
namespace {

using dns::Type;

/// A hostile DNSKEY set is as long as a message: what is beyond this is told by its number.
constexpr std::size_t kMostKeys = 256;

RosterKey& entry_of(std::vector<RosterKey>& roster, const dnssec::Key& key) {
  const auto found = std::find_if(roster.begin(), roster.end(),
                                  [&](const RosterKey& known) { return known.key == key; });
  if (found != roster.end()) {
    return *found;
  }
  roster.emplace_back();
  roster.back().key = key;
  return roster.back();
}

/// Valid, or out of its time where nothing better is there: that is still this key's work.
bool shows_use(const CheckedRRset& checked, const CheckedSignature& signature) {
  using dnssec::SignatureVerdict;
  return signature.valid() ||
         (!checked.valid() && (signature.check.verdict == SignatureVerdict::expired ||
                               signature.check.verdict == SignatureVerdict::not_yet_valid));
}

void note_signatures(std::vector<RosterKey>& roster, const CheckedRRset& checked,
                     const std::vector<dnssec::Key>& keys, std::optional<std::size_t> server,
                     dns::UnixTime now) {
  for (const auto& signature : checked.signatures) {
    if (!shows_use(checked, signature) || !signature.check.key ||
        *signature.check.key >= keys.size()) {
      continue;
    }
    auto& entry = entry_of(roster, keys[*signature.check.key]);
    const auto inception = now - signature.age;
    if (signature.valid()) {
      entry.oldest_inception = std::min(entry.oldest_inception.value_or(inception), inception);
    }
    if (checked.set.type == Type::dnskey) {
      entry.signs_dnskey = true;
    } else if (is_zone_data(checked.set.type)) {
      entry.signs_zone = true;
      if (server && (entry.signing.empty() || entry.signing.back() != *server)) {
        entry.signing.push_back(*server);
      }
    }
  }
}

void note_ds(std::vector<RosterKey>& roster, const LinkAnalysis& link) {
  std::set<dns::Bytes> matched;
  for (const auto& match : link.matches) {
    if (match.verdict == dnssec::DsVerdict::matches && match.key) {
      matched.insert(link.keys[*match.key].rdata);
    }
  }
  for (auto& entry : roster) {
    if (matched.contains(entry.key.rdata)) {
      entry.ds_matched = true;
      continue;
    }
    const std::vector<dnssec::Key> alone{entry.key};
    entry.ds_matched = std::any_of(link.ds.begin(), link.ds.end(), [&](const dns::Ds& ds) {
      return dnssec::match(ds, link.zone(), alone).verdict == dnssec::DsVerdict::matches;
    });
  }
}

/// A zone-signing key may sign the key set too, beside a key-signing key. Without one, and without
/// a DS (an island, a new key in a rollover), the key that signs everything is a combined one.
KeyRole role_of(const RosterKey& entry, bool any_key_signing) {
  if (entry.key.dnskey.revoked()) {
    return KeyRole::revoked;
  }
  if (entry.signs_zone) {
    const bool trusted = entry.ds_matched || !any_key_signing;
    return entry.signs_dnskey && trusted ? KeyRole::combined : KeyRole::zone_signing;
  }
  return entry.signs_dnskey ? KeyRole::key_signing : KeyRole::standby;
}

void give_roles(std::vector<RosterKey>& roster) {
  const bool any_key_signing =
      std::any_of(roster.begin(), roster.end(), [](const RosterKey& entry) {
        return entry.signs_dnskey && !entry.signs_zone && !entry.key.dnskey.revoked();
      });
  for (auto& entry : roster) {
    entry.role = role_of(entry, any_key_signing);
  }
  std::stable_sort(roster.begin(), roster.end(), [](const RosterKey& left, const RosterKey& right) {
    const auto rank = [](KeyRole role) {
      return role == KeyRole::combined || role == KeyRole::key_signing ? 0
             : role == KeyRole::zone_signing                           ? 1
                                                                       : 2;
    };
    return rank(left.role) < rank(right.role);
  });
}

}  // namespace

std::string to_text(KeyRole role) {
  switch (role) {
    case KeyRole::key_signing:
      return "KSK";
    case KeyRole::zone_signing:
      return "ZSK";
    case KeyRole::combined:
      return "CSK";
    case KeyRole::standby:
      return "standby key";
    case KeyRole::revoked:
      return "revoked key";
  }
  return {};
}

std::string name_of(const RosterKey& key) {
  const auto tag = std::to_string(key.key.tag);
  return key.role == KeyRole::standby ? "key " + tag : to_text(key.role) + " " + tag;
}

std::vector<std::string> labels_of(const Analysis& analysis, const std::vector<std::size_t>& at) {
  std::vector<std::string> labels;
  for (const auto index : at) {
    labels.push_back(analysis.servers[index].label);
  }
  return labels;
}

bool is_zone_data(Type type) {
  return type != Type::dnskey && type != Type::cds && type != Type::cdnskey;
}

bool same_material(const dns::Dnskey& left, const dns::Dnskey& right) {
  return left.algorithm == right.algorithm && left.public_key == right.public_key;
}

const memory::SeenRecord* remembered(const Analysis& analysis, const dnssec::Key& key) {
  if (analysis.past == nullptr) {
    return nullptr;
  }
  for (const auto& record : analysis.past->records) {
    if (record.type == Type::dnskey && record.rdata == key.rdata) {
      return &record;
    }
  }
  return nullptr;
}

std::vector<RosterKey> key_roster(const Analysis& analysis, const Policy& policy) {
  std::vector<RosterKey> roster;
  for (std::size_t i = 0; i < analysis.servers.size(); ++i) {
    const auto& server = analysis.servers[i];
    for (const auto& key : server.keys) {
      if (roster.size() < kMostKeys) {
        entry_of(roster, key).published.push_back(i);
      }
    }
  }
  const auto* link = analysis.apex_link();
  if (link != nullptr && roster.empty()) {
    for (const auto& key : link->keys) {
      entry_of(roster, key);
    }
  }
  for (std::size_t i = 0; i < analysis.servers.size(); ++i) {
    const auto& server = analysis.servers[i];
    const auto& keys = server.keys_seen || link == nullptr ? server.keys : link->keys;
    for (const auto& checked : server.rrsets) {
      note_signatures(roster, checked, keys, i, analysis.now);
    }
  }
  if (link != nullptr) {
    if (link->dnskey_set) {
      note_signatures(roster, *link->dnskey_set, link->keys, std::nullopt, analysis.now);
    }
    note_ds(roster, *link);
  }
  give_roles(roster);
  for (auto& entry : roster) {
    entry.age = age_of(analysis, policy, entry);
  }
  return roster;
}

}  // namespace judge
