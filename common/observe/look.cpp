// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/look.hpp"

#include <algorithm>

namespace observe {
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

Clock::time_point Look::soon() const {
  const auto now = Clock::now();
  return means.deadline <= now ? now : now + (means.deadline - now) / 3;
}

bool Look::time_left() const { return time_left_for(std::chrono::milliseconds(0)); }

bool Look::time_left_for(std::chrono::milliseconds work) const {
  return Clock::now() + work < means.deadline;
}

asio::awaitable<dns::Lookup> Look::validated(dns::Question question, Clock::time_point until) {
  co_return co_await means.validating.lookup(std::move(question), until);
}

/// A forwarder that validates gives what it calls bogus only to those who set CD (RFC 4035 3.2.2),
/// which libunbound does not: the question is put to it directly.
asio::awaitable<dns::Lookup> Look::ask_forwarders(dns::Question question) const {
  dns::Lookup lookup;
  lookup.question = question;
  lookup.validated = false;
  lookup.security = dns::Security::failed;
  transport::AskOptions options;
  options.rd = true;
  for (const auto& forwarder : means.forwarders) {
    auto answer = co_await means.client.ask(forwarder, question, options);
    if (!answer.answered()) {
      continue;
    }
    lookup.rcode = answer.message->rcode;
    lookup.round_trip = answer.round_trip;
    lookup.have_data =
        std::any_of(answer.message->answer.begin(), answer.message->answer.end(),
                    [&](const dns::Record& record) { return record.type == question.type; });
    lookup.wire = std::move(answer.wire);
    lookup.message = std::move(answer.message);
    if (lookup.rcode == dns::Rcode::noerror || lookup.rcode == dns::Rcode::nxdomain) {
      lookup.security = dns::Security::insecure;
      break;
    }
  }
  co_return lookup;
}

asio::awaitable<std::optional<dns::Lookup>> Look::plain(dns::Question question,
                                                        Clock::time_point until) const {
  if (!means.forwarders.empty()) {
    auto lookup = co_await ask_forwarders(std::move(question));
    co_return lookup;
  }
  resolve::Resolver* resolver = means.plain();
  if (resolver == nullptr) {
    co_return std::nullopt;
  }
  co_return co_await resolver->lookup(std::move(question), until);
}

asio::awaitable<dns::Lookup> Look::navigate(dns::Question question, Clock::time_point until) {
  auto answer = co_await validated(question, until);
  const bool settled = answer.security == dns::Security::secure ||
                       answer.security == dns::Security::insecure ||
                       answer.security == dns::Security::not_looked_up;
  if (!settled) {
    auto second = co_await plain(std::move(question), until);
    if (second && second->message) {
      // That the validator refused it is kept: some rule may want to know.
      second->why_bogus = answer.security == dns::Security::bogus && answer.why_bogus.empty()
                              ? "bogus"
                              : std::move(answer.why_bogus);
      answer = *std::move(second);
    }
  }
  co_return answer;
}

}  // namespace observe
