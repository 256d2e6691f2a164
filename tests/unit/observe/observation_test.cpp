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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace observe_test
