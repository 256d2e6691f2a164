// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <memory>

#include "transport/address.hpp"

namespace transport {
namespace {

namespace ip = boost::asio::ip;

/// Connecting a UDP socket looks the route up and sends nothing.
bool has_route(boost::asio::io_context& io, const char* address) {
  boost::system::error_code error;
  const ip::udp::endpoint root_server(ip::make_address(address, error), 53);
  if (error) {
    return false;
  }
  ip::udp::socket socket(io);
  socket.open(root_server.protocol(), error);
  if (!error) {
    socket.connect(root_server, error);
  }
  return !error;
}

/// Loopback and link-local addresses reach no name server of anybody's zone.
bool counts(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);  // the family says which it is
    return (ntohl(v4.sin_addr.s_addr) >> 24U) != 127 &&
           (ntohl(v4.sin_addr.s_addr) >> 16U) != 0xa9feU;
  }
  if (address.sa_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) == 0 && IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr) == 0;
  }
  return false;
}

/// A laboratory has no default route, only addresses on its loopback interface: enough to ask
/// there.
Families configured() {
  Families families;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) {
    return families;
  }
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, freeifaddrs);
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || (entry->ifa_flags & IFF_UP) == 0 ||
        !counts(*entry->ifa_addr)) {
      continue;
    }
    (entry->ifa_addr->sa_family == AF_INET ? families.v4 : families.v6) = true;
  }
  return families;
}

}  // namespace

Families local_families() {
  boost::asio::io_context io;
  // a.root-servers.net: any address that is routed by the default route will do.
  const Families families{has_route(io, "198.41.0.4"), has_route(io, "2001:503:ba3e::2:30")};
  // With a route for one family, a lone address of the other (a container bridge's fd00::1) does
  // not make the other usable.
  return families.v4 || families.v6 ? families : configured();
}

}  // namespace transport
