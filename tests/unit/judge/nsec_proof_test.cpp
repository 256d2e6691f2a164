// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// check_dnssec_nsec: what negative answers prove, and the records they do it with.
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Rcode;
using dns::Type;
using judge::Fault;
using judge::Tier;

World denying(std::size_t servers = 2) {
  World world(servers);
  world.denials = true;
  return world;
}

/// Changes every negative answer of a server.
void edit_denials(observe::Server& server, const std::function<void(dns::Message&)>& change) {
  for (auto& given : server.answers) {
    if (given.answered() && given.message->answer.empty()) {
      edit(given, change);
    }
  }
}

void drop_type(dns::Message& message, Type type) {
  drop(message.authority, [&](const dns::Record& record) {
    return record.type == type || is_signature_of(record, type);
  });
}

/// Other rdata of an NSEC, validly signed.
void renew_nsec(Zone& zone, std::string_view owner, std::vector<dns::Bytes> rdatas) {
  auto& data = zone.at(name(owner), Type::nsec);
  data.set.rdatas = std::move(rdatas);
  zone.sign(data, zone.window);
}

std::vector<judge::Finding> quiet_findings(const observe::ZoneObservation& seen) {
  auto findings = nsec_of(seen);
  for (const auto& finding : findings) {
    BOOST_CHECK_MESSAGE(finding.tier <= Tier::info, "should be quiet: " << finding.text);
  }
  return findings;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_nsec_proofs)

BOOST_AUTO_TEST_CASE(healthy_zones_are_quiet) {
  auto world = denying();
  expect(quiet_findings(world.observe()), Fault::zone_walkable, Tier::info, {"list the zone"});
  world.add("*.wild.zone.test", Type::txt, text("wild"));
  world.add("deep.ent.zone.test", Type::a, address(1));
  world.ask("*.wild.zone.test", Type::txt);
  world.ask("deep.ent.zone.test", Type::a);
  quiet_findings(world.observe());
}

BOOST_AUTO_TEST_CASE(unsigned_zone_has_nothing_to_prove) {
  auto world = denying();
  world.publish_ds({});
  world.everywhere([](Zone& copy) { copy.unsign(); });
  world.word = dns::Security::insecure;
  const auto seen = world.observe();
  expect_only(nsec_of(seen), Fault::chain_insecure, Tier::critical);
  for (const auto& finding : nsec_of(seen, expecting(judge::Expect::insecure))) {
    BOOST_TEST((finding.tier <= Tier::info), finding.text);
  }
}

BOOST_AUTO_TEST_CASE(denials_without_proof) {
  auto seen = denying().observe();
  edit_denials(seen.servers[1], [](dns::Message& message) { drop_type(message, Type::nsec); });
  expect_only(nsec_of(seen), Fault::nsec_proof_missing, Tier::critical,
              {"a name that does not exist", "at " + label(1)});
}

BOOST_AUTO_TEST_CASE(signatures_of_denial_records) {
  auto world = denying();
  auto& data = world.copies[1].at(name("ns2.zone.test"), Type::nsec);
  data.signatures.clear();
  expect_only(nsec_of(world.observe()), Fault::nsec_rrsig_missing, Tier::critical,
              {"ns2.zone.test/NSEC", "at " + label(1)});
  world.copies[1].sign(data, {-30 * kDay, -kDay});
  expect_only(nsec_of(world.observe()), Fault::nsec_rrsig_expired, Tier::critical,
              {"expired 1d ago"});
  world.copies[1].sign(data, {});
  data.signatures.front().rrsig->signature.back() ^= 1;
  expect_only(nsec_of(world.observe()), Fault::nsec_rrsig_invalid, Tier::critical,
              {"does not verify"});
}

BOOST_AUTO_TEST_CASE(soa_of_negative_answers) {
  auto seen = denying().observe();
  edit_denials(seen.servers[0], [](dns::Message& message) { drop_type(message, Type::soa); });
  expect_only(nsec_of(seen), Fault::soa_missing_in_negative, Tier::warning, {"at " + label(0)});
}

