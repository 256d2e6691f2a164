// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <vector>

#include "dns/result.hpp"
#include "observe/observation.hpp"
#include "observe/observer.hpp"
#include "plugin/options.hpp"
#include "transport/tls.hpp"

namespace plugins {

/// Looks at every zone of the options at once, until `deadline` or SIGTERM or SIGINT; what was seen
/// by then is there. An error is about our own means (anchor file, root hints, resolver): nothing
/// was looked at.
dns::Result<std::vector<observe::ZoneObservation>> look_at_zones(
    const plugin::Options& options, void (*ask_for)(observe::Request&, const plugin::Options&),
    transport::MakeTls make_tls, std::chrono::steady_clock::time_point deadline, dns::UnixTime now);

}  // namespace plugins
