// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Rollovers that went too fast, seen with what earlier runs remember: caches keep a key set and
// signatures for their TTL (RFC 7583 3.2, 3.3).
#include <algorithm>

#include "judge/key_rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;

bool is_published(const std::vector<RosterKey>& roster, const memory::SeenRecord& record) {
  return std::any_of(roster.begin(), roster.end(),
                     [&](const RosterKey& entry) { return entry.key.rdata == record.rdata; });
}

/// The longest that a resolver may have kept a signature of data at the apex.
std::int64_t longest_ttl(const Docket& docket) {
  std::uint32_t ttl = 0;
  for (const auto& server : docket.analysis.servers) {
    for (const auto& checked : server.rrsets) {
      ttl = std::max(ttl, checked.aa ? checked.set.ttl : 0);
    }
  }
  return ttl;
}

/// How long a resolver may have kept an earlier key set: none that is out of every cache.
std::int64_t dnskey_ttl(const Docket& docket) {
  std::uint32_t ttl = 0;
  for (const auto& record : docket.analysis.past->records) {
    const bool cached = record.ttl_seen + record.ttl > docket.analysis.now;
    ttl = std::max(ttl, record.type == Type::dnskey && cached ? record.ttl : 0);
  }
  return ttl;
}

std::uint16_t tag_of(const memory::SeenRecord& record) { return dnssec::key_tag(record.rdata); }

/// Data signed twice for long enough: every cache has a signature by the other key (RFC 6781
/// 4.1.1.2, 4.1.4).
bool others_signed_beside(const Docket& docket, const std::vector<RosterKey>& roster,
                          const memory::SeenRecord& gone, std::int64_t ttl) {
  return std::any_of(roster.begin(), roster.end(), [&](const RosterKey& entry) {
    const auto* known = remembered(docket.analysis, entry.key);
    return known != nullptr && known->first_signing && gone.last_signing &&
           *known->first_signing + ttl <= *gone.last_signing;
  });
}

/// RFC 7583 3.2.1: a key stays published until the last signature by it has left the caches.
void see_withdrawn(Docket& docket, const std::vector<RosterKey>& roster) {
  const auto longest = longest_ttl(docket);
  for (const auto& record : docket.analysis.past->records) {
    if (record.type != Type::dnskey || !record.last_signing || is_published(roster, record)) {
      continue;
    }
    const auto until = *record.last_signing + std::max<std::int64_t>(longest, record.ttl);
    if (until <= docket.analysis.now || others_signed_beside(docket, roster, record, longest)) {
      continue;
    }
    docket
        .add(Fault::dnskey_withdrawn_too_early,
             "key " + std::to_string(tag_of(record)) + " is not published any more, but signed " +
                 dns::to_human_duration(docket.analysis.now - *record.last_signing) +
                 " ago: caches may hold its signatures for " +
                 dns::to_human_duration(until - docket.analysis.now) + " more")
        .moment = until;
  }
}

/// When that key was first published, as far as it matters: nothing when that is long enough ago,
/// or when it cannot be told.
std::optional<dns::UnixTime> recent_publication(const Docket& docket, const dnssec::Key& key,
                                                std::int64_t ttl) {
  const auto& past = *docket.analysis.past;
  const auto* record = remembered(docket.analysis, key);
  if (record == nullptr) {
    // New in this run: published at some time since the last one.
    return past.last_run + ttl > docket.analysis.now ? std::optional(docket.analysis.now)
                                                     : std::nullopt;
  }
  if (record->first_seen <= past.since || record->first_seen + ttl <= docket.analysis.now) {
    return std::nullopt;
  }
  return record->first_seen;
}

bool had_other_keys(const Docket& docket, const dnssec::Key& key) {
  const auto& records = docket.analysis.past->records;
  return std::any_of(records.begin(), records.end(), [&](const memory::SeenRecord& record) {
    return record.type == Type::dnskey && record.rdata != key.rdata && record.last_signing;
  });
}

/// Is some data signed by that key and no other?
bool signs_alone(const Docket& docket, const RosterKey& entry) {
  for (const auto index : entry.signing) {
    const auto& server = docket.analysis.servers[index];
    for (const auto& checked : server.rrsets) {
      bool by_it = false;
      bool by_other = false;
      for (const auto& signature : checked.signatures) {
        if (signature.valid() && signature.check.key && *signature.check.key < server.keys.size()) {
          const bool its = server.keys[*signature.check.key] == entry.key;
          by_it = by_it || its;
          by_other = by_other || !its;
        }
      }
      if (is_zone_data(checked.set.type) && by_it && !by_other) {
        return true;
      }
    }
  }
  return false;
}

/// RFC 7583 3.2.1: a new key signs only when every cache has a key set with it.
void see_used_early(Docket& docket, const std::vector<RosterKey>& roster, std::int64_t ttl) {
  for (const auto& entry : roster) {
    if (!entry.signs_zone || !had_other_keys(docket, entry.key)) {
      continue;
    }
    const auto since = recent_publication(docket, entry.key, ttl);
    if (since && signs_alone(docket, entry)) {
      docket
          .add(Fault::dnskey_used_too_early,
               name_of(entry) + " already signs alone and is published only since " +
                   dns::to_human_duration(docket.analysis.now - *since) +
                   ": caches may hold a key set without it for " +
                   dns::to_human_duration(*since + ttl - docket.analysis.now) + " more")
          .moment = *since + ttl;
    }
  }
}

/// Did the DS set lose a member of late?
bool lost_a_ds(const Docket& docket, std::int64_t ttl) {
  const auto& past = *docket.analysis.past;
  const auto* link = docket.analysis.apex_link();
  return link != nullptr &&
         std::any_of(past.records.begin(), past.records.end(), [&](const auto& record) {
           const auto ds = record.type == Type::ds ? dns::parse_ds(record.rdata) : std::nullopt;
           return ds && record.last_seen + record.ttl + ttl >= docket.analysis.now &&
                  std::find(link->ds.begin(), link->ds.end(), *ds) == link->ds.end();
         });
}

/// RFC 7583 3.3: the DS changes only when every cache has a key set with the new key.
void see_swapped(Docket& docket, const std::vector<RosterKey>& roster, std::int64_t ttl) {
  std::optional<dns::UnixTime> latest;
  std::vector<std::string> names;
  for (const auto& entry : roster) {
    if (!entry.ds_matched || entry.key.dnskey.revoked()) {
      continue;
    }
    const auto since = recent_publication(docket, entry.key, ttl);
    if (!since) {
      return;  // a DS that every cache can follow
    }
    latest = std::max(latest.value_or(*since), *since);
    names.push_back(name_of(entry));
  }
  if (latest && lost_a_ds(docket, ttl)) {
    docket
        .add(Fault::ds_swapped_too_early,
             "the DS set names only " + list_words(names) + ", published since " +
                 dns::to_human_duration(docket.analysis.now - *latest) +
                 ": caches may hold a key set without it for " +
                 dns::to_human_duration(*latest + ttl - docket.analysis.now) + " more")
        .moment = *latest + ttl;
  }
}

}  // namespace

void rules_for_key_history(Docket& docket, const std::vector<RosterKey>& roster) {
  const auto* past = docket.analysis.past;
  if (past == nullptr || past->empty()) {
    return;
  }
  const auto ttl = dnskey_ttl(docket);
  see_withdrawn(docket, roster);
  see_used_early(docket, roster, ttl);
  see_swapped(docket, roster, ttl);
}

}  // namespace judge
