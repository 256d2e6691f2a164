// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "transport/exchange.hpp"
#include "transport/watchdog.hpp"

namespace transport {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

/// Frames of other questions looked at before the server is given up.
constexpr unsigned most_foreign = 16;

dns::Outcome connect_failure(const error_code& error) {
  if (error == asio::error::connection_refused || error == asio::error::connection_reset) {
    return dns::Outcome::connection_refused;
  }
  if (lacks_means(error)) {
    return dns::Outcome::not_asked;
  }
  return error == asio::error::timed_out ? dns::Outcome::timeout : dns::Outcome::unreachable;
}

dns::Outcome stream_failure(const error_code& error) {
  if (error == asio::error::eof || error == asio::error::connection_reset ||
      error == asio::error::broken_pipe || error == asio::error::connection_aborted) {
    return dns::Outcome::connection_closed;
  }
  return error == asio::error::timed_out ? dns::Outcome::timeout : dns::Outcome::unreachable;
}

void fail(Reply& reply, dns::Outcome outcome, const error_code& error) {
  reply.outcome = outcome;
  reply.detail = error.message();
}

/// Takes one whole frame off the front of what has arrived; nothing while it is incomplete.
std::optional<dns::Bytes> take_frame(dns::Bytes& arrived) {
  if (arrived.size() < 2) {
    return std::nullopt;
  }
  const std::size_t end = 2 + (std::size_t{arrived[0]} << 8U | arrived[1]);
  if (arrived.size() < end) {
    return std::nullopt;
  }
  const auto stop = arrived.begin() + static_cast<std::ptrdiff_t>(end);
  dns::Bytes frame(arrived.begin() + 2, stop);
  arrived.erase(arrived.begin(), stop);
  return frame;
}

/// Looks at the whole frames in `arrived`. True when the exchange is over.
bool read_frames(const Exchange& exchange, dns::Bytes& arrived, Reply& reply) {
  while (const std::optional<dns::Bytes> frame = take_frame(arrived)) {
    if (fit(exchange, *frame, reply) != Fit::foreign) {
      return true;
    }
    if (++reply.ignored >= most_foreign) {
      reply.outcome = dns::Outcome::malformed;
      reply.detail = "only messages that answer another question";
      return true;
    }
  }
  return false;
}

/// Reads without waiting and only what is there: memory follows what arrives, not what a length
/// field promises. True when the exchange is over.
bool receive(const Exchange& exchange, tcp::socket& socket, dns::Bytes& arrived, Reply& reply) {
  error_code error;
  const std::size_t size =
      socket.read_some(asio::buffer(exchange.scratch.data(), exchange.scratch.size()), error);
  if (error == asio::error::would_block || error == asio::error::try_again) {
    return false;
  }
  if (error) {
    fail(reply, stream_failure(error), error);
    return true;
  }
  const auto begin = exchange.scratch.begin();
  arrived.insert(arrived.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
  return read_frames(exchange, arrived, reply);
}

asio::awaitable<error_code> open(const Exchange& exchange, tcp::socket& socket) {
  const tcp::endpoint server(exchange.address, exchange.port);
  error_code error;
  socket.open(server.protocol(), error);
  if (!error) {
    co_await socket.async_connect(server, asio::redirect_error(asio::use_awaitable, error));
  }
  if (!error) {
    socket.non_blocking(true, error);
  }
  co_return error;
}

asio::awaitable<error_code> send(const Exchange& exchange, tcp::socket& socket) {
  // RFC 7766 8: length and message in one segment where that can be.
  const std::size_t size = exchange.query.size();
  const std::array<std::uint8_t, 2> length{static_cast<std::uint8_t>(size >> 8U),
                                           static_cast<std::uint8_t>(size & 0xffU)};
  const std::array<asio::const_buffer, 2> frame{asio::buffer(length), asio::buffer(exchange.query)};
  error_code error;
  co_await asio::async_write(socket, frame, asio::redirect_error(asio::use_awaitable, error));
  co_return error;
}

}  // namespace

asio::awaitable<Reply> exchange_tcp(const Exchange& exchange) {
  Reply reply;
  tcp::socket socket(exchange.io);
  const Watchdog<tcp::socket> watchdog(exchange.io, socket, exchange.limit);
  error_code error = co_await open(exchange, socket);
  if (watchdog.bitten()) {
    co_return reply;  // a timeout
  }
  if (error) {
    fail(reply, connect_failure(error), error);
    co_return reply;
  }
  const Clock::time_point sent = Clock::now();
  error = co_await send(exchange, socket);
  dns::Bytes arrived;
  while (!watchdog.bitten()) {
    if (!error) {
      co_await socket.async_wait(tcp::socket::wait_read,
                                 asio::redirect_error(asio::use_awaitable, error));
    }
    if (watchdog.bitten()) {
      break;
    }
    if (error) {
      fail(reply, stream_failure(error), error);
      break;
    }
    if (receive(exchange, socket, arrived, reply)) {
      reply.round_trip = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - sent);
      break;
    }
  }
  co_return reply;
}

}  // namespace transport
