// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/client.hpp"

#include <algorithm>
#include <utility>

#include "transport/asking.hpp"

namespace transport {

struct Client::State : Shared {
  using Shared::Shared;
};

Client::Client(boost::asio::io_context& io, ClientOptions options)
    : deadline_(options.deadline), budget_(std::make_shared<Budget>(Budget{options.most_octets})) {
  state_ = std::make_shared<State>(io, std::move(options));
}

Client Client::for_zone(std::uint64_t zone, TimePoint deadline) const {
  Client other = *this;
  other.zone_ = zone;
  other.budget_ = std::make_shared<Budget>(Budget{state_->options.most_octets});
  other.deadline_ = std::min(deadline_, deadline);
  return other;
}

boost::asio::awaitable<dns::Answer> Client::ask(dns::Endpoint server, dns::Question question,
                                                AskOptions options) {
  return ask_server(state_, std::move(server), std::move(question), options, {},
                    {deadline_, zone_, budget_});
}

boost::asio::awaitable<dns::Answer> Client::ask_over_tls(dns::Endpoint server, std::string name,
                                                         dns::Question question,
                                                         AskOptions options) {
  return ask_server(state_, std::move(server), std::move(question), options, std::move(name),
                    {deadline_, zone_, budget_});
}

unsigned long Client::sent() const { return state_->sent; }

}  // namespace transport
