// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "stream_support.hpp"

namespace {

using nlohmann::json;
using plugin::Report;
using plugin::State;

json zabbix_document(const std::vector<Report>& reports, State end = State::ok) {
  test::Paper paper;
  const auto stream = plugin::make_zabbix_stream(plugin::kSigsBinary, {}, paper.writer());
  for (const Report& report : reports) stream->add(report, test::kNow);
  BOOST_TEST((stream->finish().value() == end));
  BOOST_TEST(test::lines_of(paper.text).size() == 1U);
  return json::parse(paper.text);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zabbix_stream)

BOOST_AUTO_TEST_CASE(zones_can_be_discovered_and_read) {
  Report bad = test::faulty_report("bad.example", "expired", judge::Tier::emergency);
  bad.judged_at = test::kNow - 10;
  bad.metrics = {{"remaining", 600.4, "s", {}, {}, {}, {}}};
  const json document = zabbix_document(
      {bad, test::fine_report("a.example"), test::faulty_report("c", "x", judge::Tier::unknown)});
  BOOST_REQUIRE(document["zones"].size() == 3U);
  const json wanted = {{"{#ZONE}", "bad.example"},
                       {"zone", "bad.example"},
                       {"state", 2},
                       {"tier", 4},
                       {"summary", "EMERGENCY: bad.example: expired [rrsig-expired]"},
                       {"checked_at", test::kNow},
                       {"expires", test::kNow + 590},
                       {"metrics", {{"remaining", 600.4}, {"tier", 4}}}};
  BOOST_TEST(document["zones"][0] == wanted);
  BOOST_TEST(document["zones"][1]["expires"].is_null());
  BOOST_TEST(document["zones"][2]["tier"].is_null());
  BOOST_TEST(document["zones"][2]["metrics"] == json::object());
  const json totals = {
      {"plugin", "check_dnssec_sigs"},
      {"version", CHECK_DNSSEC_VERSION},
      {"state", 2},
      {"summary",
       "EMERGENCY: 3 zones: 1 CRITICAL, 1 UNKNOWN, 1 OK; bad.example: expired [rrsig-expired]"},
      {"zones", 3},
      {"ok", 1},
      {"warning", 0},
      {"critical", 1},
      {"unknown", 1}};
  BOOST_TEST(document["totals"] == totals);
}

BOOST_AUTO_TEST_CASE(no_zone_is_unknown) {
  const json document = zabbix_document({}, State::unknown);
  BOOST_TEST(document["zones"].empty());
  BOOST_TEST(document["totals"]["state"] == 3);
}

BOOST_AUTO_TEST_CASE(nothing_is_written_before_the_first_zone) {
  test::Paper paper;
  const auto stream = plugin::make_zabbix_stream(plugin::kSigsBinary, {}, paper.writer());
  BOOST_TEST(paper.text.empty());
  stream->add(test::fine_report("a.example"), test::kNow);
  BOOST_TEST(!paper.text.empty());
}

BOOST_AUTO_TEST_CASE(a_failure_is_one_document) {
  plugin::Options options;
  options.output = plugin::Output::zabbix;
  const auto text =
      plugin::render_failure(plugin::kSigsBinary, options, State::critical, R"(file "x" is gone)");
  BOOST_TEST(test::lines_of(text).size() == 1U);
  const json document = json::parse(text);
  BOOST_TEST(document["zones"] == json::array());
  BOOST_TEST(document["totals"]["state"] == 2);
  BOOST_TEST(document["totals"]["summary"] == R"(file "x" is gone)");
  BOOST_TEST(document["totals"]["zones"] == 0);
}

BOOST_AUTO_TEST_CASE(hostile_texts_stay_texts) {
  std::mt19937 random(19);
  for (int i = 0; i < 100; ++i) {
    const json document = zabbix_document(
        {test::faulty_report(test::kHostileZone, test::random_bytes(random, 80))}, State::ok);
    BOOST_TEST_REQUIRE(document["zones"][0].size() == 8U);
  }
}

BOOST_AUTO_TEST_CASE(what_is_lost_is_told) {
  test::Paper paper;
  paper.most = 20;
  const auto stream = plugin::make_zabbix_stream(plugin::kSigsBinary, {}, paper.writer());
  stream->add(test::fine_report(), test::kNow);
  BOOST_TEST(!stream->finish().ok());
}

BOOST_AUTO_TEST_SUITE_END()
