// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/answer.hpp"

namespace dns {

std::string Endpoint::to_text() const {
  return port == 53 ? address : address + '@' + std::to_string(port);
}

std::string ResolverAddress::to_text() const {
  if (!over_tls()) {
    return endpoint.to_text();
  }
  const bool usual = endpoint.port == kTlsPort;
  return endpoint.address + (usual ? "" : '@' + std::to_string(endpoint.port)) + " (TLS, " +
         tls_name + ")";
}

std::string_view to_text(Via via) {
  switch (via) {
    case Via::udp:
      return "udp";
    case Via::tcp:
      return "tcp";
    case Via::tls:
      return "tls";
  }
  return "unknown";
}

std::string_view to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::answered:
      return "answered";
    case Outcome::not_asked:
      return "not asked";
    case Outcome::flooded:
      return "not asked, too much had come";
    case Outcome::timeout:
      return "timeout";
    case Outcome::unreachable:
      return "unreachable";
    case Outcome::connection_refused:
      return "connection refused";
    case Outcome::connection_closed:
      return "connection closed";
    case Outcome::tls_failed:
      return "TLS failed";
    case Outcome::malformed:
      return "malformed";
  }
  return "unknown outcome";
}

bool was_asked(Outcome outcome) {
  return outcome != Outcome::not_asked && outcome != Outcome::flooded;
}

std::string_view to_text(Security security) {
  switch (security) {
    case Security::not_looked_up:
      return "not looked up";
    case Security::secure:
      return "secure";
    case Security::insecure:
      return "insecure";
    case Security::bogus:
      return "bogus";
    case Security::failed:
      return "failed";
  }
  return "unknown security";
}

}  // namespace dns
