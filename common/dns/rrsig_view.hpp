// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>

#include "dns/bytes.hpp"
#include "dns/serial_time.hpp"
#include "dns/type.hpp"

namespace dns {

/// An RRSIG's rdata (RFC 4034 3) read where it lies: for millions of them. Owns nothing.
struct RrsigView {
  Type covered = Type::none;
  std::uint8_t algorithm = 0;
  std::uint8_t labels = 0;
  std::uint32_t original_ttl = 0;
  SerialTime expiration, inception;
  std::uint16_t key_tag = 0;
  ByteView head;    ///< all before the signer's name, as it is signed
  ByteView signer;  ///< uncompressed wire form, case kept
  ByteView signature;
};
/// Nothing for what parse_rrsig() gives nothing for.
std::optional<RrsigView> view_rrsig(ByteView rdata);

}  // namespace dns
