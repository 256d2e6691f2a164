// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// A picture as Graphviz's text and as a tree, the terminal it is drawn on, and forecasts in words.
#include "judge/picture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "plugin/dot.hpp"
#include "plugin/terminal.hpp"
#include "plugin/tree.hpp"
#include "support.hpp"

namespace {

using judge::Arrow;
using judge::Picture;
using judge::PictureState;
using judge::Shape;
using test::contains;

constexpr std::string_view kHostile =
    "\"]; evil [label=<<b>x</b>>]; } \\\" \\N \\G & &lt; \n\r\t| \x01 \xff {a|b}";

Picture sample() {
  Picture picture;
  picture.title = "child.test is bogus";
  picture.findings = {"[CRITICAL] ds-no-matching-dnskey: no DS matches"};
  picture.zones = {{"test", PictureState::secure}, {"child.test", PictureState::bogus}};
  picture.nodes = {{Shape::anchor, 0, PictureState::secure, {"trust anchor"}},
                   {Shape::key, 0, PictureState::secure, {"KSK 1", "ED25519"}},
                   {Shape::set, 0, PictureState::secure, {"DS of child.test"}},
                   {Shape::missing, 1, PictureState::bogus, {"key 2", "not in the zone"}},
                   {Shape::data, 1, PictureState::insecure, {"zone data"}},
                   {Shape::key, 1, PictureState::idle, {"standby key 3"}}};
  picture.edges = {{0, 1, Arrow::leads_to, PictureState::secure, {"anchor 1 SHA-256"}, {}},
                   {1, 2, Arrow::signs, PictureState::secure, {"until 2026-12-01T00:00Z"}, {}},
                   {2, 3, Arrow::leads_to, PictureState::bogus, {"DS 2 SHA-256"}, "no DS matches"},
                   {3, 4, Arrow::signs, PictureState::insecure, {}, {}}};
  return picture;
}

/// Reads what the quoted strings of the text are, and gives the rest without them.
std::string without_strings(const std::string& text) {
  std::string rest;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (inside && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      inside = !inside;
      rest += '"';
    } else if (!inside) {
      rest += text[i];
    }
  }
  BOOST_TEST(!inside);
  return rest;
}

std::string tree_text(const Picture& picture, bool utf8) {
  std::string text;
  for (const auto& line : plugin::draw_tree(picture, utf8)) text += line.text + "\n";
  return text;
}

std::string verbose_text(const std::optional<plugin::Terminal>& terminal) {
  plugin::Report report = test::fine_report();
  report.chain = {"plain line of the chain"};
  report.details = {"another detail"};
  report.picture = sample();
  plugin::Options options;
  options.verbose = 1;
  options.terminal = terminal;
  return plugin::render(plugin::kChainBinary, options, {report});
}

plugin::Report foretold() {
  plugin::Report report = test::fine_report();
  report.judged_at = test::kNow;
  report.forecast = {{judge::EventKind::expiry, test::kNow + 7200, report.zone, "MX expires"},
                     {judge::EventKind::dark, std::nullopt, report.zone, "never dark"}};
  return report;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pictures)

BOOST_AUTO_TEST_CASE(graph_has_every_node_and_edge) {
  const auto text = plugin::dot_text(sample());
  for (const auto* part :
       {"n0 -> n1", "n1 -> n2", "n2 -> n3", "n3 -> n4", "cluster_0", "cluster_1", "cluster_legend",
        "BROKEN: no DS matches", "2026-12-01T00:00Z", "[CRITICAL] ds-no-matching-dnskey"}) {
    BOOST_TEST(contains(text, part), part);
  }
}

BOOST_AUTO_TEST_CASE(states_differ_without_colours_too) {
  std::set<std::string> looks;
  for (const auto state : {PictureState::secure, PictureState::insecure, PictureState::bogus,
                           PictureState::unknown, PictureState::idle}) {
    Picture picture = sample();
    picture.edges = {{1, 2, Arrow::signs, state, {}, {}}};
    const auto text = plugin::dot_text(picture);
    const auto from = text.find("n1 -> n2");
    auto line = text.substr(from, text.find('\n', from) - from);
    for (auto hash = line.find('#'); hash != std::string::npos; hash = line.find('#')) {
      line.erase(hash, 7);
    }
    looks.insert(line);
  }
  BOOST_TEST(looks.size() == 5U);
}

BOOST_AUTO_TEST_CASE(hostile_text_stays_text) {
  const auto plain = plugin::dot_text(sample());
  Picture picture = sample();
  const std::string hostile(kHostile);
  picture.title = hostile;
  for (auto& finding : picture.findings) finding = hostile;
  for (auto& zone : picture.zones) zone.name = hostile;
  for (auto& node : picture.nodes) {
    for (auto& line : node.lines) line = hostile;
  }
  for (auto& edge : picture.edges) {
    for (auto& line : edge.lines) line = hostile;
    edge.fault = edge.fault.empty() ? "" : hostile;
  }
  const auto text = plugin::dot_text(picture);
  // Outside of strings nothing has changed.
  BOOST_TEST(without_strings(text) == without_strings(plain));
  BOOST_TEST(!contains(without_strings(text), "<"));
  for (const char octet : text) {
    BOOST_REQUIRE((octet == '\n' || (octet >= 32 && octet < 127)));
  }
}

