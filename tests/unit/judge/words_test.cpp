// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/words.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <vector>

#include "judge/tier.hpp"
#include "judge/zone.hpp"

namespace judge_test {

using Strings = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(judge_words)

BOOST_AUTO_TEST_CASE(lists) {
  BOOST_TEST(judge::list_words({}).empty());
  BOOST_TEST(judge::list_words({"a"}) == "a");
  BOOST_TEST(judge::list_words({"a", "b"}) == "a and b");
  BOOST_TEST(judge::list_words({"a", "b", "c"}) == "a, b and c");
  BOOST_TEST(judge::list_words({"a", "b", "c", "d"}) == "a, b, c and 1 more");
  BOOST_TEST(judge::list_words({"a", "b", "c", "d"}, 4) == "a, b, c and d");
}

BOOST_AUTO_TEST_CASE(places) {
  BOOST_TEST(judge::places_words({}, 3).empty());
  BOOST_TEST(judge::places_words({"ns1"}, 1) == "at ns1");
  BOOST_TEST(judge::places_words({"ns1"}, 3) == "at ns1");
  BOOST_TEST(judge::places_words({"ns1", "ns2"}, 2) == "on all 2 servers");
  BOOST_TEST(judge::places_words({"ns1", "ns2"}, 3) == "on 2 of 3 servers (ns1 and ns2)");
}

BOOST_AUTO_TEST_CASE(counts) {
  BOOST_TEST(judge::count_words(0, "server") == "0 servers");
  BOOST_TEST(judge::count_words(1, "server") == "1 server");
  BOOST_TEST(judge::count_words(13, "server") == "13 servers");
}

BOOST_AUTO_TEST_CASE(rrset_labels) {
  const auto apex = name("example.com");
  BOOST_TEST(judge::rrset_label(name("EXAMPLE.com"), dns::Type::mx, apex) == "MX");
  BOOST_TEST(judge::rrset_label(name("www.example.com"), dns::Type::a, apex) ==
             "www.example.com/A");
}

BOOST_AUTO_TEST_CASE(every_verdict_has_words_of_its_own) {
  using dnssec::SignatureVerdict;
  std::set<std::string> words;
  const auto last = static_cast<int>(SignatureVerdict::work_limit);
  for (int i = 0; i <= last; ++i) {
    words.insert(judge::verdict_words(static_cast<SignatureVerdict>(i), -3600, -7200));
  }
  BOOST_TEST(words.size() == static_cast<std::size_t>(last) + 1);
  BOOST_TEST(words.count("") == 0U);
  BOOST_TEST(words.count("expired 1h ago") == 1U);
  BOOST_TEST(words.count("begins only in 2h") == 1U);
}

BOOST_AUTO_TEST_CASE(tiers) {
  using judge::Tier;
  BOOST_TEST((Tier::info < Tier::unknown && Tier::unknown < Tier::warning &&
              Tier::warning < Tier::critical && Tier::critical < Tier::emergency));
  for (const auto& [word, tier] :
       {std::pair{"mute", Tier::mute}, std::pair{"ok", Tier::mute}, std::pair{"info", Tier::info},
        std::pair{"unknown", Tier::unknown}, std::pair{"warning", Tier::warning},
        std::pair{"critical", Tier::critical}, std::pair{"emergency", Tier::emergency}}) {
    BOOST_TEST((judge::parse_tier(word) == tier), word);
  }
  for (const auto* word : {"", "CRITICAL", "crit", "ok "}) {
    BOOST_TEST(!judge::parse_tier(word), word);
  }
  BOOST_TEST(judge::to_text(Tier::emergency) == "EMERGENCY");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
