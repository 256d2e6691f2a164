// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What happens if nothing is signed anew, and that it does happen then.
#include "judge/forecast.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <iterator>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Event;
using judge::EventKind;

std::vector<Event> forecast_of(const observe::ZoneObservation& seen, std::int64_t horizon,
                               dns::UnixTime now = kNow) {
  return judge::forecast(judge::analyse(seen, now), horizon);
}

std::vector<Event> of_kind(const std::vector<Event>& events, EventKind kind) {
  std::vector<Event> found;
  std::copy_if(events.begin(), events.end(), std::back_inserter(found),
               [&](const Event& event) { return event.kind == kind; });
  return found;
}

Event only(const std::vector<Event>& events, EventKind kind) {
  const auto found = of_kind(events, kind);
  BOOST_REQUIRE(found.size() == 1U);
  return found.front();
}

void expect_words(const Event& event, std::int64_t after, const std::vector<std::string>& words) {
  BOOST_TEST(event.time.value_or(0) - kNow == after);
  for (const auto& word : words) {
    BOOST_TEST(event.text.find(word) != std::string::npos, word << " is not in " << event.text);
  }
}

void sign_keys(World& world, Window window) {
  world.everywhere([&](Zone& zone) { zone.sign(zone.at(Type::dnskey), window); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_forecast)

BOOST_AUTO_TEST_CASE(nothing_in_time_and_the_moment_beyond) {
  const auto events = forecast_of(World().observe(), 14 * kDay);
  BOOST_REQUIRE(events.size() == 2U);
  BOOST_TEST((events[0].kind == EventKind::horizon));
  expect_words(events[0], 14 * kDay, {"nothing within 14d"});
  BOOST_TEST((events[1].kind == EventKind::dark));
  expect_words(events[1], 25 * kDay, {"without new signatures zone.test goes dark"});
}

BOOST_AUTO_TEST_CASE(one_cause_and_moment_is_one_line) {
  World world;
  world.everywhere([](Zone& zone) {
    zone.sign(zone.at(Type::mx), {-kDay, 2 * kDay});
    zone.sign(zone.at(Type::ns), {-kDay, 2 * kDay});
  });
  world.copies[1].sign(world.copies[1].at(Type::a), {-kDay, kDay});
  const auto due = of_kind(forecast_of(world.observe(), 14 * kDay), EventKind::expiry);
  BOOST_REQUIRE(due.size() == 2U);
  expect_words(due[0], kDay, {"the A signature of zone.test expires at " + label(1)});
  expect_words(due[1], 2 * kDay,
               {"the signatures of zone.test on MX and NS expire at both servers"});
}

BOOST_AUTO_TEST_CASE(the_parents_part) {
  World world;
  world.above.sign(world.above.at(world.apex(), Type::ds), {-kDay, 3 * kDay});
  const auto events = forecast_of(world.observe(), 14 * kDay);
  const auto due = only(events, EventKind::expiry);
  expect_words(due, 3 * kDay,
               {"the DS signature of zone.test at test expires, which test usually "
                "renews"});
  BOOST_TEST((due.zone == name("test")));
  expect_words(only(events, EventKind::dark), 3 * kDay, {"the DS signature of zone.test at test"});
  expect_words(only(events, EventKind::dark_alone), 25 * kDay,
               {"with new signatures in the zones above alone zone.test goes dark"});
}

BOOST_AUTO_TEST_CASE(the_keys_of_the_parent) {
  World world;
  world.above.sign(world.above.at(Type::dnskey), {-kDay, 4 * kDay});
  expect_words(only(forecast_of(world.observe(), 14 * kDay), EventKind::expiry), 4 * kDay,
               {"the DNSKEY signature of test expires, which test usually renews"});
}

BOOST_AUTO_TEST_CASE(maximum_of_the_valid_signatures) {
  World world;
  world.everywhere([&](Zone& zone) {
    auto& data = zone.at(Type::mx);
    data.signatures.push_back(world.zone_signer.sign(data.set, zone.apex, {-kDay, kDay}));
  });
  BOOST_TEST(of_kind(forecast_of(world.observe(), 14 * kDay), EventKind::expiry).empty());
}

BOOST_AUTO_TEST_CASE(keys_live_by_the_signature_that_the_ds_leads_to) {
  World world;
  world.everywhere([&](Zone& zone) {
    auto& data = zone.at(Type::dnskey);
    zone.sign(data, {-kDay, 2 * kDay});
    data.signatures.push_back(world.zone_signer.sign(data.set, zone.apex));
  });
  const auto events = forecast_of(world.observe(), 14 * kDay);
  expect_words(only(events, EventKind::expiry), 2 * kDay,
               {"the DNSKEY signature of zone.test expires at both servers"});
  expect_words(only(events, EventKind::dark), 2 * kDay,
               {"its DNSKEY signature has expired, and validators refuse everything in it"});
}

BOOST_AUTO_TEST_CASE(some_servers_fail_before_the_zone_is_dark) {
  World world;
  world.copies[1].sign(world.copies[1].at(Type::dnskey), {-kDay, 2 * kDay});
  const auto events = forecast_of(world.observe(), kDay);
  expect_words(only(events, EventKind::failing), 2 * kDay,
               {"the first answers fail at " + label(1) + ": validators refuse everything from"});
  expect_words(only(events, EventKind::dark), 25 * kDay, {});
}

BOOST_AUTO_TEST_CASE(denials_fail_with_the_soa) {
  World world;
  world.everywhere([](Zone& zone) { zone.sign(zone.at(Type::soa), {-kDay, 2 * kDay}); });
  expect_words(only(forecast_of(world.observe(), kDay), EventKind::failing), 2 * kDay,
               {"at both servers: validators refuse SOA, and with it that names and types do not "
                "exist"});
}

BOOST_AUTO_TEST_CASE(no_moment_where_there_is_no_chain) {
  World world;
  world.publish_ds({});
  world.word = dns::Security::insecure;
  const auto insecure = only(forecast_of(world.observe(), kDay), EventKind::dark);
  BOOST_TEST(!insecure.time);
  BOOST_TEST(insecure.text.find("does not go dark") != std::string::npos);

  World broken;
  broken.publish_ds({Signer(9, kKeySigningKey).ds(broken.apex())});
  broken.word = dns::Security::bogus;
  expect_words(only(forecast_of(broken.observe(), kDay), EventKind::dark), 0, {"dark already"});

  observe::ZoneObservation nothing;
  const auto unknown = only(forecast_of(nothing, kDay), EventKind::dark);
  BOOST_TEST(!unknown.time);
  BOOST_TEST(unknown.text.find("cannot be told") != std::string::npos);
}

/// The proof: judged up to that moment nothing is wrong, a second later everything is.
BOOST_AUTO_TEST_CASE(it_happens_when_it_is_foretold) {
  World by_keys;
  sign_keys(by_keys, {-kDay, 2 * kDay});
  World by_ds;
  by_ds.above.sign(by_ds.above.at(by_ds.apex(), Type::ds), {-kDay, 3 * kDay});
  World by_root;
  by_root.root.sign(by_root.root.at(Type::dnskey), {-kDay, 4 * kDay});
  for (const auto* world : {&by_keys, &by_ds, &by_root}) {
    const auto seen = world->observe();
    const auto moment = only(forecast_of(seen, kDay), EventKind::dark).time.value();
    BOOST_TEST((judge::analyse(seen, moment).state() == judge::LinkState::secure));
    BOOST_TEST((judge::analyse(seen, moment + 1).state() == judge::LinkState::bogus));
  }
}

BOOST_AUTO_TEST_CASE(first_failure_is_the_first_finding) {
  World world;
  world.copies[1].sign(world.copies[1].at(Type::mx), {-kDay, 2 * kDay});
  const auto seen = world.observe();
  const auto moment = only(forecast_of(seen, kDay), EventKind::failing).time.value();
  expect_absent(sigs_of(seen, {}, moment), judge::Fault::rrsig_expired);
  expect(sigs_of(seen, {}, moment + 1), judge::Fault::rrsig_expired, judge::Tier::critical,
         {"MX", label(1)});
}

BOOST_AUTO_TEST_CASE(soonest_first) {
  World world;
  world.everywhere([](Zone& zone) {
    zone.sign(zone.at(Type::mx), {-kDay, 5 * kDay});
    zone.sign(zone.at(Type::ns), {-kDay, 2 * kDay});
  });
  world.above.sign(world.above.at(world.apex(), Type::ds), {-kDay, 3 * kDay});
  const auto due = of_kind(forecast_of(world.observe(), 20 * kDay), EventKind::expiry);
  BOOST_REQUIRE(due.size() == 3U);
  BOOST_TEST((due[0].time < due[1].time && due[1].time < due[2].time));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
