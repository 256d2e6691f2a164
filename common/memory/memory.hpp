// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

// Plain data only: this header depends on dns alone, so that judge may read it.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dns/bytes.hpp"
#include "dns/name.hpp"
#include "dns/serial_time.hpp"
#include "dns/type.hpp"

namespace memory {

/// One DNSKEY, DS, CDS or CDNSKEY record as earlier runs saw it, at any server. All times are
/// moments of runs, in seconds since 1970.
struct SeenRecord {
  dns::Type type = dns::Type::none;
  dns::Bytes rdata;
  /// The greatest that caches may still have, and the latest run that saw it with that.
  std::uint32_t ttl = 0;
  dns::UnixTime ttl_seen = 0;
  dns::UnixTime first_seen = 0, last_seen = 0;
  /// DNSKEY: runs in which a valid signature by it was on zone data (not the DNSKEY RRset).
  std::optional<dns::UnixTime> first_signing, last_signing;
};

/// What a key directory knows of one key of one zone: dnssec-keygen's and dnssec-policy's timing
/// metadata.
struct KeyTimes {
  dns::Name zone;
  std::uint8_t algorithm = 0;
  std::uint16_t tag = 0;
  dns::Bytes public_key;  ///< empty when only the .state file could tell
  std::optional<dns::UnixTime> created, published, active;
  bool operator==(const KeyTimes&) const = default;
};

/// The signatures of the zone's data at one time. It is the older of those of the SOA and the NS
/// RRset, so that a change of data, which renews the SOA's, does not pass for the signer's rhythm.
struct Signing {
  dns::UnixTime seen = 0;  ///< the run that saw it first
  dns::UnixTime inception = 0, expiration = 0;
  dns::UnixTime last_seen = 0;  ///< the latest run that saw it
  bool operator==(const Signing&) const = default;
};

/// A finding that is a fault only when it lasts, as long as run after run sees it.
struct Lasting {
  std::string fault;  ///< its id
  dns::UnixTime first_seen = 0, last_seen = 0;
  bool operator==(const Lasting&) const = default;
};

/// What one check knows of one zone from earlier runs.
struct Zone {
  dns::Name zone;
  dns::UnixTime since = 0;     ///< the first run: what was there then is at least that old
  dns::UnixTime last_run = 0;  ///< the latest run that could look
  std::uint64_t runs = 0;
  std::vector<SeenRecord> records;
  /// Oldest first. Those that follow one upon the other within a small part of their lifetime are
  /// one: an on-line signer signs at every answer.
  std::vector<Signing> signings;
  std::vector<Lasting> lasting;   ///< one for each fault
  std::optional<Signing> newest;  ///< the latest of all; seen: when the SOA's last changed
  /// The signature of the apex that ends before the others (see judge::first_to_end()). last_seen:
  /// the latest run in which it still did.
  std::optional<Signing> first_to_end;
  /// Those that were, oldest first; seen: the run that saw the successor.
  std::vector<Signing> renewed;
  /// Zero runs: nothing is known yet.
  [[nodiscard]] bool empty() const { return runs == 0; }
};

/// Signings less than this part of their lifetime apart are one.
inline constexpr std::int64_t kSigningParts = 128;

}  // namespace memory
