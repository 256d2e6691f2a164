// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <utility>  // before Asio: Boost 1.74 forgets it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "dns/answer.hpp"
#include "dns/bytes.hpp"
#include "dns/message.hpp"

namespace transport {

/// One question put once, and how long to wait. The referred-to things outlive the exchange.
struct Exchange {
  boost::asio::io_context& io;
  const dns::Question& question;
  const dns::Bytes& query;  ///< `question` on the wire
  std::uint16_t id = 0;
  boost::asio::ip::address address;
  std::uint16_t port = 53;
  std::chrono::steady_clock::time_point limit;
  /// Where bytes are received before they are kept: shared by all exchanges of one thread, since
  /// none of them waits while it uses it. 65,535 octets, so that no datagram is cut.
  std::span<std::uint8_t> scratch;
};

/// What came of it.
struct Reply {
  dns::Outcome outcome = dns::Outcome::timeout;
  std::string detail;  ///< the parser's or the system's words
  dns::Bytes wire;
  std::optional<dns::Message> message;
  std::chrono::microseconds round_trip{0};
  unsigned ignored = 0;
};

/// This host has no file, port or memory to ask with: that is no fault of the server.
inline bool lacks_means(const boost::system::error_code& error) {
  using boost::asio::error::no_buffer_space;
  using boost::asio::error::no_descriptors;
  using boost::asio::error::no_memory;
  return error == no_descriptors || error == no_buffer_space || error == no_memory ||
         error == boost::system::errc::too_many_files_open_in_system;
}

/// How received bytes stand to the question.
enum class Fit {
  accepted,   ///< the reply: id, QR, opcode and question fit
  malformed,  ///< the id fits, the rest is no DNS message
  foreign,    ///< someone else's: another id or question
};

/// Keeps accepted bytes and their message in `reply`, or of malformed ones the parser's words and
/// the bytes. Nothing changes for foreign ones.
Fit fit(const Exchange& exchange, dns::ByteView bytes, Reply& reply);

/// One datagram out, and the first that fits back in; a fresh connected socket, so that the kernel
/// drops what other addresses send and tells of ICMP errors (RFC 5452 9.1, 9.2).
boost::asio::awaitable<Reply> exchange_udp(const Exchange& exchange);

/// One connection, one framed message each way (RFC 7766 8).
boost::asio::awaitable<Reply> exchange_tcp(const Exchange& exchange);

}  // namespace transport
