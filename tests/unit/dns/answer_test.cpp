// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/answer.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

namespace {

using dns::Endpoint;
using dns::Outcome;
using dns::Security;

BOOST_AUTO_TEST_SUITE(dns_answer)

BOOST_AUTO_TEST_CASE(endpoints) {
  BOOST_TEST((Endpoint{"192.0.2.1", 53}).to_text() == "192.0.2.1");
  BOOST_TEST((Endpoint{"192.0.2.1", 5353}).to_text() == "192.0.2.1@5353");
  BOOST_TEST((Endpoint{"2001:db8::1", 5353}).to_text() == "2001:db8::1@5353");
  BOOST_TEST((Endpoint{"2001:db8::1", 53}).is_v6());
  BOOST_TEST(!(Endpoint{"192.0.2.1", 53}).is_v6());
}

BOOST_AUTO_TEST_CASE(each_outcome_has_its_own_words) {
  const std::set<std::string_view> words{to_text(Outcome::answered),
                                         to_text(Outcome::not_asked),
                                         to_text(Outcome::timeout),
                                         to_text(Outcome::unreachable),
                                         to_text(Outcome::connection_refused),
                                         to_text(Outcome::connection_closed),
                                         to_text(Outcome::malformed)};
  BOOST_TEST(words.size() == 7U);
  BOOST_TEST(words.count("connection refused") == 1U);
}

BOOST_AUTO_TEST_CASE(each_security_has_its_own_word) {
  const std::set<std::string_view> words{to_text(Security::not_looked_up),
                                         to_text(Security::secure), to_text(Security::insecure),
                                         to_text(Security::bogus), to_text(Security::failed)};
  BOOST_TEST(words.size() == 5U);
  BOOST_TEST(words.count("insecure") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
