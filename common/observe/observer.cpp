// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/observer.hpp"

#include "observe/look.hpp"
#include "observe/parallel.hpp"

namespace observe {
namespace asio = boost::asio;
using dns::Name;
using dns::Type;

namespace {

asio::awaitable<void> probe(Look& look, dns::Question question, dns::Lookup& into) {
  into = co_await look.validated(std::move(question), look.means.deadline);
}

/// What users' resolvers would be told: data, no such name, no such type, and the names asked for.
asio::awaitable<void> probe_validator(Look& look) {
  auto& seen = look.seen;
  std::vector<dns::Question> questions{in_class(*seen.apex, Type::soa)};
  if (look.request.chain_probes) {
    questions.push_back(in_class(*seen.apex, kMissingType));
    if (seen.random_name) {
      questions.push_back(in_class(*seen.random_name, Type::a));
    }
  }
  questions.insert(questions.end(), seen.wanted.begin(), seen.wanted.end());
  for (const auto& question : questions) {
    dns::Lookup pending;
    pending.question = question;
    seen.probes.push_back(std::move(pending));
  }
  std::vector<asio::awaitable<void>> tasks;
  for (auto& lookup : seen.probes) {
    tasks.push_back(probe(look, lookup.question, lookup));
  }
  co_await all(std::move(tasks));
}

asio::awaitable<void> see_servers(Look& look) {
  co_await find_servers(look);
  co_await ask_servers(look);
}

}  // namespace

asio::awaitable<void> observe_zone(const Request& request, Means& means, ZoneObservation& into) {
  Look look{request, means, into};
  into.asked = request.name;
  into.wanted = request.names;
  into.ipv4 = request.ipv4;
  into.ipv6 = request.ipv6;
  co_await descend(look);
  if (into.descent != Descent::found && into.descent != Descent::parent_unreachable) {
    co_return;
  }
  into.random_name = into.apex->prepend(request.random_label);
  std::vector<asio::awaitable<void>> tasks;
  tasks.push_back(look_up_links(look));
  if (into.descent == Descent::found) {
    tasks.push_back(probe_validator(look));
    tasks.push_back(see_servers(look));
  }
  co_await all(std::move(tasks));
}

}  // namespace observe
