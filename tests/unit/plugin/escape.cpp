// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>

#include "plugin/state.hpp"
#include "plugin/summary.hpp"
#include "support.hpp"

namespace {

/// Reads `\DDD` back: what escape() wrote must be readable without loss.
std::string unescape(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      bytes += text[i];
      continue;
    }
    bytes += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 3))));
    i += 3;
  }
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(escaping)

BOOST_AUTO_TEST_CASE(plain_text_stays) {
  BOOST_TEST(plugin::escape("ns1.example.com (192.0.2.1), 100% #1 ~!*+=/?@^_{}-") ==
             "ns1.example.com (192.0.2.1), 100% #1 ~!*+=/?@^_{}-");
  BOOST_TEST(plugin::escape("").empty());
}

BOOST_AUTO_TEST_CASE(dangerous_octets_become_numbers) {
  BOOST_TEST(plugin::escape("a|b\n") == "a\\124b\\010");
  BOOST_TEST(plugin::escape("\\\"'`$;<>&[]") ==
             "\\092\\034\\039\\096\\036\\059\\060\\062\\038\\091\\093");
  BOOST_TEST(plugin::escape(std::string_view("\0\x7f\xff", 3)) == "\\000\\127\\255");
  BOOST_TEST(plugin::escape("\xc3\xa9") == "\\195\\169");
}

BOOST_AUTO_TEST_CASE(long_text_is_cut_between_escapes) {
  BOOST_TEST(plugin::escape(std::string(200, 'x')) == std::string(200, 'x'));
  BOOST_TEST(plugin::escape(std::string(201, 'x')) == std::string(197, 'x') + "...");
  BOOST_TEST(plugin::escape("ab\n\n", 9) == "ab\\010...");
  BOOST_TEST(plugin::escape("ab\n\n", 8) == "ab...");
  BOOST_TEST(plugin::escape("ab\n\n", 10) == "ab\\010\\010");
  BOOST_TEST(plugin::escape("abcd", 2) == "..");
  BOOST_TEST(plugin::escape("abcd", 0).empty());
}

BOOST_AUTO_TEST_CASE(any_bytes_come_out_safe_and_readable) {
  std::mt19937 random(1);
  for (int i = 0; i < 5000; ++i) {
    const std::string bytes = test::random_bytes(random, 60);
    const std::string whole = plugin::escape(bytes, 1000);
    BOOST_REQUIRE(unescape(whole) == bytes);
    BOOST_REQUIRE(whole.find_first_of("|\n\r<>&\"'`$;[]") == std::string::npos);
    BOOST_REQUIRE(std::all_of(whole.begin(), whole.end(),
                              [](char octet) { return octet >= ' ' && octet <= '~'; }));
    const std::size_t most = random() % 40;
    const std::string cut = plugin::escape(bytes, most);
    BOOST_REQUIRE(cut.size() <= most);
    if (cut == whole || most < 3) continue;
    BOOST_REQUIRE(cut.substr(cut.size() - 3) == "...");
    const std::string kept = unescape(cut.substr(0, cut.size() - 3));
    BOOST_REQUIRE(bytes.compare(0, kept.size(), kept) == 0);
  }
}

BOOST_AUTO_TEST_CASE(one_line_keeps_our_own_words) {
  BOOST_TEST(plugin::one_line("publish \"1 13 2 4ABF\" at com; then [x]") ==
             "publish \"1 13 2 4ABF\" at com; then [x]");
  BOOST_TEST(plugin::one_line("a|b\nc\x7f") == "a\\124b\\010c\\127");
  BOOST_TEST(plugin::one_line("abcdef", 5) == "ab...");
  BOOST_TEST(plugin::one_line("└ é \xf0\x9f\x98\x80") == "└ é \xf0\x9f\x98\x80");
  BOOST_TEST(plugin::one_line("\xc2\x9b"
                              "31m \x9b \xe2\x94") == R"(\194\15531m \155 \226\148)");
  BOOST_TEST(plugin::one_line("\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80") ==
             R"(\192\175\237\160\128\244\144\128\128)");
  BOOST_TEST(plugin::one_line("a\xe2\x80\xa6\xe2\x80\xa6", 6) == "a...");
  // Not seen, but "KO" would be read behind the first as "OK"; the second is a space of no width.
  BOOST_TEST(plugin::one_line("\xe2\x80\xaeKO\xe2\x80\x8b") == "\\226\\128\\174KO\\226\\128\\139");
  BOOST_TEST(plugin::one_line("\xf3\xa0\x81\x81\xef\xbb\xbf") ==
             "\\243\\160\\129\\129\\239\\187\\191");
}

BOOST_AUTO_TEST_CASE(critical_counts_before_warning_before_unknown_before_ok) {
  using plugin::State;
  constexpr std::array kOrder{State::ok, State::unknown, State::warning, State::critical};
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    for (std::size_t j = 0; j < kOrder.size(); ++j) {
      BOOST_TEST((plugin::worse(kOrder[i], kOrder[j]) == kOrder[std::max(i, j)]));
    }
  }
  BOOST_TEST((plugin::state_of(judge::Tier::mute) == State::ok));
  BOOST_TEST((plugin::state_of(judge::Tier::info) == State::ok));
  BOOST_TEST((plugin::state_of(judge::Tier::unknown) == State::unknown));
  BOOST_TEST((plugin::state_of(judge::Tier::warning) == State::warning));
  BOOST_TEST((plugin::state_of(judge::Tier::critical) == State::critical));
  BOOST_TEST((plugin::state_of(judge::Tier::emergency) == State::critical));
  BOOST_TEST(plugin::to_text(State::ok) == "OK");
  BOOST_TEST(plugin::to_text(State::unknown) == "UNKNOWN");
}

BOOST_AUTO_TEST_SUITE_END()
