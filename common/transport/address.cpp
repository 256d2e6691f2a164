// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/address.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <string>

namespace transport {
namespace {

namespace ip = boost::asio::ip;

constexpr std::string_view accepted = "an IPv4 or IPv6 address, then @PORT if it is not 53";

/// 1 to 65535 in decimal digits and nothing else.
std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || stop != end || port == 0) {
    return std::nullopt;
  }
  return port;
}

/// Scope ids ("fe80::1%eth0") are refused: an Endpoint is an address that means the same anywhere.
std::optional<ip::address> parse_address(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '.' ||
           c == ':';
  });
  boost::system::error_code error;
  const ip::address address = ip::make_address(std::string(text), error);
  if (!plain || error) {
    return std::nullopt;
  }
  return address;
}

}  // namespace

dns::Result<dns::Endpoint> parse_endpoint(std::string_view text) {
  const auto refuse = [text] {
    return dns::Error{"'" + std::string(text) + "' is not a server: " + std::string(accepted) +
                      " is"};
  };
  const std::size_t at = text.find('@');
  const std::optional<ip::address> address = parse_address(text.substr(0, at));
  if (!address) {
    return refuse();
  }
  dns::Endpoint endpoint{address->to_string(), 53};
  if (at != std::string_view::npos) {
    const std::optional<std::uint16_t> port = parse_port(text.substr(at + 1));
    if (!port) {
      return refuse();
    }
    endpoint.port = *port;
  }
  return endpoint;
}

std::optional<std::string> address_text(dns::ByteView rdata) {
  if (rdata.size() == 4) {
    ip::address_v4::bytes_type bytes{};
    std::copy(rdata.begin(), rdata.end(), bytes.begin());
    return ip::address_v4(bytes).to_string();
  }
  if (rdata.size() == 16) {
    ip::address_v6::bytes_type bytes{};
    std::copy(rdata.begin(), rdata.end(), bytes.begin());
    return ip::address_v6(bytes).to_string();
  }
  return std::nullopt;
}

}  // namespace transport
