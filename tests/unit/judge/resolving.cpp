// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/resolving.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace judge_test::resolving {

dns::Question question(std::string_view asked, Type type) {
  return {name(asked), type, dns::Class::in};
}

dns::Message resolved(dns::Message message, bool secure, bool cd) {
  message.aa = false;
  message.ra = message.rd = true;
  message.cd = cd;
  message.ad = secure && !cd;
  return message;
}

void put(observe::ResolverView& view, const dns::Question& asked, const dns::Message& message,
         bool cd, bool tcp) {
  dns::Answer answer;
  answer.question = asked;
  answer.server = view.address.endpoint;
  answer.cd_sent = cd;
  answer.tcp_requested = tcp;
  answer.via = tcp ? dns::Via::tcp : dns::Via::udp;
  answer.round_trip = std::chrono::milliseconds(20);
  answer.tries = 1;
  say(answer, message);
  view.answers.push_back(std::move(answer));
}

dns::Message canary_message(bool cd) {
  dns::Message message;
  message.qr = message.rd = message.ra = true;
  message.cd = cd;
  message.questions = {question(kCanary, Type::a)};
  message.edns = dns::Edns{};
  if (cd) {
    message.answer = {{name(kCanary), Type::a, dns::Class::in, 60, address(66)}};
  } else {
    message.rcode = Rcode::servfail;
  }
  return message;
}

observe::ResolverView resolver_for(const World& world, std::uint8_t number) {
  observe::ResolverView view;
  view.address.endpoint = {"203.0.113." + std::to_string(number), 53};
  const auto& zone = world.copies.front();
  const bool secure = world.word == Security::secure;
  const auto both = [&](const dns::Question& asked) {
    put(view, asked, resolved(zone.answer(asked), secure, false), false);
    put(view, asked, resolved(zone.answer(asked), secure, true), true);
  };
  both(question(kZone, observe::kMissingType));
  both(question(kZone, Type::soa));
  both(question(kWww, Type::a));
  both(question(kNobody, Type::a));
  put(view, question(kCanary, Type::a), canary_message(false), false);
  put(view, question(kCanary, Type::a), canary_message(true), true);
  const auto keys = question(kZone, Type::dnskey);
  put(view, keys, resolved(zone.answer(keys), secure, false), false, true);
  return view;
}

Resolving::Resolving(Security word) {
  world.word = word;
  world.ask(kWww, Type::a);
  seen = world.observe();
  seen.servers.clear();
  seen.parent_servers.clear();
  seen.nameservers.clear();
  seen.canary.emplace();
  seen.canary->question = question(kCanary, Type::a);
  seen.canary->security = Security::bogus;
  seen.resolvers = {resolver_for(world, 1), resolver_for(world, 2)};
}

dns::Answer& Resolving::at(std::string_view asked, Type type, bool cd) {
  const auto wanted = question(asked, type);
  auto& answers = first().answers;
  return *std::find_if(answers.begin(), answers.end(), [&](const dns::Answer& answer) {
    return answer.question == wanted && answer.cd_sent == cd && !answer.tcp_requested;
  });
}

void Resolving::change(const std::function<void(dns::Message&)>& change) {
  for (auto& answer : first().answers) {
    edit(answer, change);
  }
}

void make_servfail(dns::Message& message) {
  message.rcode = Rcode::servfail;
  message.ad = false;
  message.answer.clear();
  message.authority.clear();
}

void sign_anew(const World& world, dns::Message& message, Window window) {
  auto zone = world.copies.front();
  auto sets = dns::group(message.answer);
  message.answer.clear();
  for (auto& data : sets) {
    zone.sign(data, window);
    append(message.answer, data);
  }
}

void sign_by_another_key(dns::Message& message) {
  constexpr std::size_t kKeyTag = 16;  // its place in the RRSIG
  for (auto& record : message.answer) {
    if (record.type == Type::rrsig) {
      record.rdata.at(kKeyTag) ^= 1U;
    }
  }
}

std::function<void(dns::Message&)> servfail_because(std::uint16_t code) {
  return [code](dns::Message& message) {
    make_servfail(message);
    message.edns->errors = {{code, ""}};
  };
}

void explain(dns::Answer& answer, std::uint16_t code) {
  edit(answer, [code](dns::Message& message) { message.edns->errors = {{code, "why"}}; });
}

void lose(dns::Answer& answer, dns::Outcome outcome) {
  answer.outcome = outcome;
  answer.wire.clear();
  answer.message.reset();
}

void expect_none(const std::vector<judge::Finding>& findings) {
  for (const auto& finding : findings) {
    BOOST_ERROR("should be quiet: " << judge::info(finding.fault).id << ": " << finding.text);
  }
}

}  // namespace judge_test::resolving
