// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/client.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>

#include "transport/random.hpp"
#include "transport/servers.hpp"

using dns::Outcome;
using namespace std::chrono_literals;
using servers::Clock;
using servers::Udp;

namespace {

struct ClientFixture {
  boost::asio::io_context io;
  transport::ClientOptions options{.query_timeout = 200ms, .retries = 1};
};

void answer(Udp& self, const dns::Bytes& query, const boost::asio::ip::udp::endpoint& from) {
  self.send(servers::good_reply(query), from);
}

void say_nothing(Udp&, const dns::Bytes&, const boost::asio::ip::udp::endpoint&) {}

std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                       std::filesystem::directory_iterator());
}

/// Asks `count` times at once and returns the answers.
std::vector<dns::Answer> ask_many(boost::asio::io_context& io, transport::Client& client,
                                  const dns::Endpoint& server, unsigned count) {
  std::vector<dns::Answer> answers;
  for (unsigned i = 0; i < count; ++i) {
    boost::asio::co_spawn(io, client.ask(server, servers::question()),
                          [&](const std::exception_ptr& error, dns::Answer one) {
                            BOOST_TEST(!error);
                            answers.push_back(std::move(one));
                            if (answers.size() == count) {
                              io.stop();
                            }
                          });
  }
  io.restart();
  io.run_for(15s);
  return answers;
}

long count_of(const std::vector<dns::Answer>& answers, Outcome outcome) {
  return std::count_if(answers.begin(), answers.end(),
                       [outcome](const dns::Answer& one) { return one.outcome == outcome; });
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client, ClientFixture)

BOOST_AUTO_TEST_CASE(past_the_deadline_nothing_is_asked) {
  const Udp server(io, answer);
  options.deadline = Clock::now() - 1ms;
  transport::Client client(io, options);
  const dns::Answer late = servers::ask(io, client, server.endpoint());
  BOOST_TEST(late.outcome == Outcome::not_asked);
  BOOST_TEST(late.tries == 0U);
  BOOST_TEST(client.sent() == 0U);
  BOOST_TEST(server.queries.empty());
  BOOST_TEST(servers::ask(io, client, server.endpoint(), {.tcp = true}).outcome ==
             Outcome::not_asked);
}

/// So much may come about one zone, and no more.
BOOST_AUTO_TEST_CASE(no_more_is_asked_for_after_very_much_came) {
  const Udp server(io, answer);
  options.most_octets = 1;
  transport::Client client(io, options);
  BOOST_TEST(servers::ask(io, client, server.endpoint()).outcome == Outcome::answered);
  BOOST_TEST(!client.has_enough());  // nothing was left out yet
  const auto sent = client.sent();
  for (const bool tcp : {false, true}) {
    const dns::Answer left = servers::ask(io, client, server.endpoint(), {.tcp = tcp});
    BOOST_TEST(left.outcome == Outcome::flooded);
    BOOST_TEST(left.wire.empty());
  }
  BOOST_TEST(client.has_enough());
  BOOST_TEST(client.sent() == sent);
  transport::Client other = client.for_zone(7, transport::TimePoint::max());
  BOOST_TEST(servers::ask(io, other, server.endpoint()).outcome == Outcome::answered);
}

BOOST_AUTO_TEST_CASE(the_deadline_ends_silence) {
  const Udp server(io, say_nothing);
  options.query_timeout = 5s;
  options.deadline = Clock::now() + 300ms;
  transport::Client client(io, options);
  const auto timed = servers::run(io, client.ask(server.endpoint(), servers::question()));
  BOOST_TEST(timed.answer->outcome == Outcome::not_asked);
  BOOST_TEST(timed.answer->tries == 1U);
  BOOST_TEST(timed.took.count() >= 290);
  BOOST_TEST(timed.took.count() < 600);
}

BOOST_AUTO_TEST_CASE(only_who_had_the_time_to_answer_is_silent) {
  const Udp server(io, say_nothing);
  options.query_timeout = 400ms;
  options.deadline = Clock::now() + 350ms;
  transport::Client client(io, options);
  BOOST_TEST(servers::ask(io, client, server.endpoint()).outcome == Outcome::timeout);
}

BOOST_AUTO_TEST_CASE(no_address_at_all) {
  transport::Client client(io, options);
  const dns::Answer nowhere = servers::ask(io, client, {"ns1.example", 53});
  BOOST_TEST(nowhere.outcome == Outcome::unreachable);
  BOOST_TEST(nowhere.detail == "'ns1.example' is no IP address");
}

