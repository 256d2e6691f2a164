// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <utility>  // before Asio: Boost 1.74 forgets it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "dns/answer.hpp"

namespace transport {

class TlsExchange;

using TimePoint = std::chrono::steady_clock::time_point;

/// How questions are put. All in one place, passed in; the client reads no clock but the steady
/// one.
struct ClientOptions {
  std::chrono::milliseconds query_timeout{2000};  ///< the last try; each earlier one half the next
  unsigned retries = 2;                           ///< further UDP tries after the first
  TimePoint deadline = TimePoint::max();  ///< nothing goes on past it: outcome not_asked or timeout
  unsigned most_in_flight = 200;          ///< sockets open at once
  unsigned most_streams = 2;              ///< TCP connections to one server at once, for one zone
  /// In the answers about one zone. 64 addresses that answer 100 questions each with half a
  /// kilobyte send 3 MiB, a walk along 9000 names 12.
  std::size_t most_octets = 16 << 20;
  std::function<std::uint32_t()> random{};  ///< unpredictable; default getrandom(2)
  std::shared_ptr<TlsExchange> tls{};       ///< for questions over TLS: see transport/tls.hpp
  unsigned most_per_second = 0;  ///< questions to one address within any second; 0: no limit
  /// Where thousands of zones share servers: one that was silent about several of them, and has
  /// answered nobody since, is not waited for so long any more.
  bool remember_silence = false;
};

struct AskOptions {
  bool tcp = false;  ///< TCP from the start
  bool edns = true;  ///< OPT with DO, 1232 octets, and NSID asked for
  bool rd = false;
  bool cd = true;
  bool nsid = true;
  std::uint16_t udp_size = 1232;
  bool tcp_after_silence = true;  ///< one TCP try before "timeout" when all UDP tries were silent
};

/// Of the answers about one zone.
struct Budget {
  std::size_t octets = 0;  ///< still to be had
  bool refused = false;    ///< a question was not put for want of them
};

/// Puts one question to one address: UDP, retries, TCP on truncation. Every question is a socket of
/// its own with a random source port (the kernel's) and a random id. The socket is connected, so
/// the kernel drops datagrams from other addresses; those with another id or another question are
/// dropped here and counted in Answer::ignored, and the wait goes on. Any
/// number of ask() may run at once on the io_context's one thread. Coroutines under way keep what
/// they need: the client may die before them.
class Client {
 public:
  Client(boost::asio::io_context& io, ClientOptions options);
  /// The same client for the questions about one zone, with a deadline of their own where that is
  /// earlier. `zone`: any number that other zones do not have.
  [[nodiscard]] Client for_zone(std::uint64_t zone, TimePoint deadline) const;

  /// Never throws for what the network does. `question` and `server` are copied.
  boost::asio::awaitable<dns::Answer> ask(dns::Endpoint server, dns::Question question,
                                          AskOptions options = {});

  /// Over TLS, to a server that is certified for `name`: ClientOptions::tls must be there.
  boost::asio::awaitable<dns::Answer> ask_over_tls(dns::Endpoint server, std::string name,
                                                   dns::Question question, AskOptions options);

  /// Questions put so far, UDP datagrams and TCP connections alike.
  [[nodiscard]] unsigned long sent() const;
  /// So much came (Budget) that a question was not put: outcome flooded.
  [[nodiscard]] bool has_enough() const { return budget_->refused; }

 private:
  struct State;
  std::shared_ptr<State> state_;
  TimePoint deadline_;
  std::uint64_t zone_ = 0;
  std::shared_ptr<Budget> budget_;
};

}  // namespace transport
