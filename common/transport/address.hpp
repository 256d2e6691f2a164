// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dns/answer.hpp"
#include "dns/bytes.hpp"
#include "dns/result.hpp"
#include "dns/type.hpp"

namespace transport {

/// "192.0.2.1", "192.0.2.1@5353", "2001:db8::1", "2001:db8::1@53". Host names are refused.
dns::Result<dns::Endpoint> parse_endpoint(std::string_view text);
/// Canonical text of an A (4 octets) or AAAA (16) rdata; nothing for other lengths.
std::optional<std::string> address_text(dns::ByteView rdata);
/// Which families this host has a route for, found by connecting UDP sockets (no packet is sent).
struct Families {
  bool v4 = false;
  bool v6 = false;
};
Families local_families();

}  // namespace transport
