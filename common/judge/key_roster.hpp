// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dns/record.hpp"
#include "dnssec/key.hpp"
#include "judge/analysis.hpp"
#include "judge/policy.hpp"

namespace judge {

/// What a key does, seen by who signs what; never by the SEP bit (RFC 6781 3.2.3, RFC 9499 10).
enum class KeyRole {
  key_signing,   ///< signs the DNSKEY RRset and no zone data
  zone_signing,  ///< signs zone data; a DS does not lead to it
  combined,      ///< CSK: a DS leads to it, and it signs everything
  standby,       ///< published, signs nothing
  revoked,       ///< REVOKE is set (RFC 5011 2.1)
};
/// "KSK", "ZSK", "CSK", "standby key", "revoked key".
std::string to_text(KeyRole role);

/// Where a key's age comes from.
enum class AgeSource { none, key_dir, state, signatures };
struct KeyAge {
  AgeSource source = AgeSource::none;
  std::int64_t seconds = 0;
  bool at_least = false;  ///< it may be older
};
/// "40d (from the state)", "at least 2h (from signatures)", "unknown".
std::string to_text(const KeyAge& age);
/// "2d, 40d (from the state)": the source once where it is the same.
std::string ages_text(const std::vector<KeyAge>& ages);

/// One key of the zone, wherever it is published, and what it does.
struct RosterKey {
  dnssec::Key key;
  KeyRole role = KeyRole::standby;
  bool ds_matched = false;                        ///< a DS (or anchor) leads to it
  bool signs_dnskey = false;                      ///< validly, at some server
  bool signs_zone = false;                        ///< validly, zone data at some server
  std::vector<std::size_t> published, signing;    ///< indexes of servers, `signing` of zone data
  std::optional<dns::UnixTime> oldest_inception;  ///< of its valid signatures
  KeyAge age;
};

/// All keys of the zone with their roles and ages, zone-signing keys last; empty when unsigned.
std::vector<RosterKey> key_roster(const Analysis& analysis, const Policy& policy);

/// "KSK 12345", "key 4711" where it signs nothing.
std::string name_of(const RosterKey& key);
/// Labels of the servers with these indexes.
std::vector<std::string> labels_of(const Analysis& analysis, const std::vector<std::size_t>& at);
/// Zone data that tells which key signs the zone: not DNSKEY, nor what the KSK signs beside it.
bool is_zone_data(dns::Type type);
/// Same key pair: REVOKE and SEP may differ.
bool same_material(const dns::Dnskey& left, const dns::Dnskey& right);
/// What earlier runs know of this very record; nullptr without state.
const memory::SeenRecord* remembered(const Analysis& analysis, const dnssec::Key& key);

}  // namespace judge
