// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dns/bytes.hpp"
#include "dns/name.hpp"
#include "dns/record.hpp"
#include "dns/result.hpp"
#include "dns/type.hpp"

namespace dns {

struct Question {
  Name name;
  Type type = Type::none;
  Class klass = Class::in;
  bool operator==(const Question&) const = default;
};

/// RFC 8914. `text` is foreign bytes: escape before printing.
struct ExtendedError {
  std::uint16_t code = 0;
  std::string text;
  bool operator==(const ExtendedError&) const = default;
};

/// RFC 6891.
struct Edns {
  std::uint16_t udp_size = 0;
  std::uint8_t version = 0;
  bool dnssec_ok = false;
  std::optional<Bytes> nsid;  ///< RFC 5001
  std::vector<ExtendedError> errors;
  bool operator==(const Edns&) const = default;
};

struct Message {
  std::uint16_t id = 0;
  bool qr = false, aa = false, tc = false, rd = false, ra = false, ad = false, cd = false;
  std::uint8_t opcode = 0;
  Rcode rcode = Rcode::noerror;  ///< with the EDNS extension bits
  std::vector<Question> questions;
  std::vector<Record> answer, authority, additional;  ///< OPT is not among additional
  std::optional<Edns> edns;
};

/// Parses a whole message. Errors say what was wrong and at which octet. Trailing octets are an
/// error; so are two OPT records, and an OPT outside the additional section (RFC 6891 6.1.1). A
/// truncated (TC) message may stop short: what was complete is returned.
Result<Message> parse_message(ByteView wire);

struct QueryOptions {
  std::uint16_t id = 0;
  bool rd = false;
  bool cd = false;
  bool ad = false;
  bool edns = true;       ///< send an OPT record at all
  bool dnssec_ok = true;  ///< DO
  bool nsid = false;      ///< ask for NSID
  std::uint16_t udp_size = 1232;
};

/// One question on the wire.
Bytes write_query(const Question& question, const QueryOptions& options);

/// A whole message with name compression in owner names and in rdata of RFC 1035 types.
Bytes write_message(const Message& message);

}  // namespace dns
