// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <string_view>

#include "dns/answer.hpp"
#include "dns/result.hpp"

namespace plugin {

/// "192.0.2.1", "2001:db8::1@5353" or "[2001:db8::1]". The error goes on after the quoted value:
/// "is not ...".
dns::Result<dns::Endpoint> parse_endpoint_text(std::string_view text,
                                               std::uint16_t usual_port = 53);

/// It is meant as an address, be it a wrong one: of digits and dots alone, or with a colon. No zone
/// that somebody checks has such a name.
bool looks_like_endpoint(std::string_view text);

}  // namespace plugin
