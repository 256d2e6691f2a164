// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string_view>

#include "dns/rdata.hpp"
#include "dns/result.hpp"

namespace plugin {

/// "TAG ALGORITHM DIGESTTYPE HEX" (RFC 4034 5.3), also behind owner, TTL, class and type. The error
/// goes on after the quoted value: "is not ...".
dns::Result<dns::Ds> parse_ds_text(std::string_view text);

}  // namespace plugin
