// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <optional>

#include "dns/bytes.hpp"

namespace dnssec {

/// The two numbers of an RSA public key as views into the DNSKEY's key field, leading zero octets
/// removed.
struct RsaNumbers {
  dns::ByteView exponent;
  dns::ByteView modulus;
};

/// RFC 3110 2: one octet of exponent length, or a zero octet and two octets of it; then the
/// exponent, then the modulus. Nothing when either is missing or zero. RFC 3110 forbids leading
/// zero octets, but validators read past them, so they are no reason to call a key malformed.
std::optional<RsaNumbers> parse_rsa(dns::ByteView public_key);

/// Significant bits of a big-endian number.
std::size_t bit_length(dns::ByteView number);

}  // namespace dnssec
