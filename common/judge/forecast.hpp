// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/name.hpp"
#include "dns/serial_time.hpp"
#include "judge/analysis.hpp"

namespace judge {

enum class EventKind {
  expiry,      ///< signatures end
  horizon,     ///< so far the forecast looked
  failing,     ///< the first answers that validators refuse
  dark,        ///< from then on validators refuse everything in the zone
  dark_alone,  ///< the same where the zones above do sign anew
};
/// "dark-alone".
std::string_view to_text(EventKind kind);

/// One thing that will happen if nothing is signed anew.
struct Event {
  EventKind kind = EventKind::expiry;
  std::optional<dns::UnixTime> time;  ///< empty: there is no such moment, and the text says why
  dns::Name zone;                     ///< whose matter it is
  std::string text;                   ///< safe to print, without the time
};

/// What happens within `horizon` seconds, soonest first, how far that looked, and when the zone
/// goes dark, be it within or beyond. An RRset lives as long as its longest-lived valid signature,
/// by a key that a DS leads to where it is the DNSKEY RRset. Pure.
std::vector<Event> forecast(const Analysis& analysis, std::int64_t horizon);

}  // namespace judge
