// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The options of check_dnssec_resolvers alone.
#include <boost/test/unit_test.hpp>

#include "plugin/options.hpp"
#include "support.hpp"

namespace {

plugin::Options taken(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "example.com");
  return test::accepted(arguments, plugin::kResolversBinary);
}

std::string not_taken(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "example.com");
  return test::refused(arguments, plugin::kResolversBinary);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(resolver_options)

BOOST_AUTO_TEST_CASE(resolvers_plain_and_over_tls) {
  const auto options = taken({"--resolver", "192.0.2.1", "--resolver=2001:DB8::1@5353",
                              "--resolver=192.0.2.2#dns.example", "--resolver", "192.0.2.1",
                              "--resolver=192.0.2.2@8853#192.0.2.2", "--tls-ca=ca.pem"});
  BOOST_REQUIRE(options.resolvers.size() == 4U);
  BOOST_TEST((options.resolvers[0] == dns::ResolverAddress{{"192.0.2.1", 53}, ""}));
  BOOST_TEST((options.resolvers[1] == dns::ResolverAddress{{"2001:db8::1", 5353}, ""}));
  BOOST_TEST((options.resolvers[2] == dns::ResolverAddress{{"192.0.2.2", 853}, "dns.example"}));
  BOOST_TEST(options.resolvers[2].to_text() == "192.0.2.2 (TLS, dns.example)");
  BOOST_TEST(options.resolvers[3].to_text() == "192.0.2.2@8853 (TLS, 192.0.2.2)");
  BOOST_TEST(options.tls_ca.value() == "ca.pem");
}

BOOST_AUTO_TEST_CASE(other_spellings) {
  const auto options = taken({"--resolver=[2001:db8::1]@5353", "--resolver=[2001:db8::1]",
                              "--resolver=192.0.2.2#dns.example."});
  BOOST_TEST((options.resolvers[0] == dns::ResolverAddress{{"2001:db8::1", 5353}, ""}));
  BOOST_TEST((options.resolvers[1] == dns::ResolverAddress{{"2001:db8::1", 53}, ""}));
  BOOST_TEST((options.resolvers[2] == dns::ResolverAddress{{"192.0.2.2", 853}, "dns.example"}));
}

BOOST_AUTO_TEST_CASE(bad_resolvers) {
  for (const char* value : {"", "dns.example", "192.0.2.1#", "#dns.example", "192.0.2.1#a b",
                            "192.0.2.1#dns.example@853", "192.0.2.1@0", "192.0.2.1#a|b",
                            "[192.0.2.1]", "[]", "[::1", "[::1]:53", "192.0.2.1#."}) {
    BOOST_TEST(test::contains(not_taken({"--resolver", value}), "option --resolver: "), value);
  }
  BOOST_TEST(test::contains(not_taken({}), "--resolver ADDRESS"));
  BOOST_TEST(test::contains(test::refused({"x", "--resolver=192.0.2.1"}), "--resolver"));
}

BOOST_AUTO_TEST_CASE(families) {
  BOOST_TEST(test::contains(not_taken({"--resolver=2001:db8::1", "-4"}), "2001:db8::1 is an IPv6"));
  BOOST_TEST(test::contains(not_taken({"--resolver=192.0.2.1", "-6"}), "192.0.2.1 is an IPv4"));
  BOOST_TEST(taken({"--resolver=192.0.2.1", "-4"}).only_v4);
  BOOST_TEST(taken({"--resolver=2001:db8::1", "-6"}).only_v6);
}

BOOST_AUTO_TEST_CASE(canary_and_quorum) {
  const auto options =
      taken({"--resolver=192.0.2.1", "--canary-bogus=Bogus.example", "--quorum", "1"});
  BOOST_TEST(options.canary_bogus->to_text() == "Bogus.example.");
  BOOST_TEST(options.quorum.value() == 1U);
  for (const char* value : {"", "0", "65", "-1", "x", "1.0"}) {
    BOOST_TEST(!not_taken({"--resolver=192.0.2.1", "--quorum", value}).empty(), value);
  }
  BOOST_TEST(test::contains(not_taken({"--resolver=192.0.2.1", "--quorum=2"}), "--quorum"));
  BOOST_TEST(test::contains(not_taken({"--canary-bogus=a..b"}), "option --canary-bogus"));
  const auto algorithms = taken({"--resolver=192.0.2.1", "--canary-algorithm=a.example",
                                 "--canary-algorithm=b.example", "--canary-algorithm=A.example"});
  BOOST_TEST(algorithms.canary_algorithms.size() == 2U);
  BOOST_TEST(test::contains(not_taken({"--canary-algorithm=a..b"}), "option --canary-algorithm"));
}

BOOST_AUTO_TEST_SUITE_END()
