// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// check_dnssec_nsec: NSEC3's parameters, and the form of denial.
#include <boost/test/unit_test.hpp>

#include "dns/cursor.hpp"
#include "judge/key_support.hpp"
#include "judge/nsec3.hpp"
#include "judge/outcome.hpp"
#include "judge/rhythm.hpp"

namespace judge_test {
namespace {

using dns::Rcode;
using dns::Type;
using judge::Fault;
using judge::Tier;

dns::Bytes param(std::uint8_t flags = 0, std::uint16_t iterations = 0,
                 const dns::Bytes& salt = {}) {
  dns::Writer rdata;
  rdata.u8(1);
  rdata.u8(flags);
  rdata.u16(iterations);
  rdata.u8(static_cast<std::uint8_t>(salt.size()));
  rdata.bytes(salt);
  return rdata.take();
}

World hashed(const std::vector<dns::Bytes>& params = {param()}) {
  World world;
  world.denials = true;
  if (!params.empty()) {
    world.everywhere([&](Zone& copy) {
      copy.put(copy.apex, Type::nsec3param, params, 0);
      copy.sign();
    });
  }
  return world;
}

std::vector<Type> types_at(const Zone& zone, const dns::Name& owner) {
  std::vector<Type> types;
  for (const auto& data : zone.sets) {
    if (data.set.owner == owner && data.set.type != Type::nsec) {
      types.push_back(data.set.type);
    }
  }
  types.push_back(Type::rrsig);
  return types;
}

/// Every denial of the server by NSEC3 records of that form instead.
void deny_by_nsec3(observe::Server& server, const Zone& zone, const Nsec3Form& form = {}) {
  auto& answers = server.answers;
  const auto asks_nsec = [](const dns::Answer& given) { return given.question.type == Type::nsec; };
  answers.erase(std::remove_if(answers.begin(), answers.end(), asks_nsec), answers.end());
  for (auto& given : answers) {
    if (given.message->answer.empty()) {
      edit(given, [&](dns::Message& message) {
        drop(message.authority, [](const dns::Record& record) {
          return record.type == Type::nsec || is_signature_of(record, Type::nsec);
        });
        if (message.rcode == Rcode::noerror) {
          append(message.authority,
                 nsec3_of(zone, given.question.name, types_at(zone, given.question.name), form));
          return;
        }
        const auto closer = given.question.name.suffix(zone.apex.label_count() + 1);
        append(message.authority, nsec3_of(zone, zone.apex, types_at(zone, zone.apex), form));
        append(message.authority, nsec3_over(zone, closer, form));
        append(message.authority, nsec3_over(zone, zone.apex.wildcard().value(), form));
      });
    }
  }
}

observe::ZoneObservation seen_of(const World& world, const Nsec3Form& form = {}) {
  auto seen = world.observe();
  for (std::size_t i = 0; i < seen.servers.size(); ++i) {
    deny_by_nsec3(seen.servers[i], world.copies[i], form);
  }
  return seen;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_nsec_parameters)

BOOST_AUTO_TEST_CASE(plain_nsec3_is_quiet) {
  for (const auto& finding : nsec_of(seen_of(hashed()))) {
    BOOST_ERROR("should be quiet: " << finding.text);
  }
}

BOOST_AUTO_TEST_CASE(iterations_and_salt) {
  const auto at = [](std::uint16_t iterations, const dns::Bytes& salt = {}) {
    Nsec3Form form;
    form.iterations = iterations;
    form.salt = salt;
    return nsec_of(seen_of(hashed({param(0, iterations, salt)}), form));
  };
  expect_only(at(1), Fault::nsec3_iterations, Tier::warning, {"1 iteration on all 2 servers: "});
  expect_only(at(50), Fault::nsec3_iterations, Tier::warning, {"50 iterations"});
  expect_only(at(51), Fault::nsec3_iterations, Tier::critical, {"BIND", "Knot Resolver", "50"});
  expect_only(at(101), Fault::nsec3_iterations, Tier::critical,
              {"101 iterations", "systemd-resolved"});
  const auto many = at(200);
  expect(many, Fault::nsec3_iterations, Tier::critical, {"Unbound", "PowerDNS"});
  expect(many, Fault::nsec3_cpu_bomb, Tier::warning, {"hashes"});
  expect(at(0, {0xaa, 0xbb}), Fault::nsec3_salt, Tier::info, {"2 octets"});
}

BOOST_AUTO_TEST_CASE(delegation_without_nsec3) {
  auto world = hashed();
  world.add("cut.zone.test", Type::ns, target("ns.elsewhere.test"));
  world.ask("cut.zone.test", Type::ns);
  const auto covered_by = [&](const Nsec3Form& form) {
    auto seen = seen_of(world, form);
    const auto& zone = world.zone();
    edit(answer(seen.servers[0], "cut.zone.test", Type::ds), [&](dns::Message& message) {
      drop(message.authority, [](const dns::Record& record) {
        return record.type == Type::nsec3 || is_signature_of(record, Type::nsec3);
      });
      append(message.authority, nsec3_of(zone, zone.apex, types_at(zone, zone.apex), form));
      append(message.authority, nsec3_over(zone, name("cut.zone.test"), form));
    });
    return nsec_of(seen);
  };
  expect_only(covered_by({}), Fault::nsec3_missing_insecure_delegation, Tier::critical,
              {"cut.zone.test", "at " + label(0)});
  Nsec3Form form;
  form.flags = kOptOut;
  expect_absent(covered_by(form), Fault::nsec3_missing_insecure_delegation);
}

/// RFC 5155 7.1: what PowerDNS leaves behind where nobody rectified the zone.
BOOST_AUTO_TEST_CASE(empty_non_terminal_without_nsec3) {
  auto world = hashed();
  world.add("deep.ent.zone.test", Type::txt, text("x"));
  world.ask("deep.ent.zone.test", Type::txt);
  // What denies a name below it covers it.
  expect(nsec_of(seen_of(world)), Fault::nsec3_missing_at_ent, Tier::critical,
         {"ent.zone.test has names below it"});
  Nsec3Form form;
  form.flags = kOptOut;
  expect_absent(nsec_of(seen_of(world, form)), Fault::nsec3_missing_at_ent);
}

BOOST_AUTO_TEST_CASE(opt_out_is_told) {
  Nsec3Form form;
  form.flags = kOptOut;
  expect(nsec_of(seen_of(hashed(), form)), Fault::nsec3_optout_small_zone, Tier::info, {"Opt-Out"});
}

BOOST_AUTO_TEST_CASE(records_that_validators_ignore) {
  Nsec3Form form;
  form.flags = 2;
  expect_only(nsec_of(seen_of(hashed(), form)), Fault::nsec3_unknown_flags, Tier::critical);
  auto world = hashed();
  auto seen = world.observe();
  for (auto& server : seen.servers) {
    deny_by_nsec3(server, world.zone());
    edit(answer(server, kZone, observe::kMissingType), [&](dns::Message& message) {
      auto data = nsec3_of(world.zone(), world.apex(), {Type::soa});
      data.set.owner = name("not-a-hash.zone.test");
      world.zone().sign(data, {});
      drop(message.authority, [](const dns::Record& record) {
        return record.type == Type::nsec3 || is_signature_of(record, Type::nsec3);
      });
      append(message.authority, data);
    });
  }
  expect_only(nsec_of(seen), Fault::nsec3_owner_or_next_invalid, Tier::critical);
}

BOOST_AUTO_TEST_CASE(unknown_hash_algorithm) {
  auto world = hashed();
  auto seen = seen_of(world);
  Nsec3Form form;
  const auto good = nsec3_of(world.zone(), world.apex(), {Type::soa}, form);
  auto odd = good;
  odd.set.rdatas.front().front() = 6;
  world.zone().sign(odd, {});
  for (auto& server : seen.servers) {
    edit(answer(server, kZone, observe::kMissingType), [&](dns::Message& message) {
      drop(message.authority, [](const dns::Record& record) {
        return record.type == Type::nsec3 || is_signature_of(record, Type::nsec3);
      });
      append(message.authority, odd);
    });
  }
  expect(nsec_of(seen), Fault::nsec3_hash_algorithm, Tier::critical, {"6"});
}

BOOST_AUTO_TEST_CASE(nsec3param) {
  expect_only(nsec_of(seen_of(hashed({}))), Fault::nsec3param_missing, Tier::critical);
  expect_only(nsec_of(seen_of(hashed({param(0, 0, {0xaa})}))), Fault::nsec3param_mismatch,
              Tier::critical, {"salt AA", "no salt"});
  expect_only(nsec_of(seen_of(hashed({param(1), param()}))), Fault::nsec3param_flags,
              Tier::warning);
  expect(nsec_of(seen_of(hashed({param(), param(0, 0, {0xaa})}))), Fault::nsec3param_multiple,
         Tier::info, {"2 NSEC3PARAM"});
}

BOOST_AUTO_TEST_CASE(chain_that_servers_do_not_find) {
  auto seen = seen_of(hashed({param(0, 0, {0xaa})}));
  for (auto& server : seen.servers) {
    for (auto& given : server.answers) {
      edit(given, [](dns::Message& message) {
        drop(message.authority, [](const dns::Record& record) {
          return record.type == Type::nsec3 || is_signature_of(record, Type::nsec3);
        });
      });
    }
  }
  expect_only(nsec_of(seen), Fault::nsec_proof_missing, Tier::critical,
              {"NSEC3PARAM says no iterations, salt AA"});
}

BOOST_AUTO_TEST_CASE(many_hashes_are_named_as_one) {
  auto world = hashed();
  world.everywhere([](Zone& copy) { copy.window = {-30 * kDay, -kDay}; });
  const auto findings = nsec_of(seen_of(world));
  expect(findings, Fault::nsec_rrsig_expired, Tier::critical,
         {"NSEC3 signature expired 1d ago on all 2 servers"});
}

BOOST_AUTO_TEST_CASE(servers_differ) {
  auto world = hashed({param(), param(0, 0, {0xaa})});
  auto seen = world.observe();
  Nsec3Form salted;
  salted.salt = {0xaa};
  deny_by_nsec3(seen.servers[0], world.copies[0]);
  deny_by_nsec3(seen.servers[1], world.copies[1], salted);
  expect_only(nsec_of(seen), Fault::nsec3_param_inconsistent_ns, Tier::warning,
              {"no salt at " + label(0), "salt AA at " + label(1)});
}

BOOST_AUTO_TEST_CASE(changes_that_do_not_end) {
  const auto several = seen_of(hashed({param(), param(0, 0, {0xaa})}));
  const auto past = memory_of_lasting(Fault::nsec3param_multiple, -3 * kDay);
  expect_only(nsec_of(several, {}, kNow, &past), Fault::nsec3param_multiple, Tier::warning,
              {"2 NSEC3PARAM", "for 3d"});
  auto world = hashed({param(), param(0, 0, {0xaa})});
  Nsec3Form salted;
  salted.salt = {0xaa};
  world.copies[1].serial += 1;
  world.copies[1].sign();
  auto seen = world.observe();
  deny_by_nsec3(seen.servers[0], world.copies[0]);
  deny_by_nsec3(seen.servers[1], world.copies[1], salted);
  expect(nsec_of(seen), Fault::nsec3_param_inconsistent_ns, Tier::info, {"a change may be"});
  const auto stuck = memory_of_lasting(Fault::nsec3_param_inconsistent_ns, -25 * kHour);
  expect(nsec_of(seen, {}, kNow, &stuck), Fault::nsec3_param_inconsistent_ns, Tier::critical,
         {"for 1d 1h"});
}

BOOST_AUTO_TEST_CASE(what_lasts_is_remembered) {
  const auto seen = seen_of(hashed({param(), param(0, 0, {0xaa})}));
  const auto calm = seen_of(hashed());
  memory::Zone past;
  const auto run = [&](const observe::ZoneObservation& of, dns::UnixTime now) {
    const auto analysis = judge::analyse(of, now, &past);
    past = judge::remember(past, analysis, judge::kNsec, judge::judge_nsec(analysis, {}));
    return past.lasting.size();
  };
  BOOST_TEST(run(seen, kNow) == 1U);
  BOOST_TEST(past.lasting.front().fault == "nsec3param-multiple");
  BOOST_TEST(past.records.empty());
  BOOST_TEST(past.signings.empty());
  BOOST_TEST(run(seen, kNow + kHour) == 1U);
  BOOST_TEST(past.lasting.front().first_seen == kNow);
  BOOST_TEST(past.lasting.front().last_seen == kNow + kHour);
  run(calm, kNow + 2 * kHour);
  run(calm, kNow + 30 * kHour);
  BOOST_TEST(run(calm, kNow + 31 * kHour) == 0U);
  run(seen, kNow + 32 * kHour);
  BOOST_TEST(past.lasting.front().first_seen == kNow + 32 * kHour);
}

BOOST_AUTO_TEST_CASE(both_kinds) {
  auto world = hashed();
  auto seen = world.observe();
  deny_by_nsec3(seen.servers[1], world.copies[1]);
  expect_only(nsec_of(seen), Fault::nsec_nsec3_mixed, Tier::warning,
              {label(0) + " denies by NSEC,", label(1) + " by NSEC3"});
  world.copies[1].serial += 1;
  world.copies[1].sign();
  seen = world.observe();
  deny_by_nsec3(seen.servers[1], world.copies[1]);
  expect(nsec_of(seen), Fault::nsec_nsec3_mixed, Tier::info);
  const auto stuck = memory_of_lasting(Fault::nsec_nsec3_mixed, -25 * kHour);
  expect(nsec_of(seen, {}, kNow, &stuck), Fault::nsec_nsec3_mixed, Tier::warning, {"for 1d 1h"});
  world = hashed();
  seen = world.observe();
  edit(answer(seen.servers[0], kNobody, Type::a), [&](dns::Message& message) {
    append(message.authority, nsec3_over(world.zone(), name(kNobody)));
  });
  expect_only(nsec_of(seen), Fault::nsec_nsec3_mixed, Tier::critical);
}

BOOST_AUTO_TEST_CASE(expected_form) {
  judge::Policy policy;
  policy.expect_denial = judge::ExpectDenial::nsec;
  World world;
  world.denials = true;
  expect_absent(nsec_of(world.observe(), policy), Fault::zone_walkable);
  expect_absent(nsec_of(world.observe(), policy), Fault::denial_unexpected);
  policy.expect_denial = judge::ExpectDenial::minimal;
  expect_only(nsec_of(world.observe(), policy), Fault::denial_unexpected, Tier::warning,
              {"denies by NSEC on all 2 servers"});
  policy.expect_denial = judge::ExpectDenial::nsec3;
  expect_absent(nsec_of(seen_of(hashed()), policy), Fault::denial_unexpected);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
