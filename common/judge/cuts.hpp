// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <set>
#include <vector>

#include "dns/name.hpp"
#include "dns/serial_time.hpp"
#include "dnssec/key.hpp"
#include "judge/analysis.hpp"
#include "observe/observation.hpp"

namespace judge {

/// What is known of the zone cuts below the apex. A server may claim one to hide data that it has
/// not signed, so its word counts only where the zone vouches for the cut (RFC 4035 5.2).
struct KnownCuts {
  using Names = std::set<dns::Name, dns::CanonicalLess>;
  Names vouched;   ///< by signed DS or a signed proof that there is none, at any server, or by the
                   ///< validator; also what would take too much work to tell
  Names insecure;  ///< names that the validator found to be in an insecure zone below a secure one
  Names ours;      ///< and those that it found to be in ours, or bogus
  bool keys = false;  ///< there are keys to verify with: else nothing can be vouched for
};

/// `links` are those of the zone; `keys` are its keys as validated, or none: each server's own
/// then.
KnownCuts find_cuts(const observe::ZoneObservation& seen, const std::vector<LinkAnalysis>& links,
                    const std::vector<dnssec::Key>& keys, Work& work);

/// Those that are vouched for, and the cuts that the server claims without those that it was asked
/// about and that nothing proves. One that it could not be asked about is believed: it may be
/// right.
ZonesBelow zones_below(const observe::ZoneObservation& seen, const observe::Server& server,
                       const KnownCuts& known);

}  // namespace judge
