// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Zone cuts below the apex, as servers claim them, and which questions tell whether that is true.
// Pure: no waiting here.
#include <algorithm>
#include <iterator>
#include <set>

#include "observe/observation.hpp"

namespace observe {
namespace {

using dns::Name;
using dns::Question;
using dns::Type;

/// A server of all zones that the names asked for are in has two or three for each name; what comes
/// on top is for aliases.
constexpr std::size_t kQuestionsPerName = 4;
constexpr std::size_t kQuestionsMore = 16;
/// No server has so many zones below one that it is asked about; a hostile one claims more.
constexpr std::size_t kMostClaims = 1000;

using Names = std::set<Name, dns::CanonicalLess>;

/// Where the record says that a zone begins.
std::optional<Name> start_in(const dns::Record& record) {
  if (record.type == Type::soa || record.type == Type::ns) {
    return record.owner;
  }
  if (record.type == Type::rrsig) {
    if (auto rrsig = dns::parse_rrsig(record.rdata)) {
      return std::move(rrsig->signer);
    }
  }
  return std::nullopt;
}

/// The owners in the answer section, and the name asked for.
Names names_of(const dns::Answer& answer, const Name& apex) {
  Names names{answer.question.name};
  for (const auto& record : answer.message->answer) {
    if (record.owner.is_below(apex)) {
      names.insert(record.owner);
    }
  }
  return names;
}

void add_claims(Names& claims, const dns::Answer& answer, const Name& apex) {
  std::optional<Names> names;
  for (const auto* section : {&answer.message->answer, &answer.message->authority}) {
    for (const auto& record : *section) {
      auto start = claims.size() < kMostClaims ? start_in(record) : std::nullopt;
      if (!start || !start->is_below(apex) || claims.contains(*start)) {
        continue;
      }
      if (!names) {
        names = names_of(answer, apex);
      }
      // In canonical order a name comes right before all that is below it (RFC 4034 6.1).
      const auto below = names->lower_bound(*start);
      if (below != names->end() && below->is_at_or_below(*start)) {
        claims.insert(*std::move(start));
      }
    }
  }
}

}  // namespace

std::vector<Name> claimed_cuts(const ZoneObservation& seen, const Server& server) {
  Names claims;
  for (const auto& answer : server.answers) {
    if (seen.apex && answer.answered()) {
      add_claims(claims, answer, *seen.apex);
    }
  }
  std::vector<Name> cuts;
  std::copy_if(claims.begin(), claims.end(), std::back_inserter(cuts),
               [&](const Name& name) { return !is_of_nobody(seen, name); });
  return cuts;
}

std::vector<Name> names_down_to(const Name& apex, const Name& name) {
  std::vector<Name> names;
  for (auto at = name; at.is_below(apex); at = at.parent()) {
    names.push_back(at);
  }
  std::reverse(names.begin(), names.end());
  return names;
}

bool is_cut_question(const Question& question, const Name& apex) {
  return question.type == Type::ds && question.name.is_below(apex);
}

std::size_t most_cut_questions(const ZoneObservation& seen) {
  return kQuestionsMore + kQuestionsPerName * seen.wanted.size();
}

std::vector<Question> cut_questions(const ZoneObservation& seen, const Server& server) {
  std::vector<Question> questions;
  if (!seen.apex) {
    return questions;
  }
  Names known;
  for (const auto& answer : server.answers) {
    if (is_cut_question(answer.question, *seen.apex)) {
      known.insert(answer.question.name);
    }
  }
  for (const auto& claim : claimed_cuts(seen, server)) {
    for (auto& name : names_down_to(*seen.apex, claim)) {
      if (questions.size() == most_cut_questions(seen)) {
        return questions;
      }
      if (known.insert(name).second) {
        questions.push_back({std::move(name), Type::ds, dns::Class::in});
      }
    }
  }
  return questions;
}

}  // namespace observe
