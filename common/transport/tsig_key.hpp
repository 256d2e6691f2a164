// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dns/bytes.hpp"
#include "dns/name.hpp"
#include "dns/result.hpp"
#include "dnssec/hmac.hpp"

namespace transport {

/// A key that two sides share (RFC 8945). The secret is never printed.
struct TsigKey {
  dns::Name name;
  dnssec::HmacHash hash = dnssec::HmacHash::sha256;
  dns::Bytes secret;
  std::size_t mac_octets = 0;  ///< sent and wanted back (RFC 8945 5.2.2.1); 0: all of them

  /// "hmac-sha256", or "hmac-sha256-128" for a truncated one.
  [[nodiscard]] std::string algorithm_text() const;
  /// As it stands in TSIG records (RFC 8945 6).
  [[nodiscard]] dns::Name algorithm_name() const;
  /// "transfer.example (hmac-sha256)".
  [[nodiscard]] std::string to_text() const;
  /// Why the key should be replaced: its algorithm is MUST NOT or NOT RECOMMENDED in RFC 8945 6.
  [[nodiscard]] std::optional<std::string> weakness() const;
};

/// One key in the syntax of BIND's key files, as tsig-keygen writes it:
///   key "name" { algorithm hmac-sha256; secret "base64"; };
/// with comments as in C, C++ and shells. Errors name the line and never hold the secret.
dns::Result<TsigKey> parse_tsig_key(std::string_view text);

/// The key of a file that nobody but its owner can read. Errors name the file.
dns::Result<TsigKey> read_tsig_file(const std::string& path);

}  // namespace transport
