// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What can be told of a resolver from its answers, and what the right answers are.
#include "judge/resolver_analysis.hpp"

#include <algorithm>

#include "dns/escape.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Answer;
using dns::Outcome;
using dns::Security;

constexpr std::uint16_t kNegativeTrustAnchor = 33;

bool has_type(const dns::Message& message, dns::Type type) {
  return std::any_of(message.answer.begin(), message.answer.end(),
                     [type](const dns::Record& record) { return record.type == type; });
}

AnswerKind kind_from(dns::Rcode rcode, bool data) {
  switch (rcode) {
    case dns::Rcode::noerror:
      return data ? AnswerKind::data : AnswerKind::no_data;
    case dns::Rcode::nxdomain:
      return AnswerKind::nxdomain;
    case dns::Rcode::servfail:
      return AnswerKind::servfail;
    case dns::Rcode::refused:
      return AnswerKind::refused;
    default:
      return AnswerKind::other;
  }
}

/// "Insecure" counts only where nothing else explains it: an opt-out proof or an algorithm that
/// libunbound lacks makes a name in a secure zone insecure, and others may see it otherwise.
Security own_word(const Analysis& analysis, const dns::Lookup& lookup) {
  const auto& apex = analysis.seen->apex;
  const bool in_zone = apex && lookup.question.name.is_at_or_below(*apex);
  if (lookup.security == Security::insecure && in_zone && analysis.state() != LinkState::insecure) {
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
    return "a type that does not exist";
  }
  return rrset_label(question.name, question.type, seen.apex.value_or(dns::Name()));
}

bool all_are(const std::vector<const Answer*>& answers, bool (*holds)(const dns::Message&)) {
  return std::all_of(answers.begin(), answers.end(),
                     [holds](const Answer* answer) { return holds(*answer->message); });
}

bool refuses_recursion(const dns::Message& message) {
  return !message.ra || message.rcode == dns::Rcode::refused;
}

bool lacks_edns(const dns::Message& message) { return !message.edns; }

/// Why nothing came back, from the failure that says most.
void see_silence(ResolverAnalysis& resolver) {
  for (const auto& answer : resolver.view->answers) {
    if (answer.outcome == Outcome::not_asked) {
      continue;
    }
    const bool tls = answer.outcome == Outcome::tls_failed;
    if (resolver.use == ResolverUse::not_asked || tls) {
      resolver.use = tls ? ResolverUse::tls_failed : ResolverUse::silent;
      resolver.trouble = tls ? dns::escape(answer.detail, 160)
                             : "no answer (" + std::string(to_text(answer.outcome)) + ")";
    }
  }
}

void see_use(ResolverAnalysis& resolver) {
  std::vector<const Answer*> answered;
  for (const auto& answer : resolver.view->answers) {
    if (answer.answered()) {
      answered.push_back(&answer);
      resolver.slowest = std::max(resolver.slowest.value_or(answer.round_trip), answer.round_trip);
    }
  }
  if (answered.empty()) {
    see_silence(resolver);
  } else if (all_are(answered, refuses_recursion)) {
    resolver.use = ResolverUse::no_recursion;
    resolver.trouble = answered.front()->message->rcode == dns::Rcode::refused
                           ? "answers REFUSED"
                           : "offers no recursion (RA is not set)";
  } else if (all_are(answered, lacks_edns)) {
    resolver.use = ResolverUse::no_edns;
    resolver.trouble = "answers without EDNS";
  } else {
    resolver.use = ResolverUse::usable;
  }
}

