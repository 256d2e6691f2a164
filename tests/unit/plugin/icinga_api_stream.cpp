// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "stream_support.hpp"

namespace {

using nlohmann::json;

std::vector<json> api_bodies(const std::vector<plugin::Report>& reports,
                             const plugin::Options& options = {}) {
  test::Paper paper;
  const auto stream = plugin::make_icinga_api_stream(plugin::kSigsBinary, options, paper.writer());
  for (const plugin::Report& report : reports) stream->add(report, test::kNow);
  BOOST_TEST(stream->finish().ok());
  std::vector<json> bodies;
  for (const std::string& line : test::lines_of(paper.text)) bodies.push_back(json::parse(line));
  return bodies;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(icinga_api_stream)

BOOST_AUTO_TEST_CASE(a_zone_is_a_body) {
  plugin::Report bad = test::faulty_report("bad.example", "expired");
  bad.metrics = {{"remaining", -1, "s", judge::parse_range("5:").value(), {}, {}, {}},
                 {"time", 0.25, "s", {}, {}, 0, {}}};
  const auto bodies = api_bodies({bad, test::fine_report()});
  BOOST_REQUIRE(bodies.size() == 2U);
  const json& body = bodies[0];
  BOOST_TEST(body["type"] == "Service");
  BOOST_TEST(body["filter"] == "host.name==h && service.name==s");
  BOOST_TEST(body["filter_vars"]["h"] == "bad.example");
  BOOST_TEST(body["filter_vars"]["s"] == "dnssec-sigs");
  BOOST_TEST(body["exit_status"] == 2);
  const auto output = body["plugin_output"].get<std::string>();
  BOOST_TEST(output.rfind("DNSSEC SIGS CRITICAL - bad.example: expired [rrsig-expired]\n[CRITICAL]",
                          0) == 0U);
  const json numbers = {"remaining=-1s;5:;;;", "time=0.25s;;;0;", "tier=3;;;0;4"};
  BOOST_TEST(body["performance_data"] == numbers);
  BOOST_TEST(!body["check_source"].get<std::string>().empty());
  BOOST_TEST(body["execution_start"].get<double>() == static_cast<double>(test::kNow) - 0.25);
  BOOST_TEST(body["execution_end"] == test::kNow);
  BOOST_TEST(bodies[1]["exit_status"] == 0);
}

BOOST_AUTO_TEST_CASE(names_are_never_text_of_the_filter) {
  std::mt19937 random(13);
  plugin::Options options;
  options.host_template = R"("||true||"{zone})";
  for (int i = 0; i < 200; ++i) {
    const auto bodies = api_bodies(
        {test::faulty_report(test::kHostileZone, test::random_bytes(random, 80))}, options);
    BOOST_TEST_REQUIRE(bodies.size() == 1U);
    BOOST_TEST_REQUIRE(bodies[0]["filter"] == "host.name==h && service.name==s");
    BOOST_TEST_REQUIRE(bodies[0]["filter_vars"].size() == 2U);
  }
}

BOOST_AUTO_TEST_CASE(what_is_lost_is_told) {
  test::Paper paper;
  paper.most = 100;
  const auto stream = plugin::make_icinga_api_stream(plugin::kSigsBinary, {}, paper.writer());
  stream->add(test::fine_report(), test::kNow);
  BOOST_TEST(!stream->finish().ok());
}

BOOST_AUTO_TEST_SUITE_END()
