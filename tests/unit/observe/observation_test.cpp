// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/observation.hpp"

#include <boost/test/unit_test.hpp>

#include "observe/sample.hpp"

namespace observe_test {
namespace {

using dns::Outcome;
using dns::Type;

const dns::Answer* find(const observe::Server& server, bool tcp = false) {
  return server.find(name("example.test"), Type::soa, tcp);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(observation)

BOOST_AUTO_TEST_CASE(a_question_that_was_not_asked) {
  observe::Server server;
  BOOST_TEST(find(server) == nullptr);
  server.answers = {answered("example.test", Type::mx), answered("other.test", Type::soa)};
  BOOST_TEST(find(server) == nullptr);
}

BOOST_AUTO_TEST_CASE(names_are_found_in_any_case) {
  observe::Server server;
  server.answers = {answered("EXAMPLE.test", Type::soa)};
  BOOST_TEST(find(server) == server.answers.data());
}

BOOST_AUTO_TEST_CASE(an_answer_says_more_than_none) {
  observe::Server server;
  server.answers = {unanswered("example.test", Type::soa, Outcome::timeout),
                    answered("example.test", Type::soa)};
  BOOST_TEST(find(server) == &server.answers[1]);
  server.answers[1].edns_sent = false;
  BOOST_TEST(find(server) == &server.answers[1]);
}

BOOST_AUTO_TEST_CASE(edns_says_more_than_none) {
  observe::Server server;
  server.answers = {answered("example.test", Type::soa), answered("example.test", Type::soa)};
  server.answers[0].edns_sent = false;
  BOOST_TEST(find(server) == &server.answers[1]);
  for (auto& answer : server.answers) {
    answer.outcome = Outcome::timeout;
  }
  BOOST_TEST(find(server) == &server.answers[1]);
}

BOOST_AUTO_TEST_CASE(the_first_of_equals) {
  observe::Server server;
  server.answers = {answered("example.test", Type::soa), answered("example.test", Type::soa)};
  BOOST_TEST(find(server) == server.answers.data());
}

BOOST_AUTO_TEST_CASE(questions_over_tcp_are_apart) {
  observe::Server server;
  server.answers = {unanswered("example.test", Type::soa, Outcome::timeout),
                    answered("example.test", Type::soa)};
  server.answers[1].tcp_requested = true;
  BOOST_TEST(find(server) == server.answers.data());
  BOOST_TEST(find(server, true) == &server.answers[1]);
}

BOOST_AUTO_TEST_CASE(labels) {
  observe::Server server;
  server.endpoint = {"192.0.2.5", 53};
  BOOST_TEST(server.label() == "192.0.2.5");
  server.endpoint.port = 5353;
  BOOST_TEST(server.label() == "192.0.2.5@5353");
  server.names = {name("ns2.example.net"), name("ns3.example.net")};
  BOOST_TEST(server.label() == "ns2.example.net (192.0.2.5@5353)");
  server.endpoint = {"2001:db8::5", 53};
  BOOST_TEST(server.label() == "ns2.example.net (2001:db8::5)");
}

BOOST_AUTO_TEST_CASE(servers_stand_in_one_order) {
  const auto server = [](const char* host, const char* address) {
    return observe::Server{{address, 53}, {name(host)}, {}, {}};
  };
  observe::ZoneObservation seen;
  seen.servers = {server("b.example", "192.0.2.9"), server("a.example", "2001:db8::1"),
                  server("A.example", "192.0.2.20"), server("a.example", "192.0.2.10")};
  seen.servers[0].names.push_back(name("ab.example"));
  seen.parent_servers = {seen.servers[1], seen.servers[2]};
  for (const char* host : {"b.example", "a.example"}) {
    seen.nameservers.push_back({name(host), false, true, {}, {}, {}});
  }
  auto given = seen;
  observe::put_in_order(seen);
  BOOST_TEST(seen.servers[0].label() == "a.example (192.0.2.10)");
  BOOST_TEST(seen.servers[1].label() == "A.example (192.0.2.20)");
  BOOST_TEST(seen.servers[2].label() == "a.example (2001:db8::1)");
  BOOST_TEST(seen.servers[3].label() == "ab.example (192.0.2.9)");
  BOOST_TEST(seen.parent_servers[0].label() == "A.example (192.0.2.20)");
  BOOST_TEST((seen.nameservers[0].name == name("a.example")));
  given.servers_given = "192.0.2.9, 2001:db8::1";
  observe::put_in_order(given);
  BOOST_TEST(given.servers[0].label() == "b.example (192.0.2.9)");
}

BOOST_AUTO_TEST_CASE(who_can_vouch_for_a_zone) {
  observe::ZoneObservation seen;
  seen.apex = name("example.test");
  for (const char* host : {"ns.example.test", "ns.example.net", "ns.example.org"}) {
    seen.nameservers.push_back({name(host), false, true, {}, {}, {}});
  }
  BOOST_TEST(observe::signalling_nameservers(seen).size() == 2U);
  seen.nameservers[0].at_parent = seen.nameservers[1].at_parent = true;
  const auto of_delegation = observe::signalling_nameservers(seen);
  BOOST_REQUIRE(of_delegation.size() == 1U);
  BOOST_TEST((of_delegation[0] == name("ns.example.net")));
}

BOOST_AUTO_TEST_CASE(signals_that_nobody_was_asked_for) {
  auto seen = sample();
  seen.nameservers = {{name("ns.example.net"), true, false, {}, {}, {}}};
  seen.signals.clear();
  auto& ds = *seen.links.back().ds;
  ds.have_data = false;
  ds.security = dns::Security::insecure;
  BOOST_TEST(observe::lacks_signals(seen));
  ds.have_data = true;  // there is nothing to bootstrap
  BOOST_TEST(!observe::lacks_signals(seen));
  ds.have_data = false;
  seen.nameservers.front().name = name("ns.example.test");  // nobody to ask
  BOOST_TEST(!observe::lacks_signals(seen));
  seen.nameservers.front().name = name("ns.example.net");
  seen.signals = sample().signals;
  BOOST_TEST(!observe::lacks_signals(seen));
}

BOOST_AUTO_TEST_CASE(names_of_signals) {
  BOOST_TEST((observe::signalling_name(name("www.example.test"), name("ns.example.net")) ==
              name("_dsboot.www.example.test._signal.ns.example.net")));
  const std::string label(60, 'a');
  const auto zone = name(label + "." + label + ".test");
  BOOST_TEST(observe::signalling_name(zone, name(label + ".net")).has_value());
  BOOST_TEST(!observe::signalling_name(zone, name(label + "." + label + ".net")));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace observe_test
