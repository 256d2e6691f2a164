// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <utility>  // before Asio: Boost 1.74 forgets it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dns/answer.hpp"
#include "transport/client.hpp"
#include "transport/pace.hpp"
#include "transport/silence.hpp"
#include "transport/slots.hpp"
#include "transport/streams.hpp"

namespace transport {

/// What all questions of one client share.
struct Shared {
  Shared(boost::asio::io_context& context, ClientOptions wanted);

  boost::asio::io_context& io;
  ClientOptions options;
  Slots slots;
  Streams streams;
  std::vector<std::uint8_t> scratch;  ///< see Exchange
  /// The longest round trip seen of each address: a slow server is not asked again too early.
  std::map<std::string, std::chrono::microseconds> round_trips{};
  Pace pace;
  Silence silence;
  unsigned long sent = 0;
};

/// What a question is for.
struct Purpose {
  TimePoint deadline;
  std::uint64_t zone = 0;
  std::shared_ptr<Budget> budget;
};

/// One question to one address, with its tries; over TLS when a name is given. Owns all it needs.
boost::asio::awaitable<dns::Answer> ask_server(std::shared_ptr<Shared> shared, dns::Endpoint server,
                                               dns::Question question, AskOptions options,
                                               std::string tls_name, Purpose purpose);

}  // namespace transport
