// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>

#include "observe/look.hpp"
#include "observe/parallel.hpp"
#include "transport/address.hpp"

namespace observe {
namespace asio = boost::asio;
using dns::Name;
using dns::Type;

namespace {

/// Hostile delegations must not make us ask the world: real zones stay far below.
constexpr std::size_t kMostNames = 32;
constexpr std::size_t kMostAddresses = 64;

Nameserver& host_named(std::vector<Nameserver>& hosts, const Name& name) {
  auto found = std::find_if(hosts.begin(), hosts.end(),
                            [&](const Nameserver& host) { return host.name == name; });
  if (found != hosts.end()) {
    return *found;
  }
  hosts.push_back(Nameserver{name, false, false, {}, {}, {}});
  return hosts.back();
}

/// The NS targets at `owner` in a section.
std::vector<Name> targets_at(const std::vector<dns::Record>& section, const Name& owner) {
  std::vector<Name> targets;
  for (const auto& record : section) {
    if (record.type == Type::ns && record.owner == owner) {
      if (auto target = dns::parse_target(record.rdata)) {
        targets.push_back(*std::move(target));
      }
    }
  }
  return targets;
}

void add_unique(std::vector<std::string>& list, std::string text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) {
    list.push_back(std::move(text));
  }
}

asio::awaitable<void> look_up_family(Look& look, Nameserver& host, Type type) {
  auto lookup = co_await look.navigate(in_class(host.name, type), look.soon());
  if (lookup.message) {
    for (const auto& record : lookup.message->answer) {
      if (record.type == type) {
        if (auto text = transport::address_text(record.rdata)) {
          add_unique(host.addresses, *std::move(text));
        }
      }
    }
  }
  host.lookups.push_back(std::move(lookup));
}

/// A parent server's referral: names and glue (RFC 1034 4.2.1).
void read_referral(ZoneObservation& seen, const dns::Message& message) {
  for (const auto& target : targets_at(message.authority, *seen.apex)) {
    if (seen.nameservers.size() < kMostNames) {
      host_named(seen.nameservers, target).at_parent = true;
    }
  }
  for (const auto& record : message.additional) {
    const bool address = record.type == Type::a || record.type == Type::aaaa;
    auto text = address ? transport::address_text(record.rdata) : std::nullopt;
    if (text) {
      for (auto& host : seen.nameservers) {
        if (host.at_parent && host.name == record.owner) {
          add_unique(host.glue, *text);
        }
      }
    }
  }
}

asio::awaitable<void> ask_for_delegation(Look& look, Server& server) {
  if (co_await ask(look, server, in_class(*look.seen.apex, Type::ns))) {
    const auto& message = *server.answers.back().message;
    if (!message.aa) {
      read_referral(look.seen, message);
    }
  }
}

asio::awaitable<void> ask_for_ds(Look& look, Server& server) {
  co_await ask(look, server, in_class(*look.seen.apex, Type::ds));
}

/// Without a wish to see every parent server, the first that refers is enough.
asio::awaitable<void> ask_first_parent(Look& look) {
  auto& servers = look.seen.parent_servers;
  for (std::size_t i = 0; i < servers.size() && i < 4 && look.time_left(); ++i) {
    co_await ask_for_delegation(look, servers[i]);
    const bool referred = std::any_of(look.seen.nameservers.begin(), look.seen.nameservers.end(),
                                      [](const Nameserver& host) { return host.at_parent; });
    if (referred || servers[i].answers.back().answered()) {
      servers.resize(i + 1);
      co_return;
    }
  }
}

asio::awaitable<void> see_parent_side(Look& look) {
  auto& seen = look.seen;
  if (!seen.parent || look.request.forwarding) {
    co_return;
  }
  seen.stage = "asking the servers of the parent " + seen.parent->to_display();
  const auto hosts =
      co_await nameservers_of(look, *seen.parent, look.request.parent_servers ? kMostNames : 2);
  seen.parent_servers = servers_of(hosts, look.request, seen.notes);
  if (!look.request.parent_servers) {
    co_await ask_first_parent(look);
    co_return;
  }
  // Both at once: a silent server costs the patience for one question, and leaves time for the
  // zone's own servers.
  std::vector<asio::awaitable<void>> tasks;
  for (auto& server : seen.parent_servers) {
    tasks.push_back(ask_for_delegation(look, server));
    tasks.push_back(ask_for_ds(look, server));
  }
  co_await all(std::move(tasks));
}

asio::awaitable<void> see_child_side(Look& look) {
  auto& seen = look.seen;
  const auto lookup = co_await look.navigate(in_class(*seen.apex, Type::ns), look.soon());
  if (!lookup.message) {
    co_return;
  }
  for (const auto& target : targets_at(lookup.message->answer, *seen.apex)) {
    if (seen.nameservers.size() < kMostNames) {
      host_named(seen.nameservers, target).at_child = true;
    } else {
      seen.notes.push_back("more than " + std::to_string(kMostNames) +
                           " nameservers: the others were not asked");
      co_return;
    }
  }
}

void use_given_servers(Look& look) {
  auto& seen = look.seen;
  for (const auto& endpoint : look.request.servers) {
    const bool again =
        std::any_of(seen.servers.begin(), seen.servers.end(),
                    [&](const Server& server) { return server.endpoint == endpoint; });
    if (again) {
      continue;
    }
    seen.servers.push_back(Server{endpoint, {}, {}, {}});
    if (!look.request.recursion) {  // else the forwarders stand in for the nameservers
      seen.servers_given += (seen.servers_given.empty() ? "" : ", ") + endpoint.to_text();
    }
  }
}

}  // namespace

