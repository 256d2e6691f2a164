// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "dns/bytes.hpp"
#include "dns/name.hpp"
#include "dns/record_sink.hpp"
#include "dns/serial_time.hpp"
#include "transport/tsig_key.hpp"

/// The other side of RFC 8945, written for the tests alone and without the code under test.
namespace transfers {

constexpr dns::UnixTime kNow = 1796083200;

dns::Bytes octets_of(std::string_view hexadecimal);
transport::TsigKey key_of(dnssec::HmacHash hash = dnssec::HmacHash::sha256,
                          std::string_view secret = "secret of twenty-five octets");

/// How a signature is to be wrong.
struct Signing {
  dns::UnixTime time = kNow;
  std::uint16_t fudge = 300;
  std::uint16_t error = 0;
  dns::Bytes other{};
  std::optional<std::size_t> mac_octets{};  ///< cut
  std::optional<dns::Name> key_name{};      ///< another in the record
  bool whole_variables = false;             ///< as in the first message
};

/// Signs messages that follow each other.
class TsigServer {
 public:
  TsigServer(transport::TsigKey key, dns::ByteView signed_query);
  dns::Bytes sign(const dns::Bytes& message, const Signing& signing = {});
  /// Sent without a signature of its own.
  dns::Bytes pass(const dns::Bytes& message);

 private:
  transport::TsigKey key_;
  dns::Bytes prior_mac_;
  dns::Bytes pending_;  ///< unsigned messages since
  bool first_ = true;
};

/// Messages of a transfer of example., from presentation-like parts.
struct Part {
  std::string_view owner = "example.";
  dns::Type type = dns::Type::soa;
  std::uint32_t serial = 7;  ///< of an SOA
};
constexpr std::uint16_t kId = 0x1234;
dns::Bytes message_of(const std::vector<Part>& parts, bool with_question = false);

/// Counts what is poured, and stops taking when told to.
struct CountingSink : dns::RecordSink {
  std::optional<std::string> add(const dns::RecordView& record) override;
  std::size_t records = 0;
  std::size_t most = SIZE_MAX;
  std::vector<std::string> seen{};  ///< "www.example./A"
};

}  // namespace transfers
