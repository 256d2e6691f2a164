// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What only the validator says, and the chain as a tree.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Security;
using dns::Type;
using judge::Fault;
using judge::Tier;

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_verdict)

BOOST_AUTO_TEST_CASE(bogus_for_a_reason_that_we_do_not_see) {
  auto seen = World().observe();
  seen.probes[0].security = Security::bogus;
  seen.probes[0].why_bogus = "no\x07 reason | given";
  expect_only(chain_of(seen), Fault::chain_bogus, Tier::emergency,
              {"Unbound calls SOA bogus", "no\\007 reason \\124 given"});
}

BOOST_AUTO_TEST_CASE(bogus_denials) {
  auto seen = World().observe();
  seen.probes[1].security = Security::bogus;
  expect_only(chain_of(seen), Fault::chain_bogus, Tier::emergency,
              {"the denial of a name that does not exist"});
  seen = World().observe();
  seen.probes[2].security = Security::bogus;
  expect_only(chain_of(seen), Fault::chain_bogus, Tier::emergency,
              {"the denial of a type that does not exist"});
}

BOOST_AUTO_TEST_CASE(several_bogus_answers_are_one_finding) {
  auto seen = World().observe();
  for (auto& probe : seen.probes) {
    probe.security = Security::bogus;
  }
  expect_only(chain_of(seen), Fault::chain_bogus, Tier::emergency, {"SOA"});
}

BOOST_AUTO_TEST_CASE(no_answer_though_all_servers_serve) {
  auto seen = World().observe();
  seen.probes[0].security = Security::failed;
  seen.probes[0].rcode = dns::Rcode::servfail;
  expect_only(chain_of(seen), Fault::chain_failed, Tier::unknown, {"SERVFAIL", "SOA"});
}

BOOST_AUTO_TEST_CASE(no_answer_where_servers_are_lame) {
  auto seen = World().observe();
  seen.probes[0].security = Security::failed;
  refuse(seen.servers[1], dns::Rcode::refused);
  expect(chain_of(seen), Fault::chain_failed, Tier::critical, {"no usable answer"});
}

BOOST_AUTO_TEST_CASE(probes_that_were_not_made_say_nothing) {
  auto seen = World().observe();
  for (auto& probe : seen.probes) {
    probe.security = Security::not_looked_up;
  }
  expect_nothing(seen);
}

BOOST_AUTO_TEST_CASE(library_without_the_algorithm) {
  auto seen = World().observe();
  for (auto& probe : seen.probes) {
    probe.security = Security::insecure;
  }
  expect_only(chain_of(seen), Fault::validator_lacks_algorithm, Tier::info,
              {"insecure", "15 (ED25519)"});
  expect_absent(sigs_of(seen), Fault::validator_lacks_algorithm);
}

BOOST_AUTO_TEST_CASE(tree_of_a_healthy_chain) {
  const World world;
  const auto seen = world.observe();
  const auto lines = judge::chain_tree(judge::analyse(seen, kNow));
  const auto find = [&](const std::string& start, const std::string& part) {
    for (const auto& line : lines) {
      const auto text = line.substr(std::min(line.find_first_not_of(' '), line.size()));
      if (text.rfind(start, 0) == 0 && text.find(part) != std::string::npos) {
        return true;
      }
    }
    return false;
  };
  BOOST_TEST(lines.front() == ". secure");
  BOOST_TEST(find("anchor " + std::to_string(world.root.keys.front().tag()), "matches"));
  BOOST_TEST(find("test. secure", ""));
  BOOST_TEST(find("zone.test. secure", ""));
  BOOST_TEST(find("DS RRset", "valid until 2027-02-09T08:00Z"));
  BOOST_TEST(find("key " + std::to_string(world.key_signer.tag()), "signs the DNSKEY RRset"));
  BOOST_TEST(find("key " + std::to_string(world.zone_signer.tag()), "flags 256"));
  BOOST_TEST(!find("key " + std::to_string(world.zone_signer.tag()), "signs the DNSKEY RRset"));
}

BOOST_AUTO_TEST_CASE(tree_of_a_broken_chain) {
  World world;
  world.above.at(world.apex(), Type::ds).signatures.clear();
  world.word = Security::bogus;
  const auto seen = world.observe();
  const auto lines = judge::chain_tree(judge::analyse(seen, kNow));
  const auto broken = std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("zone.test. BOGUS: the parent test") != std::string::npos;
  });
  BOOST_TEST(broken == 1);
}

BOOST_AUTO_TEST_CASE(state_of_the_analysis) {
  World world;
  auto seen = world.observe();
  auto analysis = judge::analyse(seen, kNow);
  BOOST_TEST((analysis.state() == judge::LinkState::secure));
  BOOST_TEST(analysis.first_break() == nullptr);
  BOOST_TEST(analysis.zone_signed);
  BOOST_TEST(!analysis.work->limit_hit());
  BOOST_TEST(analysis.serving() == 2U);
  BOOST_TEST(analysis.work->verifier.verifications() > 0U);
  world.publish_ds({Signer(9, kKeySigningKey).ds(world.apex())});
  seen = world.observe();
  analysis = judge::analyse(seen, kNow);
  BOOST_TEST((analysis.state() == judge::LinkState::bogus));
  BOOST_TEST(analysis.first_break() == analysis.apex_link());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
