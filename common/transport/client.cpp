// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/client.hpp"

#include "transport/asking.hpp"

namespace transport {

struct Client::State : Shared {
  using Shared::Shared;
};

Client::Client(boost::asio::io_context& io, ClientOptions options)
    : state_(std::make_shared<State>(io, std::move(options))) {}

Client::~Client() = default;

boost::asio::awaitable<dns::Answer> Client::ask(dns::Endpoint server, dns::Question question,
                                                AskOptions options) {
  return ask_server(state_, std::move(server), std::move(question), options, {});
}

boost::asio::awaitable<dns::Answer> Client::ask_over_tls(dns::Endpoint server, std::string name,
                                                         dns::Question question,
                                                         AskOptions options) {
  return ask_server(state_, std::move(server), std::move(question), options, std::move(name));
}

unsigned long Client::sent() const { return state_->sent; }

}  // namespace transport
