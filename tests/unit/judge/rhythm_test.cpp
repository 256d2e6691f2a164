// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The signer's habit, learned run by run.
#include "judge/rhythm.hpp"

#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using judge::Fault;
using judge::Tier;

constexpr std::int64_t kRunEvery = kHour;

/// A signer that renews everything at a steady age.
struct SteadySigner {
  std::int64_t lifetime, renews_at, backdated = kHour;
  /// The signatures of the moment `time`, whose first ones began at 0.
  [[nodiscard]] memory::Signing at(dns::UnixTime time) const {
    const auto inception = time / renews_at * renews_at - backdated;
    return {time, inception, inception + lifetime, time};
  }
};

/// What judge::remember() makes of it is tested with real observations; here the signings alone.
memory::Zone watch(const SteadySigner& signer, dns::UnixTime from, dns::UnixTime until) {
  memory::Zone zone;
  zone.zone = name(kZone);
  zone.since = from;
  for (auto time = from; time <= until; time += kRunEvery) {
    const auto current = signer.at(time);
    if (!zone.newest || zone.newest->inception != current.inception) {
      zone.newest = current;
      zone.signings.push_back(current);
    }
    zone.last_run = time;
    ++zone.runs;
  }
  return zone;
}

/// zone.test. signed `age` seconds ago, for `lifetime`.
observe::ZoneObservation aged(std::int64_t age, std::int64_t lifetime) {
  World world;
  world.everywhere([&](Zone& zone) {
    zone.window = {-age, lifetime - age};
    zone.expire = 3600;
    zone.sign();
  });
  return world.observe();
}

/// A past of re-signings every `renews_at`, so that the present signatures are `age` old.
memory::Zone past_of(std::int64_t lifetime, std::int64_t renews_at, std::int64_t age,
                     std::size_t resignings = 3) {
  memory::Zone zone;
  zone.zone = name(kZone);
  for (std::size_t i = 0; i <= resignings; ++i) {
    const auto inception = kNow - age - static_cast<std::int64_t>(resignings - i) * renews_at;
    zone.signings.push_back({inception, inception, inception + lifetime, inception});
  }
  zone.newest = zone.signings.back();
  zone.since = zone.signings.front().seen;
  zone.last_run = kNow - kRunEvery;
  zone.runs = 100;
  return zone;
}

std::vector<judge::Finding> sigs_with(const observe::ZoneObservation& seen,
                                      const memory::Zone& past, const judge::Policy& policy = {}) {
  return judge::judge_sigs(judge::analyse(seen, kNow, &past), policy);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_rhythm)

BOOST_AUTO_TEST_CASE(three_resignings_make_a_habit) {
  const SteadySigner bind{14 * kDay + kHour, 9 * kDay};
  BOOST_TEST(!judge::rhythm_of(watch(bind, kDay, 20 * kDay)).has_value());
  const auto rhythm = judge::rhythm_of(watch(bind, kDay, 30 * kDay));
  BOOST_REQUIRE(rhythm.has_value());
  BOOST_TEST(rhythm->resignings == 3U);
  BOOST_TEST(rhythm->habit >= 9 * kDay + kHour);
  BOOST_TEST(rhythm->habit <= 9 * kDay + 2 * kHour);
  BOOST_TEST(rhythm->lifetime == 14 * kDay + kHour);
}

BOOST_AUTO_TEST_CASE(unlike_ages_are_no_habit) {
  auto zone = past_of(30 * kDay, kDay, kHour);
  zone.signings.back().seen += 2 * kDay;  // signed by hand whenever somebody thought of it
  BOOST_TEST(!judge::rhythm_of(zone).has_value());
}

BOOST_AUTO_TEST_CASE(key_rolls_between_do_not_hide_the_habit) {
  // As Knot does it: 14 days, and every 30 days a new key, which signs everything anew.
  memory::Zone zone;
  for (const auto inception : {0, 14, 28, 30, 44, 58, 60}) {
    zone.signings.push_back(
        {inception * kDay, inception * kDay, (inception + 15) * kDay, inception * kDay});
  }
  zone.newest = zone.signings.back();
  const auto rhythm = judge::rhythm_of(zone);
  BOOST_REQUIRE(rhythm.has_value());
  BOOST_TEST(rhythm->habit == 14 * kDay);
  BOOST_TEST(rhythm->resignings == 4U);
}

