// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>

#include "dns/rdata.hpp"
#include "dns/record.hpp"

namespace dnssec {

/// The bytes an RRSIG signs: its own rdata without the signature, then the RRset in canonical form
/// and order with the original TTL and, after a wildcard expansion, the wildcard's name (RFC 4034
/// 3.1.8.1, RFC 4035 5.3.2). Nothing when Labels exceeds the owner's labels or the set is empty:
/// there is nothing then that could have been signed.
std::optional<dns::Bytes> signed_data(const dns::RRset& set, const dns::Rrsig& rrsig);

}  // namespace dnssec
