// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/transfer.hpp"

#include <algorithm>

namespace observe {

std::vector<dns::Endpoint> transfer_servers(const ZoneObservation& seen) {
  std::vector<dns::Endpoint> endpoints;
  const auto add = [&](bool answering) {
    for (const Server& server : seen.servers) {
      const bool answered = std::any_of(server.answers.begin(), server.answers.end(),
                                        [](const dns::Answer& one) { return one.answered(); });
      const bool is_new =
          std::find(endpoints.begin(), endpoints.end(), server.endpoint) == endpoints.end();
      if (answered == answering && is_new) {
        endpoints.push_back(server.endpoint);
      }
    }
  };
  add(true);
  add(false);
  return endpoints;
}

boost::asio::awaitable<void> transfer_zone(boost::asio::io_context& io,
                                           const transport::TransferRequest& request,
                                           const std::vector<dns::Endpoint>& servers,
                                           dns::RecordSink& sink, dns::TransferLook& into) {
  for (const dns::Endpoint& server : servers) {
    dns::Transfer& attempt = into.tries.emplace_back();
    co_await transport::transfer(io, request, server, sink, attempt);
    if (attempt.began() || attempt.complete() || attempt.end == dns::TransferEnd::sink_refused) {
      co_return;
    }
  }
}

}  // namespace observe