BOOST_AUTO_TEST_CASE(a_poller_that_looks_rarely_learns_no_habit_past_the_end) {
  // Knot again, looked at every 6 hours: renewed 65 minutes before the end, seen after it.
  memory::Zone zone;
  for (const auto days : {0, 14, 28, 42}) {
    const auto inception = days * kDay;
    zone.signings.push_back({inception + 2 * kHour, inception, inception + 14 * kDay + kHour,
                             inception + 14 * kDay - 4 * kHour});
  }
  zone.newest = zone.signings.back();
  const auto rhythm = judge::rhythm_of(zone);
  BOOST_REQUIRE(rhythm.has_value());
  BOOST_TEST(rhythm->habit == 14 * kDay - 4 * kHour);
}

BOOST_AUTO_TEST_CASE(slack_leaves_time_to_act) {
  BOOST_TEST(judge::slack_of(judge::Rhythm{9 * kDay, 14 * kDay, 3}, {}) == kDay);
  BOOST_TEST(judge::slack_of(judge::Rhythm{kDay, 30 * kDay, 3}, {}) == 6 * kHour);
  BOOST_TEST(judge::slack_of(judge::Rhythm{14 * kDay - kHour, 14 * kDay, 3}, {}) == kHour / 2);
  BOOST_TEST(judge::slack_of(judge::Rhythm{9 * kDay, 14 * kDay, 3}, 7.0) == 7);
}

BOOST_AUTO_TEST_CASE(a_daily_signer_that_stopped_is_told_weeks_ahead) {
  const auto past = past_of(30 * kDay, kDay, 2 * kDay, 5);
  expect_only(sigs_with(aged(2 * kDay, 30 * kDay), past), Fault::signer_stalled, Tier::warning,
              {"2d old", "age of 1d", "seen 5 times", "28d"});
  const auto on_time = past_of(30 * kDay, kDay, kDay, 5);
  expect_absent(sigs_with(aged(kDay, 30 * kDay), on_time), Fault::signer_stalled);
}

BOOST_AUTO_TEST_CASE(the_slack_given_counts) {
  const auto past = past_of(30 * kDay, kDay, 2 * kDay, 5);
  judge::Policy patient;
  patient.stall_slack = 3.0 * kDay;
  expect_absent(sigs_with(aged(2 * kDay, 30 * kDay), past, patient), Fault::signer_stalled);
}

BOOST_AUTO_TEST_CASE(a_signer_that_always_runs_close_is_left_alone) {
  // Knot 3.2: 14 d, renewed 65 minutes before the end.
  const auto lifetime = 14 * kDay;
  const auto habit = lifetime - 65 * kMinute;
  const auto age = lifetime - 70 * kMinute;
  const auto seen = aged(age, lifetime);
  expect(sigs_of(seen), Fault::rrsig_expiring_crit, Tier::critical);  // without memory
  const auto findings = sigs_with(seen, past_of(lifetime, habit, age));
  for (const auto& finding : findings) {
    BOOST_TEST((finding.tier <= Tier::info), finding.text);
  }
  expect(findings, Fault::rrsig_expiring_soon, Tier::info);
  const auto late = sigs_with(aged(lifetime - 20 * kMinute, lifetime),
                              past_of(lifetime, habit, lifetime - 20 * kMinute));
  expect(late, Fault::signer_stalled, Tier::warning);
  expect(late, Fault::rrsig_expiring_crit, Tier::critical);
}

BOOST_AUTO_TEST_CASE(thresholds_that_were_given_hold_in_spite_of_habits) {
  const auto lifetime = 14 * kDay;
  judge::Policy policy;
  policy.critical = *judge::parse_threshold("1d:");
  expect(sigs_with(aged(lifetime - 70 * kMinute, lifetime),
                   past_of(lifetime, lifetime - 65 * kMinute, lifetime - 70 * kMinute), policy),
         Fault::rrsig_expiring_crit, Tier::critical);
}

