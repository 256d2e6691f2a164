// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/sample.hpp"

#include <utility>

namespace observe_test {

using dns::Type;

namespace {

dns::Message message_for(const dns::Question& question) {
  dns::Message message;
  message.id = 4711;
  message.qr = message.aa = true;
  message.questions = {question};
  message.answer = {{question.name, Type::txt, dns::Class::in, 60, {3, 'o', 'n', 'e'}},
                    {question.name, Type::ns, dns::Class::in, 60, {1, 'n', 0}}};
  message.edns = dns::Edns{};
  message.edns->udp_size = 1232;
  message.edns->errors = {{7, "why"}};
  return message;
}

observe::Server server(std::string_view address) {
  observe::Server server;
  server.endpoint = {std::string(address), 5353};
  server.names = {name("ns1.example.test"), name("ns2.example.test")};
  server.answers = {answered("example.test", Type::soa),
                    unanswered("example.test", Type::mx, dns::Outcome::timeout)};
  server.large = unanswered("example.test", Type::dnskey, dns::Outcome::timeout);
  return server;
}

}  // namespace

dns::Name name(std::string_view text) { return dns::Name::from_text(text).value(); }

dns::Lookup lookup(std::string_view asked, Type type) {
  dns::Lookup lookup;
  lookup.question = {name(asked), type, dns::Class::in};
  lookup.security = dns::Security::secure;
  lookup.rcode = dns::Rcode::noerror;
  lookup.have_data = true;
  lookup.round_trip = std::chrono::microseconds(1234);
  lookup.wire = dns::write_message(message_for(lookup.question));
  lookup.message = dns::parse_message(lookup.wire).value();
  return lookup;
}

dns::Answer answered(std::string_view asked, Type type) {
  auto answer = unanswered(asked, type, dns::Outcome::answered);
  answer.wire = dns::write_message(message_for(answer.question));
  answer.message = dns::parse_message(answer.wire).value();
  return answer;
}

dns::Answer unanswered(std::string_view asked, Type type, dns::Outcome outcome) {
  dns::Answer answer;
  answer.question = {name(asked), type, dns::Class::in};
  answer.server = {"192.0.2.1", 53};
  answer.outcome = outcome;
  answer.tries = 3;
  return answer;
}

observe::ZoneObservation sample() {
  observe::ZoneObservation seen;
  seen.asked = name("www.example.test");
  seen.descent = observe::Descent::found;
  seen.apex = name("example.test");
  seen.parent = name("test");
  seen.taken_at = 1'800'000'000;
  seen.anchors = {{name("."), {20326, 8, 2, {0xe0, 0x6d}}}};
  seen.anchor_source = "a file";
  seen.forwarders = "192.0.2.53";
  seen.servers_given = "192.0.2.1";
  observe::Link link{name("example.test"), lookup("example.test", Type::ds),
                     lookup("example.test", Type::dnskey), lookup("example.test", Type::ds),
                     lookup("example.test", Type::dnskey)};
  link.ds->security = dns::Security::bogus;
  link.ds->why_bogus = "no signature";
  link.raw_ds->validated = false;
  seen.links = {{name("."), {}, lookup(".", Type::dnskey), {}, {}}, link};
  seen.probes = {lookup("example.test", Type::soa)};
  seen.navigation = {lookup("example.test", Type::ns)};
  observe::Nameserver host{name("ns1.example.test"),
                           true,
                           false,
                           {"192.0.2.1"},
                           {"2001:db8::1"},
                           {lookup("ns1.example.test", Type::a)}};
  seen.nameservers = {std::move(host)};
  seen.servers = {server("192.0.2.1"), server("2001:db8::1")};
  seen.parent_servers = {server("198.51.100.1")};
  seen.family_probes = {server("203.0.113.1")};
  observe::ResolverView view;
  view.address = {{"192.0.2.254", 853}, "dns.example"};
  view.answers = {answered("example.test", Type::soa),
                  unanswered("example.test", Type::a, dns::Outcome::tls_failed)};
  view.answers.front().cd_sent = false;
  view.answers.front().via = dns::Via::tls;
  view.answers.back().detail = "certificate: expired";
  seen.resolvers = {std::move(view)};
  seen.canary = lookup("bogus.test", Type::a);
  seen.algorithm_canaries = {lookup("ed448.test", Type::a)};
  seen.wanted = {{name("www.example.test"), Type::aaaa, dns::Class::in}};
  seen.random_name = name("random.example.test");
  seen.ipv6 = false;
  seen.notes = {"one", "two"};
  seen.signals = {{name("ns1.example.net"), name("_dsboot.example.test._signal.ns1.example.net"),
                   lookup("_dsboot.example.test._signal.ns1.example.net", Type::cds),
                   lookup("_dsboot.example.test._signal.ns1.example.net", Type::cdnskey)}};
  auto& walk = seen.walk.emplace();
  walk.server = {"192.0.2.1", 5353};
  walk.answers = {answered("example.test", Type::nsec)};
  walk.most = 7;
  walk.out_of_time = true;
  seen.deadline_hit = true;
  seen.flooded = true;
  seen.stage = "asking";
  return seen;
}

}  // namespace observe_test
