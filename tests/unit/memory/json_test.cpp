// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "memory/json.hpp"

#include <boost/test/unit_test.hpp>

#include "memory/sample.hpp"

namespace memory_test {

BOOST_AUTO_TEST_SUITE(state_json)

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
  const auto zone = sample();
  const auto text = memory::to_json(zone, kCheck);
  const auto read = memory::from_json(text, kCheck, zone.zone, kNow);
  BOOST_REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
  BOOST_TEST(memory::to_json(*read, kCheck) == text);
  BOOST_TEST(read->runs == 7U);
  BOOST_TEST(read->records.at(0).rdata == zone.records.at(0).rdata);
  BOOST_TEST(read->records.at(0).last_signing.value() == kNow - 60);
  BOOST_TEST(read->records.at(0).ttl_seen == zone.since + 7);
  BOOST_TEST((read->signings == zone.signings));
  BOOST_TEST((read->newest == zone.newest));
  BOOST_TEST((read->lasting == zone.lasting));
  BOOST_TEST((read->first_to_end == zone.first_to_end));
  BOOST_TEST((read->renewed == zone.renewed));
}

BOOST_AUTO_TEST_CASE(files_of_before_lasting_faults_are_read) {
  const auto zone = sample();
  const auto text = memory::to_json(zone, kCheck);
  const auto from = text.find(" \"lasting\"");
  const auto to = text.find(']', from);
  BOOST_REQUIRE(from != std::string::npos);
  // It stands between two others or last; either way the document must stay whole.
  auto old = text.substr(0, from) + text.substr(to + 1);
  const auto comma = old.rfind(',', from);
  old.erase(comma, 1);
  const auto read = memory::from_json(old, kCheck, zone.zone, kNow);
  BOOST_REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
  BOOST_TEST(read->lasting.empty());
}

BOOST_AUTO_TEST_CASE(files_from_before_the_time_of_a_ttl_was_kept) {
  const auto zone = sample();
  const auto text = memory::to_json(zone, kCheck);
  const auto from = text.find("   \"ttl_seen\"");
  BOOST_REQUIRE(from != std::string::npos);
  const auto old = text.substr(0, from) + text.substr(text.find('\n', from) + 1);
  const auto read = memory::from_json(old, kCheck, zone.zone, kNow);
  BOOST_REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
  BOOST_TEST(read->records.at(0).ttl_seen == zone.last_run);
}

BOOST_AUTO_TEST_CASE(files_from_before_what_ends_first_was_kept) {
  auto zone = sample();
  zone.first_to_end.reset();
  zone.renewed.clear();
  const auto text = memory::to_json(zone, kCheck);
  const auto old = changed(text, ",\n \"first_to_end\": [],\n \"renewed\": []", "");
  const auto read = memory::from_json(old, kCheck, zone.zone, kNow);
  BOOST_REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
  BOOST_TEST(!read->first_to_end.has_value());
  BOOST_TEST((read->signings == zone.signings));
}

BOOST_AUTO_TEST_CASE(what_is_not_ours_is_refused_with_a_reason) {
  const auto zone = sample();
  const auto good = memory::to_json(zone, kCheck);
  const auto refusal = [&](const std::string& text, std::string_view check = kCheck,
                           dns::UnixTime now = kNow) {
    const auto read = memory::from_json(text, check, zone.zone, now);
    return read.ok() ? std::string() : read.error().message;
  };
  BOOST_TEST(refusal("") == "it is not whole JSON");
  BOOST_TEST(refusal(good.substr(0, good.size() / 2)) == "it is not whole JSON");
  BOOST_TEST(refusal("[]") == "it is not a state file of check_dnssec");
  BOOST_TEST(refusal("{}") == "it lacks \"format\"");
  BOOST_TEST(refusal(good, "check_dnssec_keys") == "it is of another check or zone");
  BOOST_TEST(refusal(changed(good, "\"version\": 1", "\"version\": 2")) ==
             "it is of version 2, this release reads 1");
  BOOST_TEST(refusal(changed(good, "\"zone\": \"example.com.\"", "\"zone\": \"a..b\"")) ==
             "it is of another check or zone");
  BOOST_TEST(refusal(changed(good, "\"runs\": 7", "\"runs\": -7")).find("\"runs\"") == 0U);
  BOOST_TEST(refusal(changed(good, "\"runs\": 7", "\"runs\": 1e99")).find("\"runs\"") == 0U);
  BOOST_TEST(refusal(changed(good, "\"signings\": [", "\"signings\": [3,")).find("\"signings\"") ==
             0U);
  BOOST_TEST(refusal(good, kCheck, kNow - 86400).find("\"last_run\" is in the future") == 0U);
}

BOOST_AUTO_TEST_CASE(no_cut_or_changed_octet_does_harm) {
  const auto zone = sample();
  const auto good = memory::to_json(zone, kCheck);
  for (std::size_t i = 0; i < good.size(); ++i) {
    (void)memory::from_json(good.substr(0, i), kCheck, zone.zone, kNow);
    auto other = good;
    other[i] = static_cast<char>(other[i] ^ 0x15);
    (void)memory::from_json(other, kCheck, zone.zone, kNow);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace memory_test
