// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/servers.hpp"

#include <boost/test/unit_test.hpp>
#include <ostream>

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 inlines half of Asio's frame allocation and takes the rest for a mismatch.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace servers {

dns::Question question(const char* name, dns::Type type) {
  return {dns::Name::from_text(name).value(), type, dns::Class::in};
}

dns::Message reply_to(const dns::Bytes& query) {
  dns::Message message = dns::parse_message(query).value();
  message.qr = true;
  message.aa = true;
  message.answer.push_back(
      {message.questions.at(0).name, dns::Type::a, dns::Class::in, 300, dns::Bytes{192, 0, 2, 1}});
  return message;
}

dns::Bytes good_reply(const dns::Bytes& query) { return dns::write_message(reply_to(query)); }

dns::Bytes with_other_id(dns::Bytes wire) {
  wire.at(1) ^= 0x55U;
  return wire;
}

dns::Bytes framed(const dns::Bytes& message) {
  dns::Bytes frame{static_cast<std::uint8_t>(message.size() >> 8U),
                   static_cast<std::uint8_t>(message.size() & 0xffU)};
  frame.insert(frame.end(), message.begin(), message.end());
  return frame;
}

Udp::Udp(asio::io_context& io, Script script)
    : socket_(io, udp::endpoint(asio::ip::address_v4::loopback(), 0)),
      script_(std::move(script)),
      buffer_(65535) {
  receive();
}

void Udp::receive() {
  socket_.async_receive_from(asio::buffer(buffer_), from_,
                             [this](const boost::system::error_code& error, std::size_t size) {
                               if (error == asio::error::operation_aborted) {
                                 return;
                               }
                               if (!error) {
                                 dns::Bytes query(buffer_.begin(),
                                                  buffer_.begin() + static_cast<long>(size));
                                 queries.push_back(query);
                                 source_ports.push_back(from_.port());
                                 script_(*this, std::move(query), from_);
                               }
                               receive();
                             });
}

void Udp::send(const dns::Bytes& wire, const udp::endpoint& to) {
  boost::system::error_code ignored;
  socket_.send_to(asio::buffer(wire), to, 0, ignored);
}

void Udp::send_later(milliseconds delay, dns::Bytes wire, udp::endpoint to) {
  timers_.push_back(std::make_unique<asio::steady_timer>(socket_.get_executor(), delay));
  timers_.back()->async_wait([this, wire = std::move(wire), to = std::move(to)](auto error) {
    if (!error) {
      send(wire, to);
    }
  });
}

Tcp::Tcp(asio::io_context& io, std::uint16_t port, Script script)
    : acceptor_(io, tcp::endpoint(asio::ip::address_v4::loopback(), port)),
      script_(std::move(script)) {
  accept();
}

void Tcp::accept() {
  acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
    if (error) {
      return;
    }
    ++connections;
    asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), asio::detached);
    accept();
  });
}

asio::awaitable<void> Tcp::serve(tcp::socket socket) {
  try {
    co_await script_(socket);
  } catch (const boost::system::system_error&) {
    // the client went away: its own affair
  }
}

asio::awaitable<dns::Bytes> read_query(tcp::socket& socket) {
  dns::Bytes length(2);
  co_await asio::async_read(socket, asio::buffer(length), asio::use_awaitable);
  dns::Bytes query(static_cast<std::size_t>(length[0] << 8U | length[1]));
  co_await asio::async_read(socket, asio::buffer(query), asio::use_awaitable);
  co_return query;
}

asio::awaitable<void> write(tcp::socket& socket, dns::Bytes bytes) {
  co_await asio::async_write(socket, asio::buffer(bytes), asio::use_awaitable);
}

asio::awaitable<void> sleep(milliseconds time) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

Timed run(asio::io_context& io, asio::awaitable<dns::Answer> ask) {
  Timed timed;
  const Clock::time_point start = Clock::now();
  asio::co_spawn(io, std::move(ask), [&](const std::exception_ptr& error, dns::Answer answer) {
    if (!error) {
      timed.answer = std::move(answer);
    }
    io.stop();
  });
  io.restart();
  io.run_for(std::chrono::seconds(15));
  timed.took = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
  return timed;
}

dns::Answer ask(asio::io_context& io, transport::Client& client, const dns::Endpoint& server,
                const transport::AskOptions& options) {
  Timed timed = run(io, client.ask(server, question(), options));
  BOOST_REQUIRE(timed.answer.has_value());
  return std::move(*timed.answer);
}

}  // namespace servers

namespace dns {

std::ostream& operator<<(std::ostream& out, Outcome outcome) { return out << to_text(outcome); }

std::ostream& operator<<(std::ostream& out, Via via) {
  return out << (via == Via::udp ? "udp" : "tcp");
}

}  // namespace dns
