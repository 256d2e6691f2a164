// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/address.hpp"

#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <string>

namespace {

std::string endpoint_text(const char* text) {
  const auto endpoint = transport::parse_endpoint(text);
  return endpoint.ok() ? endpoint->to_text() : "refused";
}

enum Seen : int { none = 0, v4 = 1, v6 = 2, no_namespace = 64, no_address = 65 };

bool give_loopback(std::uint32_t address) {
  const int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(address);
  std::memcpy(&request.ifr_addr, &in, sizeof in);
  bool done = ioctl(socket_fd, SIOCSIFADDR, &request) == 0;
  request.ifr_flags = IFF_UP | IFF_LOOPBACK;
  done = ioctl(socket_fd, SIOCSIFFLAGS, &request) == 0 && done;
  close(socket_fd);
  return done;
}

/// What local_families() sees in an empty network namespace whose loopback has that address.
int seen_in_namespace(std::uint32_t address) {
  const pid_t child = fork();
  if (child == 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 && unshare(CLONE_NEWNET) != 0) {
      _exit(no_namespace);
    }
    if (address != 0 && !give_loopback(address)) {
      _exit(no_address);
    }
    const transport::Families families = transport::local_families();
    _exit((families.v4 ? v4 : none) | (families.v6 ? v6 : none));
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(address)

BOOST_AUTO_TEST_CASE(endpoints) {
  BOOST_TEST(endpoint_text("192.0.2.1") == "192.0.2.1");
  BOOST_TEST(endpoint_text("192.0.2.1@53") == "192.0.2.1");
  BOOST_TEST(endpoint_text("192.0.2.1@5353") == "192.0.2.1@5353");
  BOOST_TEST(endpoint_text("2001:DB8:0::1") == "2001:db8::1");
  BOOST_TEST(endpoint_text("2001:db8::1@65535") == "2001:db8::1@65535");
}

BOOST_AUTO_TEST_CASE(no_endpoints) {
  for (const char* text :
       {"", "@", "@53", "ns1.example", "192.0.2.1@", "192.0.2.1@0", "192.0.2.1@65536",
        "192.0.2.1@-1", "192.0.2.1@53x", "192.0.2.1@ 53", "192.0.2.1:53", "192.0.2", "192.0.2.256",
        "[2001:db8::1]", "fe80::1%lo", " 192.0.2.1", "192.0.2.1\n", "192.0.2.1@53@53"}) {
    BOOST_TEST(endpoint_text(text) == "refused", text);
  }
  const auto refused = transport::parse_endpoint("ns1.example");
  BOOST_TEST(refused.error().message.find("'ns1.example'") != std::string::npos);
  BOOST_TEST(refused.error().message.find("IPv4 or IPv6") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(rdata_text) {
  BOOST_TEST(transport::address_text(dns::Bytes{192, 0, 2, 1}).value() == "192.0.2.1");
  dns::Bytes v6_octets{0x20, 0x01, 0x0d, 0xb8};
  v6_octets.resize(16);
  v6_octets.back() = 1;
  BOOST_TEST(transport::address_text(v6_octets).value() == "2001:db8::1");
  BOOST_TEST(!transport::address_text(dns::Bytes{}).has_value());
  BOOST_TEST(!transport::address_text(dns::Bytes{1, 2, 3}).has_value());
  BOOST_TEST(!transport::address_text(dns::Bytes(15)).has_value());
}

BOOST_AUTO_TEST_CASE(families_follow_addresses_where_there_is_no_route) {
  const int without = seen_in_namespace(0);
  if (without == no_namespace) {
    BOOST_TEST_MESSAGE("not run: no network namespace to be had here");
    return;
  }
  BOOST_TEST(without == none);
  BOOST_TEST(seen_in_namespace(0x7f000002) == none);  // 127.0.0.2
  BOOST_TEST(seen_in_namespace(0xc0000201) == v4);    // 192.0.2.1
}

BOOST_AUTO_TEST_SUITE_END()
