// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/silence.hpp"

#include <boost/test/unit_test.hpp>

#include "transport/servers.hpp"

using namespace std::chrono_literals;
using Advice = transport::Silence::Advice;
using servers::Clock;
using servers::Udp;

namespace {

struct SilenceFixture {
  transport::Silence silence;
  transport::Silence::TimePoint now{1000h};
  Advice advice() { return silence.advice("a", now); }
  void silent_about(std::uint64_t first, std::uint64_t last) {
    for (auto zone = first; zone <= last; ++zone) silence.was_silent("a", zone, "no answer");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(silence, SilenceFixture)

BOOST_AUTO_TEST_CASE(one_zone_says_nothing_about_others) {
  for (int i = 0; i < 100; ++i) silent_about(7, 7);
  BOOST_TEST((advice() == Advice::ask));
}

BOOST_AUTO_TEST_CASE(several_zones_do) {
  silent_about(1, 3);
  BOOST_TEST((advice() == Advice::ask_briefly));
  BOOST_TEST((silence.advice("b", now) == Advice::ask));
  BOOST_TEST(silence.detail("a") == "no answer");
  silence.was_silent("a", 4, "");
  BOOST_TEST(silence.detail("a") == "no answer");
}

BOOST_AUTO_TEST_CASE(an_answer_ends_it) {
  silent_about(1, 50);
  silence.has_answered("a");
  BOOST_TEST((advice() == Advice::ask));
}

BOOST_AUTO_TEST_CASE(many_zones_end_the_asking_but_for_now_and_then) {
  silent_about(1, 50);
  BOOST_TEST((advice() == Advice::ask_briefly));  // whether it still is
  BOOST_TEST((advice() == Advice::do_not_ask));
  now += 2s;
  BOOST_TEST((advice() == Advice::ask_briefly));
  BOOST_TEST((advice() == Advice::do_not_ask));
}

// Four zones share a dead server: the fourth does not wait as long as the first.
BOOST_AUTO_TEST_CASE(a_dead_server_of_many_zones) {
  boost::asio::io_context io;
  const Udp server(io, [](Udp&, const dns::Bytes&, const boost::asio::ip::udp::endpoint&) {});
  transport::ClientOptions options{.query_timeout = 400ms, .retries = 2};
  options.remember_silence = true;
  transport::Client client(io, options);
  const auto ask = [&](std::uint64_t zone) {
    auto own = client.for_zone(zone, Clock::now() + 60s);
    return servers::run(io, own.ask(server.endpoint(), servers::question()));
  };
  const auto first = ask(1);
  ask(2);
  ask(3);
  const auto fourth = ask(4);
  BOOST_TEST((first.answer->outcome == dns::Outcome::timeout));
  BOOST_TEST((fourth.answer->outcome == dns::Outcome::timeout));
  BOOST_TEST(fourth.answer->detail == first.answer->detail);
  BOOST_TEST(fourth.took.count() < first.took.count() / 2);
  BOOST_TEST(fourth.answer->tries == 1U);
}

// A server that is silent about some zones answers for others all the same.
BOOST_AUTO_TEST_CASE(a_server_that_is_silent_about_some_zones) {
  boost::asio::io_context io;
  const Udp server(
      io, [](Udp& self, const dns::Bytes& query, const boost::asio::ip::udp::endpoint& from) {
        const auto asked = servers::reply_to(query).questions.at(0).name.to_text();
        if (asked.rfind("silent", 0) != 0) self.send(servers::good_reply(query), from);
      });
  transport::ClientOptions options{.query_timeout = 200ms, .retries = 0};
  options.remember_silence = true;
  transport::Client client(io, options);
  for (std::uint64_t zone = 1; zone <= 40; ++zone) {
    const bool last = zone == 40;
    auto own = client.for_zone(zone, Clock::now() + 60s);
    const auto name =
        last ? std::string("fine.example.") : "silent" + std::to_string(zone) + ".example.";
    if (!last && zone > 6) continue;
    const auto timed =
        servers::run(io, own.ask(server.endpoint(), servers::question(name.c_str())));
    BOOST_TEST((timed.answer->outcome == (last ? dns::Outcome::answered : dns::Outcome::timeout)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
