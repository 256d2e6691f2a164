// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The signer's habit: when it renews signatures shows when it has stopped, long before they end.
#include "judge/rhythm.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

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

/// When it was renewed, at the latest: when the successor was seen. Where that is past its end, the
/// poller looked too rarely: then when it was last seen.
dns::UnixTime moment_of_renewal(const memory::Signing& old, dns::UnixTime successor_seen) {
  return successor_seen < old.expiration ? successor_seen : old.last_seen;
}

dns::UnixTime renewal_of(const memory::Signing& renewed) {
  return moment_of_renewal(renewed, renewed.seen);
}

/// How old the signatures were, at most, when they were renewed; the latest few.
std::vector<std::int64_t> ages_at_renewal(const memory::Zone& past) {
  std::vector<std::int64_t> ages;
  for (std::size_t i = 1; i < past.signings.size(); ++i) {
    const auto& old = past.signings[i - 1];
    ages.push_back(moment_of_renewal(old, past.signings[i].seen) - old.inception);
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

namespace {

/// Without the SOA.
std::set<dns::Type> types_at_apex(const Analysis& analysis) {
  std::set<dns::Type> types;
  for (const auto& server : analysis.servers) {
    for (const auto& checked : server.rrsets) {
      if (checked.set.owner == *analysis.seen->apex && checked.set.type != dns::Type::soa) {
        types.insert(checked.set.type);
      }
    }
  }
  return types;
}

}  // namespace

std::optional<memory::Signing> first_to_end(const Analysis& analysis) {
  if (!analysis.seen->apex) {
    return std::nullopt;
  }
  const auto ns = newest_of(analysis, dns::Type::ns);
  if (!ns) {
    return std::nullopt;
  }
  const UsualRest like{0, ns->expiration - ns->inception};
  auto first = ns;
  for (const auto type : types_at_apex(analysis)) {
    const auto newest = newest_of(analysis, type);
    if (newest && newest->expiration < first->expiration &&
        (!is_key_set(type) || like.holds_for(newest->expiration - newest->inception))) {
      first = newest;
    }
  }
  return first;
}

std::optional<Margin> margin_of(const memory::Zone& past) {
  if (!past.first_to_end) {
    return std::nullopt;
  }
  const auto count = std::min(past.renewed.size(), kLatest);
  const auto latest = past.renewed.end() - static_cast<std::ptrdiff_t>(count);
  Margin margin;
  margin.lifetime = past.first_to_end->expiration - past.first_to_end->inception;
  margin.rest = std::numeric_limits<std::int64_t>::max();
  for (auto old = latest; old != past.renewed.end(); ++old) {
    margin.rest = std::min(margin.rest, old->expiration - renewal_of(*old));
    margin.habit = std::max(margin.habit, renewal_of(*old) - old->inception);
  }
  const auto alike = std::count_if(latest, past.renewed.end(), [&](const memory::Signing& old) {
    return 2 * (renewal_of(old) - old.inception) > margin.habit;
  });
  if (margin.habit <= 0 || alike < kFewest) {
    return std::nullopt;
  }
  margin.renewals = static_cast<std::size_t>(alike);
  return margin;
}

namespace {

std::int64_t slack_for(std::int64_t habit, std::int64_t rest, std::optional<double> given) {
  if (given) {
    return static_cast<std::int64_t>(*given);
  }
  return std::min({dns::kDay, habit / 4, std::max<std::int64_t>(rest, 0) / 2});
}

}  // namespace

std::int64_t slack_of(const Rhythm& rhythm, std::optional<double> given) {
  return slack_for(rhythm.habit, rhythm.lifetime - rhythm.habit, given);
}

std::int64_t slack_of(const Margin& margin, std::optional<double> given) {
  return slack_for(margin.habit, margin.rest, given);
}

namespace {

std::optional<UsualRest> rest_by_margin(const Docket& docket, const Margin& margin) {
  const auto first = first_to_end(docket.analysis);
  const auto least = margin.rest - slack_of(margin, docket.policy.stall_slack);
  if (!first || first->expiration - docket.analysis.now < least) {
    return std::nullopt;
  }
  return UsualRest{least, margin.lifetime};
}

std::optional<UsualRest> rest_by_age(const Docket& docket, const Rhythm& rhythm) {
  const auto current = signing_now(docket.analysis);
  const auto latest = rhythm.habit + slack_of(rhythm, docket.policy.stall_slack);
  if (!current || docket.analysis.now - current->inception > latest) {
    return std::nullopt;
  }
  return UsualRest{rhythm.lifetime - latest, rhythm.lifetime};
}

}  // namespace

std::optional<UsualRest> usual_rest(const Docket& docket) {
  if (docket.analysis.past == nullptr) {
    return std::nullopt;
  }
  // What was left is what the thresholds are about; the age tells it where nothing else does.
  if (const auto margin = margin_of(*docket.analysis.past)) {
    return rest_by_margin(docket, *margin);
  }
  const auto rhythm = rhythm_of(*docket.analysis.past);
  return rhythm ? rest_by_age(docket, *rhythm) : std::nullopt;
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

/// The same, of what ends first: with a jitter that may be weeks before the others.
void see_late(Docket& docket, const memory::Zone& past) {
  const auto margin = margin_of(past);
  const auto first = first_to_end(docket.analysis);
  if (!margin || !first) {
    return;
  }
  const auto rest = first->expiration - docket.analysis.now;
  if (rest >= margin->rest - slack_of(*margin, docket.policy.stall_slack)) {
    return;
  }
  auto& finding = docket.add(
      Fault::signer_stalled,
      "signing seems to have stopped: the first signature ends in " + dns::to_human_duration(rest) +
          " (" + dns::to_iso_minute(first->expiration) +
          "), but so far each was renewed with at least " + dns::to_human_duration(margin->rest) +
          " left (seen " + std::to_string(margin->renewals) + " times)");
  finding.moment = first->expiration - margin->rest;
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
  if (!docket.has(Fault::signer_stalled)) {
    see_late(docket, *past);
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
