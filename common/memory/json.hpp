// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>
#include <string_view>

#include "dns/result.hpp"
#include "memory/memory.hpp"

namespace memory {

/// The state file of one check and zone: one JSON document, versioned.
std::string to_json(const Zone& zone, std::string_view check);
/// Any bytes may come in. An error says what is wrong: no such document, of another version, of
/// another check or zone, or with times after `now`.
dns::Result<Zone> from_json(std::string_view text, std::string_view check, const dns::Name& zone,
                            dns::UnixTime now);

}  // namespace memory
