// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>

#include "transport/servers.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 inlines half of Asio's frame allocation and takes the rest for a mismatch.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

using dns::Outcome;
using dns::Via;
using namespace std::chrono_literals;
using boost::asio::awaitable;
using boost::asio::ip::tcp;
using servers::good_reply;
using servers::Tcp;
using servers::Udp;

namespace {

void say_truncated(Udp& self, const dns::Bytes& query, const boost::asio::ip::udp::endpoint& from) {
  dns::Message message = servers::reply_to(query);
  message.tc = true;
  message.answer.clear();
  self.send(dns::write_message(message), from);
}

awaitable<void> answer_well(tcp::socket& socket) {
  const dns::Bytes query = co_await servers::read_query(socket);
  co_await servers::write(socket, servers::framed(good_reply(query)));
}

awaitable<void> close_at_once(tcp::socket&) { co_return; }

awaitable<void> close_after_question(tcp::socket& socket) { co_await servers::read_query(socket); }

awaitable<void> close_within_length(tcp::socket& socket) {
  co_await servers::read_query(socket);
  co_await servers::write(socket, dns::Bytes(1, 0));
}

awaitable<void> close_after_length(tcp::socket& socket) {
  co_await servers::read_query(socket);
  co_await servers::write(socket, dns::Bytes(2, 1));
}

awaitable<void> close_within_message(tcp::socket& socket) {
  dns::Bytes frame = servers::framed(good_reply(co_await servers::read_query(socket)));
  frame.resize(frame.size() - 1);
  co_await servers::write(socket, std::move(frame));
}

awaitable<void> reset_after_question(tcp::socket& socket) {
  co_await servers::read_query(socket);
  socket.set_option(tcp::socket::linger(true, 0));
}

awaitable<void> drip(tcp::socket& socket) {
  const dns::Bytes frame = servers::framed(good_reply(co_await servers::read_query(socket)));
  for (const std::uint8_t octet : frame) {
    co_await servers::write(socket, dns::Bytes(1, octet));
    co_await servers::sleep(200ms);
  }
}

awaitable<void> never_answer(tcp::socket& socket) {
  co_await servers::read_query(socket);
  co_await servers::sleep(10s);
}

struct TcpFixture {
  boost::asio::io_context io;
  transport::ClientOptions options{.query_timeout = 300ms};
  Udp udp{io, say_truncated};

