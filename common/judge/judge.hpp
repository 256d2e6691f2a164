// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dns/serial_time.hpp"
#include "judge/analysis.hpp"
#include "judge/finding.hpp"
#include "judge/policy.hpp"

namespace judge {

/// Is every RRset signed, valid and fresh at every server (check_dnssec_sigs)? Findings in no
/// order, with the rules' own tiers.
std::vector<Finding> judge_sigs(const Analysis& analysis, const Policy& policy);
/// Does the zone validate from the root, link by link (check_dnssec_chain)?
std::vector<Finding> judge_chain(const Analysis& analysis, const Policy& policy);
/// Does the parent's DS point at keys the zone really uses, at every server (check_dnssec_ds)?
std::vector<Finding> judge_ds(const Analysis& analysis, const Policy& policy);
/// Are denials complete and valid at every server (check_dnssec_nsec)?
std::vector<Finding> judge_nsec(const Analysis& analysis, const Policy& policy);
/// Are the right keys published, strong enough and rotated in time (check_dnssec_keys)?
std::vector<Finding> judge_keys(const Analysis& analysis, const Policy& policy);
/// Do the given resolvers agree that the zone works (check_dnssec_resolvers)?
std::vector<Finding> judge_resolvers(const Analysis& analysis, const Policy& policy);

/// The two thresholds that hold for one signature of that lifetime (seconds).
struct Limits {
  Range warning, critical;
};
Limits sigs_limits(const Policy& policy, dns::Type type, std::int64_t lifetime);
Limits chain_limits(const Policy& policy, std::int64_t lifetime);

/// The signature that ends first among what counts, and where.
struct Soonest {
  std::int64_t remaining = 0;  ///< seconds, negative when past
  std::int64_t lifetime = 0;
  std::string what;    ///< "MX", "DS at com"
  std::string server;  ///< label, empty for the chain
  dns::Type type = dns::Type::none;
};
/// An RRset lives as long as its longest-lived valid signature, a server as its shortest-
/// lived RRset, a zone as its worst server. RRsets without a valid signature count as their latest
/// end.
std::optional<Soonest> soonest_signature(const Analysis& analysis);
/// Over the DS and DNSKEY RRsets of every secure link, and the zone's SOA.
std::optional<Soonest> soonest_on_chain(const Analysis& analysis);
/// Seconds since the newest inception at any server; nothing when there are no signatures.
std::optional<std::int64_t> newest_signature_age(const Analysis& analysis);

/// The chain as a tree, one line each, for -v: DS, keys, algorithms, which matches and signs which.
std::vector<std::string> chain_tree(const Analysis& analysis);

/// The DS set beside the keys, one line each, for -v: which DS matches which key, which key signs
/// the DNSKEY RRset at how many servers, and what CDS and CDNSKEY ask for.
std::vector<std::string> ds_table(const Analysis& analysis);

}  // namespace judge
