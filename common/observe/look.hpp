// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include "observe/observer.hpp"

namespace observe {

/// A question of class IN. A function, not braces: GCC 11 and 12 destroy a temporary of aggregate
/// initialisation twice when it stands in a co_await expression (GCC bug 98401).
inline dns::Question in_class(dns::Name name, dns::Type type) {
  return {std::move(name), type, dns::Class::in};
}

/// What all parts of one look share. Lives in observe_zone()'s frame.
struct Look {
  const Request& request;
  Means& means;
  ZoneObservation& seen;

  /// For look-ups that must not eat the whole time when a zone's servers are silent: a third of
  /// what is left.
  [[nodiscard]] std::chrono::steady_clock::time_point soon() const;
  [[nodiscard]] bool time_left() const;
  [[nodiscard]] bool time_left_for(std::chrono::milliseconds work) const;
  /// The validator's answer.
  boost::asio::awaitable<dns::Lookup> validated(dns::Question question,
                                                std::chrono::steady_clock::time_point until);
  /// The unvalidated answer; nothing when that resolver cannot be made.
  [[nodiscard]] boost::asio::awaitable<std::optional<dns::Lookup>> plain(
      dns::Question question, std::chrono::steady_clock::time_point until) const;
  [[nodiscard]] boost::asio::awaitable<dns::Lookup> ask_forwarders(dns::Question question) const;
  /// The validator's answer where it has one, else the unvalidated one: for finding the way.
  boost::asio::awaitable<dns::Lookup> navigate(dns::Question question,
                                               std::chrono::steady_clock::time_point until);
};

/// The way from the root down: seen.links' zones, seen.apex, seen.parent, seen.descent.
boost::asio::awaitable<void> descend(Look& look);
/// DS and DNSKEY of every link.
boost::asio::awaitable<void> look_up_links(Look& look);
/// What the nameservers' names signal for bootstrapping: seen.signals.
boost::asio::awaitable<void> look_up_signals(Look& look);
/// The servers of `zone` by look-up: nameserver names and their addresses, at most `most_names`.
boost::asio::awaitable<std::vector<Nameserver>> nameservers_of(Look& look, dns::Name zone,
                                                               std::size_t most_names);
/// Fills in `host.addresses` (and keeps the look-ups).
boost::asio::awaitable<void> look_up_addresses(Look& look, Nameserver& host);
/// One Server per address of the families in use, with the names that have it.
std::vector<Server> servers_of(const std::vector<Nameserver>& hosts, const Request& request,
                               std::vector<std::string>& notes);
/// The delegation from both sides: seen.parent_servers, seen.nameservers, seen.servers.
boost::asio::awaitable<void> find_servers(Look& look);
/// Puts one question to one server and keeps the answer. False when there was none.
boost::asio::awaitable<bool> ask(Look& look, Server& server, dns::Question question,
                                 transport::AskOptions options = {});
/// Along the NSEC chain at the first server that serves the zone: seen.walk.
boost::asio::awaitable<void> walk_chain(Look& look);
/// Every question for every server of the zone.
boost::asio::awaitable<void> ask_servers(Look& look);
/// Every question for every resolver, and the validator's word on the canary.
boost::asio::awaitable<void> ask_resolvers(Look& look);

}  // namespace observe
