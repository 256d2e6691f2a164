// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "judge/judge.hpp"
#include "observe/observer.hpp"
#include "past.hpp"
#include "plugin/options.hpp"
#include "plugin/report.hpp"
#include "transport/tls.hpp"
#include "whole.hpp"

namespace plugins {

/// What one binary does differently from the others.
struct Check {
  const plugin::Binary& binary;
  /// What to look at, beside what the options say for every binary.
  void (*ask_for)(observe::Request& request, const plugin::Options& options) = nullptr;
  std::vector<judge::Finding> (*judge)(const judge::Analysis& analysis,
                                       const judge::Policy& policy) = nullptr;
  /// Fills in the report's summary, metrics and details.
  void (*describe)(plugin::Report& report, const judge::Analysis& analysis,
                   const judge::Policy& policy) = nullptr;
  /// Where resolvers may be asked over TLS.
  transport::MakeTls make_tls = nullptr;
  /// Where whole zones are judged too.
  WholeCheck whole{};
};

/// The whole run: options, look (or replay), judgement, report on standard output. Gives the exit
/// status. Does not return to main() by way of destructors that could wait for the network: see
/// exit_now().
int run(const Check& check, int argc, char** argv);

/// Reports UNKNOWN with these words, as text or JSON as the options say; the exit status.
int fail(const plugin::Binary& binary, const plugin::Options& options, const std::string& words);

/// What --record wrote; an error where that is of another zone than the options name.
dns::Result<observe::ZoneObservation> replayed(const plugin::Options& options);

struct Judged {
  plugin::Report report;
  /// What is wrong with files of ours. Never more than UNKNOWN: what was found stands.
  std::optional<std::string> trouble;
};
/// Judges what was seen of a zone, with what earlier runs saw, and describes it.
Judged report_on(const Check& check, const plugin::Options& options, const judge::Policy& policy,
                 const observe::ZoneObservation& seen, double seconds, PastLimits& limits);

/// Why a zone that is well cannot be called so, since a file of ours failed, with what there is to
/// say of it all the same. Nothing where the report is to be given: as it is, or with a note beside
/// what was found, which leads where nothing is known.
std::optional<std::string> spoilt(Judged& judged);

/// Ends the process at once: libunbound's thread may be waiting for a silent server, and the
/// report is out already.
[[noreturn]] void exit_now(int status);

}  // namespace plugins
