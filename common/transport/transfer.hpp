// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <utility>  // before Asio: Boost 1.74 forgets it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "dns/name.hpp"
#include "dns/record_sink.hpp"
#include "dns/transfer.hpp"
#include "transport/tsig_key.hpp"

namespace transport {

/// What to transfer and how long to wait for it.
struct TransferRequest {
  dns::Name zone;
  std::optional<TsigKey> key{};
  std::function<dns::UnixTime()> clock{};  ///< this host's time, for TSIG: must be there with a key
  std::chrono::milliseconds connect_time{2000};
  std::chrono::milliseconds idle_time{
      10000};  ///< silence that ends it, before the answer and within
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  std::function<std::uint32_t()> random{};  ///< unpredictable; default getrandom(2)
};

/// AXFR (RFC 5936) from one server over a connection of its own. Pours the records into `sink`
/// while they come; the closing SOA is not among them. What was poured counts only when it ends as
/// complete. Fills `into` as it goes. All that is referred to outlives the coroutine. Memory: two
/// messages.
boost::asio::awaitable<void> transfer(boost::asio::io_context& io, const TransferRequest& request,
                                      const dns::Endpoint& server, dns::RecordSink& sink,
                                      dns::Transfer& into);

}  // namespace transport
