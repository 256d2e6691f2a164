// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/answer.hpp"

namespace dns {

std::string Endpoint::to_text() const {
  return port == 53 ? address : address + '@' + std::to_string(port);
}

std::string_view to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::answered:
      return "answered";
    case Outcome::not_asked:
      return "not asked";
    case Outcome::timeout:
      return "timeout";
    case Outcome::unreachable:
      return "unreachable";
    case Outcome::connection_refused:
      return "connection refused";
    case Outcome::connection_closed:
      return "connection closed";
    case Outcome::malformed:
      return "malformed";
  }
  return "unknown outcome";
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
