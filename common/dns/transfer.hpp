// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/answer.hpp"
#include "dns/serial_time.hpp"
#include "dns/type.hpp"

/// What came of zone transfers (RFC 5936): plain data. The records are in the sink they went to.
namespace dns {

enum class TransferEnd {
  complete,      ///< from SOA to SOA
  not_asked,     ///< the deadline came first
  refused,       ///< an answer, but no zone: `rcode`, and `tsig` where the key is why
  incomplete,    ///< it began, and did not end as it must: `detail`
  malformed,     ///< bytes that are no message, or no transfer: `detail`
  tsig_failed,   ///< what came is not proven to come from the server: `tsig`, `detail`
  timeout,       ///< silence: from the start, or for too long in between
  unreachable,   ///< no connection: `detail`
  sink_refused,  ///< the taker wants no more: `detail` has its words
};
/// "complete", "refused" ...
std::string_view to_text(TransferEnd end);

/// RFC 8945: what is wrong with a signature, or with the key in the server's eyes.
enum class TsigTrouble {
  none,
  not_signed,      ///< no TSIG where RFC 8945 5.3 wants one
  other_key,       ///< signed with another key or algorithm
  bad_mac,         ///< does not verify: another secret, or changed on the way
  bad_time,        ///< signed at a moment that is too far from this host's clock
  cut_mac,         ///< shorter than is good for anything (RFC 8945 5.2.2.1)
  malformed,       ///< a TSIG record that cannot be read, or where none may be
  unusable,        ///< this host's OpenSSL refuses the algorithm
  says_bad_sig,    ///< the server: the signature of the question does not verify
  says_bad_key,    ///< the server: it does not know the key
  says_bad_time,   ///< the server: its clock and this host's are too far apart
  says_bad_trunc,  ///< the server: the signature of the question is cut too short
  says_other,      ///< another error code
};

/// One server and what came of asking it for the zone.
struct Transfer {
  Endpoint server;
  TransferEnd end = TransferEnd::not_asked;
  Rcode rcode = Rcode::noerror;  ///< of the last message
  TsigTrouble tsig = TsigTrouble::none;
  std::string detail;          ///< what happened, in words; safe to print
  std::string key;             ///< "transfer.example (hmac-sha256)"; empty: asked without TSIG
  std::string key_weakness{};  ///< why that key should be replaced; empty: it need not be
  bool verified = false;       ///< the last message's TSIG was there and right
  std::optional<UnixTime> server_time;  ///< the server's clock, where says_bad_time tells it
  std::optional<std::uint32_t> serial;  ///< of the first SOA
  std::size_t messages = 0;             ///< received
  std::size_t records = 0;              ///< poured; the closing SOA is none
  std::size_t octets = 0;               ///< of all messages
  std::chrono::microseconds took{0};

  [[nodiscard]] bool complete() const { return end == TransferEnd::complete; }
  /// Records went to the sink.
  [[nodiscard]] bool began() const { return records > 0; }
};

/// The servers that were asked for the zone, in that order: the last is the one that gave it, or
/// began to; or none did.
struct TransferLook {
  std::vector<Transfer> tries;
  /// The one whose records are in the sink, or nullptr.
  [[nodiscard]] const Transfer* taken() const {
    return tries.empty() || !tries.back().began() ? nullptr : &tries.back();
  }
};

}  // namespace dns
