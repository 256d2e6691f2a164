// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "judge/analysis.hpp"
#include "judge/finding.hpp"
#include "memory/memory.hpp"

namespace judge {

/// How a signer works, learned from the re-signings that earlier runs saw. Seconds.
struct Rhythm {
  std::int64_t habit = 0;      ///< signatures have been this old, at most, when they were renewed
  std::int64_t lifetime = 0;   ///< of the newest
  std::size_t resignings = 0;  ///< at a like age
};

/// At least three re-signings at a like age (within a factor of two of the greatest): less is no
/// habit. Earlier ones do not count: key rolls renew signatures before their time. Ages are counted
/// up to the run that saw the successor, so that a poller that looks rarely learns a longer habit,
/// never a shorter one (but none past the end of the signatures).
std::optional<Rhythm> rhythm_of(const memory::Zone& past);

/// The same, seen from the end: most signers renew what has only so much left, each RRset for
/// itself and, with a jitter, after another time. `habit`: how old what ended first was.
struct Margin {
  std::int64_t rest = 0;  ///< signatures have had this much left, at least, when they were renewed
  std::int64_t lifetime = 0, habit = 0;
  std::size_t renewals = 0;
};
std::optional<Margin> margin_of(const memory::Zone& past);

/// How much later than its habit a signer may be: `given` (--stall-slack), else a day, but at most
/// a quarter of the habit, and never more than half of the time that the habit leaves until the
/// signatures end.
std::int64_t slack_of(const Rhythm& rhythm, std::optional<double> given);
std::int64_t slack_of(const Margin& margin, std::optional<double> given);

/// The signatures that the zone's data has now: the older of the SOA's and the NS RRset's, each at
/// the server that has the newest. Nothing when a valid one is not there.
std::optional<memory::Signing> signing_now(const Analysis& analysis);

/// What ends first at the apex, each RRset at the server that has the newest; neither the SOA,
/// which every change of the data renews, nor what a key-signing key signs for another time than
/// the NS RRset's.
std::optional<memory::Signing> first_to_end(const Analysis& analysis);

/// What is known after this run too. Pure. Only what was verified is taken for a signing; times of
/// runs are `analysis.now`. check_dnssec_nsec remembers nothing but findings.
memory::Zone remember(memory::Zone before, const Analysis& analysis, unsigned check = kKeys,
                      const std::vector<Finding>& findings = {});

/// Usual for hours, a fault when it stays: remembered from run to run.
bool is_told_when_it_lasts(Fault fault);

/// The finding about a state directory or file; `words` may hold foreign bytes.
Finding state_trouble(const std::string& words);

}  // namespace judge
