// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// RFC 9615: a zone without a DS is vouched for by the names of its nameservers.
#include <algorithm>

#include "observe/look.hpp"
#include "observe/parallel.hpp"

namespace observe {
namespace asio = boost::asio;
using dns::Name;
using dns::Type;

namespace {

bool has_no_ds(const ZoneObservation& seen) {
  if (seen.links.empty() || !seen.links.back().ds) {
    return false;
  }
  const auto& ds = *seen.links.back().ds;
  return !ds.have_data &&
         (ds.security == dns::Security::secure || ds.security == dns::Security::insecure);
}

/// The zone has CDS or CDNSKEY at some server.
bool asks_for_ds(const ZoneObservation& seen) {
  return std::any_of(seen.servers.begin(), seen.servers.end(), [&](const Server& server) {
    return std::any_of(server.answers.begin(), server.answers.end(), [&](const dns::Answer& one) {
      const auto type = one.question.type;
      return (type == Type::cds || type == Type::cdnskey) && one.answered() &&
             one.question.name == *seen.apex && !one.message->answer.empty();
    });
  });
}

asio::awaitable<void> look_up_type(Look& look, const Signal& signal, Type type,
                                   std::optional<dns::Lookup>& into) {
  into = co_await look.validated(in_class(*signal.name, type), look.soon());
}

}  // namespace

std::vector<Name> signalling_nameservers(const ZoneObservation& seen) {
  const bool referred = std::any_of(seen.nameservers.begin(), seen.nameservers.end(),
                                    [](const Nameserver& host) { return host.at_parent; });
  std::vector<Name> names;
  for (const auto& host : seen.nameservers) {
    if ((host.at_parent || !referred) && !host.name.is_at_or_below(*seen.apex)) {
      names.push_back(host.name);
    }
  }
  return names;
}

bool lacks_signals(const ZoneObservation& seen) {
  return seen.apex && has_no_ds(seen) && seen.signals.empty() &&
         !signalling_nameservers(seen).empty();
}

std::optional<Name> signalling_name(const Name& zone, const Name& nameserver) {
  auto name = nameserver.prepend("_signal");
  auto labels = zone.labels();
  std::reverse(labels.begin(), labels.end());
  for (const auto label : labels) {
    name = name ? name->prepend(label) : name;
  }
  return name ? name->prepend("_dsboot") : name;
}

asio::awaitable<void> look_up_signals(Look& look) {
  auto& seen = look.seen;
  const bool wanted = look.request.signals && seen.apex && has_no_ds(seen) &&
                      (look.request.bootstrap || asks_for_ds(seen));
  if (!wanted) {
    co_return;
  }
  if (!look.time_left()) {
    seen.notes.emplace_back("the signals for bootstrapping were not looked up: no time was left");
    co_return;
  }
  seen.stage = "looking up what the nameservers signal for bootstrapping";
  for (const auto& nameserver : signalling_nameservers(seen)) {
    Signal signal;
    signal.nameserver = nameserver;
    signal.name = signalling_name(*seen.apex, nameserver);
    seen.signals.push_back(std::move(signal));
  }
  std::vector<asio::awaitable<void>> tasks;
  for (auto& signal : seen.signals) {
    if (signal.name) {
      tasks.push_back(look_up_type(look, signal, Type::cds, signal.cds));
      tasks.push_back(look_up_type(look, signal, Type::cdnskey, signal.cdnskey));
    }
  }
  co_await all(std::move(tasks));
}

}  // namespace observe
