// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The signer's habit: when it renews signatures shows when it has stopped, long before they end.
#include "judge/rhythm.hpp"

#include <algorithm>

#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::ptrdiff_t kFewest = 3;
/// What the zone did a year ago is no habit.
constexpr std::size_t kLatest = 12;

/// The newest valid signature of an RRset of the apex at any server.
std::optional<memory::Signing> newest_of(const Analysis& analysis, dns::Type type) {
  std::optional<memory::Signing> newest;
  for (const auto& server : analysis.servers) {
    const auto* checked = server.find(*analysis.seen->apex, type);
    if (checked == nullptr) {
      continue;
    }
    for (const auto& signature : checked->signatures) {
      const auto inception = analysis.now - signature.age;
      if (signature.valid() && (!newest || inception > newest->inception)) {
        newest = memory::Signing{analysis.now, inception, analysis.now + signature.remaining,
                                 analysis.now};
      }
    }
  }
  return newest;
}

/// How old the signatures were, at most, when their successors were seen; the latest few. Where
/// that is past their end, the poller looked too rarely: then how old they were last seen.
std::vector<std::int64_t> ages_at_renewal(const memory::Zone& past) {
  std::vector<std::int64_t> ages;
  for (std::size_t i = 1; i < past.signings.size(); ++i) {
    const auto& old = past.signings[i - 1];
    const auto seen = past.signings[i].seen;
    ages.push_back((seen < old.expiration ? seen : old.last_seen) - old.inception);
  }
  if (ages.size() > kLatest) {
    ages.erase(ages.begin(), ages.end() - kLatest);
  }
  return ages;
}

std::string ago(dns::UnixTime now, dns::UnixTime then) {
  return dns::to_human_duration(now - then) + " ago";
}

}  // namespace

std::optional<memory::Signing> signing_now(const Analysis& analysis) {
  if (!analysis.seen->apex) {
    return std::nullopt;
  }
  const auto soa = newest_of(analysis, dns::Type::soa);
  const auto ns = newest_of(analysis, dns::Type::ns);
  if (!soa || !ns) {
    return std::nullopt;
  }
  return soa->inception < ns->inception ? soa : ns;
}

std::optional<Rhythm> rhythm_of(const memory::Zone& past) {
  const auto ages = ages_at_renewal(past);
  if (ages.empty() || !past.newest) {
    return std::nullopt;
  }
  // Key rolls and changes of the zone renew signatures before it is their time.
  const auto habit = *std::max_element(ages.begin(), ages.end());
  const auto alike = std::count_if(ages.begin(), ages.end(),
                                   [habit](std::int64_t age) { return 2 * age > habit; });
  if (habit <= 0 || alike < kFewest) {
    return std::nullopt;
  }
  return Rhythm{habit, past.newest->expiration - past.newest->inception,
                static_cast<std::size_t>(alike)};
}

std::int64_t slack_of(const Rhythm& rhythm, std::optional<double> given) {
  if (given) {
    return static_cast<std::int64_t>(*given);
  }
  const auto margin = std::max<std::int64_t>(rhythm.lifetime - rhythm.habit, 0);
  return std::min({kDay, rhythm.habit / 4, margin / 2});
}

std::optional<UsualRest> usual_rest(const Docket& docket) {
  if (docket.analysis.past == nullptr) {
    return std::nullopt;
  }
  const auto rhythm = rhythm_of(*docket.analysis.past);
  const auto current = signing_now(docket.analysis);
  if (!rhythm || !current) {
    return std::nullopt;
  }
  const auto latest = rhythm->habit + slack_of(*rhythm, docket.policy.stall_slack);
  if (docket.analysis.now - current->inception > latest) {
    return std::nullopt;
  }
  return UsualRest{rhythm->lifetime - latest, rhythm->lifetime};
}

namespace {

/// RFC 6781 4.4.2: re-signing has to go on; who is late has stopped.
void see_stall(Docket& docket, const memory::Zone& past, const memory::Signing& current) {
  const auto rhythm = rhythm_of(past);
  if (!rhythm) {
    return;
  }
  const auto now = docket.analysis.now;
  const auto due = current.inception + rhythm->habit;
  const auto slack = slack_of(*rhythm, docket.policy.stall_slack);
  if (now <= due + slack) {
    return;
  }
  auto& finding = docket.add(Fault::signer_stalled,
                             "signing seems to have stopped: the signatures are " +
                                 dns::to_human_duration(now - current.inception) +
                                 " old, but so far they were renewed by an age of " +
                                 dns::to_human_duration(rhythm->habit) + " (seen " +
                                 std::to_string(rhythm->resignings) + " times); they end in " +
                                 dns::to_human_duration(current.expiration - now) + " (" +
                                 dns::to_iso_minute(current.expiration) + ")");
  finding.moment = due;
}

}  // namespace

void rules_for_rhythm(Docket& docket) {
  const auto* past = docket.analysis.past;
  if (past == nullptr || past->empty()) {
    return;
  }
  const auto current = signing_now(docket.analysis);
  if (!current) {
    return;
  }
  if (!docket.has(Fault::signer_stalled)) {  // --max-age told it
    see_stall(docket, *past, *current);
  }
  if (!past->signings.empty() && current->inception > past->signings.back().inception &&
      current->inception != past->newest.value_or(memory::Signing{}).inception) {
    docket.add(Fault::signer_refreshed,
               "the signatures were renewed since the run " +
                   ago(docket.analysis.now, past->last_run) + "; those before them began " +
                   ago(docket.analysis.now, past->signings.back().inception));
  }
}

}  // namespace judge
