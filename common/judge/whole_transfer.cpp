// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What the servers answer against what was transferred: all should be one version of the zone.
#include <algorithm>

#include "judge/whole.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

bool is_of_signatures(const Finding& finding) {
  switch (finding.fault) {
    case Fault::rrsig_expired:
    case Fault::rrsig_not_yet_valid:
    case Fault::rrsig_crypto_invalid:
    case Fault::rrsig_missing:
    case Fault::rrsig_missing_all:
    case Fault::unsigned_on_one_ns:
    case Fault::rrsig_no_matching_dnskey:
      return finding.tier >= Tier::critical;
    default:
      return false;
  }
}

Finding difference(std::string text, Tier tier) {
  Finding finding;
  finding.fault = Fault::axfr_differs_from_answers;
  finding.tier = tier;
  finding.text = std::move(text);
  finding.remedy = info(finding.fault).remedy;
  return finding;
}

std::string version_words(const ServedVersion& version) {
  return version.server + " has " + std::to_string(version.serial);
}

}  // namespace

/// A server that is ahead may have had the zone changed during the look, and where it is so for
/// long other rules tell; one that is behind did not get it.
std::vector<Finding> judge_transfer(const std::string& source, std::uint32_t serial,
                                    std::span<const ServedVersion> served,
                                    std::span<const Finding> live, std::span<const Finding> whole) {
  std::vector<Finding> findings;
  std::vector<std::string> behind, ahead, behind_labels, ahead_labels;
  for (const auto& version : served) {
    if (version.serial == serial) {
      continue;
    }
    const bool moved_on = dns::SerialTime(version.serial).after(dns::SerialTime(serial));
    (moved_on ? ahead : behind).push_back(version_words(version));
    (moved_on ? ahead_labels : behind_labels).push_back(version.server);
  }
  const std::string head = source + " has serial " + std::to_string(serial) + ", but ";
  if (!behind.empty()) {
    findings.push_back(difference(head + list_words(behind), Tier::warning));
    findings.back().servers = std::move(behind_labels);
  }
  if (!ahead.empty()) {
    findings.push_back(difference(head + list_words(ahead) + ", which is newer", Tier::info));
    findings.back().servers = std::move(ahead_labels);
  }
  const auto bad = std::find_if(live.begin(), live.end(), is_of_signatures);
  if (bad != live.end() && std::none_of(whole.begin(), whole.end(), is_of_signatures)) {
    findings.push_back(difference(
        "the signatures in " + source + " are good, what servers answer is not: " + bad->text,
        Tier::critical));
    findings.back().servers = bad->servers;
  }
  return findings;
}

}  // namespace judge
