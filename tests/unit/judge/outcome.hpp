// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "judge/judge.hpp"
#include "judge/world.hpp"

namespace judge_test {

/// What check_dnssec_sigs and check_dnssec_chain find, each finding held against the rules for
/// every finding (its row names the check, its text is printable and has no full stop, ...).
std::vector<judge::Finding> sigs_of(const observe::ZoneObservation& seen,
                                    const judge::Policy& policy = {}, dns::UnixTime now = kNow);
std::vector<judge::Finding> chain_of(const observe::ZoneObservation& seen,
                                     const judge::Policy& policy = {}, dns::UnixTime now = kNow);

std::vector<judge::Finding> ds_of(const observe::ZoneObservation& seen,
                                  const judge::Policy& policy = {}, dns::UnixTime now = kNow,
                                  const memory::Zone* past = nullptr);
std::vector<judge::Finding> nsec_of(const observe::ZoneObservation& seen,
                                    const judge::Policy& policy = {}, dns::UnixTime now = kNow,
                                    const memory::Zone* past = nullptr);
std::vector<judge::Finding> keys_of(const observe::ZoneObservation& seen,
                                    const judge::Policy& policy = {}, dns::UnixTime now = kNow,
                                    const memory::Zone* past = nullptr);
std::vector<judge::Finding> resolvers_of(const observe::ZoneObservation& seen,
                                         const judge::Policy& policy = {},
                                         dns::UnixTime now = kNow);

/// The same findings, held against those rules.
std::vector<judge::Finding> held(std::vector<judge::Finding> findings, judge::Check check);

/// The fault is among the findings, once, in that tier, and its text holds each of the words.
/// Counts as a positive case of the fault. Gives a copy; an empty finding when there is none.
judge::Finding expect(const std::vector<judge::Finding>& findings, judge::Fault fault,
                      judge::Tier tier, const std::vector<std::string>& words = {});
/// And nothing above INFO beside it.
judge::Finding expect_only(const std::vector<judge::Finding>& findings, judge::Fault fault,
                           judge::Tier tier, const std::vector<std::string>& words = {});
/// expect_only() from either check.
void in_both(const observe::ZoneObservation& seen, judge::Fault fault, judge::Tier tier,
             const std::vector<std::string>& words, const judge::Policy& policy = {},
             dns::UnixTime now = kNow);
void expect_absent(const std::vector<judge::Finding>& findings, judge::Fault fault);
/// Nothing above INFO from either check.
void expect_quiet(const observe::ZoneObservation& seen, const judge::Policy& policy = {},
                  dns::UnixTime now = kNow);
/// None of them is above INFO; nothing at all.
void expect_quiet(const std::vector<judge::Finding>& findings);
void expect_nothing(const std::vector<judge::Finding>& findings);
/// Nothing at all from either check.
void expect_nothing(const observe::ZoneObservation& seen, const judge::Policy& policy = {},
                    dns::UnixTime now = kNow);

/// All that expect() has seen in this run.
const std::set<judge::Fault>& produced();

judge::Policy expecting(judge::Expect expected);

}  // namespace judge_test
