// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "judge/judge.hpp"

namespace judge {

/// Seconds: clock skew of a signer that resolvers mostly forgive.
constexpr std::int64_t kSlightlyAhead = 300;

/// What one judgement works on: rules read the analysis and add findings.
struct Docket {
  const Analysis& analysis;
  const Policy& policy;
  Check check;
  std::vector<Finding> findings;

  [[nodiscard]] const observe::ZoneObservation& seen() const { return *analysis.seen; }
  /// Adds one with the catalogue's tier and remedy, and hands it back for more.
  Finding& add(Fault fault, std::string text);
  [[nodiscard]] bool has(Fault fault) const;
};

/// For findings that are a fault only when they last (see is_told_when_it_lasts()): where earlier
/// runs saw it for over a day, gives it that tier and says since when.
void raise_when_lasting(const Docket& docket, Finding& finding, Tier tier);

/// One RRset at one server that shows a fault; sightings of one cause become one finding.
struct Sighting {
  Fault fault{};
  Tier tier{};
  std::string cause;  ///< what else must be equal, e.g. a key tag
  std::string rrset;
  std::string server;
  std::optional<dns::UnixTime> moment;
  std::string single;  ///< predicate when one RRset shows it: "signature expired 3h ago"
  std::string plural;  ///< and when several do: "signatures expired"
};
/// A sighting of one RRset at one server, with the catalogue's tier.
Sighting sighting_of(const Docket& docket, const ServerAnalysis& server,
                     const CheckedRRset& checked, Fault fault, std::string single,
                     std::string plural);
/// "MX signature expired 3h ago at ns2 (…)"; several: "MX, SOA and NS signatures expired, MX first
/// …".
void add_grouped(Docket& docket, const std::vector<Sighting>& sightings);

/// What it means for an RRset when its best signature has that verdict.
Fault fault_of_verdict(dnssec::SignatureVerdict verdict);

// Each rule under the sentence it enforces, in its own file's comment.
/// False: there is nothing more to judge.
bool rule_descent(Docket& docket);
void rule_deadline(Docket& docket);
/// True: the moment of judgement is out of the question, and was reported.
bool rule_clock(Docket& docket);
/// The chain as a whole; comes last, since it says only what no other finding explains.
void rule_verdict(Docket& docket);
/// Whether some limit on work was reached, unless a finding names the RRset; after all that works.
void rule_work(Docket& docket);
void rules_for_servers(Docket& docket);
void rules_for_signatures(Docket& docket);
void rules_for_signature_form(Docket& docket);
void rules_for_algorithms(Docket& docket);
void rules_for_differences(Docket& docket);
/// check_dnssec_sigs: records that are due and are neither given nor proven absent.
void rules_for_withheld(Docket& docket);
void rules_for_expiry(Docket& docket);
/// What the signer's learned habit says.
void rules_for_rhythm(Docket& docket);
/// What the key-signing key signs, where it is kept offline.
bool is_key_set(dns::Type type);
/// How long a signature of about that lifetime has left, at least, while the signer keeps to its
/// habit. Others, such as those that a key-signing key kept offline made for months, have no part
/// in it.
struct UsualRest {
  std::int64_t rest = 0, lifetime = 0;
  [[nodiscard]] bool holds_for(std::int64_t other) const {
    return 4 * std::max(other - lifetime, lifetime - other) <= lifetime;
  }
};
/// Nothing when no habit was learned, or the signer does not keep to it.
std::optional<UsualRest> usual_rest(const Docket& docket);
struct Level {
  Fault fault{};
  const Range* range = nullptr;  ///< not owned: one of the limits
};
/// Which threshold a remaining time crosses; nothing when none.
std::optional<Level> level_of(std::int64_t remaining, const Limits& limits);
/// "under the threshold of 7d".
std::string threshold_words(const Range& range);
/// "5h (2026-11-29T04:00Z)".
std::string end_words(dns::UnixTime now, std::int64_t remaining);
void rules_for_delegation(Docket& docket);
void rules_for_denial(Docket& docket);
void rules_for_names(Docket& docket);
void rules_for_ds(Docket& docket);
void rules_for_ds_parents(Docket& docket);
void rules_for_cds(Docket& docket);
/// What the nameservers' names signal for a zone that has no DS yet.
void rules_for_bootstrap(Docket& docket);
/// check_dnssec_nsec: what each server's denials prove, and by which form of denial.
void rules_for_nsec(Docket& docket);
struct DenialView;
void rules_for_denial_form(Docket& docket, const std::vector<DenialView>& views);
/// What else a denial rests on, and what comes in place of one.
void rules_beside_denial(Docket& docket, const std::vector<DenialView>& views);
/// RFC 4035 3.1.4: answers that are referrals, without the DS or the proof that there is none; for
/// check_dnssec_nsec after all rules about proofs.
void rules_for_referrals(Docket& docket);
/// Denials that are not proven and that no finding tells of; after all rules that could.
void rule_unproven(Docket& docket);
void rules_for_nsec3(Docket& docket);
/// Answers made from a wildcard, and what the denial beside them says.
void rules_for_wildcards(Docket& docket);
/// The type lists of NSEC and NSEC3 against what is there.
void rules_for_bitmaps(Docket& docket);
/// The spans of NSEC and NSEC3 against each other and against names that exist, and --walk.
void rules_for_spans(Docket& docket);
void rules_for_resolvers(Docket& docket);

}  // namespace judge
