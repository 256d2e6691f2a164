// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// check_dnssec_nsec: the chain of NSEC records, by what denials show of it and by a walk (--walk).
#include <boost/test/unit_test.hpp>

#include "judge/denials.hpp"
#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;
using judge::WalkEnd;

World chained() {
  World world(1);
  world.denials = true;
  return world;
}

void lead(World& world, std::string_view owner, std::string_view next) {
  world.everywhere([&](Zone& copy) {
    auto& data = copy.at(name(owner), Type::nsec);
    const auto types = dns::parse_nsec(data.set.rdatas.front()).value().types.types();
    data.set.rdatas = {nsec_rdata(name(next), types)};
    copy.sign(data, copy.window);
  });
}

/// As observe/walk.cpp walks.
observe::ZoneObservation walked(const World& world, std::uint32_t most = 0) {
  auto seen = world.observe();
  auto& walk = seen.walk.emplace();
  walk.server = seen.servers.front().endpoint;
  walk.most = most;
  auto at = world.apex();
  for (std::uint32_t i = 0; i < (most == 0 ? 50 : most); ++i) {
    const dns::Question question{at, Type::nsec, dns::Class::in};
    dns::Answer given;
    given.question = question;
    given.server = walk.server;
    say(given, world.copies.front().answer(question));
    walk.answers.push_back(given);
    const auto nsec = observe::nsec_at(*given.message, at, world.apex());
    if (!nsec || !nsec->next.is_below(world.apex()) ||
        dns::canonical_compare(at, nsec->next) != std::strong_ordering::less) {
      break;
    }
    at = nsec->next;
  }
  return seen;
}

WalkEnd end_of(const observe::ZoneObservation& seen) {
  return judge::analyse(seen, kNow).walk.value().end;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_nsec_chain)

BOOST_AUTO_TEST_CASE(whole_chain) {
  const auto seen = walked(chained());
  BOOST_TEST((end_of(seen) == WalkEnd::closed));
  BOOST_TEST(judge::analyse(seen, kNow).walk->chain.size() == 3U);  // apex, ns1, www
  for (const auto& finding : nsec_of(seen)) {
    BOOST_TEST((finding.tier <= Tier::info), finding.text);
  }
  BOOST_TEST((end_of(walked(chained(), 2)) == WalkEnd::enough));
  auto late = walked(chained(), 0);
  late.walk->answers.pop_back();
  late.walk->out_of_time = true;
  BOOST_TEST((end_of(late) == WalkEnd::out_of_time));
  auto flooded = walked(chained(), 0);
  flooded.walk->answers.back().outcome = dns::Outcome::flooded;
  flooded.walk->answers.back().message.reset();
  BOOST_TEST((end_of(flooded) == WalkEnd::flooded));
  BOOST_TEST(judge::walk_words(*judge::analyse(flooded, kNow).walk)
                 .find("so much had come that no more was asked") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(next_name_without_nsec) {
  auto world = chained();
  lead(world, "ns1.zone.test", "nx.zone.test");
  expect(nsec_of(walked(world)), Fault::nsec_chain_broken, Tier::critical,
         {"leads to nx.zone.test", "no NSEC"});
}

BOOST_AUTO_TEST_CASE(span_over_a_record) {
  auto world = chained();
  world.add("m.zone.test", Type::txt, text("x"));
  lead(world, "ns1.zone.test", "zone.test");
  world.ask("www.zone.test", Type::mx);
  auto seen = world.observe();
  expect(nsec_of(seen), Fault::existing_name_covered, Tier::critical, {"www.zone.test"});
}

BOOST_AUTO_TEST_CASE(span_that_only_the_neighbours_show) {
  auto world = chained();
  for (const auto* beside : {"wwv.zone.test", "wwx.zone.test"}) {
    world.add(beside, Type::txt, text("x"));
  }
  lead(world, "wwv.zone.test", "wwx.zone.test");
  expect_absent(nsec_of(world.observe()), Fault::existing_name_covered);
  world.ask("www.zone.test", Type::a);
  expect(nsec_of(world.observe()), Fault::existing_name_covered, Tier::critical, {"www.zone.test"});
}

BOOST_AUTO_TEST_CASE(loop) {
  auto world = chained();
  lead(world, "www.zone.test", "ns1.zone.test");
  expect(nsec_of(walked(world)), Fault::nsec_last_not_apex, Tier::critical, {"www.zone.test"});
}

BOOST_AUTO_TEST_CASE(chain_leaves_the_zone) {
  auto world = chained();
  lead(world, "www.zone.test", "other.test");
  expect(nsec_of(walked(world)), Fault::nsec_next_out_of_zone, Tier::critical);
}

BOOST_AUTO_TEST_CASE(no_chain_to_walk) {
  auto world = chained();
  lead(world, "zone.test", "\\000.zone.test");
  BOOST_TEST((end_of(walked(world)) == WalkEnd::no_chain));
}

BOOST_AUTO_TEST_CASE(signatures_on_the_chain) {
  auto world = chained();
  world.everywhere([](Zone& copy) {
    auto& data = copy.at(name("www.zone.test"), Type::nsec);
    copy.sign(data, {-30 * kDay, -kDay});
  });
  expect(nsec_of(walked(world)), Fault::nsec_rrsig_expired, Tier::critical,
         {"www.zone.test has an expired signature at " + label(0)});
}

/// A name that was removed since its predecessor's NSEC was read is no hole.
BOOST_AUTO_TEST_CASE(zone_that_changes_during_the_walk) {
  auto world = chained();
  lead(world, "ns1.zone.test", "nx.zone.test");
  const auto seen = world.observe();
  world.copies.front().serial += 1;
  world.copies.front().sign();
  lead(world, "ns1.zone.test", "nx.zone.test");
  auto later = walked(world);
  later.servers = seen.servers;
  BOOST_TEST((end_of(later) == WalkEnd::changed));
  expect_absent(nsec_of(later), Fault::nsec_chain_broken);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
