// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <compare>

#include "dns/bytes.hpp"
#include "dns/name.hpp"

/// Slow and simple ways to the same result, which share nothing with the quick ones.
namespace fuzz {

/// RFC 4034 6.1: label by label from the right, octets in lower case, a shorter label first.
std::strong_ordering slow_name_order(const dns::Name& left, const dns::Name& right);

/// RFC 4034 6.3: octet by octet, what is missing sorts first.
std::strong_ordering slow_rdata_order(dns::ByteView left, dns::ByteView right);

/// RFC 5155 5 with SHA-1 in one call after another.
dns::Bytes slow_nsec3_hash(const dns::Name& name, unsigned iterations, dns::ByteView salt);

}  // namespace fuzz
