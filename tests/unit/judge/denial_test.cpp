// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Negative answers and the names asked for.
#include <boost/test/unit_test.hpp>

#include "judge/nsec3.hpp"
#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Rcode;
using dns::Type;
using judge::Fault;
using judge::Tier;

/// Takes the NSEC of that owner out of the answer, with its signature.
void drop_denial(dns::Answer& denial, std::string_view owner) {
  edit(denial, [&](dns::Message& message) {
    drop(message.authority, [&](const dns::Record& record) {
      return record.owner == name(owner) &&
             (record.type == Type::nsec || is_signature_of(record, Type::nsec));
    });
  });
}

/// The denial has these records in place of all but the SOA.
void deny_by(dns::Answer& denial, const std::vector<dns::SignedRRset>& records) {
  edit(denial, [&](dns::Message& message) {
    drop(message.authority, [](const dns::Record& record) {
      return record.type != Type::soa && !is_signature_of(record, Type::soa);
    });
    for (const auto& data : records) {
      append(message.authority, data);
    }
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_denial)

// Surplus records in the authority section are left out by resolvers.
BOOST_AUTO_TEST_CASE(foreign_soa_beside_that_of_the_zone) {
  auto seen = World().observe();
  auto foreign = answer(seen.servers[1], kZone, Type::soa).message->answer.front();
  foreign.owner = name("evil.example");
  edit(answer(seen.servers[1], kZone, observe::kMissingType),
       [&](dns::Message& message) { message.authority.push_back(foreign); });
  expect_absent(chain_of(seen), Fault::soa_owner_wrong);
  edit(answer(seen.servers[1], kZone, observe::kMissingType), [&](dns::Message& message) {
    drop(message.authority, [](const dns::Record& record) {
      return record.type == Type::soa && record.owner == name(kZone);
    });
  });
  expect(chain_of(seen), Fault::soa_owner_wrong, Tier::critical, {"the SOA of another zone"});
}

BOOST_AUTO_TEST_CASE(denial_without_proof) {
  auto seen = World().observe();
  drop_denial(answer(seen.servers[1], kZone, observe::kMissingType), kZone);
  expect_only(chain_of(seen), Fault::nsec_proof_missing, Tier::critical,
              {"a type that the apex does not have", "at " + label(1)});
  expect_absent(sigs_of(seen), Fault::nsec_proof_missing);
}

BOOST_AUTO_TEST_CASE(denied_name_is_not_covered) {
  auto seen = World().observe();
  for (auto& server : seen.servers) {
    drop_denial(answer(server, kNobody, Type::a), "ns2.zone.test");
  }
  expect_only(chain_of(seen), Fault::nxdomain_name_not_covered, Tier::critical,
              {"a name that does not exist", "on all 2 servers"});
}

BOOST_AUTO_TEST_CASE(wildcard_is_not_covered) {
  auto seen = World().observe();
  drop_denial(answer(seen.servers[1], kNobody, Type::a), kZone);
  expect_only(chain_of(seen), Fault::nxdomain_wildcard_not_covered, Tier::critical,
              {"a name that does not exist", "at " + label(1)});
}

BOOST_AUTO_TEST_CASE(closest_encloser_is_not_proven) {
  World world;
  auto seen = world.observe();
  const auto& zone = world.zone();
  const auto over_name = nsec3_over(zone, name(kNobody));
  const auto over_wildcard = nsec3_over(zone, name("*.zone.test"));
  const auto encloser =
      nsec3_of(zone, world.apex(), {Type::a, Type::ns, Type::soa, Type::mx, Type::rrsig});
  auto& denial = answer(seen.servers[1], kNobody, Type::a);
  deny_by(denial, {over_name, over_wildcard, encloser});
  expect_nothing(seen);
  deny_by(denial, {over_name, over_wildcard});
  expect_only(chain_of(seen), Fault::closest_encloser_missing, Tier::critical,
              {"a name that does not exist", "at " + label(1)});
}

BOOST_AUTO_TEST_CASE(no_data_proven_by_another_names_record) {
  World world;
  auto seen = world.observe();
  deny_by(answer(seen.servers[1], kZone, observe::kMissingType),
          {world.zone().at(name("ns1.zone.test"), Type::nsec)});
  expect_only(chain_of(seen), Fault::nodata_no_match, Tier::critical,
              {"a type that the apex does not have", "at " + label(1)});
}

BOOST_AUTO_TEST_CASE(no_data_whose_record_lists_the_type) {
  World world;
  auto seen = world.observe();
  auto nsec = world.zone().at(Type::nsec);
  nsec.set.rdatas = {
      nsec_rdata(name("ns1.zone.test"), {Type::ns, Type::soa, Type::rrsig, observe::kMissingType})};
  world.zone().sign(nsec, {});
  deny_by(answer(seen.servers[1], kZone, observe::kMissingType), {nsec});
  expect_only(chain_of(seen), Fault::nodata_type_in_bitmap, Tier::critical,
              {"the bitmap lists the type", "at " + label(1)});
}

BOOST_AUTO_TEST_CASE(soa_of_another_zone) {
  World world;
  auto seen = world.observe();
  edit(answer(seen.servers[1], kNobody, Type::a), [&](dns::Message& message) {
    drop(message.authority, [](const dns::Record& record) {
      return record.type == Type::soa || is_signature_of(record, Type::soa);
    });
    append(message.authority, world.above.at(Type::soa));
  });
  expect_only(chain_of(seen), Fault::soa_owner_wrong, Tier::critical,
              {"a name that does not exist", "at " + label(1)});
}

BOOST_AUTO_TEST_CASE(broken_signature_of_a_proof_is_told_once) {
  World world;
  world.everywhere([](Zone& copy) { copy.at(Type::nsec).signatures[0].rrsig->signature[9] ^= 1U; });
  expect_only(chain_of(world.observe()), Fault::rrsig_crypto_invalid, Tier::emergency, {"NSEC"});
}

BOOST_AUTO_TEST_CASE(compact_denial) {
  // RFC 9824: NOERROR, and an NSEC at the name itself.
  World world;
  auto seen = world.observe();
  const auto nobody = name(kNobody);
  const auto next = nobody.prepend(std::string_view("\0", 1)).value();
  for (auto& server : seen.servers) {
    dns::SignedRRset nsec;
    nsec.set.owner = nobody;
    nsec.set.type = Type::nsec;
    nsec.set.ttl = 3600;
    nsec.set.rdatas = {nsec_rdata(next, {Type::rrsig, Type::nsec, Type::nxname})};
    world.zone().sign(nsec, {});
    auto& denial = answer(server, kNobody, Type::a);
    deny_by(denial, {nsec});
    edit(denial, [](dns::Message& message) { message.rcode = Rcode::noerror; });
  }
  expect_nothing(seen);
}

BOOST_AUTO_TEST_CASE(wildcard_answer) {
  World world;
  world.add("*.wild.zone.test", Type::a, address(90));
  world.ask("x.wild.zone.test", Type::a);
  auto seen = world.observe();
  expect_nothing(seen);
  edit(answer(seen.servers[1], "x.wild.zone.test", Type::a),
       [](dns::Message& message) { message.authority.clear(); });
  expect_only(sigs_of(seen), Fault::wildcard_proof_missing, Tier::critical,
              {"x.wild.zone.test/A", "at " + label(1)});
  expect_only(chain_of(seen), Fault::wildcard_proof_missing, Tier::critical,
              {"x.wild.zone.test/A", "at " + label(1)});
}

BOOST_AUTO_TEST_CASE(empty_non_terminal) {
  World world;
  world.add("host.ent.zone.test", Type::a, address(91));
  world.ask("host.ent.zone.test", Type::a);
  auto seen = world.observe();
  expect_nothing(seen);
  edit(answer(seen.servers[1], "ent.zone.test", Type::a),
       [](dns::Message& message) { message.rcode = Rcode::nxdomain; });
  expect_only(chain_of(seen), Fault::ent_nxdomain, Tier::critical,
              {label(1) + " denies ent.zone.test", "host.ent.zone.test"});
  expect_absent(sigs_of(seen), Fault::ent_nxdomain);
}

BOOST_AUTO_TEST_CASE(name_that_exists_for_one_type_only) {
  World world;
  world.ask("www.zone.test", Type::a);
  auto seen = world.observe();
  expect_nothing(seen);
  edit(answer(seen.servers[1], "www.zone.test", observe::kMissingType),
       [](dns::Message& message) { message.rcode = Rcode::nxdomain; });
  expect(chain_of(seen), Fault::nxdomain_inconsistent_by_type, Tier::critical,
         {label(1), "www.zone.test", "TYPE65280"});
}

BOOST_AUTO_TEST_CASE(apex_that_is_denied) {
  auto seen = World().observe();
  edit(answer(seen.servers[1], kZone, observe::kMissingType),
       [](dns::Message& message) { message.rcode = Rcode::nxdomain; });
  expect_only(chain_of(seen), Fault::nxdomain_inconsistent_by_type, Tier::critical,
              {label(1), "the apex"});
}

BOOST_AUTO_TEST_CASE(alias_into_a_bogus_zone) {
  World world;
  world.add("alias.zone.test", Type::cname, target("www.broken.example"));
  world.ask("alias.zone.test", Type::a);
  auto seen = world.observe();
  expect_nothing(seen);
  seen.probes[3].security = dns::Security::bogus;
  expect_only(chain_of(seen), Fault::cname_target_bogus, Tier::warning,
              {"alias.zone.test leads to www.broken.example", "does not validate"});
}

BOOST_AUTO_TEST_CASE(alias_made_from_a_dname) {
  World world;
  world.add("d.zone.test", Type::dname, target("other.example"));
  world.ask("x.d.zone.test", Type::a);
  const auto healthy = world.observe();
  expect_nothing(healthy);
  auto seen = healthy;
  edit(answer(seen.servers[1], "x.d.zone.test", Type::a),
       [](dns::Message& message) { message.answer.back().rdata = target("y.other.example"); });
  expect_only(chain_of(seen), Fault::dname_cname_mismatch, Tier::critical,
              {label(1), "x.d.zone.test to y.other.example", "x.other.example"});
  seen = healthy;
  edit(answer(seen.servers[1], "x.d.zone.test", Type::a),
       [](dns::Message& message) { message.answer.pop_back(); });
  expect_only(chain_of(seen), Fault::dname_cname_mismatch, Tier::warning,
              {label(1), "without a CNAME for x.d.zone.test"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