BOOST_AUTO_TEST_CASE(strings_are_escaped) {
  BOOST_TEST(plugin::dot_quoted("a\"b\\c") == R"("a\"b\\c")");
  BOOST_TEST(plugin::dot_quoted("\\N \\L") == R"("\\N \\L")");
  BOOST_TEST(plugin::dot_quoted("&lt;") == R"("&amp;lt;")");
  BOOST_TEST(plugin::dot_quoted("a\nb\xff") == R"("a\\010b\\255")");
  BOOST_TEST(plugin::dot_quoted("one two three", 8) == R"("one two\nthree")");
  BOOST_TEST(contains(plugin::dot_quoted(std::string(200, 'x'), 10), "\\n"));
}

BOOST_AUTO_TEST_CASE(arbitrary_text_stays_text) {
  std::mt19937 random(11);
  for (int i = 0; i < 300; ++i) {
    const auto quoted = plugin::dot_quoted(test::random_bytes(random, 80), random() % 30);
    BOOST_REQUIRE(without_strings(quoted) == "\"\"");
  }
}

BOOST_AUTO_TEST_CASE(tree_in_both_character_sets) {
  BOOST_TEST(tree_text(sample(), true) ==
             "test secure\n"
             "├─ trust anchor\n"
             "├─ KSK 1, ED25519; anchor 1 SHA-256 leads here\n"
             "├─ DS of child.test; signed by KSK 1 (until 2026-12-01T00:00Z)\n"
             "└─ child.test bogus\n"
             "   ├─ key 2, not in the zone; DS 2 SHA-256 leads here\n"
             "   │  └─ ✗ no DS matches\n"
             "   ├─ zone data\n"
             "   └─ standby key 3\n");
  const auto ascii = tree_text(sample(), false);
  BOOST_TEST(contains(ascii, "   |  `- x no DS matches\n"));
  BOOST_TEST(contains(ascii, "+- trust anchor\n"));
  for (const char octet : ascii) BOOST_REQUIRE((octet == '\n' || (octet >= 32 && octet < 127)));
  BOOST_TEST(tree_text({}, true).empty());
}

BOOST_AUTO_TEST_CASE(only_a_terminal_gets_the_tree) {
  const auto piped = verbose_text(std::nullopt);
  BOOST_TEST(contains(piped, "plain line of the chain\nanother detail\n"));
  BOOST_TEST(!contains(piped, "trust anchor"));
  const auto drawn = verbose_text(plugin::Terminal{true, false});
  BOOST_TEST(!contains(drawn, "plain line"));
  BOOST_TEST(contains(drawn, "└─ child.test bogus\n"));
  BOOST_TEST(contains(drawn, "another detail\n"));
  BOOST_TEST(!contains(drawn, "\033"));
  const auto coloured = verbose_text(plugin::Terminal{true, true});
  BOOST_TEST(contains(coloured, "\033[1;31m└─ child.test bogus\033[0m\n"));
}

BOOST_AUTO_TEST_CASE(the_terminal_is_what_the_environment_says) {
  using plugin::terminal_for;
  BOOST_TEST(!terminal_for({{"LANG", "C.UTF-8"}}, false));
  const auto of = [](const std::map<std::string, std::string>& variables) {
    return plugin::terminal_for(variables, true).value();
  };
  BOOST_TEST(of({{"LANG", "de_DE.UTF-8"}}).utf8);
  BOOST_TEST(of({{"LC_CTYPE", "C.utf8"}, {"LANG", "C"}}).utf8);
  BOOST_TEST(!of({{"LC_ALL", "C"}, {"LC_CTYPE", "C.UTF-8"}, {"LANG", "C.UTF-8"}}).utf8);
  BOOST_TEST(of({{"LC_ALL", ""}, {"LANG", "C.UTF-8"}}).utf8);
  BOOST_TEST(!of({}).utf8);
  BOOST_TEST(of({}).colours);
  BOOST_TEST(!of({{"NO_COLOR", "1"}}).colours);
  BOOST_TEST(of({{"NO_COLOR", ""}}).colours);
  BOOST_TEST(!of({{"TERM", "dumb"}}).colours);
}

BOOST_AUTO_TEST_CASE(forecasts_are_said_without_verbose) {
  plugin::Options options;
  const auto lines = test::lines_of(plugin::render(plugin::kSigsBinary, options, {foretold()}));
  BOOST_REQUIRE(lines.size() == 3U);
  BOOST_TEST(lines[0] == test::lines_of(plugin::render(plugin::kSigsBinary, options,
                                                       {test::fine_report()}))[0]);
  BOOST_TEST(lines[1] == "[INFO] forecast: 2026-12-01T02:00Z (in 2h) MX expires");
  BOOST_TEST(lines[2] == "[INFO] forecast: never dark");
}

BOOST_AUTO_TEST_CASE(forecasts_are_in_json_where_asked_for) {
  plugin::Options options;
  options.output = plugin::Output::json;
  const auto read = [&](const plugin::Report& report) {
    return nlohmann::json::parse(plugin::render(plugin::kSigsBinary, options, {report}));
  };
  BOOST_TEST(!read(test::fine_report()).contains("forecast"));
  const nlohmann::json expected = {
      {{"kind", "expiry"},
       {"time", test::kNow + 7200},
       {"zone", "example.com"},
       {"text", "MX expires"}},
      {{"kind", "dark"}, {"time", nullptr}, {"zone", "example.com"}, {"text", "never dark"}}};
  BOOST_TEST(read(foretold())["forecast"] == expected);
}

BOOST_AUTO_TEST_SUITE_END()
