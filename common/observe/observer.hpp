// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <utility>  // before Asio: Boost 1.74 forgets it

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "observe/observation.hpp"
#include "resolve/resolver.hpp"
#include "transport/client.hpp"

namespace observe {

/// What to look at.
struct Request {
  dns::Name name;
  bool chain_probes = false;    ///< the validator's verdicts for positive and negative answers
  bool apex_rrsets = false;     ///< every RRset that the apex's own NSEC(3) lists, at every server
  bool parent_servers = false;  ///< DS and referral at every parent server
  bool server_tcp = false;      ///< DNSKEY over TCP at every server
  bool child_ds = false;   ///< CDS and CDNSKEY (and DS, which must not be there) at every server
  bool signals = false;    ///< for bootstrapping, where the zone asks for its first DS
  bool bootstrap = false;  ///< and where it has no DS and does not ask
  bool denials = false;    ///< negative answers of every kind, at every server
  unsigned probes = 0;     ///< further random names among them
  std::optional<std::uint32_t> walk;   ///< along the NSEC chain, that many names; 0: all
  std::vector<dns::Question> names;    ///< further RRsets to look at
  std::vector<dns::Endpoint> servers;  ///< instead of the delegated nameservers
  std::string random_label;            ///< a label nobody has
  bool ipv4 = true, ipv6 = true;
  bool forwarding = false;   ///< port 53 is closed: ask no nameserver directly but `servers`
  bool zone_servers = true;  ///< find the zone's nameservers and ask them
  std::vector<dns::ResolverAddress> resolvers;  ///< to ask what users of the zone would ask
  std::optional<dns::Name> canary;              ///< a name that validators must refuse
  std::vector<dns::Name> algorithm_canaries;    ///< names that validators must find secure
  bool recursion = false;                       ///< `servers` are resolvers: set RD
};

/// What to look with. `plain` makes the unvalidating resolver on first use: most zones never need
/// it.
struct Means {
  resolve::Resolver& validating;
  std::function<resolve::Resolver*()> plain;
  transport::Client client;
  std::chrono::steady_clock::time_point deadline;
  std::vector<dns::Endpoint> forwarders;  ///< the resolvers use these, where port 53 is closed
};

/// Looks, and fills `into` as it goes, so that what was seen by the deadline is there when the
/// caller stops waiting. `into` must outlive the coroutine. Sets no verdicts.
boost::asio::awaitable<void> observe_zone(const Request& request, Means& means,
                                          ZoneObservation& into);

}  // namespace observe
