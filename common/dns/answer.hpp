// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dns/bytes.hpp"
#include "dns/message.hpp"

namespace dns {

/// An address to ask, in canonical text ("192.0.2.1", "2001:db8::1").
struct Endpoint {
  std::string address;
  std::uint16_t port = 53;
  [[nodiscard]] bool is_v6() const { return address.find(':') != std::string::npos; }
  /// "192.0.2.1", or "192.0.2.1@5353" when the port is not 53.
  [[nodiscard]] std::string to_text() const;
  bool operator==(const Endpoint&) const = default;
};

/// A resolver to ask, and how: with a name over TLS, certified for that name (RFC 7858), else
/// plain.
struct ResolverAddress {
  Endpoint endpoint;
  std::string tls_name;
  [[nodiscard]] bool over_tls() const { return !tls_name.empty(); }
  /// "192.0.2.1", "192.0.2.1@5353" or "192.0.2.1 (TLS, dns.example)".
  [[nodiscard]] std::string to_text() const;
  bool operator==(const ResolverAddress&) const = default;
};
/// RFC 7858 3.1.
inline constexpr std::uint16_t kTlsPort = 853;

/// Why one question to one server brought no message. `answered` is the only one with a message.
/// Verdict and failure are different channels: a SERVFAIL is an answer.
enum class Outcome {
  answered,
  not_asked,           ///< the deadline came first
  flooded,             ///< not asked either: so much had come by then that nothing more is taken
  timeout,             ///< silence, after all tries
  unreachable,         ///< no route, or the local host lacks that address family
  connection_refused,  ///< ICMP port unreachable, or TCP RST on connect
  connection_closed,   ///< TCP closed or reset before a whole message
  tls_failed,          ///< no handshake, or a certificate that does not count; `detail` says why
  malformed,           ///< bytes that are not a DNS message
};
std::string_view to_text(Outcome outcome);
/// The question was put: what came or did not come says something of the server.
bool was_asked(Outcome outcome);

enum class Via { udp, tcp, tls };
std::string_view to_text(Via via);

/// One question to one server and what came back: plain data.
struct Answer {
  Question question;
  Endpoint server;
  Outcome outcome = Outcome::not_asked;
  std::string detail;          ///< for malformed: the parser's words; may hold foreign bytes
  Via via = Via::udp;          ///< what the kept answer came over
  bool edns_sent = true;       ///< the question carried OPT with DO
  bool cd_sent = true;         ///< the question said CD: checking disabled
  bool truncated_udp = false;  ///< UDP said TC; `via` then is tcp when TCP worked. When the TCP
                               ///< retry failed, outcome is the TCP failure and message is empty.
  bool tcp_requested = false;  ///< the question was put over TCP from the start
  std::chrono::microseconds round_trip{0};
  unsigned tries = 0;
  unsigned ignored = 0;            ///< datagrams dropped: wrong source, id or question
  Bytes wire;                      ///< the message as it came, when there was one
  std::optional<Message> message;  ///< parsed `wire`; present exactly when outcome is answered

  [[nodiscard]] bool answered() const { return outcome == Outcome::answered; }
};

/// What the validating resolver says of one look-up (RFC 4033 5).
enum class Security {
  not_looked_up,  ///< the deadline came first
  secure,
  insecure,  ///< proven unsigned, or no anchor above
  bogus,
  failed,  ///< SERVFAIL, timeout ... : no verdict. Not "bogus"
};
std::string_view to_text(Security security);

/// One look-up through libunbound: plain data.
struct Lookup {
  Question question;
  bool validated = true;  ///< by the validating context; false: iterator only, then never secure
  Security security = Security::not_looked_up;
  Rcode rcode = Rcode::servfail;
  bool have_data = false;
  std::string why_bogus;  ///< the validator's words; foreign text, print escaped, never parse
  std::chrono::microseconds round_trip{0};
  Bytes wire;                      ///< answer packet, empty when there is none
  std::optional<Message> message;  ///< parsed `wire`, when it parses
};

}  // namespace dns
