// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Which questions are asked about denial.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

#include "observe/sample.hpp"

namespace observe_test {
namespace {

using dns::Type;

observe::ZoneObservation zone_with(const char* wanted) {
  observe::ZoneObservation seen;
  seen.apex = name("example.test");
  seen.random_name = name("random.example.test");
  seen.wanted = {{name(wanted), Type::a, dns::Class::in}};
  return seen;
}

bool asks(const std::vector<dns::Question>& questions, const char* about, Type type) {
  return std::find(questions.begin(), questions.end(),
                   dns::Question{name(about), type, dns::Class::in}) != questions.end();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(observe_denial_questions)

/// PowerDNS answers SERVFAIL for names with other octets.
BOOST_AUTO_TEST_CASE(names_of_usual_octets) {
  for (const auto* wanted : {"www.example.test", "0.example.test", "Aa.example.test"}) {
    for (const auto& question : observe::denial_questions(zone_with(wanted), 200)) {
      const auto text = question.name.to_text();
      BOOST_TEST((text.find_first_of("\\~") == std::string::npos), text);
    }
  }
  const auto questions = observe::denial_questions(zone_with("www.example.test"), 0);
  BOOST_TEST(asks(questions, "wwvzzzzzz.example.test", Type::a));
  BOOST_TEST(asks(questions, "www-.example.test", Type::a));
  BOOST_TEST(asks(questions, "random.www.example.test", Type::a));
}

BOOST_AUTO_TEST_CASE(random_names_are_spread) {
  std::set<std::uint8_t> first;
  for (const auto& question : observe::denial_questions(zone_with("www.example.test"), 12)) {
    const auto label = question.name.labels().front();
    if (label.size() > 2 && label[1] == '-') {
      first.insert(label[0]);
    }
  }
  BOOST_TEST(first.size() == 12U);
}

BOOST_AUTO_TEST_CASE(zone_with_no_room_for_random_names) {
  auto seen = zone_with("www.example.test");
  seen.random_name.reset();
  const auto questions = observe::denial_questions(seen, 4);
  BOOST_TEST(asks(questions, "example.test", Type::ds));
  BOOST_TEST(asks(questions, "www.example.test", Type::mx));
}

BOOST_AUTO_TEST_CASE(made_up_next_names) {
  BOOST_TEST(observe::is_made_up_next(name("a.example.test"), name("\\000.a.example.test")));
  BOOST_TEST(!observe::is_made_up_next(name("a.example.test"), name("a\\000.example.test")));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace observe_test
