// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string_view>

#include "dns/result.hpp"
#include "dns/serial_time.hpp"

namespace plugin {

/// Reads a moment: RFC 3339 with the seconds left out at will ("2026-12-01T00:00Z",
/// "2026-12-01T00:00:00+01:00"), a date ("2026-12-01", midnight UTC), seconds since 1970
/// ("1796083200", "@1796083200") or a duration from `now` ("+2d"). From 1970 to 9999.
dns::Result<dns::UnixTime> parse_moment(std::string_view text, dns::UnixTime now);

}  // namespace plugin