  /// Truncation over UDP, then what that script does.
  servers::Timed truncated_then(Tcp::Script script) {
    const Tcp tcp_server(io, udp.port(), std::move(script));
    transport::Client client(io, options);
    return servers::run(io, client.ask(udp.endpoint(), servers::question(), {}));
  }
  servers::Timed tcp_first(Tcp::Script script) {
    const Tcp tcp_server(io, 0, std::move(script));
    transport::Client client(io, options);
    return servers::run(io, client.ask(tcp_server.endpoint(), servers::question(), {.tcp = true}));
  }
};

void check_failed(const servers::Timed& timed, Outcome outcome) {
  BOOST_REQUIRE(timed.answer.has_value());
  BOOST_TEST(timed.answer->outcome == outcome);
  BOOST_TEST(timed.answer->truncated_udp);
  BOOST_TEST(!timed.answer->message.has_value());
  BOOST_TEST(timed.answer->wire.empty());
  BOOST_TEST(timed.answer->via == Via::udp);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(over_tcp, TcpFixture)

BOOST_AUTO_TEST_CASE(truncation_leads_to_tcp) {
  const servers::Timed timed = truncated_then(answer_well);
  const dns::Answer& answer = timed.answer.value();
  BOOST_TEST(answer.outcome == Outcome::answered);
  BOOST_TEST(answer.via == Via::tcp);
  BOOST_TEST(answer.truncated_udp);
  BOOST_TEST(!answer.tcp_requested);
  BOOST_TEST(answer.tries == 2U);
  BOOST_TEST(answer.message->answer.size() == 1U);
  BOOST_TEST(answer.round_trip.count() > 0);
}

BOOST_AUTO_TEST_CASE(truncation_and_tcp_refused) {
  transport::Client client(io, options);
  check_failed(servers::run(io, client.ask(udp.endpoint(), servers::question(), {})),
               Outcome::connection_refused);
}

BOOST_AUTO_TEST_CASE(truncation_and_tcp_closed_at_each_point) {
  for (const Tcp::Script& script :
       {Tcp::Script(close_at_once), Tcp::Script(close_after_question),
        Tcp::Script(close_within_length), Tcp::Script(close_after_length),
        Tcp::Script(close_within_message), Tcp::Script(reset_after_question)}) {
    const servers::Timed timed = truncated_then(script);
    check_failed(timed, Outcome::connection_closed);
    BOOST_TEST(timed.answer->tries == 4U);  // one UDP, three connections
    BOOST_TEST(!timed.answer->detail.empty());
  }
}

BOOST_AUTO_TEST_CASE(truncation_and_tcp_silent) {
  const servers::Timed timed = truncated_then(never_answer);
  check_failed(timed, Outcome::timeout);
  BOOST_TEST(timed.took.count() < 600);
}

BOOST_AUTO_TEST_CASE(a_dripping_server_is_cut_off) {
  const servers::Timed timed = truncated_then(drip);
  check_failed(timed, Outcome::timeout);
  BOOST_TEST(timed.took.count() < 600);
}

BOOST_AUTO_TEST_CASE(the_deadline_cuts_a_dripping_server_off) {
  options.query_timeout = 10s;
  options.deadline = servers::Clock::now() + 700ms;
  const servers::Timed timed = tcp_first(drip);
  BOOST_TEST(timed.answer->outcome == Outcome::not_asked);
  BOOST_TEST(timed.took.count() >= 690);
  BOOST_TEST(timed.took.count() < 1000);
}

BOOST_AUTO_TEST_CASE(a_slow_answer_in_time) {
  options.query_timeout = 5s;
  const servers::Timed timed = tcp_first([](tcp::socket& socket) -> awaitable<void> {
    dns::Bytes frame = servers::framed(good_reply(co_await servers::read_query(socket)));
    for (const std::uint8_t octet : frame) {
      co_await servers::write(socket, dns::Bytes(1, octet));
      co_await servers::sleep(5ms);
    }
  });
  BOOST_TEST(timed.answer->outcome == Outcome::answered);
  BOOST_TEST((timed.answer->round_trip >= 100ms));
}

BOOST_AUTO_TEST_CASE(tcp_from_the_start) {
  const servers::Timed timed = tcp_first(answer_well);
  const dns::Answer& answer = timed.answer.value();
  BOOST_TEST(answer.outcome == Outcome::answered);
  BOOST_TEST(answer.via == Via::tcp);
  BOOST_TEST(answer.tcp_requested);
  BOOST_TEST(!answer.truncated_udp);
  BOOST_TEST(answer.tries == 1U);
  BOOST_TEST(udp.queries.empty());
}

BOOST_AUTO_TEST_CASE(a_second_connection_after_a_closed_one) {
  unsigned count = 0;
  const servers::Timed timed = tcp_first([&](tcp::socket& socket) -> awaitable<void> {
    if (++count == 2) {
      co_await answer_well(socket);
    }
  });
  BOOST_TEST(timed.answer->outcome == Outcome::answered);
  BOOST_TEST(timed.answer->tries == 2U);
}

/// Answers so many clients at once; whoever comes beside them is shut out.
struct Allows {
  unsigned most, now = 0, peak = 0, shut_out = 0;
  awaitable<void> operator()(tcp::socket& socket) {
    if (now >= most) {
      ++shut_out;
      co_return;
    }
    peak = std::max(peak, ++now);
    const dns::Bytes query = co_await servers::read_query(socket);
    co_await servers::sleep(10ms);
    --now;
    co_await servers::write(socket, servers::framed(good_reply(query)));
  }
};

/// A dozen questions at once; how many were answered.
unsigned ask_a_dozen(TcpFixture& the, Allows& server, std::uint64_t zones = 1) {
  const Tcp tcp_server(the.io, 0, std::ref(server));
  transport::Client client(the.io, the.options);
  unsigned answered = 0, over = 0;
  for (std::uint64_t i = 0; i < 12; ++i) {
    auto of_zone = client.for_zone(i % zones, transport::TimePoint::max());
    boost::asio::co_spawn(the.io,
                          of_zone.ask(tcp_server.endpoint(), servers::question(), {.tcp = true}),
                          [&](const std::exception_ptr&, const dns::Answer& answer) {
                            answered += answer.answered() ? 1 : 0;
                            if (++over == 12) {
                              the.io.stop();
                            }
                          });
  }
  the.io.restart();
  the.io.run_for(10s);
  return answered;
}

// RFC 7766 6.2.2.
BOOST_AUTO_TEST_CASE(few_connections_at_once) {
  options.query_timeout = 5s;
  Allows server{.most = 4};
  BOOST_TEST(ask_a_dozen(*this, server) == 12U);
  BOOST_TEST(server.peak == 2U);
  BOOST_TEST(server.shut_out == 0U);
  // Zones do not wait for each other.
  Allows wide{.most = 100};
  BOOST_TEST(ask_a_dozen(*this, wide, 3) == 12U);
  BOOST_TEST(wide.peak == 6U);
}

BOOST_AUTO_TEST_CASE(shut_out_and_let_in_a_little_later) {
  options.query_timeout = 5s;
  Allows server{.most = 1};
  BOOST_TEST(ask_a_dozen(*this, server) == 12U);
  BOOST_TEST(server.shut_out > 0U);
}

// Nobody waits for ever behind those who wait for a server that says nothing.
BOOST_AUTO_TEST_CASE(a_silent_server_keeps_nobody_waiting) {
  const Tcp tcp_server(io, 0, never_answer);
  transport::Client client(io, options);
  unsigned silent = 0, over = 0;
  const auto start = servers::Clock::now();
  for (unsigned i = 0; i < 12; ++i) {
    boost::asio::co_spawn(io, client.ask(tcp_server.endpoint(), servers::question(), {.tcp = true}),
                          [&](const std::exception_ptr&, const dns::Answer& answer) {
                            silent += answer.outcome == Outcome::timeout ? 1 : 0;
                            if (++over == 12) {
                              io.stop();
                            }
                          });
  }
  io.restart();
  io.run_for(10s);
  BOOST_TEST(silent == 12U);
  BOOST_TEST((servers::Clock::now() - start < 3 * options.query_timeout));
}

BOOST_AUTO_TEST_CASE(tcp_refused_from_the_start) {
  dns::Endpoint closed;
  {
    const Tcp gone(io, 0, answer_well);
    closed = gone.endpoint();
  }
  transport::Client client(io, options);
  const dns::Answer answer = servers::ask(io, client, closed, {.tcp = true});
  BOOST_TEST(answer.outcome == Outcome::connection_refused);
  BOOST_TEST(answer.via == Via::tcp);
  BOOST_TEST(answer.detail == "Connection refused");
}

BOOST_AUTO_TEST_CASE(the_largest_message) {
  options.query_timeout = 3s;
  const servers::Timed timed = tcp_first([](tcp::socket& socket) -> awaitable<void> {
    dns::Message message = servers::reply_to(co_await servers::read_query(socket));
    while (dns::write_message(message).size() < 65000) {
      for (int i = 0; i < 20; ++i) {
        message.answer.push_back({message.questions.at(0).name, dns::Type::null, dns::Class::in,
                                  300, dns::Bytes(20, static_cast<std::uint8_t>(i))});
      }
    }
    co_await servers::write(socket, servers::framed(dns::write_message(message)));
  });
  BOOST_TEST(timed.answer->outcome == Outcome::answered);
  BOOST_TEST(timed.answer->wire.size() >= 65000U);
}

BOOST_AUTO_TEST_CASE(other_messages_on_the_connection_are_passed_over) {
  const servers::Timed timed = tcp_first([](tcp::socket& socket) -> awaitable<void> {
    const dns::Bytes query = co_await servers::read_query(socket);
    dns::Bytes frames = servers::framed(servers::with_other_id(good_reply(query)));
    const dns::Bytes empty = servers::framed({});
    const dns::Bytes good = servers::framed(good_reply(query));
    frames.insert(frames.end(), empty.begin(), empty.end());
    frames.insert(frames.end(), good.begin(), good.end());
    co_await servers::write(socket, std::move(frames));
  });
  BOOST_TEST(timed.answer->outcome == Outcome::answered);
  BOOST_TEST(timed.answer->ignored == 2U);
}

BOOST_AUTO_TEST_CASE(endless_other_messages_are_given_up) {
  const servers::Timed timed = tcp_first([](tcp::socket& socket) -> awaitable<void> {
    co_await servers::read_query(socket);
    for (;;) {
      co_await servers::write(socket, dns::Bytes(512, 0));
    }
  });
  BOOST_TEST(timed.answer->outcome == Outcome::malformed);
  BOOST_TEST(timed.took.count() < 200);
}

BOOST_AUTO_TEST_CASE(a_malformed_message) {
  const servers::Timed timed = tcp_first([](tcp::socket& socket) -> awaitable<void> {
    dns::Bytes cut = good_reply(co_await servers::read_query(socket));
    cut.resize(cut.size() - 3);
    co_await servers::write(socket, servers::framed(cut));
  });
  BOOST_TEST(timed.answer->outcome == Outcome::malformed);
  BOOST_TEST(!timed.answer->detail.empty());
}

BOOST_AUTO_TEST_CASE(tcp_is_tried_before_silence_is_told) {
  const Udp silent(io, [](Udp&, const dns::Bytes&, const auto&) {});
  options.query_timeout = 100ms;
  transport::Client client(io, options);
  {
    Tcp tcp_server(io, silent.port(), answer_well);
    const dns::Answer answer = servers::ask(io, client, silent.endpoint());
    BOOST_TEST(answer.outcome == Outcome::answered);
    BOOST_TEST(answer.via == Via::tcp);
    BOOST_TEST(answer.tries == 4U);
    BOOST_TEST(tcp_server.connections == 1U);
  }
  const dns::Answer refused = servers::ask(io, client, silent.endpoint());
  BOOST_TEST(refused.outcome == Outcome::timeout);
  BOOST_TEST(refused.detail == "no answer over UDP; over TCP: Connection refused");
}

BOOST_AUTO_TEST_SUITE_END()
