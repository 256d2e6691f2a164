// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <utility>  // before Asio: Boost 1.74 forgets it

#include <boost/asio.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "dns/answer.hpp"
#include "dns/message.hpp"
#include "transport/client.hpp"

/// Scripted servers on loopback, run by the same event loop as the client under test.
namespace servers {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

dns::Question question(const char* name = "www.example.", dns::Type type = dns::Type::a);
/// The reply to `query`: QR set, one A record of 192.0.2.1.
dns::Message reply_to(const dns::Bytes& query);
dns::Bytes good_reply(const dns::Bytes& query);
/// The first two octets of a query, changed.
dns::Bytes with_other_id(dns::Bytes wire);
dns::Bytes framed(const dns::Bytes& message);

/// Calls the script with every datagram and its sender.
class Udp {
 public:
  using Script = std::function<void(Udp&, dns::Bytes, udp::endpoint)>;
  Udp(asio::io_context& io, Script script);
  void send(const dns::Bytes& wire, const udp::endpoint& to);
  void send_later(milliseconds delay, dns::Bytes wire, udp::endpoint to);
  [[nodiscard]] std::uint16_t port() const { return socket_.local_endpoint().port(); }
  [[nodiscard]] dns::Endpoint endpoint() const { return {"127.0.0.1", port()}; }

  std::vector<dns::Bytes> queries;
  std::vector<std::uint16_t> source_ports;

 private:
  void receive();
  udp::socket socket_;
  Script script_;
  std::vector<std::uint8_t> buffer_;
  udp::endpoint from_;
  std::vector<std::unique_ptr<asio::steady_timer>> timers_;
};

/// Runs the script over every connection; the connection closes when it returns.
class Tcp {
 public:
  using Script = std::function<asio::awaitable<void>(tcp::socket&)>;
  /// Port 0: any.
  Tcp(asio::io_context& io, std::uint16_t port, Script script);
  [[nodiscard]] dns::Endpoint endpoint() const {
    return {"127.0.0.1", acceptor_.local_endpoint().port()};
  }
  unsigned connections = 0;

 private:
  asio::awaitable<void> serve(tcp::socket socket);
  void accept();
  tcp::acceptor acceptor_;
  Script script_;
};

asio::awaitable<dns::Bytes> read_query(tcp::socket& socket);
asio::awaitable<void> write(tcp::socket& socket, dns::Bytes bytes);
asio::awaitable<void> sleep(milliseconds time);

/// Runs the loop until the ask is over; nothing when that takes more than 15 s.
struct Timed {
  std::optional<dns::Answer> answer;
  milliseconds took{0};
};
Timed run(asio::io_context& io, asio::awaitable<dns::Answer> ask);
/// As run(), without the time; fails the test when there is no answer.
dns::Answer ask(asio::io_context& io, transport::Client& client, const dns::Endpoint& server,
                const transport::AskOptions& options = {});

}  // namespace servers

namespace dns {
std::ostream& operator<<(std::ostream& out, Outcome outcome);
std::ostream& operator<<(std::ostream& out, Via via);
}  // namespace dns
