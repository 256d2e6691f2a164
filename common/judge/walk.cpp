// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The walk that was observed, as a chain of verified NSEC records.
#include <algorithm>

#include "judge/analysis.hpp"

namespace judge {
namespace {

using dns::Name;
using dns::Type;

/// A walk is asked for, so its signatures may cost more than a usual look (observe/walk.cpp ends it
/// after 9000 names).
constexpr dnssec::WorkLimits kWork{.verifications = 20000, .failures = 2000};

/// The NSEC RRset of that owner, with its signatures.
std::optional<dns::SignedRRset> rrset_at(const dns::Message& message, const Name& owner) {
  for (const auto* section : {&message.answer, &message.authority}) {
    const auto sets = dns::group(*section);
    if (const auto* data = dns::find(sets, owner, Type::nsec)) {
      return *data;
    }
  }
  return std::nullopt;
}

class Reader {
 public:
  Reader(const observe::Walk& walk, const Name& apex) : walk_(walk), apex_(apex) {}

  /// The NSEC of `owner` among the next answers, at most two; those are used up.
  std::optional<dns::Nsec> next(const Name& owner) {
    for (int tries = 0; tries < 2 && at_ < walk_.answers.size(); ++tries) {
      const auto& answer = walk_.answers[at_];
      const bool about = answer.question.name == owner ||
                         answer.question.name == observe::name_behind(owner).value_or(owner);
      if (!about) {
        return std::nullopt;
      }
      ++at_;
      last_ = &answer;
      if (!answer.answered()) {
        continue;
      }
      if (auto nsec = observe::nsec_at(*answer.message, owner, apex_)) {
        return nsec;
      }
    }
    return std::nullopt;
  }
  [[nodiscard]] const dns::Answer* last() const { return last_; }

 private:
  const observe::Walk& walk_;
  const Name& apex_;
  std::size_t at_ = 0;
  const dns::Answer* last_ = nullptr;
};

/// The zone has another version than when the walk began.
bool is_of_other_version(const dns::Message& message, const Name& apex,
                         std::optional<std::uint32_t> serial) {
  return std::any_of(message.authority.begin(), message.authority.end(),
                     [&](const dns::Record& record) {
                       const bool ours = record.type == Type::soa && record.owner == apex;
                       const auto soa = ours ? dns::parse_soa(record.rdata) : std::nullopt;
                       return soa && serial && soa->serial != *serial;
                     });
}

/// `serial`: of the zone when the walk began.
WalkEnd end_without(const observe::Walk& walk, const dns::Answer* last, const Name& apex,
                    std::optional<std::uint32_t> serial, WalkAnalysis& into) {
  if (last != nullptr && last->outcome == dns::Outcome::flooded) {
    return WalkEnd::flooded;
  }
  if (walk.out_of_time || last == nullptr || last->outcome == dns::Outcome::not_asked) {
    return WalkEnd::out_of_time;
  }
  if (!last->answered()) {
    into.detail = dns::to_text(last->outcome);
    return WalkEnd::no_answer;
  }
  const auto rcode = last->message->rcode;
  if (rcode != dns::Rcode::noerror && rcode != dns::Rcode::nxdomain) {
    into.detail = dns::to_text(rcode);
    return WalkEnd::no_answer;
  }
  if (!last->message->aa) {
    into.detail = "a referral";
    return WalkEnd::no_answer;
  }
  if (into.at == apex) {
    return WalkEnd::no_chain;
  }
  return is_of_other_version(*last->message, apex, serial) ? WalkEnd::changed : WalkEnd::missing;
}

/// Where the chain goes from here; nothing: on.
std::optional<WalkEnd> end_at(const Name& owner, const Name& next, const Name& apex) {
  if (next == apex) {
    return WalkEnd::closed;
  }
  if (!next.is_below(apex)) {
    return WalkEnd::out_of_zone;
  }
  if (observe::is_made_up_next(owner, next)) {
    return WalkEnd::no_chain;
  }
  if (dns::canonical_compare(owner, next) != std::strong_ordering::less) {
    return WalkEnd::backwards;
  }
  return std::nullopt;
}

}  // namespace

std::optional<WalkAnalysis> analyse_walk(const observe::ZoneObservation& seen,
                                         const std::vector<ServerAnalysis>& servers,
                                         const std::vector<dnssec::Key>& keys, dns::UnixTime now) {
  if (!seen.walk || !seen.apex) {
    return std::nullopt;
  }
  const auto& apex = *seen.apex;
  WalkAnalysis walk;
  walk.server = seen.walk->server.to_text();
  const std::vector<dnssec::Key>* trusted = &keys;
  std::optional<std::uint32_t> serial;
  for (const auto& server : servers) {
    if (server.server->endpoint == seen.walk->server) {
      walk.server = server.label;
      trusted = server.keys_seen ? &server.keys : trusted;
      serial = server.soa ? std::optional(server.soa->serial) : std::nullopt;
    }
  }
  dnssec::Verifier verifier(kWork);
  Reader reader(*seen.walk, apex);
  Name at = apex;
  for (;;) {
    walk.at = at;
    if (seen.walk->most != 0 && walk.chain.size() >= seen.walk->most) {
      walk.end = WalkEnd::enough;
      return walk;
    }
    const auto nsec = reader.next(at);
    if (!nsec) {
      walk.end = end_without(*seen.walk, reader.last(), apex, serial, walk);
      return walk;
    }
    if (const auto data = rrset_at(*reader.last()->message, at)) {
      walk.chain.push_back(check_rrset(*data, apex, *trusted, now, verifier));
      walk.work_limit = verifier.limit_hit();
    }
    if (const auto end = end_at(at, nsec->next, apex)) {
      walk.end = *end;
      return walk;
    }
    at = nsec->next;
  }
}

}  // namespace judge
