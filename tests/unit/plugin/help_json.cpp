// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "support.hpp"

namespace {

using nlohmann::json;
using plugin::Binary;
using plugin::State;

json help_of(const Binary& binary) { return json::parse(plugin::help_json(binary)); }

json option_named(const json& help, const std::string& name) {
  for (const json& option : help["options"]) {
    if (option["name"] == name) return option;
  }
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(help_as_json)

BOOST_AUTO_TEST_CASE(it_has_the_binarys_own_rows) {
  for (const Binary* binary : plugin::all_binaries()) {
    const json help = help_of(*binary);
    std::size_t rows = 0, faults = 0;
    for (const plugin::OptionRow& row : plugin::option_table()) {
      rows += (row.checks & binary->check) != 0 ? 1 : 0;
    }
    for (const judge::FaultInfo& info : judge::catalogue()) {
      faults += (info.checks & binary->check) != 0 ? 1 : 0;
    }
    BOOST_TEST(help["plugin"] == std::string(binary->name));
    BOOST_TEST(help["options"].size() == rows);
    BOOST_TEST(help["findings"].size() == faults);
    BOOST_TEST(option_named(help, "resolver").is_null() == (binary->check != judge::kResolvers));
  }
}

BOOST_AUTO_TEST_CASE(an_option_is_described) {
  const json help = help_of(plugin::kSigsBinary);
  const json zone = option_named(help, "zone");
  BOOST_TEST(zone["letter"] == "z");
  BOOST_TEST(zone["argument"] == "ZONE");
  BOOST_TEST(zone["repeatable"] == true);
  BOOST_TEST(zone["default"].is_null());
  const json timeout = option_named(help, "timeout");
  BOOST_TEST(timeout["default"] == "10:unknown");
  BOOST_TEST(timeout["kind"] == "seconds");
  BOOST_TEST(option_named(help, "use-ipv4")["kind"] == "flag");
  BOOST_TEST(option_named(help, "retries")["letter"].is_null());
}

BOOST_AUTO_TEST_CASE(a_finding_is_described) {
  const json help = help_of(plugin::kSigsBinary);
  const judge::FaultInfo& info = judge::info(judge::Fault::rrsig_expired);
  std::size_t found = 0;
  for (const json& finding : help["findings"]) {
    if (finding["id"] != std::string(info.id)) continue;
    ++found;
    BOOST_TEST(finding["tier"] == "CRITICAL");
    BOOST_TEST(finding["sentence"] == std::string(info.sentence));
    BOOST_TEST(finding["verify"] == std::string(info.verify));
    BOOST_TEST(finding["remedy"] == std::string(info.remedy));
    BOOST_TEST(finding["confirm"] == std::string(info.confirm));
    BOOST_TEST(finding["reference"] == std::string(info.reference));
  }
  BOOST_TEST(found == 1U);
}

BOOST_AUTO_TEST_CASE(it_is_help_with_output_json) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"--help", "--output", "json"}, {"--output=json", "-h"}}) {
    const auto parsed = test::parse(arguments);
    const auto& exit = std::get<plugin::EarlyExit>(parsed);
    BOOST_TEST((exit.state == State::unknown));
    BOOST_TEST(exit.text == plugin::help_json(plugin::kSigsBinary));
  }
  const auto parsed = test::parse({"--help", "--output", "text"});
  BOOST_TEST(std::get<plugin::EarlyExit>(parsed).text == plugin::help_text(plugin::kSigsBinary));
}

BOOST_AUTO_TEST_SUITE_END()
