// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/json.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "observe/sample.hpp"

namespace observe_test {
namespace {

using Json = nlohmann::ordered_json;
using Pointer = Json::json_pointer;
using dns::Type;

void check_round_trip(const observe::ZoneObservation& seen) {
  const auto text = observe::to_json(seen);
  const auto read = observe::from_json(text);
  BOOST_REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
  BOOST_TEST(observe::to_json(*read) == text);
}

/// Refused, and the error names what is wrong.
void check_refused(const Json& json, const std::string& words) {
  const auto read = observe::from_json(json.dump());
  BOOST_REQUIRE_MESSAGE(!read.ok(), "accepted, though wrong: " << words);
  BOOST_TEST(read.error().message.find(words) != std::string::npos,
             read.error().message << " does not say " << words);
}

Json document() { return Json::parse(observe::to_json(sample())); }

Json with(const std::string& pointer, const Json& value) {
  auto json = document();
  json.at(Pointer(pointer)) = value;
  return json;
}

/// Every member of every object in the document.
void list_members(const Json& json, const Pointer& at, std::vector<Pointer>& members) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      members.push_back(at / key);
      list_members(value, at / key, members);
    }
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i) {
      list_members(json[i], at / i, members);
    }
  }
}

std::vector<Pointer> all_members() {
  std::vector<Pointer> members;
  list_members(document(), Pointer(), members);
  std::erase(members, Pointer("/check_dnssec"));  // the writer's version, not read
  return members;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json)

BOOST_AUTO_TEST_CASE(round_trip_of_a_full_observation) { check_round_trip(sample()); }

BOOST_AUTO_TEST_CASE(round_trip_of_an_empty_observation) { check_round_trip({}); }

BOOST_AUTO_TEST_CASE(round_trip_of_every_way_down) {
  for (const auto descent :
       {observe::Descent::not_done, observe::Descent::found, observe::Descent::root_unreachable,
        observe::Descent::name_not_found, observe::Descent::parent_unreachable}) {
    auto seen = sample();
    seen.descent = descent;
    check_round_trip(seen);
    BOOST_TEST((observe::from_json(observe::to_json(seen))->descent == descent));
  }
}

BOOST_AUTO_TEST_CASE(round_trip_of_every_outcome_and_security) {
  auto seen = sample();
  for (const auto outcome :
       {dns::Outcome::answered, dns::Outcome::not_asked, dns::Outcome::timeout,
        dns::Outcome::unreachable, dns::Outcome::connection_refused,
        dns::Outcome::connection_closed, dns::Outcome::malformed, dns::Outcome::flooded}) {
    auto answer = answered("example.test", Type::a);
    answer.outcome = outcome;
    answer.via = dns::Via::tcp;
    answer.truncated_udp = answer.tcp_requested = true;
    answer.edns_sent = false;
    seen.servers[0].answers.push_back(answer);
  }
  for (const auto security :
       {dns::Security::not_looked_up, dns::Security::secure, dns::Security::insecure,
        dns::Security::bogus, dns::Security::failed}) {
    seen.probes.push_back(lookup("example.test", Type::a));
    seen.probes.back().security = security;
  }
  check_round_trip(seen);
}

BOOST_AUTO_TEST_CASE(round_trip_of_odd_names_and_foreign_text) {
  auto seen = sample();
  seen.asked = name("\\000\\255\\.\\034\\\\.EXAMPLE.test");
  seen.apex = name(".");
  seen.parent.reset();
  seen.random_name.reset();
  seen.wanted = {{name("*.example.test"), static_cast<Type>(65535), dns::Class::in}};
  seen.notes = {"", std::string("\0\x01\x7f\xff\xc3\x28 \"\\ \xe2\x82\xac", 14)};
  seen.servers[0].answers[1].detail = "\xff\xfe";
  seen.taken_at = -1;
  seen.servers[0].endpoint.port = 65535;
  check_round_trip(seen);
  const auto read = observe::from_json(observe::to_json(seen)).value();
  BOOST_TEST((read.asked == seen.asked));
  BOOST_TEST((read.wanted == seen.wanted));
}