BOOST_AUTO_TEST_CASE(the_habit_does_not_speak_for_a_key_signing_key_kept_offline) {
  // The zone is signed for 14 d every week; the DNSKEY RRset by a ceremony, for 90 d.
  const auto seen_with_ceremony = [](std::int64_t left) {
    World world;
    world.everywhere([&](Zone& zone) {
      zone.window = {-kDay, 13 * kDay};
      zone.expire = 3600;
      zone.sign();
      zone.sign(zone.at(dns::Type::dnskey), {left - 90 * kDay, left});
    });
    return world.observe();
  };
  const auto past = past_of(14 * kDay, 7 * kDay, kDay);
  const auto late = seen_with_ceremony(7 * kDay - kHour);
  expect_only(sigs_with(late, past), Fault::rrsig_expiring_warn, Tier::warning, {"DNSKEY"});
  judge::Policy early;
  early.dnskey_warning = *judge::parse_threshold("20d:");
  expect_only(sigs_with(seen_with_ceremony(15 * kDay), past, early), Fault::rrsig_expiring_warn,
              Tier::warning, {"DNSKEY"});
  expect_absent(sigs_with(seen_with_ceremony(8 * kDay), past), Fault::rrsig_expiring_warn);
  // Nor for those of a like lifetime where a threshold of their own was given.
  const auto close = 14 * kDay - 65 * kMinute;
  early.dnskey_warning = *judge::parse_threshold("1d:");
  expect(sigs_with(aged(close - kHour, 14 * kDay), past_of(14 * kDay, close, close - kHour), early),
         Fault::rrsig_expiring_crit, Tier::critical, {"DNSKEY"});
}

/// A past in which what ended first was renewed with `rest` left of 14 d, three times; the present
/// signatures have `left`.
memory::Zone renewed_with(std::int64_t rest, std::int64_t left) {
  memory::Zone zone;
  zone.zone = name(kZone);
  for (const std::int64_t weeks : {6, 4, 2}) {
    const auto seen = kNow - weeks * 7 * kDay;
    zone.renewed.push_back({seen, seen + rest - 14 * kDay, seen + rest, seen - kHour});
  }
  zone.first_to_end = memory::Signing{kNow - kDay, kNow + left - 14 * kDay, kNow + left, kNow};
  zone.since = kNow - 100 * kDay;
  zone.last_run = kNow - kRunEvery;
  zone.runs = 100;
  return zone;
}

BOOST_AUTO_TEST_CASE(what_ends_first_shows_the_signer_late) {
  // As OpenDNSSEC: each RRset with 3 d left, and by a jitter at a time of its own.
  World world;
  world.everywhere([](Zone& zone) {
    zone.window = {-kDay, 13 * kDay};
    zone.expire = 3600;
    zone.sign();
    zone.sign(zone.at(dns::Type::ns), {-12 * kDay - kHour, 2 * kDay - kHour});
  });
  const auto seen = world.observe();
  expect_only(sigs_with(seen, renewed_with(3 * kDay, 2 * kDay - kHour)), Fault::signer_stalled,
              Tier::warning, {"ends in 1d 23h", "at least 3d left", "seen 3 times"});
  expect_absent(sigs_with(seen, renewed_with(2 * kDay, 2 * kDay - kHour)), Fault::signer_stalled);
  auto twice = renewed_with(3 * kDay, 2 * kDay - kHour);
  twice.renewed.pop_back();
  expect_absent(sigs_with(seen, twice), Fault::signer_stalled);
}

BOOST_AUTO_TEST_CASE(a_margin_is_of_like_renewals) {
  auto zone = renewed_with(3 * kDay, 13 * kDay);
  BOOST_REQUIRE(judge::margin_of(zone).has_value());
  BOOST_TEST(judge::margin_of(zone)->rest == 3 * kDay);
  BOOST_TEST(judge::margin_of(zone)->habit == 11 * kDay);
  zone.renewed.back().seen -= 10 * kDay;  // a change of the data
  BOOST_TEST(!judge::margin_of(zone).has_value());
  zone = renewed_with(3 * kDay, 13 * kDay);
  zone.renewed.back().seen = zone.renewed.back().expiration + kHour;  // seen too late
  zone.renewed.back().last_seen = zone.renewed.back().expiration - kDay;
  BOOST_TEST(judge::margin_of(zone)->rest == kDay);
}