CanaryWord canary_word(const Analysis& analysis, const observe::ResolverView& view) {
  if (!analysis.seen->canary) {
    return CanaryWord::not_asked;
  }
  const auto& canary = *analysis.seen->canary;
  const auto plain = kind_of(view.find(canary.question, false));
  const auto unchecked = kind_of(view.find(canary.question, true));
  if (plain == AnswerKind::none) {
    return CanaryWord::not_asked;
  }
  const bool known_good =
      canary.security == Security::secure || canary.security == Security::insecure;
  if (known_good) {
    return CanaryWord::unclear;
  }
  if (is_resolved(plain)) {
    const bool counts = canary.security == Security::bogus || plain == AnswerKind::data;
    return counts ? CanaryWord::answered : CanaryWord::unclear;
  }
  if (is_resolved(unchecked)) {
    return CanaryWord::refused;
  }
  const bool heard = unchecked != AnswerKind::none;
  return canary.security == Security::bogus && heard &&
                 !has_extended_error(view.find(canary.question, true), {22, 23})
             ? CanaryWord::cd_ignored
             : CanaryWord::unclear;
}

bool gives_ad(const observe::ResolverView& view, const std::vector<AskedQuestion>& questions) {
  return std::any_of(questions.begin(), questions.end(), [&](const AskedQuestion& asked) {
    const auto* answer = view.find(asked.question, false);
    return asked.own == Security::secure && is_resolved(kind_of(answer)) && answer->message->ad;
  });
}

}  // namespace

AnswerKind kind_of(const Answer* answer) {
  if (answer == nullptr || !answer->answered()) {
    return AnswerKind::none;
  }
  return kind_from(answer->message->rcode, has_type(*answer->message, answer->question.type));
}

bool is_resolved(AnswerKind kind) {
  return kind == AnswerKind::data || kind == AnswerKind::no_data || kind == AnswerKind::nxdomain;
}

std::string_view to_text(AnswerKind kind) {
  switch (kind) {
    case AnswerKind::none:
      return "no answer";
    case AnswerKind::data:
      return "records";
    case AnswerKind::no_data:
      return "no data";
    case AnswerKind::nxdomain:
      return "NXDOMAIN";
    case AnswerKind::servfail:
      return "SERVFAIL";
    case AnswerKind::refused:
      return "REFUSED";
    case AnswerKind::other:
      return "an error";
  }
  return {};
}

bool ResolverAnalysis::validates() const {
  return canary == CanaryWord::refused || canary == CanaryWord::cd_ignored ||
         (gives_ad && canary != CanaryWord::answered);
}

std::vector<AskedQuestion> asked_questions(const Analysis& analysis) {
  std::vector<AskedQuestion> questions;
  for (const auto& lookup : analysis.seen->probes) {
    AskedQuestion asked;
    asked.question = lookup.question;
    asked.words = question_words(analysis, lookup.question);
    asked.own = own_word(analysis, lookup);
    asked.truth = kind_from(lookup.rcode, lookup.have_data);
    questions.push_back(std::move(asked));
  }
  return questions;
}

std::vector<ResolverAnalysis> analyse_resolvers(const Analysis& analysis) {
  const auto questions = asked_questions(analysis);
  std::vector<ResolverAnalysis> resolvers;
  for (const auto& view : analysis.seen->resolvers) {
    ResolverAnalysis resolver;
    resolver.view = &view;
    resolver.label = view.label();
    see_use(resolver);
    resolver.gives_ad = gives_ad(view, questions);
    resolver.canary = canary_word(analysis, view);
    resolvers.push_back(std::move(resolver));
  }
  return resolvers;
}

std::vector<std::uint16_t> extended_errors_of(const Answer* answer) {
  std::vector<std::uint16_t> codes;
  if (answer != nullptr && answer->answered() && answer->message->edns) {
    for (const auto& error : answer->message->edns->errors) {
      if (std::find(codes.begin(), codes.end(), error.code) == codes.end()) {
        codes.push_back(error.code);
      }
    }
  }
  return codes;
}

bool has_extended_error(const Answer* answer, std::initializer_list<std::uint16_t> codes) {
  const auto present = extended_errors_of(answer);
  return std::any_of(present.begin(), present.end(), [&](std::uint16_t code) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
  });
}

std::string extended_error_words(const std::vector<std::uint16_t>& codes) {
  std::vector<std::string> words;
  for (const auto code : codes) {
    words.push_back(code == kNegativeTrustAnchor ? "Negative Trust Anchor"
                                                 : dns::extended_error_name(code));
  }
  return list_words(words, 4);
}

}  // namespace judge
