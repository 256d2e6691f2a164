// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// From one run to the next: what was seen, since when, until when.
#include <algorithm>
#include <utility>

#include "dns/escape.hpp"
#include "judge/rhythm.hpp"
#include "judge/rules.hpp"

namespace judge {
namespace {

/// Records that are gone for so long explain nothing any more.
constexpr std::int64_t kForgotten = 400 * dns::kDay;
/// Real zones stay far below; hostile ones must not fill the disk.
constexpr std::size_t kMostRecords = 256;
constexpr std::size_t kMostOctets = 4096;
constexpr std::size_t kMostSignings = 64;

memory::SeenRecord& record_of(memory::Zone& zone, dns::Type type, const dns::Bytes& rdata,
                              dns::UnixTime now) {
  const auto found =
      std::find_if(zone.records.begin(), zone.records.end(), [&](const memory::SeenRecord& record) {
        return record.type == type && record.rdata == rdata;
      });
  if (found != zone.records.end()) {
    return *found;
  }
  memory::SeenRecord fresh;
  fresh.type = type;
  fresh.rdata = rdata;
  fresh.first_seen = now;
  zone.records.push_back(std::move(fresh));
  return zone.records.back();
}

/// Caches keep a record for the TTL that it had: a lower one counts when the higher has run out.
void note_ttl(memory::SeenRecord& record, std::uint32_t ttl, dns::UnixTime now) {
  if (ttl >= record.ttl || record.ttl_seen + record.ttl <= now) {
    record.ttl = ttl;
    record.ttl_seen = now;
  }
}

void see_set(memory::Zone& zone, const dns::RRset& set, dns::UnixTime now) {
  for (const auto& rdata : set.rdatas) {
    if (rdata.size() > kMostOctets) {
      continue;
    }
    auto& record = record_of(zone, set.type, rdata, now);
    record.last_seen = now;
    note_ttl(record, set.ttl, now);
  }
}

bool is_kept(dns::Type type) {
  return type == dns::Type::dnskey || type == dns::Type::cds || type == dns::Type::cdnskey;
}

/// Keys that made a valid signature over the zone's data (not the key set).
void see_signers(memory::Zone& zone, const ServerAnalysis& server, dns::UnixTime now) {
  for (const auto& checked : server.rrsets) {
    if (checked.set.type == dns::Type::dnskey || is_kept(checked.set.type)) {
      continue;
    }
    for (const auto& signature : checked.signatures) {
      if (!signature.valid() || !signature.check.key ||
          *signature.check.key >= server.keys.size()) {
        continue;
      }
      const auto& rdata = server.keys[*signature.check.key].rdata;
      if (rdata.size() <= kMostOctets) {
        auto& record = record_of(zone, dns::Type::dnskey, rdata, now);
        record.last_seen = now;
        record.first_signing = record.first_signing.value_or(now);
        record.last_signing = now;
      }
    }
  }
}

void see_records(memory::Zone& zone, const Analysis& analysis) {
  const auto now = analysis.now;
  for (const auto& server : analysis.servers) {
    for (const auto& checked : server.rrsets) {
      if (is_kept(checked.set.type) && checked.set.owner == *analysis.seen->apex) {
        see_set(zone, checked.set, now);
      }
    }
    see_signers(zone, server, now);
  }
  const auto* link = analysis.apex_link();
  if (link != nullptr && link->ds_set && link->ds_set->valid()) {
    see_set(zone, link->ds_set->set, now);
  }
}

void forget(memory::Zone& zone, dns::UnixTime now) {
  auto& records = zone.records;
  records.erase(std::remove_if(records.begin(), records.end(),
                               [&](const memory::SeenRecord& record) {
                                 return now - record.last_seen > kForgotten;
                               }),
                records.end());
  if (records.size() > kMostRecords) {
    std::stable_sort(records.begin(), records.end(),
                     [](const memory::SeenRecord& left, const memory::SeenRecord& right) {
                       return left.first_seen < right.first_seen;
                     });
    records.resize(kMostRecords);  // the oldest are the zone's own; a flood comes later
  }
}

void see_signing(memory::Zone& zone, const memory::Signing& current) {
  for (auto* known : {zone.newest ? &*zone.newest : nullptr,
                      zone.signings.empty() ? nullptr : &zone.signings.back()}) {
    if (known != nullptr && known->inception == current.inception) {
      known->last_seen = current.seen;
    }
  }
  if (zone.newest && current.inception <= zone.newest->inception) {
    return;  // the same, or a server that is behind
  }
  zone.newest = current;
  const auto apart = (current.expiration - current.inception) / memory::kSigningParts;
  if (zone.signings.empty() || current.inception - zone.signings.back().inception >= apart) {
    zone.signings.push_back(current);
  }
  if (zone.signings.size() > kMostSignings) {
    zone.signings.erase(zone.signings.begin());
  }
}

/// What was away for longer began anew.
constexpr std::int64_t kAway = dns::kDay;

void see_lasting(memory::Zone& zone, const std::vector<Finding>& findings, dns::UnixTime now,
                 dns::UnixTime last_run) {
  auto& lasting = zone.lasting;
  lasting.erase(std::remove_if(lasting.begin(), lasting.end(),
                               [&](const memory::Lasting& known) {
                                 return last_run - known.last_seen > kAway;
                               }),
                lasting.end());
  for (const auto& finding : findings) {
    if (!is_told_when_it_lasts(finding.fault)) {
      continue;
    }
    const std::string id(info(finding.fault).id);
    const auto known =
        std::find_if(lasting.begin(), lasting.end(),
                     [&](const memory::Lasting& entry) { return entry.fault == id; });
    if (known == lasting.end()) {
      lasting.push_back({id, now, now});
    } else {
      known->last_seen = now;
    }
  }
}

/// What was renewed with how much left. A server that did not answer hides a signature for a while:
/// it is back, and was not renewed.
void see_first_to_end(memory::Zone& zone, const memory::Signing& current) {
  auto& renewed = zone.renewed;
  while (!renewed.empty() && current.expiration <= renewed.back().expiration) {
    renewed.pop_back();
  }
  if (!zone.first_to_end || current.expiration <= zone.first_to_end->expiration) {
    zone.first_to_end = current;
    return;
  }
  auto& known = *zone.first_to_end;
  const auto apart = (known.expiration - known.inception) / memory::kSigningParts;
  if (current.expiration - known.expiration < apart) {
    known.last_seen = current.seen;
    return;
  }
  known.seen = current.seen;
  if (known.seen - known.last_seen <= dns::kDay) {  // else nobody knows how much it had left
    renewed.push_back(known);
  }
  if (renewed.size() > kMostSignings) {
    renewed.erase(renewed.begin());
  }
  known = current;
}

}  // namespace

bool is_told_when_it_lasts(Fault fault) {
  return fault == Fault::nsec3param_multiple || fault == Fault::nsec3_param_inconsistent_ns ||
         fault == Fault::nsec_nsec3_mixed || fault == Fault::bind_signing_in_progress;
}

void raise_when_lasting(const Docket& docket, Finding& finding, Tier tier) {
  const auto* past = docket.analysis.past;
  if (past == nullptr || past->empty()) {
    return;
  }
  const auto id = info(finding.fault).id;
  const auto known = std::find_if(past->lasting.begin(), past->lasting.end(),
                                  [&](const memory::Lasting& entry) { return entry.fault == id; });
  if (known == past->lasting.end() || past->last_run - known->last_seen > kAway) {
    return;
  }
  const auto age = docket.analysis.now - known->first_seen;
  if (age > dns::kDay) {
    const bool longer = known->first_seen <= past->since;
    finding.tier = tier;
    finding.moment = known->first_seen;
    finding.text +=
        ", for " + std::string(longer ? "at least " : "") + dns::to_human_duration(age) + " now";
  }
}

memory::Zone remember(memory::Zone before, const Analysis& analysis, unsigned check,
                      const std::vector<Finding>& findings) {
  if (!analysis.seen->apex || analysis.serving() == 0) {
    return before;  // nothing was seen
  }
  const auto now = analysis.now;
  if (before.empty()) {
    before.since = now;
  }
  const auto last_run = std::exchange(before.last_run, now);
  ++before.runs;
  see_lasting(before, findings, now, last_run);
  if (check == kNsec) {
    return before;
  }
  see_records(before, analysis);
  forget(before, now);
  if (const auto current = signing_now(analysis)) {
    see_signing(before, *current);
  }
  if (const auto first = first_to_end(analysis)) {
    see_first_to_end(before, *first);
  }
  return before;
}

Finding state_trouble(const std::string& words) {
  Finding finding;
  finding.fault = Fault::state_unusable;
  finding.tier = info(finding.fault).tier;
  finding.text = dns::escape_line(words);
  finding.remedy = info(finding.fault).remedy;
  return finding;
}

}  // namespace judge
