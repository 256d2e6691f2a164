// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <vector>

#include "judge/nsec3.hpp"
#include "judge/outcome.hpp"
#include "judge/whole.hpp"
#include "judge/zone.hpp"

namespace judge_test {

/// zone.test. with everything that a healthy zone may have, signed: delegations with and without
/// DS, glue, a wildcard, an empty non-terminal.
Zone healthy_zone(std::vector<Signer> keys = {Signer(1, kKeySigningKey), Signer(2)});
/// The same names with NSEC3 in place of NSEC.
Zone healthy_nsec3_zone(const Nsec3Form& form = {});
/// Gives a signed zone a whole NSEC3 chain of that form, beside what it has; with Opt-Out without
/// the unsigned delegations and their empty non-terminals.
void add_nsec3_chain(Zone& zone, const Nsec3Form& form);
void publish_nsec3param(Zone& zone, const Nsec3Form& form);
void drop_nsec(Zone& zone);
/// The RRset of the NSEC3 of that name; throws when there is none.
dns::SignedRRset& nsec3_at(Zone& zone, std::string_view owner, const Nsec3Form& form = {});
/// Signs anew what was changed.
void sign_again(Zone& zone, dns::SignedRRset& data);

/// What else is known of the zone, or wanted.
struct WholeKnown {
  std::vector<dns::Ds> ds{};
  bool all = false;
  std::optional<zone::ZonemdResult> digest{};
  judge::Policy policy{};
  std::vector<dns::Record> more{};  ///< records beside those of the zone
  bool no_time = false;             ///< verifying stops before it begins
};
std::vector<judge::Finding> whole_sigs(const Zone& zone, const WholeKnown& known = {},
                                       judge::WholeSummary* summary = nullptr);
std::vector<judge::Finding> whole_nsec(const Zone& zone, const WholeKnown& known = {});
/// expect_only() from either.
void both(const Zone& zone, judge::Fault fault, judge::Tier tier,
          const std::vector<std::string>& words = {});

}  // namespace judge_test
