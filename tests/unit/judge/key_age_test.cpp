// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// How old keys are, from which source, and when that is too old.
#include <boost/test/unit_test.hpp>

#include "judge/key_age.hpp"
#include "judge/key_support.hpp"

namespace judge_test {
namespace {

using judge::Fault;
using judge::Tier;

judge::Policy zone_keys_up_to(std::int64_t age) {
  judge::Policy policy;
  policy.zsk_max_age = static_cast<double>(age);
  return policy;
}

judge::Policy key_signing_keys_up_to(std::int64_t age) {
  judge::Policy policy;
  policy.ksk_max_age = static_cast<double>(age);
  return policy;
}

memory::KeyTimes times_of(const Signer& signer, std::int64_t active) {
  memory::KeyTimes times;
  times.zone = name(kZone);
  times.algorithm = signer.key().dnskey.algorithm;
  times.tag = signer.tag();
  times.created = kNow - 900 * kDay;
  times.active = kNow + active;
  return times;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_key_ages)

BOOST_AUTO_TEST_CASE(no_limit_unless_it_is_wanted) {
  World world;
  const auto past = memory_of({remembered_key(world.zone_signer.key(), -4000 * kDay, -4000 * kDay)},
                              -4001 * kDay);
  expect_absent(keys_of(world, past), Fault::key_too_old);
}

BOOST_AUTO_TEST_CASE(age_from_the_state) {
  World world;
  const auto past = memory_of({remembered_key(world.zone_signer.key(), -91 * kDay, -91 * kDay),
                               remembered_key(world.key_signer.key(), -91 * kDay)});
  const auto finding = expect_only(keys_of(world, past, zone_keys_up_to(90 * kDay)),
                                   Fault::key_too_old, Tier::warning,
                                   {"ZSK " + std::to_string(world.zone_signer.tag()), "91d",
                                    "(from the state)", "--zsk-max-age 90d"});
  BOOST_TEST(finding.moment.value_or(0) == kNow - kDay);
  expect_only(keys_of(world, past, key_signing_keys_up_to(90 * kDay)), Fault::key_too_old,
              Tier::warning, {"KSK", "--ksk-max-age"});
  expect_only(keys_of(world, past, zone_keys_up_to(100 * kDay)), Fault::key_rotation_due,
              Tier::info, {"in 9d"});
  expect_absent(keys_of(world, past, zone_keys_up_to(130 * kDay)), Fault::key_rotation_due);
}

BOOST_AUTO_TEST_CASE(a_key_of_the_first_run_is_at_least_so_old) {
  World world;
  const auto past =
      memory_of({remembered_key(world.zone_signer.key(), -50 * kDay, -50 * kDay)}, -50 * kDay);
  expect(keys_of(world, past, zone_keys_up_to(40 * kDay)), Fault::key_too_old, Tier::warning,
         {"at least 50d old (from the state)"});
}

BOOST_AUTO_TEST_CASE(age_from_signatures) {
  World world;  // signed three days ago
  expect(keys_of(world, zone_keys_up_to(2 * kDay)), Fault::key_too_old, Tier::warning,
         {"at least 3d old (from signatures)"});
  auto policy = zone_keys_up_to(4 * kDay);
  policy.key_notice = static_cast<double>(kHour);
  expect_absent(keys_of(world, policy), Fault::key_rotation_due);
}

BOOST_AUTO_TEST_CASE(age_from_the_key_directory_comes_first) {
  World world;
  const auto past = memory_of({remembered_key(world.zone_signer.key(), -91 * kDay, -91 * kDay)});
  auto policy = zone_keys_up_to(90 * kDay);
  policy.key_times = {times_of(world.zone_signer, -10 * kDay)};
  expect_absent(keys_of(world, past, policy), Fault::key_too_old);
  policy.key_times = {times_of(world.zone_signer, -100 * kDay)};
  expect(keys_of(world, policy), Fault::key_too_old, Tier::warning,
         {"100d", "(from the key directory)"});
  // Of another zone, or of another key with that tag.
  policy.key_times.front().zone = name("other.test");
  expect_absent(keys_of(world, policy), Fault::key_too_old);
  policy.key_times = {times_of(world.zone_signer, -100 * kDay)};
  policy.key_times.front().public_key = dns::Bytes(32, 1);
  expect_absent(keys_of(world, policy), Fault::key_too_old);
}

BOOST_AUTO_TEST_CASE(a_key_directory_that_cannot_be_read_hides_nothing) {
  World world;
  const auto past = memory_of({remembered_key(world.zone_signer.key(), -91 * kDay, -91 * kDay)});
  auto policy = zone_keys_up_to(90 * kDay);
  policy.key_dir_trouble = "option --key-dir: cannot read /a|b\n";
  const auto findings = keys_of(world, past, policy);
  expect(findings, Fault::key_dir_unreadable, Tier::unknown, {"cannot read /a\\124b\\010"});
  expect(findings, Fault::key_too_old, Tier::warning, {"(from the state)"});
  expect_absent(keys_of(world, past, zone_keys_up_to(90 * kDay)), Fault::key_dir_unreadable);
}

BOOST_AUTO_TEST_CASE(what_is_planned_is_no_age) {
  World world;
  auto policy = zone_keys_up_to(90 * kDay);
  policy.key_times = {times_of(world.zone_signer, 5 * kDay)};
  policy.key_times.front().published = kNow - 100 * kDay;
  expect(keys_of(world, policy), Fault::key_too_old, Tier::warning,
         {"100d", "(from the key directory)"});
}

BOOST_AUTO_TEST_CASE(ages_in_words) {
  using judge::AgeSource;
  const judge::KeyAge old{AgeSource::state, 700 * kDay, false};
  const judge::KeyAge young{AgeSource::state, 40 * kDay, false};
  const judge::KeyAge least{AgeSource::signatures, 2 * kHour, true};
  BOOST_TEST(judge::ages_text({old, young}) == "700d, 40d (from the state)");
  BOOST_TEST(judge::ages_text({least, least}) == "at least 2h, 2h (from signatures)");
  BOOST_TEST(judge::ages_text({old, least}) ==
             "700d (from the state), at least 2h (from signatures)");
  BOOST_TEST(judge::ages_text({{}}) == "unknown");
  BOOST_TEST(judge::ages_text({}).empty());
}

BOOST_AUTO_TEST_CASE(standby_keys_do_not_age) {
  World world;
  publish_beside(world, Signer(9).key());
  const auto past = memory_of({remembered_key(Signer(9).key(), -200 * kDay)});
  expect_absent(keys_of(world, past, zone_keys_up_to(90 * kDay)), Fault::key_too_old);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
