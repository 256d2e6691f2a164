// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Could anything be seen, and with which clock?
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

observe::ZoneObservation ended(observe::Descent descent) {
  observe::ZoneObservation seen;
  seen.asked = name(kZone);
  seen.descent = descent;
  return seen;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_sight)

BOOST_AUTO_TEST_CASE(the_healthy_world_gives_no_finding_at_all) {
  expect_nothing(World().observe());
  expect_nothing(World(4).observe());
}

BOOST_AUTO_TEST_CASE(no_root_server) {
  auto seen = ended(observe::Descent::root_unreachable);
  in_both(seen, Fault::root_unreachable, Tier::unknown, {"no root server answered", "port 53"});
  seen.forwarders = "192.0.2.53";
  in_both(seen, Fault::root_unreachable, Tier::unknown, {"forwarder 192.0.2.53"});
}

BOOST_AUTO_TEST_CASE(no_such_name) {
  auto seen = ended(observe::Descent::name_not_found);
  in_both(seen, Fault::zone_not_found, Tier::unknown, {"the root says NXDOMAIN"});
  seen.apex = name("test");
  in_both(seen, Fault::zone_not_found, Tier::unknown, {"test says NXDOMAIN"});
}

BOOST_AUTO_TEST_CASE(dead_parent) {
  auto seen = ended(observe::Descent::parent_unreachable);
  in_both(seen, Fault::parent_unreachable, Tier::unknown, {"no server of the root"});
  seen.apex = name("test");
  in_both(seen, Fault::parent_unreachable, Tier::unknown, {"no server of test"});
}

BOOST_AUTO_TEST_CASE(no_answer_about_the_ds) {
  auto seen = World().observe();
  seen.links[2].ds->message.reset();
  seen.links[2].ds->security = dns::Security::failed;
  expect(chain_of(seen), Fault::parent_unreachable, Tier::unknown,
         {"no answer about the DS of the zone", "the parent test"});
}

BOOST_AUTO_TEST_CASE(deadline) {
  auto seen = ended(observe::Descent::not_done);
  in_both(seen, Fault::deadline_reached, Tier::unknown, {"while starting"});
  seen.stage = "finding the zone";
  in_both(seen, Fault::deadline_reached, Tier::unknown, {"while finding the zone"});
  auto late = World().observe();
  late.deadline_hit = true;
  late.stage = "asking the servers";
  in_both(late, Fault::deadline_reached, Tier::unknown,
          {"while asking the servers", "what was seen until then is judged"});
}

BOOST_AUTO_TEST_CASE(server_that_was_not_asked) {
  auto seen = World().observe();
  seen.servers[1].answers.clear();
  in_both(seen, Fault::deadline_reached, Tier::unknown, {"no time left", label(1)});
  auto unfinished = World().observe();
  fail(unfinished.servers[1], dns::Outcome::not_asked);
  in_both(unfinished, Fault::deadline_reached, Tier::unknown, {"no time left", label(1)});
}

// Look-ups that were given up say nothing about the zones above, nor about this one.
BOOST_AUTO_TEST_CASE(no_time_for_the_chain) {
  const auto give_up = [](std::optional<dns::Lookup>& lookup) {
    lookup.emplace();
    lookup->security = dns::Security::not_looked_up;
  };
  for (const std::size_t link : {0U, 1U}) {
    auto seen = World().observe();
    give_up(seen.links[link].dnskey);
    give_up(seen.links[link].raw_dnskey);
    for (const auto& findings : {chain_of(seen), sigs_of(seen)}) {
      expect_only(findings, Fault::deadline_reached, Tier::unknown,
                  {"not seen in time", "no answer about the DNSKEY RRset of"});
    }
    seen.links[link].dnskey.reset();  // a signal came while it was looked up
    seen.links[link].raw_dnskey.reset();
    expect_only(chain_of(seen), Fault::deadline_reached, Tier::unknown, {"not seen in time"});
  }
  auto seen = World().observe();
  give_up(seen.links[2].dnskey);
  give_up(seen.links[2].raw_dnskey);
  for (auto& server : seen.servers) {
    for (auto& one : server.answers) {
      if (one.question.type == Type::dnskey) {
        one.outcome = dns::Outcome::not_asked;
        one.message.reset();
      }
    }
  }
  expect_absent(chain_of(seen), Fault::chain_failed);
  expect(chain_of(seen), Fault::deadline_reached, Tier::unknown);
}

BOOST_AUTO_TEST_CASE(own_clock) {
  const auto seen = World().observe();
  in_both(seen, Fault::own_clock_wrong, Tier::unknown,
          {"this host's clock says", "the root and of test have all expired"}, {},
          kNow + 400 * kDay);
  in_both(seen, Fault::own_clock_wrong, Tier::unknown, {"all begin later"}, {}, kNow - 30 * kDay);
  judge::Policy policy;
  policy.other_moment = true;
  in_both(seen, Fault::own_clock_wrong, Tier::unknown, {"judged as of 2028-"}, policy,
          kNow + 400 * kDay);
}

BOOST_AUTO_TEST_CASE(one_expired_zone_is_not_our_clock) {
  World world;
  world.above.sign(world.above.at(Type::dnskey), Window{-30 * kDay, -kHour});
  world.word = dns::Security::bogus;
  const auto findings = chain_of(world.observe());
  expect_absent(findings, Fault::own_clock_wrong);
  expect(findings, Fault::chain_bogus_at_ancestor, Tier::emergency, {"not this zone", "test"});
}

