// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/observer.hpp"

#include <algorithm>

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

bool is_among(const std::vector<dns::Lookup>& lookups, const dns::Question& question) {
  return std::any_of(lookups.begin(), lookups.end(),
                     [&](const dns::Lookup& lookup) { return lookup.question == question; });
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
  if (!look.request.resolvers.empty()) {
    // What a name has not got: resolvers are asked that too, to see whether it hides what is there.
    for (const auto& wanted : seen.wanted) {
      questions.push_back(in_class(wanted.name, kMissingType));
    }
  }
  for (const auto& question : questions) {
    if (is_among(seen.probes, question)) {
      continue;
    }
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

/// What was asked for and cannot be looked at here must not pass for fine.
void note_wanted_elsewhere(ZoneObservation& seen) {
  for (const auto& wanted : seen.wanted) {
    if (!wanted.name.is_at_or_below(*seen.apex)) {
      seen.notes.push_back(wanted.name.to_display() + " is not in the zone " +
                           seen.apex->to_display() + ": it was not looked at");
    }
  }
}

bool is_denied(const ZoneObservation& seen, const dns::Question& wanted) {
  bool denied = false;
  for (const auto& server : seen.servers) {
    const auto* answer = server.find(wanted.name, wanted.type);
    if (answer != nullptr && answer->answered()) {
      if (answer->message->rcode != dns::Rcode::nxdomain) {
        return false;
      }
      denied = true;
    }
  }
  return denied;
}

void note_wanted_denied(ZoneObservation& seen) {
  for (const auto& wanted : seen.wanted) {
    if (is_denied(seen, wanted)) {
      seen.notes.push_back(wanted.name.to_display() + " does not exist: the servers deny it");
    }
  }
}

/// A host's name given for a zone: its addresses are looked at with the zone it is in.
void want_addresses_of_asked(ZoneObservation& seen) {
  if (seen.descent == Descent::found && !(*seen.apex == seen.asked)) {
    for (const auto type : {Type::a, Type::aaaa}) {
      seen.wanted.push_back(in_class(seen.asked, type));
    }
  }
}

asio::awaitable<void> see_servers(Look& look) {
  co_await find_servers(look);
  co_await ask_servers(look);
  if (look.request.walk) {
    co_await walk_chain(look);
  }
  note_wanted_denied(look.seen);
}

asio::awaitable<void> look_at_zone(Look& look) {
  const Request& request = look.request;
  ZoneObservation& into = look.seen;
  into.asked = request.name;
  into.wanted = request.names;
  into.ipv4 = request.ipv4;
  into.ipv6 = request.ipv6;
  co_await descend(look);
  if (into.descent != Descent::found && into.descent != Descent::parent_unreachable) {
    co_return;
  }
  if (request.zone_servers) {
    note_wanted_elsewhere(into);
  }
  want_addresses_of_asked(into);
  into.random_name = into.apex->prepend(request.random_label);
  std::vector<asio::awaitable<void>> tasks;
  tasks.push_back(look_up_links(look));
  if (into.descent == Descent::found) {
    tasks.push_back(probe_validator(look));
    if (request.zone_servers) {
      tasks.push_back(see_servers(look));
    }
    if (!request.resolvers.empty()) {
      tasks.push_back(ask_resolvers(look));
    }
  }
  co_await all(std::move(tasks));
  co_await look_up_signals(look);
}

}  // namespace

asio::awaitable<void> observe_zone(const Request& request, Means& means, ZoneObservation& into) {
  Look look{request, means, into};
  co_await look_at_zone(look);
  into.flooded = means.client.has_enough();
}

}  // namespace observe
