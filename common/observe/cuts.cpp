// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Zone cuts below the apex, as servers claim them, and which questions tell whether that is true.
// Pure: no waiting here.
#include <algorithm>
#include <iterator>
#include <set>

#include "dns/record.hpp"
#include "observe/observation.hpp"

namespace observe {
namespace {

using dns::Name;
using dns::Question;
using dns::Type;

/// A server of all zones that the names asked for are in has two or three for each name; the others
/// are for aliases, and for names of many labels.
constexpr std::size_t kQuestionsPerName = 8;
constexpr std::size_t kQuestionsMore = 64;
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

/// The name asked for, the owners in the answer section, and where its aliases lead.
Names names_of(const dns::Answer& answer, const Name& apex) {
  Names names{answer.question.name};
  for (const auto& record : answer.message->answer) {
    if (record.owner.is_below(apex)) {
      names.insert(record.owner);
    }
    if (record.type == Type::cname) {
      if (auto target = dns::parse_target(record.rdata)) {
        names.insert(*std::move(target));
      }
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

bool gives_keys(const Server& server, const Name& apex) {
  return std::any_of(server.answers.begin(), server.answers.end(), [&](const dns::Answer& answer) {
    return answer.question.type == Type::dnskey && answer.question.name == apex &&
           answer.answered() && !answer.message->answer.empty();
  });
}

/// Owners of what came unsigned of a signed zone: an unsigned zone below may begin at each name
/// above them, though nothing in the answer tells (an alias has no SOA beside it).
void add_unsigned(Names& owners, const dns::Answer& answer, const Name& apex) {
  const auto& records = answer.message->answer;
  const bool made = std::any_of(records.begin(), records.end(), [](const dns::Record& record) {
    return record.type == Type::dname;
  });
  if (made || !answer.edns_sent || owners.size() >= kMostClaims) {
    return;
  }
  for (const auto& data : dns::group(records)) {
    if (data.signatures.empty() && data.set.owner.is_below(apex)) {
      owners.insert(data.set.owner);
    }
  }
}

/// Questions, each name once, as far as the budget goes.
class Asker {
 public:
  Asker(const ZoneObservation& seen, const Server& server) : most_(most_cut_questions(seen)) {
    for (const auto& answer : server.answers) {
      if (is_cut_question(answer.question, *seen.apex)) {
        known_.insert(answer.question.name);
      }
    }
  }
  void add(const ZoneObservation& seen, const Name& name) {
    if (questions_.size() < most_ && !is_of_nobody(seen, name) && known_.insert(name).second) {
      questions_.push_back({name, Type::ds, dns::Class::in});
    }
  }
  std::vector<Question> take() { return std::move(questions_); }

 private:
  std::size_t most_;
  Names known_;
  std::vector<Question> questions_;
};

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
  if (!seen.apex) {
    return {};
  }
  const auto& apex = *seen.apex;
  Asker asker(seen, server);
  const auto claims = claimed_cuts(seen, server);
  for (const auto& claim : claims) {
    asker.add(seen, claim);  // it mostly is the cut itself
  }
  Names below(claims.begin(), claims.end());
  for (const auto& answer : server.answers) {
    if (answer.answered() && gives_keys(server, apex)) {
      add_unsigned(below, answer, apex);
    }
  }
  for (const auto& name : below) {
    for (const auto& above : names_down_to(apex, name)) {
      asker.add(seen, above);
    }
  }
  return asker.take();
}

}  // namespace observe
