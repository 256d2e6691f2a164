// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <utility>  // before Asio: Boost 1.74 forgets it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <vector>

#include "dns/record_sink.hpp"
#include "dns/transfer.hpp"
#include "observe/observation.hpp"
#include "transport/transfer.hpp"

namespace observe {

/// Where a zone may be transferred from when no address is given: the addresses of its nameservers,
/// those that answered first.
std::vector<dns::Endpoint> transfer_servers(const ZoneObservation& seen);

/// Asks one server after another for the zone until one gives it, or begins to: what has been
/// poured into the sink cannot be taken back. Fills `into` as it goes. All that is referred to
/// outlives the coroutine.
boost::asio::awaitable<void> transfer_zone(boost::asio::io_context& io,
                                           const transport::TransferRequest& request,
                                           const std::vector<dns::Endpoint>& servers,
                                           dns::RecordSink& sink, dns::TransferLook& into);

}  // namespace observe
