// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "transport/exchange.hpp"
#include "transport/watchdog.hpp"

namespace transport {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

/// Datagrams looked at before the other coroutines get their turn: a flood must not starve them.
constexpr int most_at_once = 32;

void fail(Reply& reply, const error_code& error) {
  reply.outcome = error == asio::error::connection_refused ? dns::Outcome::connection_refused
                                                           : dns::Outcome::unreachable;
  reply.outcome = lacks_means(error) ? dns::Outcome::not_asked : reply.outcome;
  reply.detail = error.message();
}

/// Opens, connects and sends without waiting; false leaves the failure in `reply`.
bool put(const Exchange& exchange, udp::socket& socket, Reply& reply) {
  const udp::endpoint server(exchange.address, exchange.port);
  error_code error;
  socket.open(server.protocol(), error);
  if (!error) {
    socket.non_blocking(true, error);
  }
  if (!error) {
    socket.connect(server, error);
  }
  if (!error) {
    socket.send(asio::buffer(exchange.query), 0, error);
  }
  if (error) {
    fail(reply, error);
  }
  return !error;
}

/// Takes what has arrived. True when the exchange is over.
bool receive(const Exchange& exchange, udp::socket& socket, Clock::time_point sent, Reply& reply) {
  for (int seen = 0; seen < most_at_once; ++seen) {
    error_code error;
    const std::size_t size =
        socket.receive(asio::buffer(exchange.scratch.data(), exchange.scratch.size()), 0, error);
    if (error == asio::error::would_block || error == asio::error::try_again) {
      return false;
    }
    if (error) {
      // What is known of the server already says more than an ICMP message behind it.
      if (reply.outcome != dns::Outcome::malformed) {
        fail(reply, error);
      }
      return true;
    }
    const Clock::time_point arrived = Clock::now();
    switch (fit(exchange, exchange.scratch.first(size), reply)) {
      case Fit::accepted:
        reply.round_trip = std::chrono::duration_cast<std::chrono::microseconds>(arrived - sent);
        return true;
      case Fit::malformed:  // a better one may follow: anyone may have guessed the id
        reply.round_trip = std::chrono::duration_cast<std::chrono::microseconds>(arrived - sent);
        break;
      case Fit::foreign:
        ++reply.ignored;
        break;
    }
  }
  return false;
}

}  // namespace

asio::awaitable<Reply> exchange_udp(const Exchange& exchange) {
  Reply reply;
  udp::socket socket(exchange.io);
  if (!put(exchange, socket, reply)) {
    co_return reply;
  }
  const Clock::time_point sent = Clock::now();
  const Watchdog<udp::socket> watchdog(exchange.io, socket, exchange.limit);
  while (!watchdog.bitten() && Clock::now() < exchange.limit) {
    error_code error;
    co_await socket.async_wait(udp::socket::wait_read,
                               asio::redirect_error(asio::use_awaitable, error));
    if (watchdog.bitten() || error || receive(exchange, socket, sent, reply)) {
      break;
    }
  }
  co_return reply;
}

}  // namespace transport
