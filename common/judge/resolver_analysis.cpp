// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What can be told of a resolver from its answers, and what the right answers are.
#include "judge/resolver_analysis.hpp"

#include <algorithm>
#include <unordered_set>

#include "dns/escape.hpp"
#include "dns/rdata.hpp"
#include "dnssec/denial.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Answer;
using dns::Outcome;
using dns::Security;

constexpr unsigned kMostAliases = 16;

/// RFC 1034 3.6.2: records of that type at the name, or at the end of the aliases that lead from
/// it. What other names own is no answer to the question.
bool answers(const dns::Message& message, const dns::Question& question) {
  std::unordered_set<dns::Name, dns::NameHash> reached{question.name};
  const auto owned = [&](const dns::Record& record) { return reached.contains(record.owner); };
  std::size_t before = 0;
  // Aliases stand in their order, so one pass follows them all; a shuffled answer has a few.
  for (unsigned pass = 0; pass < kMostAliases && before < reached.size(); ++pass) {
    before = reached.size();
    for (const auto& record : message.answer) {
      const auto target = record.type == dns::Type::cname && owned(record)
                              ? dns::parse_target(record.rdata)
                              : std::nullopt;
      if (target) {
        reached.insert(*target);
      }
    }
  }
  return std::any_of(message.answer.begin(), message.answer.end(), [&](const dns::Record& record) {
    return record.type == question.type && owned(record);
  });
}

bool all_are(const std::vector<const Answer*>& answers, bool (*holds)(const dns::Message&)) {
  return std::all_of(answers.begin(), answers.end(),
                     [holds](const Answer* answer) { return holds(*answer->message); });
}

bool refuses_recursion(const dns::Message& message) {
  return !message.ra || message.rcode == dns::Rcode::refused;
}

bool lacks_edns(const dns::Message& message) { return !message.edns; }

std::string silence_words(const Answer& answer) {
  if (answer.outcome == Outcome::malformed) {
    return "resolver gives only malformed answers";
  }
  const bool timeout = answer.outcome == Outcome::timeout;
  return "resolver gives no answer (" + std::string(to_text(answer.outcome)) +
         (timeout && !answer.detail.empty() ? ": " + dns::escape(answer.detail, 160) : "") + ")";
}

void see_failure(ResolverAnalysis& resolver, const Answer& answer) {
  if (answer.outcome == Outcome::tls_failed) {
    resolver.use = ResolverUse::tls_failed;
    resolver.trouble = "DNS over TLS fails: " + dns::escape(answer.detail, 160);
  } else if (answer.truncated_udp) {
    resolver.use = ResolverUse::tcp_failed;
    resolver.trouble = "truncated answers over UDP, and none over TCP (" +
                       std::string(to_text(answer.outcome)) + ")";
  } else {
    resolver.use = ResolverUse::silent;
    resolver.trouble = silence_words(answer);
  }
}