BOOST_AUTO_TEST_CASE(questions_without_answer) {
  auto seen = denying().observe();
  edit(answer(seen.servers[0], kZone, Type::nsec3param), [](dns::Message& message) {
    message.rcode = Rcode::servfail;
    message.authority.clear();
  });
  expect_only(nsec_of(seen), Fault::nsec_query_error, Tier::warning, {"NSEC3PARAM", "SERVFAIL"});
  seen = denying().observe();
  edit(answer(seen.servers[0], kZone, Type::nsec), [](dns::Message& message) {
    message.rcode = Rcode::notimp;
    message.answer.clear();
  });
  expect(nsec_of(seen), Fault::nsec_query_error, Tier::info, {"NOTIMP"});
}

BOOST_AUTO_TEST_CASE(ds_at_the_apex) {
  auto seen = denying().observe();
  edit(answer(seen.servers[0], kZone, Type::ds), [&](dns::Message& message) {
    const auto nobody = answer(seen.servers[1], kNobody, Type::a).message->authority;
    message.authority = nobody;
    drop(message.authority, [](const dns::Record& record) {
      return record.owner == name(kZone) && record.type != Type::soa;
    });
  });
  expect_only(nsec_of(seen), Fault::ds_at_apex_denial, Tier::warning, {"DS", "at " + label(0)});
}

BOOST_AUTO_TEST_CASE(ds_at_the_apex_from_the_parent) {
  auto world = denying();
  auto seen = world.observe();
  const dns::Question question{world.apex(), Type::ds, dns::Class::in};
  say(answer(seen.servers[0], kZone, Type::ds), world.above.answer(question));
  quiet_findings(seen);
}

BOOST_AUTO_TEST_CASE(record_of_the_other_side_of_a_cut) {
  auto world = denying();
  world.everywhere([](Zone& copy) {
    renew_nsec(copy, "ns2.zone.test",
               {nsec_rdata(name("www.zone.test"), {Type::ns, Type::nsec, Type::rrsig})});
  });
  world.ask("below.ns2.zone.test", Type::a);
  expect(nsec_of(world.observe()), Fault::denial_from_wrong_zone, Tier::critical,
         {"parent's side"});
}

BOOST_AUTO_TEST_CASE(two_records_at_one_name) {
  auto world = denying();
  const std::vector<Type> types{Type::a, Type::nsec, Type::rrsig};
  world.everywhere([&](Zone& copy) {
    renew_nsec(copy, "ns2.zone.test",
               {nsec_rdata(name("www.zone.test"), types), nsec_rdata(name("x.zone.test"), types)});
  });
  expect(nsec_of(world.observe()), Fault::nsec_multiple_at_name, Tier::critical,
         {"ns2.zone.test/NSEC"});
}

BOOST_AUTO_TEST_CASE(next_name_out_of_the_zone) {
  auto world = denying();
  world.everywhere([](Zone& copy) {
    renew_nsec(copy, "ns2.zone.test",
               {nsec_rdata(name("zzz.test"), {Type::a, Type::nsec, Type::rrsig})});
  });
  expect_only(nsec_of(world.observe()), Fault::nsec_next_out_of_zone, Tier::critical,
              {"leads to zzz.test"});
}

BOOST_AUTO_TEST_CASE(ttl_of_denial_records) {
  auto world = denying();
  world.everywhere([](Zone& copy) {
    auto& data = copy.at(copy.apex, Type::nsec);
    data.set.ttl = 60;
    copy.sign(data, copy.window);
  });
  const auto findings = quiet_findings(world.observe());
  expect(findings, Fault::nsec_ttl_not_soa_min, Tier::info, {"60", "3600"});
}

BOOST_AUTO_TEST_CASE(wildcards) {
  auto world = denying();
  world.add("*.wild.zone.test", Type::txt, text("wild"));
  world.add("a.wild.zone.test", Type::txt, text("between"));
  world.ask("*.wild.zone.test", Type::txt);
  auto seen = world.observe();
  edit(answer(seen.servers[0], "random.wild.zone.test", observe::kMissingType),
       [](dns::Message& message) {
         drop(message.authority,
              [](const dns::Record& record) { return record.owner == name("*.wild.zone.test"); });
       });
  expect_only(nsec_of(seen), Fault::wildcard_nodata_proof, Tier::critical,
              {"below wild.zone.test", "at " + label(0)});

  seen = world.observe();
  edit(answer(seen.servers[0], "random.wild.zone.test", Type::txt),
       [](dns::Message& message) { drop_type(message, Type::nsec); });
  expect_only(nsec_of(seen), Fault::wildcard_proof_missing, Tier::critical, {"made from"});

  world.add("closer.random.wild.zone.test", Type::a, address(1));
  seen = world.observe();
  auto expanded = *world.zone().find(name("*.wild.zone.test"), Type::txt);
  expanded.set.owner = name("random.wild.zone.test");
  edit(answer(seen.servers[0], "random.wild.zone.test", Type::txt), [&](dns::Message& message) {
    message.answer.clear();
    append(message.answer, expanded);
  });
  expect(nsec_of(seen), Fault::wildcard_expansion_invalid, Tier::critical,
         {"*.wild.zone.test", "closer name"});
}