BOOST_AUTO_TEST_CASE(a_name_inside_a_zone) {
  auto seen = World().observe();
  seen.asked = name("www.zone.test");
  in_both(seen, Fault::not_an_apex, Tier::info, {"www.zone.test is a name in the zone zone.test"});
}

BOOST_AUTO_TEST_CASE(more_work_than_a_validator_does) {
  // Four keys with the tag of the one that signs come before it (CVE-2023-50387).
  World world;
  const auto& real = world.zone_signer.key();
  std::vector<dns::Bytes> rdatas{world.key_signer.key().rdata};
  for (std::size_t word = 0; word < 4; ++word) {
    auto bytes = real.dnskey.public_key;
    std::swap(bytes[2 * word], bytes[2 * word + 2]);
    std::swap(bytes[2 * word + 1], bytes[2 * word + 3]);
    rdatas.push_back(make_key(kZoneKey, 3, kEd25519, bytes).rdata);
    BOOST_TEST(make_key(kZoneKey, 3, kEd25519, bytes).tag == real.tag);
  }
  rdatas.push_back(real.rdata);
  world.everywhere([&](Zone& copy) {
    auto& keys = copy.put(copy.apex, Type::dnskey, rdatas);
    copy.sign(keys, {});
  });
  const auto seen = world.observe();
  expect(sigs_of(seen), Fault::work_limit, Tier::critical,
         {"work limit", "SOA", "on all 2 servers"});
  expect(chain_of(seen), Fault::work_limit, Tier::critical,
         {"work limit", "SOA", "on all 2 servers"});
}

/// Signatures that are none, before the good ones, over the DNSKEY RRset or over all.
void add_false_signatures(World& world, std::size_t count, bool all) {
  world.everywhere([&](Zone& copy) {
    for (auto& data : copy.sets) {
      if (data.signatures.empty() || !(all || data.set.type == Type::dnskey)) {
        continue;
      }
      const auto good = data.signatures.front();
      for (std::size_t i = 0; i < count; ++i) {
        auto bad = good;
        bad.rrsig->signature[0] = static_cast<std::uint8_t>(i);
        bad.rrsig->signature[1] ^= 1U;
        data.signatures.insert(data.signatures.begin(), bad);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(key_set_with_a_hundred_signatures) {
  World world;
  add_false_signatures(world, 100, false);
  const auto seen = world.observe();
  // Not looked at is not bad: neither bogus nor an invalid signature.
  for (const auto& findings : {ds_of(seen), keys_of(seen), chain_of(seen), sigs_of(seen)}) {
    expect(findings, Fault::work_limit, Tier::critical);
    expect_absent(findings, Fault::ds_key_rrsig_invalid);
    expect_absent(findings, Fault::chain_bogus);
  }
}

BOOST_AUTO_TEST_CASE(every_check_tells_of_a_limit) {
  World world;
  add_false_signatures(world, 100, true);
  const auto seen = world.observe();
  for (const auto& findings : {ds_of(seen), keys_of(seen), chain_of(seen), sigs_of(seen),
                               nsec_of(seen), resolvers_of(seen)}) {
    expect(findings, Fault::work_limit, Tier::critical);
  }
  auto analysis = judge::analyse(seen, kNow);
  BOOST_TEST(analysis.work->verifier.failures() <= dnssec::WorkLimits{}.failures);
}

/// Each with an owner of its own, as no server sends them.
void add_owners(observe::Server& server, unsigned first, unsigned end) {
  edit(answer(server, kZone, Type::ns), [first, end](dns::Message& message) {
    auto record = message.answer.front();
    record.type = Type::a;
    record.rdata = address(1);
    for (unsigned i = first; i < end; ++i) {
      record.owner = name("n" + std::to_string(i) + "." + std::string(kZone));
      message.answer.push_back(record);
    }
  });
}

BOOST_AUTO_TEST_CASE(more_rrsets_than_are_looked_at) {
  auto seen = World().observe();
  add_owners(seen.servers[0], 0, 500);
  expect_absent(sigs_of(seen), Fault::work_limit);
  add_owners(seen.servers[0], 500, 1001);
  expect(sigs_of(seen), Fault::work_limit, Tier::critical, {"more RRsets than the", "looked at"});
  BOOST_TEST(judge::analyse(seen, kNow).servers[0].rrsets.size() == 1000U);
}

BOOST_AUTO_TEST_CASE(more_octets_than_are_taken) {
  auto seen = World().observe();
  seen.flooded = true;
  for (const auto& findings : {ds_of(seen), keys_of(seen), chain_of(seen), sigs_of(seen),
                               nsec_of(seen), resolvers_of(seen)}) {
    expect(findings, Fault::work_limit, Tier::critical, {"not all questions were put"});
  }
}

/// What was not asked for that reason is not told in the deadline's words as well.
BOOST_AUTO_TEST_CASE(questions_that_were_not_put_after_a_flood) {
  auto seen = World().observe();
  seen.flooded = true;
  fail(seen.servers[1], dns::Outcome::flooded);
  auto& late = answer(seen.servers[0], kZone, Type::mx);
  late.outcome = dns::Outcome::flooded;
  late.message.reset();
  for (const auto& findings : {chain_of(seen), sigs_of(seen), nsec_of(seen)}) {
    expect_only(findings, Fault::work_limit, Tier::critical, {"not all questions were put"});
  }
  BOOST_TEST(judge::analyse(seen, kNow).servers[1].trouble.find("too much had come") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(findings_of_a_zone_without_servers_or_links) {
  observe::ZoneObservation seen;
  seen.asked = name(kZone);
  seen.apex = name(kZone);
  seen.descent = observe::Descent::found;
  expect_quiet(seen);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
