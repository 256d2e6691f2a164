// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/escape.hpp"

#include <boost/test/unit_test.hpp>

#include "dns/dns_support.hpp"

namespace {

using dns::escape;

BOOST_AUTO_TEST_SUITE(dns_escape)

BOOST_AUTO_TEST_CASE(plain_text_stays) {
  BOOST_TEST(escape("").empty());
  BOOST_TEST(escape("ns1.example (192.0.2.1), 100% #1") == "ns1.example (192.0.2.1), 100% #1");
}

BOOST_AUTO_TEST_CASE(dangerous_octets_become_numbers) {
  BOOST_TEST(escape("a|b\n") == "a\\124b\\010");
  BOOST_TEST(escape("\\\"'`$;<>&[]") == "\\092\\034\\039\\096\\036\\059\\060\\062\\038\\091\\093");
  BOOST_TEST(escape(std::string_view("\0\x1f\x7f\xff", 4)) == "\\000\\031\\127\\255");
}

BOOST_AUTO_TEST_CASE(long_text_is_cut_outside_escapes) {
  BOOST_TEST(escape(std::string(200, 'x')) == std::string(200, 'x'));
  BOOST_TEST(escape(std::string(201, 'x')) == std::string(197, 'x') + "...");
  BOOST_TEST(escape("ab\n\n", 10) == "ab\\010\\010");
  BOOST_TEST(escape("ab\n\n", 9) == "ab\\010...");
  BOOST_TEST(escape("ab\n\n", 8) == "ab...");
  BOOST_TEST(escape("abcd", 2) == "..");
  BOOST_TEST(escape("abcd", 0).empty());
}

BOOST_AUTO_TEST_CASE(own_words_keep_their_quotes_and_stay_one_line) {
  BOOST_TEST(dns::escape_line("option --replay: [a]; \"b\" 'c'\\") ==
             "option --replay: [a]; \"b\" 'c'\\");
  BOOST_TEST(dns::escape_line("a\nb | c\xc3\xa4") == "a\\010b \\124 c\\195\\164");
  BOOST_TEST(dns::escape_line(std::string(500, 'x')).size() == 400U);
}

BOOST_AUTO_TEST_CASE(any_bytes_come_out_safe_and_short) {
  dns_support::Random random(20);
  for (int i = 0; i < 5'000; ++i) {
    const dns::Bytes bytes = random.bytes(random.below(60));
    const std::size_t most = random.below(100);
    const std::string text = escape(std::string(bytes.begin(), bytes.end()), most);
    BOOST_REQUIRE(text.size() <= most);
    for (const char character : text) {
      BOOST_REQUIRE((character >= ' ' && character < 0x7f));
      BOOST_REQUIRE(std::string_view("|<>&'\"`$;[]").find(character) == std::string_view::npos);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
