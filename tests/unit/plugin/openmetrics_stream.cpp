// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>
#include <set>

#include "stream_support.hpp"

namespace {

using plugin::Report;
using plugin::State;

std::string exposition(const std::vector<Report>& reports, State end = State::ok) {
  test::Paper paper;
  const auto stream = plugin::make_openmetrics_stream(plugin::kSigsBinary, {}, paper.writer());
  for (const Report& report : reports) stream->add(report, test::kNow);
  BOOST_TEST(paper.text.empty());
  BOOST_TEST((stream->finish().value() == end));
  return paper.text;
}

/// What the format demands: each family once, its help and type first, only its samples then, no
/// sample twice, the end marked.
void require_format(const std::string& text) {
  std::set<std::string> families, samples;
  std::string family, kind;
  auto lines = test::lines_of(text);
  BOOST_REQUIRE(!lines.empty() && lines.back() == "# EOF");
  lines.pop_back();
  for (const std::string& line : lines) {
    if (line[0] == '#') {
      const std::string name = line.substr(7, line.find(' ', 7) - 7);
      if (line.rfind("# HELP ", 0) == 0) {
        BOOST_REQUIRE_MESSAGE(families.insert(name).second, line);
        family = name;
      }
      BOOST_REQUIRE(name == family);
      BOOST_REQUIRE(line.rfind("# HELP ", 0) == 0 || line == "# TYPE " + name + " gauge");
      BOOST_REQUIRE(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") ==
                    std::string::npos);
      continue;
    }
    const std::string sample = line.substr(0, line.rfind(' '));
    BOOST_REQUIRE_MESSAGE(sample.rfind(family + "{zone=\"", 0) == 0, line);
    BOOST_REQUIRE_MESSAGE(samples.insert(sample).second, line);
  }
}

Report measured(std::string_view zone) {
  Report one = test::fine_report(zone);
  one.judged_at = test::kNow - 10;
  one.metrics = {{"remaining", 600, "s", {}, {}, {}, {}}, {"newest_age", 50, "s", {}, {}, 0, {}},
                 {"time", 0.25, "s", {}, {}, 0, {}},      {"servers", 4, "", {}, {}, 0, {}},
                 {"New.Label", 7, "B", {}, {}, 0, {}},    {"tier", 9, "", {}, {}, 0, {}}};
  return one;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(openmetrics_stream)

BOOST_AUTO_TEST_CASE(families_hold_the_samples_of_all_zones) {
  Report blind = test::faulty_report("c.example", "dark", judge::Tier::unknown);
  const std::string text = exposition({measured("a.example"), measured("b.example"), blind});
  require_format(text);
  for (const char* line :
       {"dnssec_check_state{zone=\"a.example\",check=\"sigs\"} 0\n",
        "dnssec_check_state{zone=\"c.example\",check=\"sigs\"} 3\n",
        "dnssec_check_tier{zone=\"b.example\",check=\"sigs\"} 0\n",
        "dnssec_last_check_timestamp_seconds{zone=\"c.example\",check=\"sigs\"} 1796083200\n",
        "dnssec_signature_expiry_timestamp_seconds{zone=\"a.example\",check=\"sigs\"} 1796083790\n",
        "dnssec_newest_signature_timestamp_seconds{zone=\"a.example\",check=\"sigs\"} 1796083140\n",
        "dnssec_check_duration_seconds{zone=\"a.example\",check=\"sigs\"} 0.25\n",
        "dnssec_servers{zone=\"a.example\",check=\"sigs\"} 4\n",
        "dnssec_perfdata_new_label_bytes{zone=\"a.example\",check=\"sigs\"} 7\n"}) {
    BOOST_TEST(test::contains(text, line), line);
  }
  // What is not known has no sample, rather than a wrong one.
  BOOST_TEST(!test::contains(text, "dnssec_check_tier{zone=\"c.example\""));
}

BOOST_AUTO_TEST_CASE(so_many_zones_wait_in_files) {
  std::vector<Report> reports;
  for (int i = 0; i < 3000; ++i)
    reports.push_back(measured("zone" + std::to_string(i) + ".example"));
  const std::string text = exposition(reports);
  require_format(text);
  BOOST_TEST(text.size() > 10U * 65536U);
  const std::string first = "dnssec_servers{zone=\"zone0.example\"";
  BOOST_TEST(text.find(first) < text.find("dnssec_servers{zone=\"zone2999.example\""));
}

BOOST_AUTO_TEST_CASE(a_hostile_zone_stays_within_its_label) {
  const std::string text = exposition({measured(test::kHostileZone), measured(".")});
  require_format(text);
  BOOST_TEST(test::contains(text, R"({zone="a\\059b\\124\\034\\010\\200\\092n.example",check=)"));
  BOOST_TEST(test::contains(text, R"({zone=".",check=)"));
}

BOOST_AUTO_TEST_CASE(no_zone_is_unknown_and_no_error_of_format) {
  BOOST_TEST(exposition({}, State::unknown) == "# EOF\n");
}

BOOST_AUTO_TEST_CASE(what_is_lost_is_told) {
  test::Paper paper;
  paper.most = 300;
  const auto stream = plugin::make_openmetrics_stream(plugin::kSigsBinary, {}, paper.writer());
  stream->add(test::fine_report(), test::kNow);
  BOOST_TEST(!stream->finish().ok());
}

BOOST_AUTO_TEST_CASE(a_temporary_file_that_takes_nothing_is_told) {
  BOOST_TEST(test::on_a_full_disk([] {
    const auto stream = plugin::make_openmetrics_stream(plugin::kSigsBinary, {},
                                                        [](std::string_view) { return true; });
    for (int i = 0; i < 3000; ++i) stream->add(measured("a.example"), test::kNow);
    const auto end = stream->finish();
    return !end && test::contains(end.error().message, "temporary file");
  }));
}

BOOST_AUTO_TEST_SUITE_END()
