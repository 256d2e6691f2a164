// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dns/rdata.hpp"
#include "dns/serial_time.hpp"
#include "judge/finding.hpp"
#include "judge/judge.hpp"
#include "judge/policy.hpp"
#include "zone/zone.hpp"
#include "zone/zonemd.hpp"

namespace judge {

/// A zone with all that is known of it from elsewhere.
struct WholeZone {
  const zone::Zone& zone;   ///< not owned
  std::string source;       ///< "signed.zone", "the transfer from ns1.example.net (192.0.2.1)"
  std::vector<dns::Ds> ds;  ///< the parent's; empty: not known
  dns::UnixTime now = 0;
  bool all = false;      ///< name every RRset of each cause, not only the first few
  unsigned threads = 0;  ///< that hash names; 0: as many as this process may run on
  std::optional<zone::ZonemdResult> digest{};  ///< empty: not computed
};

/// What there is to say when nothing is wrong, and for metrics.
struct WholeSummary {
  std::size_t names = 0;   ///< the zone's own, delegations too
  std::size_t rrsets = 0;  ///< that must be signed
  std::size_t signatures = 0, verified = 0;
  std::size_t left = 0;  ///< signatures that were not looked at
  /// As for a live zone: the longest-lived valid signature of each RRset, the least over RRsets.
  std::optional<Soonest> soonest;
  std::size_t within_hour = 0, within_day = 0, within_week = 0;  ///< RRsets that end, or ended
  std::optional<std::int64_t> newest_age;  ///< seconds since the newest inception
  std::string denial;                      ///< "NSEC", "NSEC3, no iterations, no salt"; or empty
  std::vector<std::uint16_t> key_tags;     ///< that sign, ascending
};

/// Everything: structure, each signature, the keys, the denial chain, ZONEMD.
std::vector<Finding> judge_whole_sigs(const WholeZone& whole, const Policy& policy,
                                      WholeSummary* summary = nullptr);
/// The denial chain, and the signatures of NSEC, NSEC3, NSEC3PARAM, SOA and DNSKEY.
std::vector<Finding> judge_whole_nsec(const WholeZone& whole, const Policy& policy,
                                      WholeSummary* summary = nullptr);
/// The summary alone; it takes a pass over the zone.
WholeSummary summarize(const WholeZone& whole, const Policy& policy);

/// A server's version of the zone, as the look at it found it.
struct ServedVersion {
  std::string server;  ///< label
  std::uint32_t serial = 0;
};
/// Does what the servers answer agree with what was transferred (its serial)? `live` is what the
/// look at the servers found, `whole` what the zone itself gave.
std::vector<Finding> judge_transfer(const std::string& source, std::uint32_t serial,
                                    std::span<const ServedVersion> served,
                                    std::span<const Finding> live, std::span<const Finding> whole);

}  // namespace judge
