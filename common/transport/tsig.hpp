// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "dns/bytes.hpp"
#include "dns/serial_time.hpp"
#include "dns/transfer.hpp"
#include "dnssec/hmac.hpp"
#include "transport/tsig_key.hpp"

namespace transport {

/// What one message's signature, or its absence, comes to.
struct TsigCheck {
  dns::TsigTrouble trouble = dns::TsigTrouble::none;
  std::string detail;     ///< safe to print; empty without trouble
  bool verified = false;  ///< the message is proven to come from who has the key
  std::optional<dns::UnixTime> server_time;
};

/// One signed question and the messages that answer it (RFC 8945). No clock: the time is passed in.
class TsigSession {
 public:
  explicit TsigSession(TsigKey key);
  TsigSession(const TsigSession&) = delete;
  TsigSession& operator=(const TsigSession&) = delete;

  /// False when this host's OpenSSL refuses the algorithm.
  [[nodiscard]] bool usable() const { return hmac_.usable(); }
  [[nodiscard]] const TsigKey& key() const { return key_; }

  /// The query with its TSIG record at the end. Precondition: usable(), and `query` is one.
  dns::Bytes sign(dns::ByteView query, dns::UnixTime now);
  /// The next message, whole, in the order in which they come. An unsigned one between signed ones
  /// is no trouble, and not verified until the next that is signed is (RFC 8945 5.3.1).
  TsigCheck check(dns::ByteView message, dns::UnixTime now);
  /// No more messages come: the last must have been a signed one.
  [[nodiscard]] TsigCheck finish() const;

 private:
  struct Record;
  struct Found;
  [[nodiscard]] static Found find(dns::ByteView message);
  TsigCheck check_unsigned(dns::ByteView message);
  TsigCheck check_signed(dns::ByteView message, std::size_t start, const Record& record,
                         dns::UnixTime now);
  [[nodiscard]] std::size_t wanted_octets() const;
  void add_message(dns::ByteView message, std::size_t end, std::uint16_t original_id);
  void add_variables(const Record& record);
  void add_timers(const Record& record);
  void begin_digest();

  TsigKey key_;
  dnssec::Hmac hmac_;
  dns::Bytes last_mac_;       ///< of the question, then of the last signed message
  bool digesting_ = false;    ///< messages since then are in hmac_ already
  bool first_ = true;         ///< no signed message has come yet
  std::size_t unsigned_ = 0;  ///< messages since the last signed one
};

}  // namespace transport
