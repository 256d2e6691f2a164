// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// How old a key is and whether it is due to be replaced. RFC 6781 3.3: there is no one right
// cryptoperiod, so there is no limit unless the zone's owner has one.
#include "judge/key_age.hpp"

#include <algorithm>

#include "dns/escape.hpp"
#include "judge/key_rules.hpp"

namespace judge {
namespace {

/// The metadata of the key directory for that key: by its material where the file had it, which
/// holds when REVOKE has changed the tag.
const memory::KeyTimes* times_of(const Analysis& analysis, const Policy& policy,
                                 const dnssec::Key& key) {
  for (const auto& times : policy.key_times) {
    if (!analysis.seen->apex || !(times.zone == *analysis.seen->apex) ||
        times.algorithm != key.dnskey.algorithm) {
      continue;
    }
    if (times.public_key.empty() ? times.tag == key.tag
                                 : times.public_key == key.dnskey.public_key) {
      return &times;
    }
  }
  return nullptr;
}

std::string span_words(const KeyAge& age) {
  return (age.at_least ? "at least " : "") + dns::to_human_duration(age.seconds);
}

std::string source_words(AgeSource source) {
  switch (source) {
    case AgeSource::key_dir:
      return " (from the key directory)";
    case AgeSource::state:
      return " (from the state)";
    case AgeSource::signatures:
      return " (from signatures)";
    case AgeSource::none:
      break;
  }
  return {};
}

bool ages(const RosterKey& entry) {
  return entry.role == KeyRole::key_signing || entry.role == KeyRole::combined ||
         entry.role == KeyRole::zone_signing;
}

void see_age(Docket& docket, const RosterKey& entry) {
  const auto most = most_age(docket.policy, entry.role);
  if (!most || !ages(entry) || entry.age.source == AgeSource::none) {
    return;
  }
  const auto left = static_cast<std::int64_t>(*most) - entry.age.seconds;
  const std::string words =
      name_of(entry) + " is " + span_words(entry.age) + " old" + source_words(entry.age.source);
  const std::string limit = dns::to_human_duration(static_cast<std::int64_t>(*most));
  const auto due = docket.analysis.now + left;
  const std::string option =
      entry.role == KeyRole::zone_signing ? " (--zsk-max-age " : " (--ksk-max-age ";
  if (left < 0) {
    docket
        .add(Fault::key_too_old, words + ", over the limit of " + limit + " by " +
                                     dns::to_human_duration(-left) + option + limit + ")")
        .moment = due;
  } else if (left <= static_cast<std::int64_t>(docket.policy.key_notice)) {
    docket
        .add(Fault::key_rotation_due, words + ": it is due to be replaced in " +
                                          dns::to_human_duration(left) + option + limit + ")")
        .moment = due;
  }
}

}  // namespace

std::string to_text(const KeyAge& age) {
  return age.source == AgeSource::none ? "unknown" : span_words(age) + source_words(age.source);
}

std::string ages_text(const std::vector<KeyAge>& ages) {
  const bool alike = std::all_of(ages.begin(), ages.end(), [&](const KeyAge& age) {
    return age.source == ages.front().source && age.at_least == ages.front().at_least;
  });
  std::string text;
  for (const auto& age : ages) {
    text += (text.empty() ? "" : ", ");
    text += !alike || age.source == AgeSource::none ? to_text(age)
            : text.empty()                          ? span_words(age)
                                                    : dns::to_human_duration(age.seconds);
  }
  return alike && !ages.empty() ? text + source_words(ages.front().source) : text;
}

KeyAge age_of(const Analysis& analysis, const Policy& policy, const RosterKey& entry) {
  const auto since = [&](dns::UnixTime from, AgeSource source, bool at_least) {
    return KeyAge{source, std::max<std::int64_t>(0, analysis.now - from), at_least};
  };
  if (const auto* times = times_of(analysis, policy, entry.key)) {
    for (const auto& moment : {times->active, times->published, times->created}) {
      if (moment && *moment <= analysis.now) {  // else it is planned
        return since(*moment, AgeSource::key_dir, false);
      }
    }
  }
  if (const auto* record = remembered(analysis, entry.key)) {
    const bool was_there = record->first_seen <= analysis.past->since;
    // Signatures may reach further back than the first run.
    if (was_there && entry.oldest_inception && *entry.oldest_inception < record->first_seen) {
      return since(*entry.oldest_inception, AgeSource::signatures, true);
    }
    return since(record->first_seen, AgeSource::state, was_there);
  }
  if (entry.oldest_inception) {
    return since(*entry.oldest_inception, AgeSource::signatures, true);
  }
  return {};
}

std::optional<double> most_age(const Policy& policy, KeyRole role) {
  return role == KeyRole::zone_signing ? policy.zsk_max_age : policy.ksk_max_age;
}

void rule_key_dir(Docket& docket) {
  const auto& trouble = docket.policy.key_dir_trouble;
  if (!trouble.empty()) {
    docket.add(Fault::key_dir_unreadable, dns::escape_line(trouble));
  }
}

void rules_for_key_age(Docket& docket, const std::vector<RosterKey>& roster) {
  for (const auto& entry : roster) {
    see_age(docket, entry);
  }
}

}  // namespace judge
