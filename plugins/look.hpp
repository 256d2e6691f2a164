// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

#include "dns/result.hpp"
#include "observe/observation.hpp"
#include "observe/observer.hpp"
#include "plugin/options.hpp"
#include "plugin/zone_list.hpp"
#include "transport/tls.hpp"

namespace plugins {

/// How one check looks.
struct Looker {
  void (*ask_for)(observe::Request&, const plugin::Options&) = nullptr;
  transport::MakeTls make_tls = nullptr;
};

struct LookLimits {
  std::chrono::steady_clock::time_point deadline;     ///< of all
  std::optional<std::chrono::duration<double>> each;  ///< for one zone
  std::size_t at_once = 1;                            ///< zones
  dns::UnixTime now = 0;
};

/// The next zone to look at, until there is none.
using NextZone = std::function<std::optional<plugin::ZoneTask>()>;
/// Takes what was seen of a zone, and how many seconds that took.
using ZoneSeen =
    std::function<void(const plugin::ZoneTask&, observe::ZoneObservation&&, double seconds)>;

/// Looks at zones, several at once, until there are no more, or `deadline` or SIGTERM or SIGINT
/// comes; hands each on as soon as it was seen, and in the end those under way with what was seen
/// of them. `options` say how to look. An error is about our own means (anchor file, root hints,
/// resolver): nothing was looked at.
std::optional<dns::Error> look_at_many(const plugin::Options& options, const Looker& looker,
                                       const LookLimits& limits, const NextZone& next,
                                       const ZoneSeen& seen);

/// The same for the one zone of the options.
dns::Result<observe::ZoneObservation> look_at_zone(const plugin::Options& options,
                                                   const Looker& looker,
                                                   std::chrono::steady_clock::time_point deadline,
                                                   dns::UnixTime now);

}  // namespace plugins