BOOST_AUTO_TEST_CASE(the_system_s_refusal_is_told_at_once) {
  transport::Client client(io, options);
  // The kernel refuses to connect a socket to the broadcast address unless asked to.
  const auto timed = servers::run(io, client.ask({"255.255.255.255", 53}, servers::question()));
  BOOST_TEST(timed.answer->outcome == Outcome::unreachable);
  BOOST_TEST(timed.answer->tries == 1U);
  BOOST_TEST(!timed.answer->detail.empty());
  BOOST_TEST(timed.took.count() < 100);
}

#if !defined(__SANITIZE_ADDRESS__)  // the sanitizers need descriptors of their own
BOOST_AUTO_TEST_CASE(no_descriptor_left) {
  const Udp server(io, answer);
  transport::Client client(io, options);
  rlimit before{};
  BOOST_REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit none = before;
  none.rlim_cur = 3;
  BOOST_REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  const dns::Answer udp = servers::ask(io, client, server.endpoint());
  const dns::Answer tcp = servers::ask(io, client, server.endpoint(), {.tcp = true});
  BOOST_REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  for (const dns::Answer& one : {udp, tcp}) {
    BOOST_TEST(one.outcome == Outcome::not_asked);
    BOOST_TEST(one.detail == "Too many open files");
  }
}
#endif

BOOST_AUTO_TEST_CASE(many_at_once_within_the_limit) {
  unsigned in_flight = 0;
  unsigned most = 0;
  std::vector<std::unique_ptr<boost::asio::steady_timer>> timers;
  const Udp server(io, [&](Udp& self, dns::Bytes query, const auto& from) {
    most = std::max(most, ++in_flight);
    timers.push_back(std::make_unique<boost::asio::steady_timer>(io, 5ms));
    timers.back()->async_wait([&, query = std::move(query), from](auto) {
      --in_flight;
      self.send(servers::good_reply(query), from);
    });
  });
  options.most_in_flight = 20;
  options.query_timeout = 3s;
  transport::Client client(io, options);
  const auto answers = ask_many(io, client, server.endpoint(), 500);
  BOOST_TEST(answers.size() == 500U);
  BOOST_TEST(count_of(answers, Outcome::answered) == 500);
  BOOST_TEST(most <= 20U);
  BOOST_TEST(most > 10U);
  BOOST_TEST(client.sent() == 500U);
}

BOOST_AUTO_TEST_CASE(waiting_for_a_slot_ends_at_the_deadline) {
  const Udp server(io, say_nothing);
  options.most_in_flight = 2;
  options.query_timeout = 5s;
  options.deadline = Clock::now() + 200ms;
  transport::Client client(io, options);
  const Clock::time_point start = Clock::now();
  const auto answers = ask_many(io, client, server.endpoint(), 10);
  BOOST_TEST((Clock::now() - start < 500ms));
  BOOST_TEST(count_of(answers, Outcome::not_asked) == 10);
  BOOST_TEST(client.sent() == 2U);
}

BOOST_AUTO_TEST_CASE(every_socket_is_closed) {
  const Udp good(io, answer);
  const Udp silent(io, say_nothing);
  const servers::Tcp closing(io, 0, [](auto&) -> boost::asio::awaitable<void> { co_return; });
  options.query_timeout = 50ms;
  transport::Client client(io, options);
  servers::ask(io, client, good.endpoint());  // so that the loop has what it keeps
  const std::ptrdiff_t before = open_descriptors();
  for (int i = 0; i < 5; ++i) {
    servers::ask(io, client, good.endpoint());
    servers::ask(io, client, silent.endpoint());
    servers::ask(io, client, closing.endpoint(), {.tcp = true});
    servers::ask(io, client, closing.endpoint());
    servers::ask(io, client, {"255.255.255.255", 53});
  }
  io.restart();
  io.poll();  // the servers' own ends
  BOOST_TEST(open_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(client_and_loop_may_die_with_questions_under_way) {
  const std::ptrdiff_t before = open_descriptors();
  {
    boost::asio::io_context doomed;
    const Udp silent(doomed, say_nothing);
    options.most_in_flight = 2;
    auto short_lived = std::make_unique<transport::Client>(doomed, options);
    for (int i = 0; i < 5; ++i) {
      boost::asio::co_spawn(doomed, short_lived->ask(silent.endpoint(), servers::question()),
                            boost::asio::detached);
    }
    doomed.run_for(20ms);
    short_lived.reset();
    doomed.run_for(20ms);
    BOOST_TEST(silent.queries.size() == 2U);
  }
  BOOST_TEST(open_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(kernel_random_does_not_repeat_itself) {
  transport::KernelRandom random;
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 200; ++i) {
    seen.insert(random());
  }
  BOOST_TEST(seen.size() > 195U);  // four equal pairs among 200 of 2^32: never
}

BOOST_AUTO_TEST_SUITE_END()
