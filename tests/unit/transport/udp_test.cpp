// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>

#include "transport/servers.hpp"

using dns::Outcome;
using dns::Via;
using namespace std::chrono_literals;
using servers::good_reply;
using servers::Udp;

namespace {

struct UdpFixture {
  boost::asio::io_context io;
  transport::ClientOptions options{.query_timeout = 150ms};
  transport::AskOptions udp_only{.tcp_after_silence = false};

  dns::Answer ask(const dns::Endpoint& server) {
    transport::Client client(io, options);
    return servers::ask(io, client, server, udp_only);
  }
  dns::Answer ask(Udp::Script script) {
    const Udp server(io, std::move(script));
    return ask(server.endpoint());
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(over_udp, UdpFixture)

BOOST_AUTO_TEST_CASE(an_answer) {
  Udp server(io, [](Udp& self, const dns::Bytes& query, const auto& from) {
    self.send(good_reply(query), from);
  });
  const dns::Answer answer = ask(server.endpoint());
  BOOST_TEST(answer.outcome == Outcome::answered);
  BOOST_TEST(answer.via == Via::udp);
  BOOST_TEST(answer.tries == 1U);
  BOOST_TEST(answer.ignored == 0U);
  BOOST_TEST(answer.edns_sent);
  BOOST_TEST(!answer.truncated_udp);
  BOOST_TEST(!answer.tcp_requested);
  BOOST_TEST(answer.round_trip.count() > 0);
  BOOST_REQUIRE(answer.message.has_value());
  BOOST_TEST(answer.message->answer.size() == 1U);
  BOOST_TEST((answer.wire == good_reply(server.queries.at(0))));
  BOOST_TEST((answer.question == servers::question()));
  BOOST_TEST((answer.server == server.endpoint()));
}

BOOST_AUTO_TEST_CASE(the_question_as_it_is_put) {
  Udp server(io, [](Udp& self, const dns::Bytes& query, const auto& from) {
    self.send(good_reply(query), from);
  });
  ask(server.endpoint());
  const dns::Message query = dns::parse_message(server.queries.at(0)).value();
  BOOST_TEST(!query.qr);
  BOOST_TEST(!query.rd);
  BOOST_TEST(query.cd);
  BOOST_REQUIRE(query.edns.has_value());
  BOOST_TEST(query.edns->dnssec_ok);
  BOOST_TEST(query.edns->udp_size == 1232);
  BOOST_TEST(query.edns->nsid.has_value());

  udp_only.edns = false;
  udp_only.rd = true;
  udp_only.cd = false;
  const dns::Answer answer = ask(server.endpoint());
  const dns::Message plain = dns::parse_message(server.queries.at(1)).value();
  BOOST_TEST(!answer.edns_sent);
  BOOST_TEST(!plain.edns.has_value());
  BOOST_TEST(plain.rd);
  BOOST_TEST(!plain.cd);
}

BOOST_AUTO_TEST_CASE(ids_come_from_the_given_source) {
  Udp server(io, [](Udp& self, const dns::Bytes& query, const auto& from) {
    self.send(good_reply(query), from);
  });
  options.random = [] { return 0xabcd1234U; };
  BOOST_TEST(ask(server.endpoint()).message->id == 0x1234);
}

BOOST_AUTO_TEST_CASE(a_lost_datagram_is_asked_again_afresh) {
  Udp server(io, [](Udp& self, const dns::Bytes& query, const auto& from) {
    if (self.queries.size() == 3) {
      self.send(good_reply(query), from);
    }
  });
  const dns::Answer answer = ask(server.endpoint());
  BOOST_TEST(answer.outcome == Outcome::answered);
  BOOST_TEST(answer.tries == 3U);
  BOOST_TEST((answer.round_trip < 150ms));
  BOOST_REQUIRE(server.queries.size() == 3U);
  // Three equal ids, or three equal ports, come by chance once in 4 billion.
  BOOST_TEST((server.queries[0] != server.queries[1] || server.queries[1] != server.queries[2]));
  BOOST_TEST((server.source_ports[0] != server.source_ports[1] ||
              server.source_ports[1] != server.source_ports[2]));
}

BOOST_AUTO_TEST_CASE(silence) {
  Udp server(io, [](Udp&, const dns::Bytes&, const auto&) {});
  transport::Client client(io, options);
  const auto timed = servers::run(io, client.ask(server.endpoint(), servers::question(), udp_only));
  BOOST_TEST(timed.answer->outcome == Outcome::timeout);
  BOOST_TEST(timed.answer->tries == 3U);
  BOOST_TEST(!timed.answer->message.has_value());
  BOOST_TEST(timed.took.count() >= 440);
  BOOST_TEST(timed.took.count() < 750);
  BOOST_TEST(server.queries.size() == 3U);
  BOOST_TEST(client.sent() == 3U);
}

BOOST_AUTO_TEST_CASE(late_answers_are_nobody_s) {
  const dns::Answer answer = ask([](Udp& self, const dns::Bytes& query, const auto& from) {
    self.send_later(200ms, good_reply(query), from);
  });
  BOOST_TEST(answer.outcome == Outcome::timeout);
  BOOST_TEST(answer.tries == 3U);
}

BOOST_AUTO_TEST_CASE(a_slow_server_is_given_its_time_from_the_second_question_on) {
  options.query_timeout = 1600ms;
  options.retries = 1;
  Udp server(io, [](Udp& self, const dns::Bytes& query, const auto& from) {
    self.send_later(900ms, good_reply(query), from);
  });
  transport::Client client(io, options);
  const dns::Answer first = servers::ask(io, client, server.endpoint(), udp_only);
  BOOST_TEST(first.answered());
  BOOST_TEST(first.tries == 2U);
  const dns::Answer second = servers::ask(io, client, server.endpoint(), udp_only);
  BOOST_TEST(second.answered());
  BOOST_TEST(second.tries == 1U);
}

BOOST_AUTO_TEST_CASE(wrong_ids_are_dropped_and_the_wait_goes_on) {
  const dns::Answer answer = ask([](Udp& self, const dns::Bytes& query, const auto& from) {
    self.send(servers::with_other_id(good_reply(query)), from);
    self.send(servers::with_other_id(good_reply(query)), from);
    self.send_later(50ms, good_reply(query), from);
  });
  BOOST_TEST(answer.outcome == Outcome::answered);
  BOOST_TEST(answer.tries == 1U);
  BOOST_TEST(answer.ignored == 2U);
  BOOST_TEST((answer.round_trip >= 50ms));
}

BOOST_AUTO_TEST_CASE(only_wrong_ids_are_silence) {
  const dns::Answer answer = ask([](Udp& self, const dns::Bytes& query, const auto& from) {
    self.send(servers::with_other_id(good_reply(query)), from);
  });
  BOOST_TEST(answer.outcome == Outcome::timeout);
  BOOST_TEST(answer.ignored == 3U);
  BOOST_TEST(answer.wire.empty());
}

BOOST_AUTO_TEST_CASE(wrong_questions_are_dropped) {
  const dns::Answer answer = ask([](Udp& self, const dns::Bytes& query, const auto& from) {
    dns::Message other_name = servers::reply_to(query);
    other_name.questions.at(0) = servers::question("other.example.");
    self.send(dns::write_message(other_name), from);
    dns::Message other_type = servers::reply_to(query);
    other_type.questions.at(0).type = dns::Type::aaaa;
    self.send(dns::write_message(other_type), from);
    dns::Message other_class = servers::reply_to(query);
    other_class.questions.at(0).klass = dns::Class::ch;
    self.send(dns::write_message(other_class), from);
    dns::Message two = servers::reply_to(query);
    two.questions.push_back(two.questions.at(0));
    self.send(dns::write_message(two), from);
    dns::Message none = servers::reply_to(query);
    none.questions.clear();
    self.send(dns::write_message(none), from);
    self.send(query, from);  // an echo: QR is not set
    dns::Message update = servers::reply_to(query);
    update.opcode = 5;
    self.send(dns::write_message(update), from);
    self.send(good_reply(query), from);
  });
  BOOST_TEST(answer.outcome == Outcome::answered);
  BOOST_TEST(answer.ignored == 7U);
}

BOOST_AUTO_TEST_CASE(the_name_may_come_back_in_another_case) {
  const dns::Answer answer = ask([](Udp& self, const dns::Bytes& query, const auto& from) {
    dns::Message message = servers::reply_to(query);
    message.questions.at(0) = servers::question("WWW.eXample.");
    self.send(dns::write_message(message), from);
  });
  BOOST_TEST(answer.outcome == Outcome::answered);
}

BOOST_AUTO_TEST_CASE(a_format_error_may_come_without_question) {
  const dns::Answer answer = ask([](Udp& self, const dns::Bytes& query, const auto& from) {
    dns::Message message = servers::reply_to(query);
    message.questions.clear();
    message.answer.clear();
    message.edns.reset();
    message.rcode = dns::Rcode::formerr;
    self.send(dns::write_message(message), from);
  });
  BOOST_TEST(answer.outcome == Outcome::answered);
  BOOST_TEST((answer.message->rcode == dns::Rcode::formerr));
}

BOOST_AUTO_TEST_CASE(another_port_of_the_server_is_not_heard) {
  boost::asio::ip::udp::socket stranger(
      io, boost::asio::ip::udp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  const dns::Answer answer = ask([&](Udp& self, const dns::Bytes& query, const auto& from) {
    dns::Message forged = servers::reply_to(query);
    forged.answer.clear();
    stranger.send_to(boost::asio::buffer(dns::write_message(forged)), from);
    self.send_later(30ms, good_reply(query), from);
  });
  BOOST_TEST(answer.outcome == Outcome::answered);
  BOOST_TEST(answer.message->answer.size() == 1U);
}

BOOST_AUTO_TEST_CASE(garbage_then_a_good_answer) {
  const dns::Answer answer = ask([](Udp& self, const dns::Bytes& query, const auto& from) {
    dns::Bytes cut = good_reply(query);
    cut.resize(cut.size() - 5);
    self.send(cut, from);
    self.send({}, from);
    self.send({0}, from);
    self.send_later(30ms, good_reply(query), from);
  });
  BOOST_TEST(answer.outcome == Outcome::answered);
  BOOST_TEST(answer.detail.empty());
  BOOST_TEST(answer.tries == 1U);
}

BOOST_AUTO_TEST_CASE(only_garbage_is_malformed) {
  dns::Bytes sent;
  const dns::Answer answer = ask([&](Udp& self, const dns::Bytes& query, const auto& from) {
    sent = good_reply(query);
    sent.resize(sent.size() - 5);
    self.send(sent, from);
  });
  BOOST_TEST(answer.outcome == Outcome::malformed);
  BOOST_TEST(!answer.detail.empty());
  BOOST_TEST((answer.wire == sent));
  BOOST_TEST(!answer.message.has_value());
}

BOOST_AUTO_TEST_CASE(a_malformed_try_outweighs_silent_ones) {
  unsigned count = 0;
  const dns::Answer answer = ask([&](Udp& self, dns::Bytes query, const auto& from) {
    if (++count == 1) {
      query.resize(12);  // promises a question and has none
      query.at(2) |= 0x80U;
      self.send(query, from);
    }
  });
  BOOST_TEST(answer.outcome == Outcome::malformed);
  BOOST_TEST(answer.tries == 3U);
}

BOOST_AUTO_TEST_CASE(a_datagram_larger_than_asked_for) {
  const dns::Answer answer = ask([](Udp& self, const dns::Bytes& query, const auto& from) {
    dns::Message message = servers::reply_to(query);
    for (int i = 0; i < 30; ++i) {
      message.answer.push_back({message.questions.at(0).name, dns::Type::txt, dns::Class::in, 300,
                                dns::Bytes(256, 255)});
      message.answer.back().rdata[1] = static_cast<std::uint8_t>(i);
    }
    self.send(dns::write_message(message), from);
  });
  BOOST_TEST(answer.outcome == Outcome::answered);
  BOOST_TEST(answer.wire.size() > 7680U);
}

BOOST_AUTO_TEST_CASE(a_flood_of_wrong_ids_does_not_pass_the_limit) {
  options.deadline = std::chrono::steady_clock::now() + 400ms;
  transport::Client client(io, options);
  const Udp server(io, [](Udp& self, const dns::Bytes& query, const auto& from) {
    const dns::Bytes forged = servers::with_other_id(good_reply(query));
    for (int i = 0; i < 40; ++i) {
      for (int burst = 0; burst < 50; ++burst) {
        self.send_later(std::chrono::milliseconds(i * 10), forged, from);
      }
    }
  });
  const auto timed = servers::run(io, client.ask(server.endpoint(), servers::question(), udp_only));
  BOOST_TEST(timed.answer->outcome == Outcome::timeout);
  BOOST_TEST(timed.answer->ignored > 100U);
  BOOST_TEST(timed.took.count() < 700);
}

BOOST_AUTO_TEST_CASE(a_closed_port) {
  dns::Endpoint closed;
  {
    const Udp server(io, [](Udp&, const dns::Bytes&, const auto&) {});
    closed = server.endpoint();
  }
  transport::Client client(io, options);
  const auto timed = servers::run(io, client.ask(closed, servers::question(), {}));
  BOOST_TEST(timed.answer->outcome == Outcome::connection_refused);
  BOOST_TEST(timed.answer->tries == 3U);
  BOOST_TEST(timed.answer->detail == "Connection refused");
  BOOST_TEST(timed.took.count() < 450);
}

BOOST_AUTO_TEST_SUITE_END()
