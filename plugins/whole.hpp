// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "dns/result.hpp"
#include "dns/transfer.hpp"
#include "judge/whole.hpp"
#include "observe/observation.hpp"
#include "observe/zone_file.hpp"
#include "plugin/options.hpp"
#include "plugin/report.hpp"
#include "zone/builder.hpp"

namespace plugins {

/// What a binary makes of a whole zone.
struct WholeCheck {
  std::vector<judge::Finding> (*judge)(const judge::WholeZone& whole, const judge::Policy& policy,
                                       judge::WholeSummary* summary) = nullptr;
  /// Which signatures it verifies, by what they cover; nullptr: all.
  bool (*wanted)(dns::Type type) = nullptr;
  observe::ReadZoneFile read_file = nullptr;
};

/// A zone that was read whole, or why not.
struct WholeLook {
  std::optional<zone::Zone> zone;
  std::string source;          ///< in words
  dns::TransferLook transfer;  ///< of --axfr
  bool taken_whole = false;    ///< up to its end
};

struct WholeLimits {
  dns::UnixTime now = 0;  ///< of the judgement
  std::chrono::steady_clock::time_point deadline;
};

/// Reads and verifies the file of --zone-file. An error says where in the file.
dns::Result<WholeLook> look_into_file(const WholeCheck& check, const plugin::Options& options,
                                      const WholeLimits& limits);
/// Judges what was read: findings, summary, metrics and keys go into the report. `ds`: the
/// parent's, where they are known.
void judge_whole(const WholeCheck& check, const plugin::Options& options, const WholeLook& look,
                 const std::vector<dns::Ds>& ds, const judge::Policy& policy,
                 plugin::Report& report);

/// The part of a run with --axfr that comes after the look at the zone's servers, whose judgement
/// is in the report: transfers the zone and adds what it gives. An error is about our own means.
std::optional<dns::Error> add_transfer(const WholeCheck& check, const plugin::Options& options,
                                       const judge::Analysis& analysis, const judge::Policy& policy,
                                       const WholeLimits& limits, plugin::Report& report);

}  // namespace plugins