BOOST_AUTO_TEST_CASE(the_margin_speaks_for_the_thresholds) {
  // The age of what ends last would hide the end of what ends first.
  auto past = renewed_with(3 * kDay, kDay);
  const auto old = past_of(14 * kDay, 13 * kDay, kHour);
  past.signings = old.signings;
  past.newest = old.newest;
  const auto findings = sigs_with(aged(13 * kDay, 14 * kDay), past);
  expect(findings, Fault::rrsig_expiring_warn, Tier::warning);
  const auto usual = sigs_with(aged(13 * kDay, 14 * kDay), renewed_with(kDay - kHour, kDay));
  expect_absent(usual, Fault::rrsig_expiring_warn);
  expect_absent(usual, Fault::signer_stalled);
}

BOOST_AUTO_TEST_CASE(remembering_what_was_renewed) {
  World world;
  const auto look = [&](memory::Zone past, std::int64_t at) {
    const auto seen = world.observe();
    return judge::remember(std::move(past), judge::analyse(seen, kNow + at));
  };
  const auto sign_ns = [&](std::int64_t ends) {
    world.everywhere([&](Zone& zone) { zone.sign(zone.at(dns::Type::ns), {-20 * kDay, ends}); });
  };
  sign_ns(5 * kDay);
  auto zone = look({}, 0);
  BOOST_REQUIRE(zone.first_to_end.has_value());
  BOOST_TEST(zone.first_to_end->expiration == kNow + 5 * kDay);
  sign_ns(9 * kDay);
  zone = look(std::move(zone), kHour);
  BOOST_REQUIRE(zone.renewed.size() == 1U);
  BOOST_TEST(zone.renewed[0].expiration == kNow + 5 * kDay);
  BOOST_TEST(zone.renewed[0].seen == kNow + kHour);
  sign_ns(5 * kDay);  // it had only been out of sight
  zone = look(std::move(zone), 2 * kHour);
  BOOST_TEST(zone.renewed.empty());
  BOOST_TEST(zone.first_to_end->expiration == kNow + 5 * kDay);
  sign_ns(9 * kDay);  // nobody looked for too long
  zone = look(std::move(zone), 2 * kDay);
  BOOST_TEST(zone.renewed.empty());
  BOOST_TEST(zone.first_to_end->expiration == kNow + 9 * kDay);
}

BOOST_AUTO_TEST_CASE(what_ends_first_is_what_the_signer_renews) {
  World world;
  const auto first_end = [&] {
    const auto seen = world.observe();
    return judge::first_to_end(judge::analyse(seen, kNow))->expiration - kNow;
  };
  const auto sign = [&](dns::Type type, Window window) {
    world.everywhere([&](Zone& zone) { zone.sign(zone.at(type), window); });
  };
  sign(dns::Type::ns, {-4 * kDay, 10 * kDay});
  BOOST_TEST(first_end() == 10 * kDay);
  sign(dns::Type::soa, {-10 * kDay, 4 * kDay});  // every change of the data renews it
  BOOST_TEST(first_end() == 10 * kDay);
  sign(dns::Type::dnskey, {-85 * kDay, 5 * kDay});  // by a ceremony
  BOOST_TEST(first_end() == 10 * kDay);
  sign(dns::Type::dnskey, {-9 * kDay, 5 * kDay});  // by the signer
  BOOST_TEST(first_end() == 5 * kDay);
}

BOOST_AUTO_TEST_CASE(a_refresh_is_told) {
  auto past = past_of(14 * kDay, 9 * kDay, 9 * kDay);
  const auto findings = sigs_with(aged(kHour, 14 * kDay), past);
  expect(findings, Fault::signer_refreshed, Tier::info, {"renewed since the run 1h ago"});
  const auto seen = aged(kHour, 14 * kDay);
  const auto after = judge::remember(past, judge::analyse(seen, kNow, &past));
  expect_absent(sigs_with(seen, after), Fault::signer_refreshed);
}

BOOST_AUTO_TEST_CASE(trouble_with_files_is_a_warning_that_can_be_printed) {
  expect({judge::state_trouble("the directory /a|b\n is not used")}, Fault::state_unusable,
         Tier::warning, {"the directory /a", "is not used"});
}