BOOST_AUTO_TEST_CASE(round_trip_of_a_look_up_whose_packet_is_no_message) {
  auto seen = sample();
  seen.probes[0].wire = {1, 2, 3};
  check_round_trip(seen);
  BOOST_TEST(!observe::from_json(observe::to_json(seen))->probes[0].message);
}

BOOST_AUTO_TEST_CASE(what_is_read_is_what_was_written) {
  const auto seen = sample();
  const auto read = observe::from_json(observe::to_json(seen)).value();
  BOOST_TEST((read.anchors == seen.anchors));
  BOOST_TEST((read.apex == seen.apex));
  BOOST_TEST(read.taken_at == seen.taken_at);
  BOOST_TEST(read.links.size() == 2U);
  BOOST_TEST((read.links[1].ds->security == dns::Security::bogus));
  BOOST_TEST(!read.links[1].raw_ds->validated);
  BOOST_TEST((read.servers[0].answers[0].wire == seen.servers[0].answers[0].wire));
  BOOST_TEST(
      (read.servers[0].answers[0].message->answer == seen.servers[0].answers[0].message->answer));
  BOOST_TEST(!read.servers[0].answers[1].message);
  BOOST_TEST(read.nameservers[0].at_parent);
  BOOST_TEST(!read.nameservers[0].at_child);
  BOOST_TEST((read.resolvers.at(0).address == seen.resolvers[0].address));
  BOOST_TEST((read.resolvers[0].answers.at(0).via == dns::Via::tls));
  BOOST_TEST(!read.resolvers[0].answers[0].cd_sent);
  BOOST_TEST((read.resolvers[0].answers.at(1).outcome == dns::Outcome::tls_failed));
  BOOST_TEST((read.canary->question == seen.canary->question));
  BOOST_REQUIRE(read.algorithm_canaries.size() == 1U);
  BOOST_TEST((read.algorithm_canaries[0].question == seen.algorithm_canaries[0].question));
  BOOST_TEST(!read.ipv6);
  BOOST_TEST(read.deadline_hit);
  BOOST_TEST((read.signals.at(0).nameserver == seen.signals[0].nameserver));
  BOOST_TEST((read.signals[0].name == seen.signals[0].name));
  BOOST_TEST((read.signals[0].cds->question == seen.signals[0].cds->question));
  BOOST_TEST((read.signals[0].cdnskey->wire == seen.signals[0].cdnskey->wire));
  BOOST_TEST(read.walk.value().most == 7U);
  BOOST_TEST(read.walk->out_of_time);
  BOOST_TEST((read.walk->server == seen.walk->server));
  BOOST_TEST((read.walk->answers[0].wire == seen.walk->answers[0].wire));
}

BOOST_AUTO_TEST_CASE(records_of_before_there_were_walks_and_signals) {
  auto json = document();
  json.erase("walk");
  json.erase("signals");
  json.erase("flooded");
  const auto read = observe::from_json(json.dump());
  BOOST_REQUIRE(read.ok());
  BOOST_TEST(!read->walk.has_value());
}

BOOST_AUTO_TEST_CASE(missing_members) {
  const auto members = all_members();
  BOOST_TEST(members.size() > 200U);
  for (const auto& member : members) {
    auto json = document();
    json.at(member.parent_pointer()).erase(member.back());
    if (member.to_string() == "/walk" || member.to_string() == "/signals" ||
        member.to_string() == "/flooded") {
      continue;
    }
    check_refused(json, "\"" + member.back() + "\" is missing");
  }
}

BOOST_AUTO_TEST_CASE(members_of_the_wrong_kind) {
  const auto original = document();
  for (const auto& member : all_members()) {
    const bool holds_object = original.at(member).is_object() || original.at(member).is_null();
    for (const Json& wrong : {Json(0.5), Json::array({0.5})}) {
      if (holds_object || (wrong.is_array() && original.at(member).is_array())) {
        continue;  // the first member that an object lacks is named then, not the object
      }
      auto json = original;
      json.at(member) = wrong;
      check_refused(json, "\"" + member.back() + "\"");
    }
  }
}

