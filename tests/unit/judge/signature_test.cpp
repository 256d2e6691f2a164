// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Signatures that are missing, out of time, or do not verify.
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

/// The first server's MX gets that window; every server's when `everywhere`.
World with_mx_window(Window window, bool everywhere) {
  World world;
  world.add(kZone, Type::mx, mx(10, "mail.zone.test"));
  for (std::size_t i = 0; i < world.copies.size(); ++i) {
    if (everywhere || i == 0) {
      auto& copy = world.copies[i];
      copy.sign(copy.at(Type::mx), window);
    }
  }
  return world;
}

/// The MX signed by hand, its RRSIG changed first.
World with_mx_fields(const std::function<void(dns::Rrsig&)>& change) {
  World world;
  world.add(kZone, Type::mx, mx(10, "mail.zone.test"));
  world.everywhere([&](Zone& zone) {
    auto& data = zone.at(Type::mx);
    auto fields = world.zone_signer.fields(data.set, zone.apex, zone.window);
    change(fields);
    data.signatures = {world.zone_signer.sign_as(data.set, fields)};
  });
  return world;
}

/// The MX with another signature beside the good one.
World with_beside(const std::function<dns::Signature(const dns::RRset&, const Zone&)>& make) {
  World world;
  world.add(kZone, Type::mx, mx(10, "mail.zone.test"));
  world.everywhere([&](Zone& zone) {
    auto& data = zone.at(Type::mx);
    data.signatures.push_back(make(data.set, zone));
  });
  return world;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_signatures)

BOOST_AUTO_TEST_CASE(healthy_mx) {
  World world;
  world.add(kZone, Type::mx, mx(10, "mail.zone.test"));
  expect_quiet(world.observe());
}

BOOST_AUTO_TEST_CASE(expired_everywhere_is_an_emergency) {
  const auto seen = with_mx_window({-30 * kDay, -3 * 3600}, true).observe();
  const auto finding = expect_only(sigs_of(seen), Fault::rrsig_expired, Tier::emergency,
                                   {"MX", "expired 3h ago", "all 2 servers"});
  BOOST_TEST((finding.moment == kNow - 3 * 3600));
}

BOOST_AUTO_TEST_CASE(expired_at_one_server_is_critical_and_names_it) {
  const auto seen = with_mx_window({-30 * kDay, -3 * 3600}, false).observe();
  expect_only(sigs_of(seen), Fault::rrsig_expired, Tier::critical, {"MX", "at " + label(0)});
}

BOOST_AUTO_TEST_CASE(one_cause_is_one_finding) {
  World world;
  world.everywhere([](Zone& zone) {
    zone.window = {-30 * kDay, -kDay};
    zone.sign();
    zone.sign(zone.at(Type::dnskey), Window{});
  });
  const auto finding =
      expect(sigs_of(world.observe()), Fault::rrsig_expired, Tier::emergency, {"all 2 servers"});
  BOOST_TEST(finding.rrsets.size() > 2);
  BOOST_TEST(finding.servers.size() == 2);
}

BOOST_AUTO_TEST_CASE(not_yet_valid) {
  const auto seen = with_mx_window({2 * 3600, 30 * kDay}, true).observe();
  expect_only(sigs_of(seen), Fault::rrsig_not_yet_valid, Tier::emergency,
              {"MX", "begins only in 2h"});
}

BOOST_AUTO_TEST_CASE(signer_slightly_ahead) {
  const auto seen = with_mx_window({200, 30 * kDay}, true).observe();
  expect_only(sigs_of(seen), Fault::rrsig_not_yet_valid, Tier::warning, {"MX"});
}

BOOST_AUTO_TEST_CASE(began_just_now) {
  const auto seen = with_mx_window({-100, 30 * kDay}, true).observe();
  expect(sigs_of(seen), Fault::rrsig_inception_too_recent, Tier::info, {"MX"});
  expect_quiet(seen);
}

BOOST_AUTO_TEST_CASE(expires_before_inception) {
  const auto seen = with_mx_window({-kDay, -2 * kDay}, true).observe();
  expect_only(sigs_of(seen), Fault::rrsig_expired_before_inception, Tier::emergency, {"MX"});
}

BOOST_AUTO_TEST_CASE(no_signature_at_one_rrset) {
  World world;
  world.add(kZone, Type::mx, mx(10, "mail.zone.test"));
  world.everywhere([](Zone& zone) { zone.at(Type::mx).signatures.clear(); });
  expect_only(sigs_of(world.observe()), Fault::rrsig_missing, Tier::emergency,
              {"MX has no signature"});
}

BOOST_AUTO_TEST_CASE(unsigned_at_one_server) {
  World world;
  world.copies[1].unsign();
  expect(sigs_of(world.observe()), Fault::unsigned_on_one_ns, Tier::critical, {label(1)});
  expect_absent(sigs_of(world.observe()), Fault::rrsig_missing);
}

BOOST_AUTO_TEST_CASE(does_not_verify) {
  World world;
  world.add(kZone, Type::mx, mx(10, "mail.zone.test"));
  world.everywhere([](Zone& zone) { zone.at(Type::mx).set.rdatas = {mx(20, "other.zone.test")}; });
  expect_only(sigs_of(world.observe()), Fault::rrsig_crypto_invalid, Tier::emergency,
              {"MX", "does not verify"});
}

