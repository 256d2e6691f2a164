// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "past.hpp"

#include <unistd.h>

#include <algorithm>

#include "judge/rhythm.hpp"

namespace plugins {
namespace {

using namespace std::chrono_literals;

std::chrono::milliseconds patience(const PastLimits& limits) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      limits.deadline - std::chrono::steady_clock::now());
  return std::min(std::max<std::chrono::milliseconds>(left, 50ms), limits.patience);
}

bool remembers(const plugin::Binary& binary) { return (binary.check & judge::kStateful) != 0; }

std::string not_judged(const plugin::Binary& binary) {
  if (binary.check == judge::kSigs) {
    return "whether the signer is later than usual";
  }
  if (binary.check == judge::kDs) {
    return "since when a DS has no key or a CDS waits, and whether a DS is gone";
  }
  if (binary.check == judge::kNsec) {
    return "whether a change of NSEC3 parameters is stuck";
  }
  return "since when keys are there, and whether a rollover or BIND's signing is stuck or goes too "
         "fast,";
}

bool is_about_our_clock(const judge::Finding& finding) {
  return finding.fault == judge::Fault::own_clock_wrong;
}

}  // namespace

std::optional<std::string> state_directory(const plugin::Binary& binary,
                                           const plugin::Options& options,
                                           const plugin::Environment& outside) {
  if (!remembers(binary)) {
    return std::nullopt;
  }
  if (options.state_dir) {
    return options.state_dir;
  }
  const auto found = outside.variables.find("MP_STATE_PATH");
  if (found == outside.variables.end() || found->second.empty()) {
    return std::nullopt;
  }
  return found->second + "/" + std::to_string(geteuid());
}

Past::Past(const plugin::Binary& binary, const plugin::Options& options,
           const observe::ZoneObservation& seen, PastLimits& limits)
    : check_(binary.check), other_moment_(options.at.has_value() || options.replay.has_value()) {
  if (!remembers(binary) || options.replay) {
    return;
  }
  if (!options.state_dir) {
    notes_.push_back("nothing is remembered of earlier runs (no --state-dir): " +
                     not_judged(binary) + " was not judged");
    return;
  }
  if (!seen.apex) {
    return;  // nothing was found that could be remembered
  }
  open(binary, options, *seen.apex, limits);
  if (!store_) {
    return;
  }
  auto loaded = store_->load(seen.taken_at);
  if (loaded.trouble) {
    troubles_.push_back(*loaded.trouble);
  }
  known_ = std::move(loaded.zone);
  may_save_ = loaded.may_save;
}

void Past::open(const plugin::Binary& binary, const plugin::Options& options, const dns::Name& zone,
                PastLimits& limits) {
  const auto given = patience(limits);
  auto left = given;
  auto store = memory::Store::open(*options.state_dir, binary.name, zone, left);
  limits.patience -= given - left;
  if (!store) {
    troubles_.push_back(store.error().message);
    return;
  }
  store_ = *std::move(store);
  if (store_->busy()) {  // no more than a note: a busy machine may hold up a run that is well
    notes_.push_back("another run was at the state file " + store_->file() +
                     ": this one is not remembered (if that goes on, 'lslocks' tells which process "
                     "hangs)");
  }
}

void Past::save(const judge::Analysis& analysis, std::vector<judge::Finding>& findings) {
  const bool clock_wrong = std::any_of(findings.begin(), findings.end(), is_about_our_clock);
  if (store_ && known_ && may_save_ && !other_moment_ && !clock_wrong) {
    const auto after = judge::remember(*known_, analysis, check_, findings);
    if (after.runs != known_->runs) {
      if (auto problem = store_->save(after)) {
        troubles_.push_back(*std::move(problem));
      }
    }
  }
  store_.reset();  // what follows may take long, and others wait
  for (const auto& trouble : troubles_) {
    findings.push_back(judge::state_trouble(trouble));
  }
}

}  // namespace plugins
