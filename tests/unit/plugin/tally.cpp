// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/tally.hpp"

#include <boost/test/unit_test.hpp>

#include "plugin/stream.hpp"
#include "support.hpp"

namespace {

using judge::Tier;
using plugin::State;
using plugin::Tally;
using test::contains;
using test::finding;

plugin::Report bad_report(const std::string& zone, Tier tier, const std::string& text,
                          dns::UnixTime moment = test::kNow) {
  auto one = test::fine_report(zone);
  one.findings = {finding(tier, text)};
  one.findings.front().moment = moment;
  return one;
}

plugin::Metric number(std::string label, double value, std::string_view unit = "") {
  plugin::Metric metric;
  metric.label = std::move(label);
  metric.value = value;
  metric.unit = unit;
  return metric;
}

double metric_of(const Tally& tally, std::string_view label) {
  for (const auto& metric : tally.metrics()) {
    if (metric.label == label) return metric.value;
  }
  return -1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tallies)

BOOST_AUTO_TEST_CASE(nothing_is_unknown) {
  const plugin::Options options;
  const Tally tally(options);
  BOOST_TEST((tally.state() == State::unknown));
  BOOST_TEST(tally.first_words() == "no zone was looked at");
}

BOOST_AUTO_TEST_CASE(all_fine) {
  const plugin::Options options;
  Tally tally(options);
  for (int i = 0; i < 1200; ++i) {
    auto one = test::fine_report("z" + std::to_string(i) + ".example");
    one.metrics = {number("remaining", 700000 - i, "s"), number("servers", 2),
                   number("time", i == 7 ? 3 : 1, "s")};
    tally.add(one);
  }
  BOOST_TEST((tally.state() == State::ok));
  BOOST_TEST(tally.first_words() == "1,200 zones: 1,200 OK; soonest expiry 8d 2h (z1199.example)");
  BOOST_TEST(tally.lines().empty());
  BOOST_TEST(metric_of(tally, "zones") == 1200);
  BOOST_TEST(metric_of(tally, "ok") == 1200);
  BOOST_TEST(metric_of(tally, "remaining") == 700000 - 1199);
  BOOST_TEST(metric_of(tally, "servers") == 2400);
  BOOST_TEST(metric_of(tally, "time") == 3);
}

BOOST_AUTO_TEST_CASE(the_worst_five_and_each_cause_once) {
  const plugin::Options options;
  Tally tally(options);
  for (int i = 213; i >= 0; --i) {
    tally.add(bad_report("w" + std::to_string(i) + ".example", Tier::warning,
                         "DNSKEY signature ends in 5h", test::kNow + i));
  }
  tally.add(bad_report("dark.example", Tier::emergency, "MX signature expired"));
  tally.add(test::fine_report());
  BOOST_TEST((tally.state() == State::critical));
  BOOST_TEST(tally.first_words() ==
             "EMERGENCY: 216 zones: 1 CRITICAL, 214 WARNING, 1 OK; dark.example: MX signature "
             "expired [rrsig-expired]; then w0.example [rrsig-expired], w1.example "
             "[rrsig-expired], w10.example [rrsig-expired], w100.example [rrsig-expired] and 210 "
             "more");
  const auto lines = tally.lines();
  BOOST_TEST(lines.at(0).text ==
             "[EMERGENCY] rrsig-expired: dark.example: MX signature expired. sign it again");
  BOOST_TEST(
      lines.at(1).text ==
      "[WARNING] rrsig-expired: 214 zones: w0.example: DNSKEY signature ends in 5h; also "
      "w1.example, w10.example, w100.example and 210 more, all within 3m 33s of each other, as "
      "one schedule does it. sign it again");
  BOOST_TEST(lines.at(2).text ==
             "CRITICAL - EMERGENCY: dark.example: MX signature expired [rrsig-expired]");
  BOOST_TEST(contains(lines.back().text, "15 more zones are not OK"));
}

BOOST_AUTO_TEST_CASE(its_memory_has_a_limit) {
  const plugin::Options options;
  Tally tally(options);
  for (int i = 0; i < 5000; ++i) {
    tally.add(bad_report("z" + std::to_string(i) + ".example",
                         i % 1000 == 999 ? Tier::critical : Tier::warning, "spoilt"));
  }
  BOOST_TEST(tally.lines().size() < 210U);
  BOOST_TEST(contains(tally.first_words(), "z999.example"));
  BOOST_TEST(contains(tally.first_words(), "z4999.example"));
}

BOOST_AUTO_TEST_CASE(the_text_of_one_zone_is_that_zone_s) {
  const plugin::Options options;
  std::string written;
  const auto stream =
      plugin::make_text_stream(plugin::kSigsBinary, options, [&](std::string_view text) {
        written += text;
        return true;
      });
  stream->add(test::fine_report(), test::kNow);
  BOOST_TEST((stream->finish().value() == State::ok));
  BOOST_TEST(written == plugin::render(plugin::kSigsBinary, options, {test::fine_report()}));
}

BOOST_AUTO_TEST_CASE(lost_output_is_an_error) {
  const plugin::Options options;
  const auto stream = plugin::make_text_stream(plugin::kSigsBinary, options,
                                               [](std::string_view) { return false; });
  stream->add(test::fine_report(), test::kNow);
  BOOST_TEST(!stream->finish());
}

BOOST_AUTO_TEST_SUITE_END()