BOOST_AUTO_TEST_CASE(key_that_is_not_published) {
  World world;
  const Signer stranger(77);
  world.add(kZone, Type::mx, mx(10, "mail.zone.test"));
  world.everywhere([&](Zone& zone) {
    auto& data = zone.at(Type::mx);
    data.signatures = {stranger.sign(data.set, zone.apex)};
  });
  expect_only(sigs_of(world.observe()), Fault::rrsig_no_matching_dnskey, Tier::emergency,
              {"MX", std::to_string(stranger.tag())});
}

BOOST_AUTO_TEST_CASE(unknown_key_beside_a_valid_one) {
  const Signer stranger(77);
  const auto seen = with_beside([&](const dns::RRset& set, const Zone& zone) {
                      return stranger.sign(set, zone.apex);
                    }).observe();
  expect(sigs_of(seen), Fault::rrsig_unknown_key_beside_valid, Tier::info, {"MX"});
  expect_quiet(seen);
}

BOOST_AUTO_TEST_CASE(bad_signature_beside_a_valid_one) {
  const World world;
  const auto seen = with_beside([&](const dns::RRset& set, const Zone& zone) {
                      auto bad = world.zone_signer.sign(set, zone.apex);
                      bad.rrsig->signature.front() ^= 1U;
                      return bad;
                    }).observe();
  expect_only(sigs_of(seen), Fault::rrsig_invalid_beside_valid, Tier::critical, {"MX"});
}

BOOST_AUTO_TEST_CASE(expired_signature_beside_a_valid_one) {
  World world;
  const auto seen = with_beside([&](const dns::RRset& set, const Zone& zone) {
                      return world.zone_signer.sign(set, zone.apex, {-40 * kDay, -10 * kDay});
                    }).observe();
  expect_only(sigs_of(seen), Fault::rrsig_expired_beside_valid, Tier::warning, {"MX"});
}

BOOST_AUTO_TEST_CASE(other_signer) {
  const auto seen =
      with_mx_fields([](dns::Rrsig& fields) { fields.signer = name("test"); }).observe();
  expect_only(sigs_of(seen), Fault::rrsig_signer_not_apex, Tier::emergency, {"MX"});
}

BOOST_AUTO_TEST_CASE(too_many_labels) {
  World world;
  world.everywhere([](Zone& zone) { zone.at(Type::mx).signatures.front().rrsig->labels = 3; });
  expect_only(sigs_of(world.observe()), Fault::rrsig_labels_exceed_owner, Tier::emergency, {"MX"});
}

BOOST_AUTO_TEST_CASE(cannot_be_read) {
  World world;
  world.add(kZone, Type::mx, mx(10, "mail.zone.test"));
  world.everywhere([](Zone& zone) {
    auto& signature = zone.at(Type::mx).signatures.front();
    signature.raw = {0, 15, kEd25519, 2};  // covers MX, and ends there
    signature.rrsig.reset();
  });
  expect_only(sigs_of(world.observe()), Fault::rrsig_malformed, Tier::emergency,
              {"MX", "cannot be read"});
}

BOOST_AUTO_TEST_CASE(impossible_length) {
  World world;
  world.add(kZone, Type::mx, mx(10, "mail.zone.test"));
  world.everywhere(
      [](Zone& zone) { zone.at(Type::mx).signatures.front().rrsig->signature.pop_back(); });
  expect_only(sigs_of(world.observe()), Fault::rrsig_bad_length, Tier::emergency, {"MX"});
}

BOOST_AUTO_TEST_CASE(only_over_another_type) {
  World world;
  world.add(kZone, Type::mx, mx(10, "mail.zone.test"));
  world.everywhere([&](Zone& zone) {
    auto& data = zone.at(Type::mx);
    auto fields = world.zone_signer.fields(data.set, zone.apex, zone.window);
    fields.covered = Type::txt;
    data.signatures = {world.zone_signer.sign_as(data.set, fields)};
  });
  expect_only(sigs_of(world.observe()), Fault::rrsig_wrong_covered_or_class, Tier::emergency,
              {"MX"});
}

BOOST_AUTO_TEST_CASE(the_chain_says_so_too) {
  const auto expired = with_mx_window({-30 * kDay, -3 * 3600}, true).observe();
  expect_only(chain_of(expired), Fault::rrsig_expired, Tier::emergency, {"MX", "expired 3h ago"});
  const Signer stranger(77);
  const auto beside = with_beside([&](const dns::RRset& set, const Zone& zone) {
                        return stranger.sign(set, zone.apex);
                      }).observe();
  expect_nothing(World().observe());
  expect_absent(chain_of(beside), Fault::rrsig_unknown_key_beside_valid);
}

BOOST_AUTO_TEST_CASE(times_behind_the_end_of_32_bits) {
  // The serial times wrap in 2106 (RFC 4034 3.1.5): one turn later everything holds as now.
  const auto turn = dns::UnixTime{1} << 32U;
  expect_nothing(World().observe(), {}, kNow + turn);
  const auto seen = with_mx_window({-30 * kDay, -3 * 3600}, true).observe();
  const auto finding =
      expect_only(sigs_of(seen, {}, kNow + turn), Fault::rrsig_expired, Tier::emergency);
  BOOST_TEST((finding.moment == kNow + turn - 3 * 3600));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