/// Why nothing came back, from the failure that says most.
void see_silence(ResolverAnalysis& resolver) {
  for (const auto& answer : resolver.view->answers) {
    if (answer.outcome == Outcome::flooded && resolver.use == ResolverUse::not_asked) {
      resolver.use = ResolverUse::flooded;
      resolver.trouble = "was not asked: too much had come before";
    }
    const bool unheard =
        resolver.use == ResolverUse::not_asked || resolver.use == ResolverUse::flooded;
    if (dns::was_asked(answer.outcome) && (unheard || answer.outcome == Outcome::tls_failed)) {
      see_failure(resolver, answer);
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
    const auto rcode = answered.front()->message->rcode;
    resolver.trouble =
        "answers without EDNS" +
        (rcode == dns::Rcode::noerror ? std::string() : " (" + dns::to_text(rcode) + ")");
  } else {
    resolver.use = ResolverUse::usable;
  }
}

/// Says nothing, and why.
void see_unclear(ResolverAnalysis& resolver, std::string why) {
  resolver.canary = CanaryWord::unclear;
  resolver.canary_trouble = std::move(why);
}

/// It answers as if nothing were wrong.
void see_canary_answered(ResolverAnalysis& resolver, const dns::Lookup& canary,
                         const Answer* plain) {
  if (has_extended_error(plain, kFilterErrors)) {
    see_unclear(resolver, "it is filtered");
  } else if (canary.security == Security::bogus || kind_of(plain) == AnswerKind::data) {
    resolver.canary = CanaryWord::answered;
  } else {
    see_unclear(resolver, "it has no address, and our own look-up of it fails");
  }
}

/// RFC 4035 3.2: SERVFAIL without CD, and the data with it.
void see_canary(ResolverAnalysis& resolver, const dns::Lookup& canary) {
  const auto* plain = resolver.view->find(canary.question, false);
  const auto* unchecked = resolver.view->find(canary.question, true);
  const auto kind = kind_of(plain);
  const auto with_cd = kind_of(unchecked);
  if (plain == nullptr || !dns::was_asked(plain->outcome)) {
    return;
  }
  if (canary.security == Security::secure || canary.security == Security::insecure) {
    see_unclear(resolver, "it is " + std::string(to_text(canary.security)) + ", not bogus");
  } else if (is_resolved(kind)) {
    see_canary_answered(resolver, canary, plain);
  } else if (kind == AnswerKind::none) {
    see_unclear(resolver, "no answer about it");
  } else if (kind != AnswerKind::servfail) {
    see_unclear(resolver, "the answer is " + dns::to_text(plain->message->rcode) +
                              ", where validation gives SERVFAIL");
  } else if (is_resolved(with_cd)) {
    resolver.canary = CanaryWord::refused;
  } else if (canary.security == Security::bogus && with_cd == AnswerKind::servfail &&
             !has_extended_error(unchecked, kReachabilityErrors)) {
    resolver.canary = CanaryWord::cd_ignored;
  } else {
    see_unclear(resolver, "it cannot be resolved with CD either");
  }
}

bool is_secure_root(const Analysis& analysis) {
  return !analysis.links.empty() && analysis.links.front().zone().is_root() &&
         analysis.links.front().state == LinkState::secure;
}

void see_iterations(ShownValidation& shown, const dns::Message& message) {
  for (const auto& record : message.authority) {
    if (record.type == dns::Type::nsec3) {
      const auto nsec3 = dns::parse_nsec3(record.rdata);
      shown.iterations = std::max(shown.iterations, nsec3 ? nsec3->iterations : std::uint16_t{0});
    }
  }
}

ShownValidation shown_validation(const Analysis& analysis, const observe::ResolverView& view,
                                 const std::vector<AskedQuestion>& questions) {
  ShownValidation shown;
  for (const auto& asked : questions) {
    const auto* answer = view.find(asked.question, false);
    const auto kind = kind_of(answer);
    const auto& apex = analysis.seen->apex;
    if (is_resolved(kind)) {
      const bool ad = asked.own == Security::secure && answer->message->ad;
      shown.gives_ad |= ad;
      shown.ad_in_zone |= ad && apex && asked.question.name.is_at_or_below(*apex);
      see_iterations(shown, *answer->message);
    } else if (kind == AnswerKind::servfail) {
      shown.heeds_cd |= is_resolved(kind_of(view.find(asked.question, true)));
    }
  }
  const auto* root = view.find({dns::Name(), dns::Type::soa, dns::Class::in}, false);
  if (is_secure_root(analysis) && kind_of(root) == AnswerKind::data) {
    shown.gives_ad |= root->message->ad;
  }
  return shown;
}

}  // namespace

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

AnswerKind kind_of(const Answer* answer) {
  if (answer == nullptr || !answer->answered()) {
    return AnswerKind::none;
  }
  return kind_from(answer->message->rcode, answers(*answer->message, answer->question));
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
  return usable() && (canary == CanaryWord::refused || canary == CanaryWord::cd_ignored ||
                      (shown.gives_ad && canary != CanaryWord::answered));
}

std::vector<ResolverAnalysis> analyse_resolvers(const Analysis& analysis) {
  const auto questions = asked_questions(analysis);
  std::vector<ResolverAnalysis> resolvers;
  for (const auto& view : analysis.seen->resolvers) {
    ResolverAnalysis resolver;
    resolver.view = &view;
    resolver.label = view.label();
    see_use(resolver);
    resolver.shown = shown_validation(analysis, view, questions);
    if (analysis.seen->canary) {
      see_canary(resolver, *analysis.seen->canary);
    }
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