BOOST_AUTO_TEST_CASE(nothing_known_is_nothing_said) {
  const memory::Zone nothing;
  expect_absent(sigs_with(aged(13 * kDay, 14 * kDay), nothing), Fault::signer_stalled);
}

BOOST_AUTO_TEST_CASE(remembering_a_first_run) {
  World world;
  const auto seen = world.observe();
  const auto zone = judge::remember({}, judge::analyse(seen, kNow));
  BOOST_TEST(zone.runs == 1U);
  BOOST_TEST(zone.since == kNow);
  BOOST_TEST(zone.signings.size() == 1U);
  std::size_t keys = 0, ds = 0, signing = 0;
  for (const auto& record : zone.records) {
    keys += record.type == dns::Type::dnskey ? 1 : 0;
    ds += record.type == dns::Type::ds ? 1 : 0;
    signing += record.first_signing ? 1 : 0;
    BOOST_TEST(record.first_seen == kNow);
    BOOST_TEST(record.last_seen == kNow);
  }
  BOOST_TEST(keys == 2U);
  BOOST_TEST(ds == 1U);
  BOOST_TEST(signing == 1U);  // the ZSK; the other signs the keys only
}

BOOST_AUTO_TEST_CASE(remembering_what_is_gone_and_what_came) {
  World world;
  auto zone = judge::remember({}, judge::analyse(world.observe(), kNow - kDay));
  world.use_keys({Signer(91, kKeySigningKey), Signer(92)});
  const auto seen = world.observe();
  zone = judge::remember(std::move(zone), judge::analyse(seen, kNow));
  BOOST_TEST(zone.runs == 2U);
  std::size_t gone = 0, fresh = 0;
  for (const auto& record : zone.records) {
    gone += record.last_seen == kNow - kDay ? 1 : 0;
    fresh += record.first_seen == kNow ? 1 : 0;
  }
  BOOST_TEST(gone == 3U);
  BOOST_TEST(fresh == 3U);
}

BOOST_AUTO_TEST_CASE(a_lowered_ttl_counts_when_caches_have_no_other) {
  World world;
  memory::Zone zone;
  const auto ttl_after = [&](std::uint32_t ttl, std::int64_t at) {
    world.everywhere([&](Zone& copy) {
      auto& keys = copy.at(dns::Type::dnskey);
      keys.set.ttl = ttl;
      copy.sign(keys, copy.window);
    });
    const auto seen = world.observe();
    zone = judge::remember(std::move(zone), judge::analyse(seen, kNow + at));
    return zone.records.front().ttl;
  };
  BOOST_TEST(ttl_after(86400, 0) == 86400U);
  BOOST_TEST(ttl_after(86400, kHour) == 86400U);
  BOOST_TEST(ttl_after(300, 2 * kHour) == 86400U);
  BOOST_TEST(ttl_after(300, kDay) == 86400U);
  BOOST_TEST(ttl_after(300, kDay + kHour) == 300U);
  BOOST_TEST(ttl_after(3600, kDay + 2 * kHour) == 3600U);
}

BOOST_AUTO_TEST_CASE(a_look_that_saw_no_server_is_not_remembered) {
  World world;
  auto seen = world.observe();
  for (auto& server : seen.servers) {
    fail(server, dns::Outcome::timeout);
  }
  BOOST_TEST(judge::remember({}, judge::analyse(seen, kNow)).empty());
}

BOOST_AUTO_TEST_CASE(an_online_signer_is_one_signing_for_a_while) {
  memory::Zone zone;
  for (int run = 0; run < 48; ++run) {
    World world;
    world.everywhere([&](Zone& copy) {
      copy.window = {-kDay + run * kHour / 4, kDay + run * kHour / 4};
      copy.sign();
    });
    const auto seen = world.observe();
    zone = judge::remember(std::move(zone), judge::analyse(seen, kNow + run * kHour / 4));
  }
  BOOST_TEST(zone.signings.size() <= 25U);
  BOOST_TEST(zone.signings.size() >= 23U);
  BOOST_REQUIRE(judge::rhythm_of(zone).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
