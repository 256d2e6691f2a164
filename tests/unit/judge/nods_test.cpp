// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// No DS: proven or not, wanted or not.
#include <boost/test/unit_test.hpp>

#include "judge/nsec3.hpp"
#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Security;
using dns::Type;
using judge::Expect;
using judge::Fault;
using judge::Tier;

World without_ds(Security word) {
  World world;
  world.publish_ds({});
  world.word = word;
  return world;
}

/// The parent's denial of the DS has these records beside its SOA, and nothing else.
observe::ZoneObservation denied_by(const World& world,
                                   const std::vector<dns::SignedRRset>& records) {
  auto seen = world.observe();
  edit(*seen.links[2].raw_ds, [&](dns::Message& message) {
    drop(message.authority, [](const dns::Record& record) {
      return record.type == Type::nsec || is_signature_of(record, Type::nsec);
    });
    for (const auto& data : records) {
      append(message.authority, data);
    }
  });
  return seen;
}

void unproven(const observe::ZoneObservation& seen, Fault fault, Tier tier,
              const std::vector<std::string>& words) {
  expect_only(chain_of(seen), fault, tier, words);
  expect_only(sigs_of(seen), fault, tier, words);
}

std::vector<dns::SignedRRset> opt_out_proof(const World& world, Nsec3Form form) {
  return {nsec3_of(world.above, world.above.apex, {Type::soa, Type::ns}, form),
          nsec3_over(world.above, world.apex(), form)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_no_ds)

BOOST_AUTO_TEST_CASE(no_ds_and_no_proof) {
  const auto world = without_ds(Security::bogus);
  unproven(denied_by(world, {}), Fault::nods_proof_missing, Tier::emergency,
           {"the parent test gives no DS and does not prove it"});
}

BOOST_AUTO_TEST_CASE(proof_with_an_expired_signature) {
  auto world = without_ds(Security::bogus);
  auto nsec = *world.above.find(world.apex(), Type::nsec);
  world.above.sign(nsec, {-9 * kDay, -2 * kHour});
  const auto seen = denied_by(world, {nsec});
  unproven(seen, Fault::nods_proof_invalid, Tier::emergency, {"its NSEC", "expired 2h ago"});
  BOOST_TEST((expect(chain_of(seen), Fault::nods_proof_invalid, Tier::emergency).moment ==
              kNow - 2 * kHour));
}

BOOST_AUTO_TEST_CASE(proof_that_lists_the_ds_or_is_not_of_a_delegation) {
  auto world = without_ds(Security::bogus);
  const std::vector<std::vector<Type>> lists{{Type::ns, Type::ds, Type::rrsig, Type::nsec},
                                             {Type::a, Type::rrsig, Type::nsec},
                                             {Type::ns, Type::soa, Type::rrsig, Type::nsec}};
  for (const auto& types : lists) {
    auto nsec = *world.above.find(world.apex(), Type::nsec);
    nsec.set.rdatas = {nsec_rdata(world.above.apex, types)};
    world.above.sign(nsec, {});
    unproven(denied_by(world, {nsec}), Fault::nods_proof_invalid, Tier::emergency,
             {"the parent test"});
  }
}

BOOST_AUTO_TEST_CASE(covered_without_opt_out) {
  const auto world = without_ds(Security::bogus);
  unproven(denied_by(world, opt_out_proof(world, {0, 0})), Fault::nods_proof_optout_flag_missing,
           Tier::emergency, {"the parent test"});
}

BOOST_AUTO_TEST_CASE(covered_with_opt_out) {
  const auto world = without_ds(Security::insecure);
  const auto seen = denied_by(world, opt_out_proof(world, {kOptOut, 0}));
  auto copy = seen;
  copy.links[2].ds = copy.links[2].raw_ds;
  expect_quiet(copy, expecting(Expect::insecure));
}

BOOST_AUTO_TEST_CASE(too_many_iterations) {
  const auto world = without_ds(Security::insecure);
  auto seen = denied_by(world, opt_out_proof(world, {kOptOut, 101}));
  unproven(seen, Fault::nods_nsec3_iterations, Tier::critical, {"the parent test"});
  seen = denied_by(world, opt_out_proof(world, {kOptOut, 100}));
  expect_absent(chain_of(seen), Fault::nods_nsec3_iterations);
}

BOOST_AUTO_TEST_CASE(signed_zone_that_waits_for_its_ds) {
  const auto seen = without_ds(Security::insecure).observe();
  for (const auto& findings : {sigs_of(seen), chain_of(seen)}) {
    const auto finding = expect_only(findings, Fault::ds_missing_for_signed_zone, Tier::critical,
                                     {"it is signed", "test has no DS"});
    BOOST_TEST(finding.remedy.find("Publish \"") != std::string::npos);
  }
  const auto any = chain_of(seen, expecting(Expect::any));
  expect_only(any, Fault::ds_missing_for_signed_zone, Tier::warning);
}

BOOST_AUTO_TEST_CASE(island_where_insecure_is_expected) {
  const auto seen = without_ds(Security::insecure).observe();
  expect_only(chain_of(seen, expecting(Expect::insecure)), Fault::island_of_trust, Tier::info,
              {"it is signed"});
  expect_quiet(seen, expecting(Expect::insecure));
}

BOOST_AUTO_TEST_CASE(unsigned_zone) {
  auto world = without_ds(Security::insecure);
  world.everywhere([](Zone& copy) { copy.unsign(); });
  const auto seen = world.observe();
  expect_only(sigs_of(seen), Fault::chain_insecure, Tier::critical, {"unsigned", "no DS"});
  expect_only(chain_of(seen), Fault::chain_insecure, Tier::critical, {"unsigned", "no DS"});
  expect_nothing(seen, expecting(Expect::insecure));
  expect_nothing(seen, expecting(Expect::any));
}

BOOST_AUTO_TEST_CASE(insecure_because_the_zone_above_is) {
  World world;
  world.word = Security::insecure;
  world.root.remove(world.above.apex, Type::ds);
  world.root.sign();
  const auto seen = world.observe();
  expect_only(chain_of(seen), Fault::chain_insecure, Tier::critical,
              {"because test is", "no DS for it at its parent"});
  expect_quiet(seen, expecting(Expect::insecure));
  expect_quiet(seen, expecting(Expect::any));
}

BOOST_AUTO_TEST_CASE(secure_where_something_else_was_expected) {
  const auto seen = World().observe();
  expect_only(sigs_of(seen, expecting(Expect::insecure)), Fault::secure_unexpected, Tier::critical,
              {"expected to be insecure, but it is secure"});
  expect_only(chain_of(seen, expecting(Expect::bogus)), Fault::secure_unexpected, Tier::critical,
              {"expected to be bogus, but it is secure"});
  expect_nothing(seen, expecting(Expect::any));
}

BOOST_AUTO_TEST_CASE(insecure_where_bogus_was_expected) {
  auto world = without_ds(Security::insecure);
  world.everywhere([](Zone& copy) { copy.unsign(); });
  expect(chain_of(world.observe(), expecting(Expect::bogus)), Fault::secure_unexpected,
         Tier::critical, {"but it is insecure"});
}

BOOST_AUTO_TEST_CASE(bogus_as_expected) {
  World world;
  world.publish_ds({Signer(9, kKeySigningKey).ds(world.apex())});
  world.word = Security::bogus;
  expect_quiet(world.observe(), expecting(Expect::bogus));
}

BOOST_AUTO_TEST_CASE(bogus_where_insecure_was_expected) {
  World world;
  world.publish_ds({Signer(9, kKeySigningKey).ds(world.apex())});
  world.word = Security::bogus;
  expect(chain_of(world.observe(), expecting(Expect::insecure)), Fault::ds_no_matching_dnskey,
         Tier::emergency);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
