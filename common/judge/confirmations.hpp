// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// How to see that a repair has worked, where the same holds for many findings: for faults.def.
#pragma once

#include <string_view>

namespace judge {

/// New signatures in place of ones that fail.
inline constexpr std::string_view kWhenResigned =
    "Run this check again: every nameserver must have the new signatures. Resolvers may go on "
    "failing until the old ones leave their caches (the TTL); flush those that you run.";

/// New signatures in place of ones that still hold.
inline constexpr std::string_view kWhenFresh =
    "Run check_dnssec_sigs: the least remaining validity is that of new signatures, at every "
    "nameserver. No cache needs waiting for: what they hold is still valid.";

/// Another DS set at the parent.
inline constexpr std::string_view kWhenDsReplaced =
    "Run check_dnssec_ds: every server of PARENT must have the new DS set. Resolvers follow "
    "within the old DS's TTL; leave the old key in the zone until then.";

/// What only the parent's operator can repair.
inline constexpr std::string_view kWhenParentMended =
    "Run this check again when the parent's operator reports the repair. Resolvers follow "
    "when the TTL of the old answer is over; then 'delv ZONE SOA' says fully validated.";

/// A server that is to answer again.
inline constexpr std::string_view kWhenServerAnswers =
    "Run this check again: the server must answer with authority over UDP and TCP. Resolvers "
    "that gave it up try it again within about a quarter of an hour.";

/// The DNSKEY RRset, at every server.
inline constexpr std::string_view kWhenKeysAgree =
    "Run this check again: every nameserver must have the right DNSKEY RRset. Resolvers hold "
    "the old one for its TTL; only then is it repaired for everybody.";

/// A rollover, of a key or of the algorithm.
inline constexpr std::string_view kWhenRolled =
    "Run check_dnssec_keys when the rollover has ended: the old key is gone from every "
    "nameserver and its DS from PARENT. Each step takes a TTL (DNSKEY, DS) before the next.";

/// CDS and CDNSKEY.
inline constexpr std::string_view kWhenCdsAgree =
    "Run check_dnssec_ds: all nameservers must give the same signed CDS and CDNSKEY. The "
    "parent acts at its next scan (often daily); the TTL of the DS comes on top.";

/// NSEC and NSEC3.
inline constexpr std::string_view kWhenDenialMended =
    "Run check_dnssec_nsec: it asks every nameserver. Wrong denials stay in caches for the "
    "negative TTL (the lesser of the SOA's TTL and its last number); flush those that you "
    "run.";

/// A resolver.
inline constexpr std::string_view kWhenResolverMended =
    "Run check_dnssec_resolvers again, after a flush or restart of the resolver: its cache "
    "may hold the old answers for their TTLs. Then 'dig @RESOLVER ZONE SOA' has the flag ad.";

}  // namespace judge
