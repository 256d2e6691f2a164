// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>

#include "describe.hpp"
#include "dnssec/algorithm.hpp"
#include "judge/key_roster.hpp"
#include "judge/words.hpp"
#include "session.hpp"

namespace {

using judge::KeyRole;
using judge::RosterKey;

void ask_for(observe::Request& request, const plugin::Options&) { request.apex_rrsets = true; }

std::string mnemonic(const RosterKey& entry) {
  const auto row = dnssec::algorithm_info(entry.key.dnskey.algorithm);
  return row.mnemonic.empty() ? "algorithm " + std::to_string(row.number)
                              : std::string(row.mnemonic);
}

std::string work_of(const RosterKey& entry) {
  switch (entry.role) {
    case KeyRole::key_signing:
      return " signs the keys";
    case KeyRole::zone_signing:
      return " signs the zone";
    case KeyRole::combined:
      return " signs everything";
    case KeyRole::standby:
      return " signs nothing";
    case KeyRole::revoked:
      return entry.signs_dnskey ? " signs its own revocation" : " signs nothing";
  }
  return {};
}

/// "KSK 12345 (ECDSAP256SHA256) signs the keys, ZSK 4711 signs the zone": the algorithm where it
/// changes.
std::string roles_words(const std::vector<RosterKey>& roster) {
  constexpr std::size_t kMostNamed = 4;
  std::string words;
  std::string algorithm;
  for (std::size_t i = 0; i < roster.size() && i < kMostNamed; ++i) {
    const auto own = mnemonic(roster[i]);
    words += (words.empty() ? "" : ", ") + judge::name_of(roster[i]) +
             (own == algorithm ? "" : " (" + own + ")") + work_of(roster[i]);
    algorithm = own;
  }
  if (roster.size() > kMostNamed) {
    words += ", " + std::to_string(roster.size() - kMostNamed) + " more";
  }
  return words;
}

/// Ages of the keys that sign.
std::string ages_words(const std::vector<RosterKey>& roster) {
  constexpr std::size_t kMostNamed = 4;
  std::vector<judge::KeyAge> ages;
  for (const auto& entry : roster) {
    const bool at_work = entry.role != KeyRole::standby && entry.role != KeyRole::revoked;
    if (at_work && ages.size() < kMostNamed) {
      ages.push_back(entry.age);
    }
  }
  return ages.empty() ? std::string()
                      : (ages.size() == 1 ? "; age " : "; ages ") + judge::ages_text(ages);
}

std::string summary(const judge::Analysis& analysis, const judge::Policy& policy,
                    const std::vector<RosterKey>& roster) {
  if (auto words = plugins::expected_state_words(analysis, policy); !words.empty()) {
    return words;
  }
  if (roster.empty()) {
    return {};
  }
  return "has " + judge::count_words(roster.size(), "key") + ": " + roles_words(roster) +
         ages_words(roster);
}

std::string detail_line(const RosterKey& entry) {
  std::string line = judge::name_of(entry) + ": algorithm " +
                     dnssec::algorithm_text(entry.key.dnskey.algorithm) + ", flags " +
                     std::to_string(entry.key.dnskey.flags);
  if (const auto bits = entry.key.bits(); bits != 0) {
    line += ", " + judge::count_words(bits, "bit");
  }
  return line + (entry.ds_matched ? ", DS at the parent," : ",") + work_of(entry) + ", age " +
         to_text(entry.age);
}

/// The greatest age among the keys of those roles.
std::optional<std::int64_t> oldest(const std::vector<RosterKey>& roster, KeyRole role) {
  std::optional<std::int64_t> age;
  for (const auto& entry : roster) {
    if ((entry.role == role || entry.role == KeyRole::combined) &&
        entry.age.source != judge::AgeSource::none) {
      age = std::max(age.value_or(0), entry.age.seconds);
    }
  }
  return age;
}

void add_age(plugin::Report& report, const std::string& label, std::optional<std::int64_t> age,
             const std::optional<double>& most) {
  if (age) {
    auto metric = plugins::metric(label, static_cast<double>(*age), "s");
    if (most) {
      judge::Range range;
      range.end = *most;
      metric.warning = range;
    }
    report.metrics.push_back(std::move(metric));
  }
}

std::size_t answer_size(const judge::Analysis& analysis) {
  std::size_t size = 0;
  for (const auto& server : analysis.servers) {
    const auto* answer = analysis.seen->apex
                             ? server.server->find(*analysis.seen->apex, dns::Type::dnskey)
                             : nullptr;
    if (answer != nullptr && answer->answered()) {
      size = std::max(size, answer->wire.size());
    }
  }
  return size;
}

/// A limit that cannot be held against an age is not silently kept.
void note_unknown_ages(plugin::Report& report, const judge::Policy& policy,
                       const std::vector<RosterKey>& roster) {
  std::vector<std::string> names;
  for (const auto& entry : roster) {
    const bool limited = entry.role == KeyRole::zone_signing
                             ? policy.zsk_max_age.has_value()
                             : policy.ksk_max_age.has_value() && entry.role != KeyRole::standby &&
                                   entry.role != KeyRole::revoked;
    if (limited && (entry.age.at_least || entry.age.source == judge::AgeSource::none)) {
      names.push_back(judge::name_of(entry));
    }
  }
  if (!names.empty()) {
    report.notes.push_back("the full age of " + judge::list_words(names) +
                           " is not known: --key-dir or a longer memory (--state-dir) tells it");
  }
}

/// A wrong directory, or a key that is kept elsewhere, must not go unnoticed.
void note_missing_files(plugin::Report& report, const judge::Policy& policy,
                        const std::vector<RosterKey>& roster) {
  std::vector<std::string> names;
  for (const auto& entry : roster) {
    if (policy.key_dir && entry.age.source != judge::AgeSource::key_dir) {
      names.push_back(judge::name_of(entry));
    }
  }
  if (!names.empty()) {
    report.notes.push_back("--key-dir has no file with the times of " +
                           judge::list_words(names, 4));
  }
}

void describe(plugin::Report& report, const judge::Analysis& analysis,
              const judge::Policy& policy) {
  const auto roster = judge::key_roster(analysis, policy);
  report.ok_summary = summary(analysis, policy, roster);
  for (std::size_t i = 0; i < roster.size() && i < 64; ++i) {
    report.details.push_back(detail_line(roster[i]));
  }
  note_unknown_ages(report, policy, roster);
  note_missing_files(report, policy, roster);
  report.metrics.push_back(plugins::metric("keys", static_cast<double>(roster.size())));
  add_age(report, "ksk_age", oldest(roster, KeyRole::key_signing), policy.ksk_max_age);
  add_age(report, "zsk_age", oldest(roster, KeyRole::zone_signing), policy.zsk_max_age);
  report.metrics.push_back(
      plugins::metric("dnskey_size", static_cast<double>(answer_size(analysis)), "B"));
}

}  // namespace

int main(int argc, char** argv) {
  plugins::exit_now(
      plugins::run({plugin::kKeysBinary, ask_for, judge::judge_keys, describe}, argc, argv));
}
