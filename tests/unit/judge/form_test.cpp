// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Signatures that verify and still are not as they should be.
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

/// The first server's answer about that type has this TTL on records and signatures.
observe::ZoneObservation with_ttl(Type type, std::uint32_t ttl) {
  auto seen = World().observe();
  edit(answer(seen.servers[0], kZone, type), [&](dns::Message& message) {
    for (auto& record : message.answer) {
      record.ttl = ttl;
    }
  });
  return seen;
}

void drop_algorithm(Zone& zone, std::uint8_t algorithm, Type but_of) {
  for (auto& data : zone.sets) {
    auto& signatures = data.signatures;
    if (data.set.type == but_of) {
      continue;
    }
    for (auto at = signatures.begin(); at != signatures.end();) {
      at = at->rrsig->algorithm == algorithm ? signatures.erase(at) : at + 1;
    }
  }
}

/// The NS RRset has one signature by each of that many published keys.
World with_signing_keys(std::uint8_t count) {
  World world;
  std::vector<Signer> keys{world.key_signer};
  for (std::uint8_t i = 0; i < count; ++i) {
    keys.emplace_back(static_cast<std::uint8_t>(50 + i));
  }
  world.everywhere([&](Zone& copy) {
    copy.keys = keys;
    copy.sign();
    for (auto& data : copy.sets) {
      if (data.set.type != Type::ns && data.set.type != Type::dnskey && !data.signatures.empty()) {
        data.signatures.resize(1);
      }
    }
  });
  return world;
}

/// The NS RRset has that many signatures by the same key.
World with_signatures_of_one_key(int count) {
  World world;
  world.everywhere([&](Zone& copy) {
    auto& data = copy.at(Type::ns);
    for (int i = 1; i < count; ++i) {
      data.signatures.push_back(
          world.zone_signer.sign(data.set, copy.apex, {-3 * kDay - i, 25 * kDay}));
    }
  });
  return world;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_form)

BOOST_AUTO_TEST_CASE(ttl_above_the_signed_one) {
  const auto seen = with_ttl(Type::mx, 7200);
  expect_only(sigs_of(seen), Fault::rrset_ttl_above_original_ttl, Tier::warning,
              {"MX", "TTL 7200, signed with 3600", "at " + label(0)});
  expect_absent(chain_of(seen), Fault::rrset_ttl_above_original_ttl);
  expect(sigs_of(with_ttl(Type::soa, 7200)), Fault::rrset_ttl_above_original_ttl, Tier::warning,
         {"SOA"});
}

BOOST_AUTO_TEST_CASE(ttl_below_the_signed_one) {
  const auto seen = with_ttl(Type::mx, 60);
  expect_only(sigs_of(seen), Fault::rrset_ttl_below_original_ttl, Tier::warning,
              {"MX", "TTL 60, signed with 3600", "at " + label(0)});
  expect_absent(chain_of(seen), Fault::rrset_ttl_below_original_ttl);
}

BOOST_AUTO_TEST_CASE(negative_ttl_of_the_soa) { expect_nothing(with_ttl(Type::soa, 60)); }

BOOST_AUTO_TEST_CASE(ttl_counted_down_by_a_forwarder) {
  auto seen = World().observe();
  seen.forwarders = "192.0.2.53";
  for (auto& server : seen.servers) {
    for (auto& reply : server.answers) {
      edit(reply, [](dns::Message& message) {
        message.aa = false;
        for (auto* section : {&message.answer, &message.authority}) {
          for (auto& record : *section) {
            record.ttl -= 1234;
          }
        }
      });
    }
  }
  expect_nothing(seen);
}

BOOST_AUTO_TEST_CASE(ttl_zero_of_nsec3param) {
  World world;
  world.add(kZone, Type::nsec3param, {1, 0, 0, 0, 0});
  auto seen = world.observe();
  for (auto& server : seen.servers) {
    edit(answer(server, kZone, Type::nsec3param),
         [](dns::Message& message) { message.answer.at(0).ttl = 0; });
  }
  expect_nothing(seen);
}

BOOST_AUTO_TEST_CASE(unequal_ttls) {
  auto seen = World().observe();
  edit(answer(seen.servers[1], kZone, Type::ns),
       [](dns::Message& message) { message.answer.at(1).ttl = 7200; });
  expect_only(sigs_of(seen), Fault::rrset_ttls_unequal, Tier::warning,
              {"NS has records of different TTLs", "at " + label(1)});
}

BOOST_AUTO_TEST_CASE(signature_with_another_ttl) {
  World world;
  world.everywhere([](Zone& copy) { copy.at(Type::mx).signatures.at(0).ttl = 60; });
  expect_only(sigs_of(world.observe()), Fault::rrsig_ttl_differs, Tier::info,
              {"MX signature has TTL 60, the RRset 3600"});
}

