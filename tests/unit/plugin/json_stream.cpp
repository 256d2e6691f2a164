// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "stream_support.hpp"

namespace {

using nlohmann::json;
using plugin::Report;
using plugin::State;

struct Streamed {
  std::string text;
  dns::Result<State> end;
};

Streamed stream_json(const std::vector<Report>& reports, const plugin::Options& options = {},
                     std::size_t most = std::string::npos) {
  test::Paper paper;
  paper.most = most;
  const auto make = options.output == plugin::Output::jsonl ? plugin::make_jsonl_stream
                                                            : plugin::make_json_stream;
  const auto stream = make(plugin::kSigsBinary, options, paper.writer());
  for (const Report& report : reports) stream->add(report, test::kNow);
  const auto end = stream->finish();
  return {paper.text, end};
}

std::vector<Report> three_reports() {
  Report worst = test::faulty_report("worst.example", "expired", judge::Tier::emergency);
  worst.metrics = {{"time", 0.5, "s", {}, {}, 0, {}}};
  worst.debug = {"a line"};
  return {test::fine_report("a.example"), worst, test::faulty_report("c.example", "\xff|\n\"")};
}

plugin::Options from_a_file() {
  plugin::Options options;
  options.zones_file = "zones";
  return options;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_stream)

BOOST_AUTO_TEST_CASE(many_zones_are_what_render_json_prints) {
  for (const int verbose : {0, 2}) {
    plugin::Options options = from_a_file();
    options.verbose = verbose;
    const auto streamed = stream_json(three_reports(), options);
    const std::string at_once = plugin::render_json(plugin::kSigsBinary, options, three_reports());
    BOOST_TEST(json::parse(streamed.text) == json::parse(at_once));
    BOOST_TEST(streamed.text.back() == '\n');
    BOOST_TEST((streamed.end.value() == State::critical));
  }
}

BOOST_AUTO_TEST_CASE(lines_are_those_of_one_document) {
  // The order of the members is the one difference.
  const std::string text = stream_json(three_reports(), from_a_file()).text;
  BOOST_TEST(json::parse(text).contains("zones"));
  const auto document = nlohmann::ordered_json::parse(text);
  BOOST_TEST(text == document.dump(2, ' ', true) + "\n");
  BOOST_TEST(text.find("\"zones\"") < text.find("\"exit_status\": 2,\n  \"summary\""));
}

BOOST_AUTO_TEST_CASE(zones_are_written_while_they_come) {
  test::Paper paper;
  const auto stream = plugin::make_json_stream(plugin::kSigsBinary, from_a_file(), paper.writer());
  stream->add(test::fine_report("a.example"), test::kNow);
  BOOST_TEST(test::contains(paper.text, "a.example"));
}

BOOST_AUTO_TEST_CASE(one_zone_of_the_command_line_is_the_document_of_one) {
  const std::vector<Report> one = {test::faulty_report("a.example", "expired")};
  BOOST_TEST(stream_json(one).text == plugin::render_json(plugin::kSigsBinary, {}, one));
  BOOST_TEST(json::parse(stream_json(three_reports()).text)["zones"].size() == 3U);
}

BOOST_AUTO_TEST_CASE(one_zone_of_a_file_is_a_list) {
  const auto streamed = stream_json({test::fine_report("a.example")}, from_a_file());
  const json document = json::parse(streamed.text);
  BOOST_TEST(document["zones"].size() == 1U);
  BOOST_TEST(document["summary"] == "a.example is secure: 3 links from the root");
  BOOST_TEST((streamed.end.value() == State::ok));
}

BOOST_AUTO_TEST_CASE(no_zone_is_unknown) {
  for (const auto& options : {plugin::Options{}, from_a_file()}) {
    const auto streamed = stream_json({}, options);
    const json document = json::parse(streamed.text);
    BOOST_TEST(document["zones"].empty());
    BOOST_TEST(document["exit_status"] == 3);
    BOOST_TEST((streamed.end.value() == State::unknown));
  }
}

BOOST_AUTO_TEST_CASE(lines_are_documents_of_one_zone) {
  plugin::Options options = from_a_file();
  options.output = plugin::Output::jsonl;
  const auto streamed = stream_json(three_reports(), options);
  const auto lines = test::lines_of(streamed.text);
  BOOST_REQUIRE(lines.size() == 3U);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto alone = plugin::render_json(plugin::kSigsBinary, options, {three_reports()[i]});
    BOOST_TEST(json::parse(lines[i]) == json::parse(alone));
  }
  BOOST_TEST((streamed.end.value() == State::critical));
}

BOOST_AUTO_TEST_CASE(what_is_lost_is_told) {
  for (const auto output : {plugin::Output::json, plugin::Output::jsonl}) {
    plugin::Options options = from_a_file();
    options.output = output;
    const std::size_t whole = stream_json(three_reports(), options).text.size();
    for (std::size_t most = 0; most < whole; most += 97) {
      BOOST_TEST_REQUIRE(!stream_json(three_reports(), options, most).end.ok());
    }
    options.output_file = "/full/disk";
    const auto lost = stream_json(three_reports(), options, whole - 1);
    BOOST_TEST(test::contains(lost.end.error().message, "/full/disk"));
  }
}

BOOST_AUTO_TEST_CASE(hostile_bytes_stay_within_their_texts) {
  std::mt19937 random(5);
  for (int i = 0; i < 200; ++i) {
    Report one = test::faulty_report(test::kHostileZone, test::random_bytes(random, 60));
    one.notes = {test::random_bytes(random, 60)};
    plugin::Options options = from_a_file();
    BOOST_TEST_REQUIRE(json::parse(stream_json({one, one}, options).text)["zones"].size() == 2U);
    options.output = plugin::Output::jsonl;
    BOOST_TEST_REQUIRE(test::lines_of(stream_json({one, one}, options).text).size() == 2U);
  }
}

BOOST_AUTO_TEST_SUITE_END()
