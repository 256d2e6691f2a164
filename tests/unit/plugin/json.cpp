// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "support.hpp"

namespace {

using judge::Tier;
using nlohmann::json;
using plugin::Report;
using test::finding;
using test::fine_report;

std::string render(const std::vector<Report>& reports, int verbose = 0) {
  plugin::Options options;
  options.output = plugin::Output::json;
  options.verbose = verbose;
  return plugin::render(plugin::kSigsBinary, options, reports);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_output)

BOOST_AUTO_TEST_CASE(one_zone_is_one_object) {
  Report one = fine_report();
  one.findings = {finding(Tier::critical, "MX signature expired")};
  one.findings[0].servers = {"ns2"};
  one.findings[0].rrsets = {"MX"};
  one.findings[0].moment = 42;
  one.findings[0].detail = "more";
  one.metrics = {{"remaining", -10800, "s", judge::parse_range("604800:").value(),
                  judge::parse_range("@1:2").value(), 0, 1.5}};
  one.notes = {"note"};
  one.details = {"detail"};
  one.debug = {"debug"};
  one.servers = {{"ns1", "192.0.2.1", "ok", 12.3456, 7, 43, "a1"}};
  one.keys = {{12345, 13, 257, 256, true, true, false}};
  one.judged_at = test::kNow;
  const std::string text = render({one});
  BOOST_TEST(text.back() == '\n');
  const json document = json::parse(text);
  BOOST_TEST(document["plugin"] == "check_dnssec_sigs");
  BOOST_TEST(document["version"] == CHECK_DNSSEC_VERSION);
  BOOST_TEST(document["zone"] == "example.com");
  BOOST_TEST(document["state"] == "CRITICAL");
  BOOST_TEST(document["exit_status"] == 2);
  BOOST_TEST(document["tier"] == 3);
  BOOST_TEST(document["summary"] == "example.com: MX signature expired [rrsig-expired]");
  BOOST_TEST(document["judged_at"] == test::kNow);
  const json expected_finding = {{"id", "rrsig-expired"},
                                 {"tier", "critical"},
                                 {"text", "MX signature expired"},
                                 {"remedy", "sign it again"},
                                 {"reference", judge::info(judge::Fault::rrsig_expired).reference},
                                 {"servers", {"ns2"}},
                                 {"rrsets", {"MX"}},
                                 {"count", nullptr},
                                 {"time", 42},
                                 {"detail", "more"}};
  BOOST_TEST(document["findings"] == json::array({expected_finding}));
  const json expected_metric = {
      {"label", "remaining"}, {"value", -10800}, {"unit", "s"}, {"warning", "604800:"},
      {"critical", "@1:2"},   {"min", 0},        {"max", 1.5}};
  BOOST_TEST(document["metrics"][0] == expected_metric);
  BOOST_TEST(document["metrics"][1]["label"] == "tier");
  const json expected_server = {
      {"name", "ns1"}, {"address", "192.0.2.1"}, {"status", "ok"}, {"round_trip_ms", 12.346},
      {"serial", 7},   {"soonest_expiry", 43},   {"nsid", "a1"}};
  BOOST_TEST(document["servers"] == json::array({expected_server}));
  BOOST_TEST(document["keys"][0]["tag"] == 12345);
  BOOST_TEST(document["keys"][0]["signs_zone"] == false);
  BOOST_TEST(document["notes"] == json::array({"note"}));
  BOOST_TEST(document["details"] == json::array({"detail"}));
  BOOST_TEST(!document.contains("debug"));
  BOOST_TEST(json::parse(render({one}, 2))["debug"] == json::array({"debug"}));
  BOOST_TEST(text.find("\"plugin\"") < text.find("\"version\""));
  BOOST_TEST(text.find("\"version\"") < text.find("\"zone\""));
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_null) {
  Report one = fine_report();
  one.findings = {finding(Tier::unknown, "dark")};
  one.servers = {{"", "192.0.2.1", "timeout", {}, {}, {}, ""}};
  const json document = json::parse(render({one}));
  BOOST_TEST(document["state"] == "UNKNOWN");
  BOOST_TEST(document["exit_status"] == 3);
  BOOST_TEST(document["tier"].is_null());
  BOOST_TEST(document["judged_at"].is_null());
  BOOST_TEST(document["findings"][0]["time"].is_null());
  BOOST_TEST(document["servers"][0]["serial"].is_null());
  BOOST_TEST(document["metrics"].empty());
}

BOOST_AUTO_TEST_CASE(several_zones_are_a_list) {
  Report bad = fine_report("bad.example");
  bad.findings = {finding(Tier::emergency, "expired")};
  const json document = json::parse(render({fine_report("a.example"), bad}));
  BOOST_TEST(document["state"] == "CRITICAL");
  BOOST_TEST(document["exit_status"] == 2);
  BOOST_TEST(document["summary"] ==
             "EMERGENCY: 2 zones: 1 CRITICAL, 1 OK; bad.example: expired [rrsig-expired]");
  BOOST_REQUIRE(document["zones"].size() == 2U);
  BOOST_TEST(document["zones"][0]["zone"] == "a.example");
  BOOST_TEST(document["zones"][0]["exit_status"] == 0);
  BOOST_TEST(document["zones"][1]["tier"] == 4);
  const json none = json::parse(render({}));
  BOOST_TEST(none["exit_status"] == 3);
  BOOST_TEST(none["zones"].empty());
}

BOOST_AUTO_TEST_CASE(numbers_have_no_exponent) {
  std::mt19937 random(3);
  for (int i = 0; i < 2000; ++i) {
    Report one = fine_report();
    const double value =
        static_cast<double>(random()) / std::pow(10.0, static_cast<double>(random() % 20));
    one.metrics = {{"x", value, "s", {}, {}, {}, value * 3}};
    one.servers = {{"", "192.0.2.1", "ok", value, {}, {}, ""}};
    const std::string text = render({one});
    for (const char* key : {"\"value\": ", "\"max\": ", "\"round_trip_ms\": "}) {
      const std::size_t start = text.find(key) + std::string_view(key).size();
      const std::string number = text.substr(start, text.find_first_of(",\n", start) - start);
      BOOST_REQUIRE_MESSAGE(number.find_first_not_of("-.0123456789") == std::string::npos, number);
    }
  }
}

BOOST_AUTO_TEST_CASE(any_bytes_can_be_printed) {
  std::mt19937 random(17);
  for (int i = 0; i < 500; ++i) {
    Report one = fine_report();
    const auto foreign = [&] { return test::random_bytes(random, 40); };
    one.ok_summary = "is " + foreign();
    one.findings = {finding(Tier::info, foreign())};
    one.findings[0].servers = {foreign()};
    one.notes = {foreign()};
    one.details = {foreign()};
    one.servers = {{foreign(), foreign(), foreign(), {}, {}, {}, foreign()}};
    const json document = json::parse(render({one}));
    BOOST_REQUIRE(document["state"] == "OK");
    BOOST_REQUIRE(document["findings"].size() == 1U);
  }
}

BOOST_AUTO_TEST_SUITE_END()
