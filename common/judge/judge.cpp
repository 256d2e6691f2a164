// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/judge.hpp"

#include <algorithm>
#include <functional>

#include "judge/key_rules.hpp"
#include "judge/rules.hpp"

namespace judge {

std::vector<Finding> judge_sigs(const Analysis& analysis, const Policy& policy) {
  Docket docket{analysis, policy, kSigs, {}};
  rule_deadline(docket);
  if (!rule_descent(docket) || rule_clock(docket)) {
    return std::move(docket.findings);
  }
  rules_for_servers(docket);
  rules_for_signatures(docket);
  rules_for_signature_form(docket);
  rules_for_algorithms(docket);
  rules_for_differences(docket);
  rules_for_withheld(docket);
  rules_for_expiry(docket);
  rules_for_rhythm(docket);
  rules_for_delegation(docket);
  rule_verdict(docket);
  rule_work(docket);
  return std::move(docket.findings);
}

std::vector<Finding> judge_chain(const Analysis& analysis, const Policy& policy) {
  Docket docket{analysis, policy, kChain, {}};
  rule_deadline(docket);
  if (!rule_descent(docket) || rule_clock(docket)) {
    return std::move(docket.findings);
  }
  rules_for_servers(docket);
  rules_for_signatures(docket);
  rules_for_differences(docket);
  rules_for_denial(docket);
  rules_for_delegation(docket);
  rules_for_names(docket);
  rules_for_expiry(docket);
  rule_verdict(docket);
  rule_work(docket);
  return std::move(docket.findings);
}

std::vector<Finding> judge_ds(const Analysis& analysis, const Policy& policy) {
  Docket docket{analysis, policy, kDs, {}};
  rule_deadline(docket);
  if (!rule_descent(docket) || rule_clock(docket)) {
    return std::move(docket.findings);
  }
  rules_for_servers(docket);
  rules_for_delegation(docket);
  rules_for_differences(docket);
  rules_for_ds(docket);
  rules_for_ds_parents(docket);
  rules_for_cds(docket);
  rules_for_bootstrap(docket);
  rules_for_expiry(docket);
  rule_verdict(docket);
  rule_work(docket);
  return std::move(docket.findings);
}

namespace {

/// What a proof lacks is mostly the consequence of something that another finding names.
bool is_of_proof(const Finding& finding) {
  return finding.fault == Fault::nsec_proof_missing || finding.fault == Fault::nodata_no_match ||
         finding.fault == Fault::nxdomain_name_not_covered ||
         finding.fault == Fault::nxdomain_wildcard_not_covered ||
         finding.fault == Fault::closest_encloser_missing;
}

}  // namespace

std::vector<Finding> judge_nsec(const Analysis& analysis, const Policy& policy) {
  Docket docket{analysis, policy, kNsec, {}};
  rule_deadline(docket);
  if (!rule_descent(docket) || rule_clock(docket)) {
    return std::move(docket.findings);
  }
  rules_for_servers(docket);
  // A chain that is broken is check_dnssec_chain's matter; a zone that nobody validates is ours
  // too.
  if (policy.expect != Expect::secure || analysis.state() == LinkState::insecure) {
    rule_verdict(docket);
  }
  rules_for_nsec(docket);
  rules_for_nsec3(docket);
  rules_for_wildcards(docket);
  rules_for_bitmaps(docket);
  rules_for_spans(docket);
  rules_for_referrals(docket);
  std::stable_partition(docket.findings.begin(), docket.findings.end(), std::not_fn(is_of_proof));
  rules_for_expiry(docket);
  rule_work(docket);
  rule_unproven(docket);
  return std::move(docket.findings);
}

std::vector<Finding> judge_keys(const Analysis& analysis, const Policy& policy) {
  Docket docket{analysis, policy, kKeys, {}};
  rule_key_dir(docket);
  rule_deadline(docket);
  if (!rule_descent(docket) || rule_clock(docket)) {
    return std::move(docket.findings);
  }
  rules_for_servers(docket);
  rules_for_keys(docket);
  rules_for_differences(docket);
  rules_for_expiry(docket);
  rule_verdict(docket);
  rule_work(docket);
  return std::move(docket.findings);
}

std::vector<Finding> judge_resolvers(const Analysis& analysis, const Policy& policy) {
  Docket docket{analysis, policy, kResolvers, {}};
  rule_deadline(docket);
  if (!rule_descent(docket) || rule_clock(docket)) {
    return std::move(docket.findings);
  }
  rules_for_resolvers(docket);
  rule_work(docket);
  return std::move(docket.findings);
}

}  // namespace judge
