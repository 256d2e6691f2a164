// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The catalogue's own form, and that the other suites produce every fault in it.
#include "judge/catalogue.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <set>
#include <string>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

namespace unit_test = boost::unit_test;

bool is_kebab_case(std::string_view id) {
  bool after_letter = false;
  for (const char octet : id) {
    const bool alphanumeric = (octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9');
    if (!alphanumeric && !(octet == '-' && after_letter)) {
      return false;
    }
    after_letter = alphanumeric;
  }
  return after_letter;
}

constexpr std::size_t kMost = 260;  // what can be read in one go, three lines of --explain

/// Sentences of plain text; one may begin with a command in single quotes.
bool is_sentence(std::string_view text) {
  const bool begins = (text.front() >= 'A' && text.front() <= 'Z') || text.front() == '\'';
  return text.size() > 10 && text.size() <= kMost && begins && text.back() == '.' &&
         text.find("  ") == text.npos && std::all_of(text.begin(), text.end(), [](char octet) {
           return octet >= ' ' && octet < '\x7f';
         });
}

/// Every quote that opens a command, after a blank or a bracket, is closed.
bool is_quoted_well(std::string_view text) {
  bool open = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\'') continue;
    const bool after_word = i > 0 && text[i - 1] != ' ' && text[i - 1] != '(';
    if (!open && after_word) continue;  // an apostrophe
    open = !open;
  }
  return !open;
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != text.npos; });
}

/// A command that can be typed, or an option to run the check with.
bool names_a_command(std::string_view text) {
  return has_any(text, {"'dig ", "'delv ", "'check_dnssec_", "'rndc ", "'openssl ", "'ls ",
                        "'date ", " -v", " --walk", " --show-state"});
}

bool is_an_instruction(std::string_view text) {
  return has_any(text.substr(0, text.find(' ')),
                 {"Run", "Compare", "Count", "Look", "On", "Ask", "Read"});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_catalogue)

BOOST_AUTO_TEST_CASE(every_row_is_complete) {
  std::set<std::string_view> ids;
  std::size_t index = 0;
  for (const auto& row : judge::catalogue()) {
    BOOST_TEST_CONTEXT(row.id) {
      BOOST_TEST(static_cast<std::size_t>(row.fault) == index++);
      BOOST_TEST(is_kebab_case(row.id));
      BOOST_TEST(ids.insert(row.id).second);
      BOOST_TEST(is_sentence(row.sentence));
      BOOST_TEST(is_sentence(row.remedy));
      BOOST_TEST(is_sentence(row.verify));
      BOOST_TEST(is_sentence(row.confirm));
      BOOST_TEST(is_quoted_well(row.verify));
      BOOST_TEST(is_quoted_well(row.confirm));
      BOOST_TEST(is_an_instruction(row.verify));
      BOOST_TEST(names_a_command(row.verify));
      BOOST_TEST(row.checks != 0U);
      BOOST_TEST((row.checks & ~static_cast<unsigned>(judge::kEvery)) == 0U);
      BOOST_TEST((row.tier > judge::Tier::mute));
      BOOST_TEST((judge::find_fault(row.id) == row.fault));
      BOOST_TEST(judge::info(row.fault).id == row.id);
      const bool known = row.reference.rfind("RFC ", 0) == 0 ||
                         row.reference.rfind("CVE-", 0) == 0 || row.reference.empty();
      BOOST_TEST(known);
    }
  }
  BOOST_TEST(!judge::find_fault("no-such-fault"));
  BOOST_TEST(!judge::find_fault(""));
}

/// Comes after the suites that make the faults, in whatever order those run.
BOOST_AUTO_TEST_CASE(
    every_fault_was_produced,
    *unit_test::depends_on("judge_sight") * unit_test::depends_on("judge_links") *
        unit_test::depends_on("judge_no_ds") * unit_test::depends_on("judge_verdict") *
        unit_test::depends_on("judge_servers") * unit_test::depends_on("judge_delegation") *
        unit_test::depends_on("judge_differences") * unit_test::depends_on("judge_denial") *
        unit_test::depends_on("judge_signatures") * unit_test::depends_on("judge_signing_keys") *
        unit_test::depends_on("judge_form") * unit_test::depends_on("judge_expiry") *
        unit_test::depends_on("judge_thresholds") * unit_test::depends_on("judge_ds") *
        unit_test::depends_on("judge_cds") * unit_test::depends_on("judge_key_form") *
        unit_test::depends_on("judge_key_sets") * unit_test::depends_on("judge_key_ages") *
        unit_test::depends_on("judge_rollovers") * unit_test::depends_on("judge_nsec_proofs") *
        unit_test::depends_on("judge_nsec_chain") * unit_test::depends_on("judge_nsec_lists") *
        unit_test::depends_on("judge_nsec_parameters") * unit_test::depends_on("judge_resolvers") *
        unit_test::depends_on("judge_transfers") * unit_test::depends_on("judge_whole_signatures") *
        unit_test::depends_on("judge_whole_structure") * unit_test::depends_on("judge_whole_keys") *
        unit_test::depends_on("judge_whole_nsec") * unit_test::depends_on("judge_whole_nsec3") *
        unit_test::depends_on("judge_whole_sources") * unit_test::depends_on("judge_transfers")) {
  for (const auto& row : judge::catalogue()) {
    BOOST_TEST(produced().count(row.fault) == 1U, "no positive case produces " << row.id);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
