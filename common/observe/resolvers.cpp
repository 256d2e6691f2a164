// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What every resolver is asked, and in which order: what caches remember must not hide a fault.
#include <algorithm>

#include "observe/look.hpp"
#include "observe/parallel.hpp"

namespace observe {
namespace asio = boost::asio;
using dns::Question;
using dns::Type;

namespace {

/// More trust anchors for the root than this there will never be.
constexpr std::size_t kMostSentinels = 4;

transport::AskOptions options_for(bool cd) {
  transport::AskOptions options;
  options.rd = true;
  options.cd = cd;
  options.nsid = false;
  return options;
}

asio::awaitable<void> ask_one(Look& look, ResolverView& view, Question question,
                              transport::AskOptions options) {
  auto& client = look.means.client;
  const auto& address = view.address;
  dns::Answer answer;
  if (address.over_tls()) {
    answer = co_await client.ask_over_tls(address.endpoint, address.tls_name, std::move(question),
                                          options);
  } else {
    answer = co_await client.ask(address.endpoint, std::move(question), options);
  }
  view.answers.push_back(std::move(answer));
}

/// As users do, and then with checking disabled, which shows what validation refused.
asio::awaitable<void> ask_both(Look& look, ResolverView& view, Question question) {
  co_await ask_one(look, view, question, options_for(false));
  co_await ask_one(look, view, std::move(question), options_for(true));
}

/// First a type the name does not have, then one it has: a wrong NSEC of the first answer makes a
/// resolver deny the second (RFC 8198).
asio::awaitable<void> ask_missing_then_live(Look& look, ResolverView& view, Question question) {
  const auto missing = in_class(question.name, kMissingType);
  co_await ask_one(look, view, missing, options_for(false));
  co_await ask_both(look, view, std::move(question));
  co_await ask_one(look, view, missing, options_for(true));
}

/// Truncated answers need TCP (RFC 7766). The root's keys every resolver has, whatever becomes of
/// the zone's servers.
asio::awaitable<void> ask_over_tcp(Look& look, ResolverView& view) {
  auto options = options_for(false);
  options.tcp = true;
  co_await ask_one(look, view, in_class(dns::Name(), Type::dnskey), options);
}

/// RFC 8509 3: the labels that tell which root keys a resolver trusts.
std::vector<Question> sentinels(const ZoneObservation& seen) {
  std::vector<Question> questions;
  for (const auto& anchor : seen.anchors) {
    if (!anchor.zone.is_root() || questions.size() == 2 * kMostSentinels) {
      continue;
    }
    for (const auto& label :
         {sentinel_label(true, anchor.ds.key_tag), sentinel_label(false, anchor.ds.key_tag)}) {
      if (auto name = seen.apex->prepend(label)) {
        const auto question = in_class(*std::move(name), Type::a);
        if (std::find(questions.begin(), questions.end(), question) == questions.end()) {
          questions.push_back(question);
        }
      }
    }
  }
  return questions;
}

std::vector<asio::awaitable<void>> questions_for(Look& look, ResolverView& view) {
  const auto& seen = look.seen;
  std::vector<asio::awaitable<void>> tasks;
  tasks.push_back(ask_missing_then_live(look, view, in_class(*seen.apex, Type::soa)));
  for (const auto& wanted : seen.wanted) {
    tasks.push_back(ask_missing_then_live(look, view, wanted));
  }
  if (seen.random_name) {
    tasks.push_back(ask_both(look, view, in_class(*seen.random_name, Type::a)));
  }
  if (seen.canary) {
    tasks.push_back(ask_both(look, view, seen.canary->question));
  }
  for (const auto& canary : seen.algorithm_canaries) {
    tasks.push_back(ask_one(look, view, canary.question, options_for(false)));
  }
  for (auto& question : sentinels(seen)) {
    tasks.push_back(ask_one(look, view, std::move(question), options_for(false)));
  }
  if (!view.address.over_tls()) {
    tasks.push_back(ask_over_tcp(look, view));
  }
  return tasks;
}

/// Who does not even answer about the root is not waited for again and again.
asio::awaitable<void> ask_resolver(Look& look, ResolverView& view) {
  co_await ask_one(look, view, in_class(dns::Name(), Type::soa), options_for(false));
  if (view.answers.back().answered()) {
    co_await all(questions_for(look, view));
  }
}

asio::awaitable<void> look_at_canary(Look& look, dns::Lookup& into) {
  auto lookup = co_await look.validated(into.question, look.means.deadline);
  into = std::move(lookup);
}

}  // namespace

asio::awaitable<void> ask_resolvers(Look& look) {
  auto& seen = look.seen;
  seen.stage = "asking " + std::to_string(look.request.resolvers.size()) + " resolvers";
  std::vector<asio::awaitable<void>> tasks;
  if (look.request.canary) {
    seen.canary.emplace();
    seen.canary->question = in_class(*look.request.canary, Type::a);
    tasks.push_back(look_at_canary(look, *seen.canary));
  }
  for (const auto& name : look.request.algorithm_canaries) {
    seen.algorithm_canaries.emplace_back().question = in_class(name, Type::a);
  }
  for (auto& canary : seen.algorithm_canaries) {
    tasks.push_back(look_at_canary(look, canary));
  }
  for (const auto& address : look.request.resolvers) {
    seen.resolvers.push_back({address, {}});
  }
  for (auto& view : seen.resolvers) {
    tasks.push_back(ask_resolver(look, view));
  }
  co_await all(std::move(tasks));
}

}  // namespace observe
