// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "dns/result.hpp"
#include "transport/exchange.hpp"

namespace transport {

/// DNS over TLS (RFC 7858): one connection, one framed message each way, with the strict privacy
/// profile (RFC 8310 5): no certificate for the name, no question. An interface, because only
/// programs that need it link the TLS library: loading that is half of a start's time.
class TlsExchange {
 public:
  TlsExchange() = default;
  TlsExchange(const TlsExchange&) = delete;
  TlsExchange& operator=(const TlsExchange&) = delete;
  virtual ~TlsExchange() = default;
  /// `name`: whom the certificate must be for, a host name or an address.
  virtual boost::asio::awaitable<Reply> exchange(const Exchange& exchange, std::string name) = 0;
};

/// Trusts the certificates of `ca_file`, else those of the system's store. Lives in the library
/// check_dnssec_tls. An error names the file.
dns::Result<std::shared_ptr<TlsExchange>> make_tls_exchange(
    const std::optional<std::string>& ca_file);
using MakeTls = decltype(&make_tls_exchange);

}  // namespace transport
