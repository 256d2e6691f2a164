// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/endpoint_text.hpp"

#include <arpa/inet.h>

#include <array>
#include <optional>
#include <string>

#include "plugin/numbers.hpp"

namespace plugin {
namespace {

/// The system's canonical spelling of an address, so that equal addresses are equal text.
std::optional<std::string> canonical_address(const std::string& text) {
  std::array<unsigned char, 16> octets{};
  std::array<char, INET6_ADDRSTRLEN> spelling{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (::inet_pton(family, text.c_str(), octets.data()) != 1) continue;
    const char* written = ::inet_ntop(family, octets.data(), spelling.data(), spelling.size());
    if (written != nullptr) return std::string(written);
  }
  return std::nullopt;
}

/// "[2001:db8::1]" as in URLs.
std::string_view without_brackets(std::string_view text) {
  const bool both = text.size() > 2 && text.front() == '[' && text.back() == ']';
  return both && text.find(':') != std::string_view::npos ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

dns::Result<dns::Endpoint> parse_endpoint_text(std::string_view text, std::uint16_t usual_port) {
  const dns::Error refused{"is not ADDRESS or ADDRESS@PORT, like 192.0.2.1 or 2001:db8::1@5353"};
  const std::size_t at = text.find('@');
  // inet_pton stops at a zero octet: what follows would be dropped silently.
  if (text.find('\0') != std::string_view::npos) return refused;
  const auto address = canonical_address(std::string(without_brackets(text.substr(0, at))));
  if (!address) return refused;
  dns::Endpoint endpoint{*address, usual_port};
  if (at != std::string_view::npos) {
    const auto port = parse_whole<std::uint16_t>(text.substr(at + 1), 65535);
    if (!port || *port == 0) return dns::Error{"has a port that is not a number from 1 to 65535"};
    endpoint.port = *port;
  }
  return endpoint;
}

bool looks_like_endpoint(std::string_view text) {
  const std::string_view address = text.substr(0, text.find('@'));
  const bool numbers = address.find('.') != std::string_view::npos &&
                       address.find_first_not_of("0123456789.") == std::string_view::npos;
  return numbers || address.find(':') != std::string_view::npos;
}

}  // namespace plugin