BOOST_AUTO_TEST_CASE(wildcard_over_a_name_that_exists) {
  auto world = denying();
  world.add("*.wild.zone.test", Type::a, address(1));
  world.add("host.wild.zone.test", Type::txt, text("nearer"));
  world.ask("host.wild.zone.test", Type::txt);
  auto seen = world.observe();
  quiet_findings(seen);
  auto expanded = *world.zone().find(name("*.wild.zone.test"), Type::a);
  expanded.set.owner = name("random.host.wild.zone.test");
  edit(answer(seen.servers[0], "random.host.wild.zone.test", Type::a), [&](dns::Message& message) {
    message.rcode = Rcode::noerror;
    append(message.answer, expanded);
  });
  expect_only(nsec_of(seen), Fault::wildcard_expansion_invalid, Tier::critical,
              {"*.wild.zone.test", "closer name", "at " + label(0)});
}

BOOST_AUTO_TEST_CASE(both_sides_of_a_delegation) {
  auto world = denying();
  world.add("cut.zone.test", Type::ns, target("ns.elsewhere.test"));
  world.ask("cut.zone.test", Type::ns);
  world.ask("www.cut.zone.test", Type::a);
  quiet_findings(world.observe());
  world.add("cut.zone.test", Type::ds,
            ds_rdata(Signer(9, kKeySigningKey).ds(name("cut.zone.test"))));
  quiet_findings(world.observe());
  world.everywhere([](Zone& copy) {
    renew_nsec(copy, "cut.zone.test",
               {nsec_rdata(name("ns1.zone.test"), {Type::ns, Type::nsec, Type::rrsig})});
  });
  // Nothing but the name right behind the delegation brings its NSEC.
  expect_only(nsec_of(world.observe()), Fault::existing_type_missing_from_bitmap, Tier::critical,
              {"cut.zone.test", "lacks DS"});
}

BOOST_AUTO_TEST_CASE(empty_non_terminal_denied) {
  auto world = denying();
  world.add("deep.ent.zone.test", Type::a, address(1));
  world.ask("deep.ent.zone.test", Type::a);
  auto seen = world.observe();
  edit(answer(seen.servers[0], "ent.zone.test", observe::kMissingType),
       [](dns::Message& message) { message.rcode = Rcode::nxdomain; });
  expect_only(nsec_of(seen), Fault::ent_nxdomain, Tier::critical, {"names below"});
}

BOOST_AUTO_TEST_CASE(compact_denial) {
  auto world = denying(1);
  auto seen = world.observe();
  const auto compact = [&](dns::Answer& denial, std::vector<Type> types) {
    const auto owner = denial.question.name;
    dns::SignedRRset data;
    data.set.owner = owner;
    data.set.type = Type::nsec;
    data.set.ttl = 3600;
    data.set.rdatas = {nsec_rdata(owner.prepend(dns::ByteView(dns::Bytes{0})).value(), types)};
    world.zone().sign(data, {});
    edit(denial, [&](dns::Message& message) {
      message.rcode = Rcode::noerror;
      drop_type(message, Type::nsec);
      append(message.authority, data);
    });
  };
  for (auto& given : seen.servers[0].answers) {
    if (given.message->rcode == Rcode::nxdomain) {
      compact(given, {Type::rrsig, Type::nsec, Type::nxname});
    }
  }
  expect_absent(quiet_findings(seen), Fault::zone_walkable);
  compact(answer(seen.servers[0], "h-random-1.zone.test", Type::a), {Type::rrsig, Type::nsec});
  expect_only(nsec_of(seen), Fault::compact_denial_nxname_broken, Tier::warning, {"NXNAME"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