BOOST_AUTO_TEST_CASE(published_algorithm_that_signs_nothing) {
  World world;
  world.everywhere([&](Zone& copy) {
    copy.keys.emplace_back(std::uint8_t{7}, kZoneKey, kEd448);
    copy.sign();
    drop_algorithm(copy, kEd448, Type::none);
  });
  const auto seen = world.observe();
  const auto finding = expect_only(sigs_of(seen), Fault::algorithm_incomplete_dnskey, Tier::warning,
                                   {"16 (ED448)", "DNSKEY", "on all 2 servers"});
  BOOST_TEST(finding.rrsets.size() == 7U);
  expect_absent(chain_of(seen), Fault::algorithm_incomplete_dnskey);
}

BOOST_AUTO_TEST_CASE(algorithm_of_the_ds_signs_only_the_keys) {
  World world;
  world.use_keys({world.key_signer, world.zone_signer, Signer(7, kKeySigningKey, kEd448),
                  Signer(8, kZoneKey, kEd448)});
  expect_nothing(world.observe());
  world.everywhere([](Zone& copy) { drop_algorithm(copy, kEd448, Type::dnskey); });
  const auto finding = expect_only(sigs_of(world.observe()), Fault::algorithm_incomplete_ds,
                                   Tier::warning, {"16 (ED448)", "DS set"});
  BOOST_TEST(finding.rrsets.size() == 6U);
}

BOOST_AUTO_TEST_CASE(signatures_of_a_new_algorithm_first) {
  // RFC 6781 4.1.4: the conservative rollover's first step.
  World world;
  const Signer next(8, kZoneKey, kEd448);
  world.everywhere([&](Zone& copy) {
    for (auto& data : copy.sets) {
      if (!data.signatures.empty()) {
        data.signatures.push_back(next.sign(data.set, copy.apex));
      }
    }
  });
  expect_quiet(world.observe());
}

BOOST_AUTO_TEST_CASE(many_signatures) {
  expect_nothing(with_signing_keys(8).observe());
  expect_only(sigs_of(with_signing_keys(9).observe()), Fault::too_many_rrsigs, Tier::warning,
              {"NS has 9 signatures"});
  expect_only(sigs_of(with_signing_keys(16).observe()), Fault::too_many_rrsigs, Tier::warning,
              {"NS has 16 signatures"});
  const auto seen = with_signing_keys(17).observe();
  expect(sigs_of(seen), Fault::too_many_rrsigs, Tier::critical, {"NS has 17 signatures"});
  expect(sigs_of(seen), Fault::work_limit, Tier::critical);  // the last was not tried
  expect_absent(chain_of(seen), Fault::too_many_rrsigs);
}

BOOST_AUTO_TEST_CASE(many_signatures_of_one_key) {
  expect_nothing(with_signatures_of_one_key(2).observe());
  expect_only(sigs_of(with_signatures_of_one_key(3).observe()), Fault::too_many_rrsigs,
              Tier::warning, {"NS has 3 signatures"});
}

BOOST_AUTO_TEST_CASE(long_lifetimes) {
  World world;
  world.everywhere([](Zone& copy) {
    copy.sign(copy.at(Type::mx), {-3 * kDay, 177 * kDay});
    copy.sign(copy.at(Type::dnskey), {-3 * kDay, 397 * kDay});
  });
  expect_nothing(world.observe());
  world.everywhere([](Zone& copy) {
    copy.sign(copy.at(Type::mx), {-3 * kDay, 177 * kDay + 1});
    copy.sign(copy.at(Type::dnskey), {-3 * kDay, 397 * kDay + 1});
  });
  expect_only(sigs_of(world.observe()), Fault::rrsig_lifetime_too_long, Tier::warning,
              {"DNSKEY", "MX"});
}

BOOST_AUTO_TEST_CASE(signature_no_longer_than_its_ttl) {
  World world;
  world.everywhere([](Zone& copy) {
    copy.put(copy.apex, Type::mx, {mx(10, "www.zone.test")}, 28 * 86400);
    copy.sign();
  });
  expect(sigs_of(world.observe()), Fault::rrsig_lifetime_too_short, Tier::warning,
         {"MX signature lives for 28d, its TTL is 28d"});
  world.everywhere([](Zone& copy) {
    copy.put(copy.apex, Type::mx, {mx(10, "www.zone.test")}, 28 * 86400 - 1);
    copy.sign();
  });
  expect_absent(sigs_of(world.observe()), Fault::rrsig_lifetime_too_short);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