BOOST_AUTO_TEST_CASE(list_items_of_the_wrong_kind) {
  for (const auto* list :
       {"/notes", "/nameservers/0/glue", "/nameservers/0/addresses", "/servers/0/names"}) {
    const auto pointer = Pointer(list);
    check_refused(with(list, Json::array({1})), "\"" + pointer.back() + "\"");
  }
  for (const auto* list : {"/servers", "/links", "/probes", "/anchors", "/wanted"}) {
    check_refused(with(list, Json::array({1})), "is missing");
  }
}

BOOST_AUTO_TEST_CASE(numbers_out_of_range) {
  const Json huge = 18446744073709551615ULL;
  for (const Json& wrong : {Json(65536), Json(-1), huge}) {
    check_refused(with("/servers/0/port", wrong), "\"port\"");
    check_refused(with("/anchors/0/key_tag", wrong), "\"key_tag\"");
    check_refused(with("/probes/0/rcode", wrong), "\"rcode\"");
  }
  check_refused(with("/anchors/0/algorithm", 256), "\"algorithm\"");
  check_refused(with("/anchors/0/digest_type", 256), "\"digest_type\"");
  check_refused(with("/taken_at", huge), "\"taken_at\"");
  check_refused(with("/servers/0/answers/0/tries", 4294967296), "\"tries\"");
  check_refused(with("/format", 2), "\"format\"");
}

BOOST_AUTO_TEST_CASE(words_that_mean_nothing) {
  for (const auto* member :
       {"/descent", "/probes/0/security", "/servers/0/answers/0/outcome", "/probes/0/type"}) {
    check_refused(with(member, "nonsense"), "\"" + Pointer(member).back() + "\"");
  }
  for (const auto* member :
       {"/asked", "/apex", "/random_name", "/probes/0/name", "/links/0/zone"}) {
    check_refused(with(member, "two..dots"), "\"" + Pointer(member).back() + "\"");
  }
  check_refused(with("/anchors/0/digest", "xyz"), "\"digest\" is not hexadecimal");
  check_refused(with("/probes/0/wire", "*"), "\"wire\" is not base64");
  check_refused(with("/servers/0/answers/0/wire", "AAAA"), "\"wire\" of an answered question");
  check_refused(with("/servers/0/answers/0/wire", ""), "\"wire\" of an answered question");
}

BOOST_AUTO_TEST_CASE(lists_too_long) {
  check_refused(with("/notes", Json(std::vector<std::string>(20001))), "\"notes\"");
  BOOST_TEST(observe::from_json(with("/notes", Json(std::vector<std::string>(20000))).dump()).ok());
}

BOOST_AUTO_TEST_CASE(found_without_what_was_found) {
  check_refused(with("/apex", nullptr), "\"apex\"");
  check_refused(with("/links", Json::array()), "\"links\"");
}

BOOST_AUTO_TEST_CASE(no_json_at_all) {
  for (const auto* text : {"", " ", "{", "nul", "{\"format\":1,}", "\xff", "{} {}"}) {
    const auto read = observe::from_json(text);
    BOOST_REQUIRE_MESSAGE(!read.ok(), text);
    BOOST_TEST(read.error().message.rfind("not JSON", 0) == 0U, read.error().message);
  }
  for (const auto* text : {"null", "[]", "{}", "\"format\"", "1"}) {
    const auto read = observe::from_json(text);
    BOOST_REQUIRE_MESSAGE(!read.ok(), text);
    BOOST_TEST(read.error().message == "\"format\" is missing");
  }
}

BOOST_AUTO_TEST_CASE(deep_nesting) {
  BOOST_TEST(!observe::from_json(std::string(50000, '[')).ok());
  BOOST_TEST(!observe::from_json(std::string(50000, '[') + std::string(50000, ']')).ok());
}

BOOST_AUTO_TEST_CASE(truncated_documents) {
  const auto text = observe::to_json(sample());
  for (std::size_t length = 0; length + 2 < text.size(); length += 97) {
    BOOST_TEST(!observe::from_json(text.substr(0, length)).ok(), "of length " << length);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace observe_test
