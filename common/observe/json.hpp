// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "dns/result.hpp"
#include "observe/observation.hpp"

namespace observe {

/// The observation as one JSON document; answers are kept as the packets' bytes in base64, so that
/// a replay judges exactly what came off the wire.
std::string to_json(const ZoneObservation& seen);
/// Any bytes may come in; an error says what is wrong and where.
dns::Result<ZoneObservation> from_json(std::string_view text);

}  // namespace observe
