// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What resolvers were asked, and what the right answers are.
#include <algorithm>

#include "dnssec/denial.hpp"
#include "judge/resolver_analysis.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Security;

bool is_signed_answer(const dns::Message& message) {
  return std::any_of(message.answer.begin(), message.answer.end(),
                     [](const dns::Record& record) { return record.type == dns::Type::rrsig; });
}

/// "Insecure" counts only where nothing else explains it: an opt-out proof or an algorithm that
/// libunbound lacks makes a name in a secure zone insecure, and others may see it otherwise. Of
/// other zones the chain is not looked at, but what has no signatures is insecure for everyone.
Security own_word(const Analysis& analysis, const dns::Lookup& lookup) {
  const auto& apex = analysis.seen->apex;
  const bool in_zone = apex && lookup.question.name.is_at_or_below(*apex);
  if (lookup.security == Security::insecure && in_zone && analysis.state() != LinkState::insecure) {
    return Security::not_looked_up;
  }
  if (lookup.security == Security::insecure && !in_zone && lookup.message &&
      is_signed_answer(*lookup.message)) {
    return Security::not_looked_up;
  }
  return lookup.security;
}

std::string question_words(const Analysis& analysis, const dns::Question& question) {
  const auto& seen = *analysis.seen;
  if (seen.random_name && question.name == *seen.random_name) {
    return "a name that does not exist";
  }
  if (question.type == observe::kMissingType) {
    return seen.apex && question.name == *seen.apex
               ? "a type that does not exist"
               : "a missing type at " + question.name.to_display();
  }
  return rrset_label(question.name, question.type, seen.apex.value_or(dns::Name()));
}

/// RFC 8198 4: by the records of another denial that our own validation finds secure, this is not
/// there either. So a resolver that reuses denials says, once it has seen the other one.
bool zone_denies(const Analysis& analysis, const dns::Question& question) {
  const auto& apex = analysis.seen->apex;
  const auto& probes = analysis.seen->probes;
  constexpr auto proven = dnssec::DenialVerdict::proven;
  return apex && question.name.is_at_or_below(*apex) &&
         std::any_of(probes.begin(), probes.end(), [&](const dns::Lookup& other) {
           if (other.security != Security::secure || other.have_data || !other.message ||
               !other.question.name.is_at_or_below(*apex)) {
             return false;
           }
           const auto records = dnssec::denial_records(*apex, dns::group(other.message->authority));
           const dnssec::DenialLimits limits{.work = &analysis.work->hashing};
           return dnssec::prove_no_data(question.name, question.type, records, limits).verdict ==
                      proven ||
                  dnssec::prove_name_error(question.name, records, limits).verdict == proven;
         });
}

}  // namespace

bool AskedQuestion::unanswered() const { return own != Security::bogus && !is_resolved(truth); }

std::vector<AskedQuestion> asked_questions(const Analysis& analysis) {
  std::vector<AskedQuestion> questions;
  for (const auto& lookup : analysis.seen->probes) {
    AskedQuestion asked;
    asked.question = lookup.question;
    asked.lookup = &lookup;
    asked.words = question_words(analysis, lookup.question);
    asked.own = own_word(analysis, lookup);
    asked.truth = kind_from(lookup.rcode, lookup.have_data);
    const auto& random = analysis.seen->random_name;
    asked.is_nobodys = lookup.question.type == observe::kMissingType ||
                       (random && lookup.question.name == *random);
    asked.zone_denies_it =
        asked.truth == AnswerKind::data && zone_denies(analysis, lookup.question);
    questions.push_back(std::move(asked));
  }
  return questions;
}

}  // namespace judge