asio::awaitable<void> look_up_addresses(Look& look, Nameserver& host) {
  std::vector<asio::awaitable<void>> tasks;
  for (const auto type : {Type::a, Type::aaaa}) {
    tasks.push_back(look_up_family(look, host, type));
  }
  co_await all(std::move(tasks));
  if (host.addresses.empty()) {
    host.addresses = host.glue;
  }
}

asio::awaitable<std::vector<Nameserver>> nameservers_of(Look& look, Name zone,
                                                        std::size_t most_names) {
  std::vector<Nameserver> hosts;
  const auto lookup = co_await look.navigate(in_class(zone, Type::ns), look.soon());
  if (lookup.message) {
    for (const auto& target : targets_at(lookup.message->answer, zone)) {
      if (hosts.size() < most_names) {
        host_named(hosts, target).at_child = true;
      }
    }
  }
  std::vector<asio::awaitable<void>> tasks;
  for (auto& host : hosts) {
    tasks.push_back(look_up_addresses(look, host));
  }
  co_await all(std::move(tasks));
  co_return hosts;
}

std::vector<Server> servers_of(const std::vector<Nameserver>& hosts, const Request& request,
                               std::vector<std::string>& notes) {
  std::vector<Server> servers;
  for (const auto& host : hosts) {
    for (const auto& address : host.addresses) {
      const dns::Endpoint endpoint{address, 53};
      if (endpoint.is_v6() ? !request.ipv6 : !request.ipv4) {
        continue;
      }
      auto found = std::find_if(servers.begin(), servers.end(),
                                [&](const Server& server) { return server.endpoint == endpoint; });
      if (found != servers.end()) {
        found->names.push_back(host.name);
      } else if (servers.size() < kMostAddresses) {
        servers.push_back(Server{endpoint, {host.name}, {}, {}});
      } else {
        notes.push_back("more than " + std::to_string(kMostAddresses) +
                        " server addresses: the others were not asked");
        return servers;
      }
    }
  }
  return servers;
}

asio::awaitable<void> find_servers(Look& look) {
  auto& seen = look.seen;
  if (!look.request.servers.empty()) {
    use_given_servers(look);
  }
  if (look.request.forwarding) {
    co_return;
  }
  if (!look.request.servers.empty() && !look.request.parent_servers) {
    co_return;
  }
  std::vector<asio::awaitable<void>> sides;
  sides.push_back(see_parent_side(look));
  sides.push_back(see_child_side(look));
  co_await all(std::move(sides));

  const bool none_named = look.request.servers.empty() && seen.nameservers.empty();
  if (!look.time_left() || none_named) {
    seen.deadline_hit = true;  // each look-up had its share of the time: no server will be asked
    co_return;
  }
  seen.stage = "looking up the addresses of the nameservers";
  std::vector<asio::awaitable<void>> tasks;
  for (auto& host : seen.nameservers) {
    tasks.push_back(look_up_addresses(look, host));
  }
  co_await all(std::move(tasks));
  if (look.request.servers.empty()) {
    seen.servers = servers_of(seen.nameservers, look.request, seen.notes);
  }
}

}  // namespace observe
