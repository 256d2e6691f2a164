// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "judge/analysis.hpp"
#include "judge/finding.hpp"
#include "memory/store.hpp"
#include "observe/observation.hpp"
#include "plugin/options.hpp"

namespace plugins {

/// Where runs are remembered: --state-dir, else $MP_STATE_PATH and this user's number; nothing when
/// neither is set or the check needs no memory.
std::optional<std::string> state_directory(const plugin::Binary& binary,
                                           const plugin::Options& options,
                                           const plugin::Environment& outside);

/// What a run has for its files, whatever the number of its zones.
struct PastLimits {
  std::chrono::steady_clock::time_point deadline;
  /// Left of the time for which other runs' locks are waited for. A process that hangs with one
  /// would otherwise keep each zone waiting, and all that goes on beside them.
  std::chrono::milliseconds patience{1000};
};

/// What earlier runs saw of one zone, and that this one is remembered. Holds the file's lock
/// until save().
class Past {
 public:
  /// Waits for the lock until the deadline, but not for long; what is waited is taken off `limits`.
  Past(const plugin::Binary& binary, const plugin::Options& options,
       const observe::ZoneObservation& seen, PastLimits& limits);

  /// nullptr when nothing is remembered: no directory, or it cannot be used.
  [[nodiscard]] const memory::Zone* known() const { return known_ ? &*known_ : nullptr; }
  /// Remembers this run too, unless it judged another moment or a record; adds a finding when
  /// something about the files is wrong.
  void save(const judge::Analysis& analysis, std::vector<judge::Finding>& findings);
  /// What was not judged for want of memory; safe to print.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  void open(const plugin::Binary& binary, const plugin::Options& options, const dns::Name& zone,
            PastLimits& limits);

  unsigned check_;  ///< judge::Check bit
  bool other_moment_;
  std::optional<memory::Store> store_;
  std::optional<memory::Zone> known_;
  bool may_save_ = false;
  std::vector<std::string> troubles_, notes_;
};

/// --show-state: prints what is remembered of every zone of the options. Gives the exit status.
int show_state(const plugin::Binary& binary, const plugin::Options& options, dns::UnixTime now);

}  // namespace plugins
