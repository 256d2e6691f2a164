// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Records that a server has and does not give.
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Rcode;
using dns::Type;
using judge::Fault;
using judge::Tier;

using Lie = std::function<void(dns::Message&)>;

void without_records(dns::Message& message) {
  message.answer.clear();
  message.authority.clear();
}

void no_such_name(dns::Message& message) {
  without_records(message);
  message.rcode = Rcode::nxdomain;
}

void stray_record(dns::Message& message) {
  message.answer.front().owner = name("junk.example");
  message.answer.resize(1);
}

void signature_alone(dns::Message& message) {
  drop(message.answer, [](const dns::Record& record) { return record.type != Type::rrsig; });
}

const std::vector<Lie> kLies{without_records, no_such_name, stray_record, signature_alone};

/// The lie is told about that question by the second server, or by both.
observe::ZoneObservation lied(const World& world, const Lie& lie, bool both,
                              std::string_view about = kZone, Type type = Type::mx) {
  auto seen = world.observe();
  edit(answer(seen.servers[1], about, type), lie);
  if (both) {
    edit(answer(seen.servers[0], about, type), lie);
  }
  return seen;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_withheld)

BOOST_AUTO_TEST_CASE(listed_type_withheld_at_one_server) {
  for (const auto& lie : kLies) {
    const auto finding = expect_only(
        sigs_of(lied(World(), lie, false)), Fault::rrset_differs, Tier::critical,
        {"MX is neither given nor proven absent, though " + label(0) + " has it", label(1)});
    BOOST_TEST(finding.servers == std::vector<std::string>{label(1)});
  }
}

BOOST_AUTO_TEST_CASE(listed_type_withheld_at_all_servers) {
  for (const auto& lie : kLies) {
    expect_only(sigs_of(lied(World(), lie, true)), Fault::extra_type_in_bitmap, Tier::critical,
                {"MX is in the signed type list", "on all 2 servers"});
  }
}

/// Then it may be the list that is wrong.
BOOST_AUTO_TEST_CASE(list_with_a_type_that_is_not_there) {
  World world;
  const auto lie = [&](dns::Message& message) {
    message.answer.clear();
    append(message.authority, world.zone().at(Type::soa));
    append(message.authority, world.zone().at(Type::nsec));
  };
  expect_only(sigs_of(lied(world, lie, true)), Fault::extra_type_in_bitmap, Tier::warning, {"MX"});
  expect_only(sigs_of(lied(world, lie, false)), Fault::rrset_differs, Tier::critical, {"MX"});
}

BOOST_AUTO_TEST_CASE(name_asked_for_withheld_at_one_server) {
  World world;
  world.ask("www.zone.test", Type::a);
  for (const auto& lie : kLies) {
    expect_only(sigs_of(lied(world, lie, false, "www.zone.test", Type::a)), Fault::rrset_differs,
                Tier::critical, {"www.zone.test/A", label(1)});
  }
}

/// RFC 9824 and other signers that make a list for each answer: it has all but what was asked.
BOOST_AUTO_TEST_CASE(absence_that_is_proven) {
  World world;
  const auto denied = [&](dns::Message& message) {
    auto nsec = world.zone().at(Type::nsec);
    nsec.set.rdatas = {nsec_rdata(name("\\000.zone.test"),
                                  {Type::soa, Type::ns, Type::rrsig, Type::nsec, Type::dnskey})};
    world.zone().sign(nsec, {});
    message.answer.clear();
    append(message.authority, world.zone().at(Type::soa));
    append(message.authority, nsec);
  };
  expect_absent(sigs_of(lied(world, denied, false)), Fault::rrset_differs);
  expect_absent(sigs_of(lied(world, denied, true)), Fault::extra_type_in_bitmap);
}

BOOST_AUTO_TEST_CASE(zone_that_changes_meanwhile) {
  World world;
  auto later = world;
  later.everywhere([](Zone& copy) {
    copy.remove(copy.apex, Type::mx);
    ++copy.serial;
    copy.put(copy.apex, Type::soa, {copy.at(Type::soa).set.rdatas});
    copy.sign();
  });
  // One server is not there yet.
  later.copies[0] = world.copies[0];
  expect_quiet(sigs_of(later.observe()));
  // The type list is from before the change, the answer from after it.
  auto seen = world.observe();
  for (auto& server : seen.servers) {
    say(answer(server, kZone, Type::mx),
        later.copies[1].answer({world.apex(), Type::mx, dns::Class::in}));
  }
  expect_quiet(sigs_of(seen));
}

BOOST_AUTO_TEST_CASE(alias_in_place_of_the_apex) {
  World world;
  world.everywhere([](Zone& copy) {
    copy.remove(copy.apex, Type::mx);
    copy.put(copy.apex, Type::cname, {target("www.zone.test")});
    copy.sign();
  });
  expect_only(sigs_of(world.observe()), Fault::cname_and_other_data, Tier::critical,
              {"the apex has a CNAME", "on all 2 servers"});
  expect_absent(chain_of(world.observe()), Fault::cname_and_other_data);
}

BOOST_AUTO_TEST_CASE(delegation_and_alias_are_not_withheld) {
  World world;
  world.add("below.zone.test", Type::ns, target("ns.example"));
  world.add("alias.zone.test", Type::cname, target("www.zone.test"));
  world.ask("below.zone.test", Type::a);
  world.ask("alias.zone.test", Type::a);
  expect_quiet(sigs_of(world.observe()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
