// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dns/name.hpp"
#include "dns/type.hpp"
#include "dnssec/verify.hpp"

namespace judge {

/// "expired 3h ago", "does not verify": what a verdict means for one signature, in a sentence whose
/// subject is the signature. `remaining` and `age` as in CheckedSignature.
std::string verdict_words(dnssec::SignatureVerdict verdict, std::int64_t remaining,
                          std::int64_t age);

/// "MX" at the apex, "www.example.com/MX" elsewhere.
std::string rrset_label(const dns::Name& owner, dns::Type type, const dns::Name& apex);

/// "a", "a and b", "a, b and 3 more" (at most `most` named).
std::string list_words(const std::vector<std::string>& items, std::size_t most = 3);

/// Adds what is not in the list yet.
void add_unique(std::vector<std::string>& list, const std::string& item);

/// "at ns1 (192.0.2.1)", "on all 4 servers", "on 2 of 4 servers (ns1 (…), ns2 (…))".
std::string places_words(const std::vector<std::string>& labels, std::size_t of);

/// "13 servers", "1 server".
std::string count_words(std::size_t count, const std::string& noun);

/// "1,204".
std::string thousands(std::size_t count);

}  // namespace judge
