// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Zones below that a server claims: what it hides behind them is ours unless the zone says so.
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Fault;
using judge::Tier;

constexpr std::string_view kWww = "www.zone.test";
constexpr std::string_view kInChild = "host.child.zone.test";

bool is_signature(const dns::Record& record) { return record.type == Type::rrsig; }

/// NS of a zone that begins there, unsigned as they are at a cut.
void claim_by_ns(dns::Message& message, std::string_view cut) {
  dns::SignedRRset data;
  data.set = {name(cut), Type::ns, dns::Class::in, 300, false, {target("ns.elsewhere.test")}};
  append(message.authority, data);
}

void claim_by_soa(dns::Message& message, std::string_view cut) {
  auto soa = make_zone(cut, {}).at(Type::soa);
  append(message.authority, soa);
}

World asking_for_www() {
  World world;
  world.ask(kWww, Type::a);
  return world;
}

/// The second server lies about www, and is then asked for the DS there.
observe::ZoneObservation lied(const World& world, const std::function<void(dns::Message&)>& lie) {
  auto seen = world.observe();
  edit(answer(seen.servers[1], kWww, Type::a), lie);
  world.ask_about_cuts(seen);
  return seen;
}

void unsigned_below_cut(dns::Message& message) {
  drop(message.answer, is_signature);
  claim_by_ns(message, kWww);
}

/// A name in a zone below, whose data every server gives: signed by that zone, or unsigned.
struct Child {
  World world;
  Signer key{20, kKeySigningKey};
  explicit Child(bool is_signed) {
    world.add("child.zone.test", Type::ns, target("ns.elsewhere.test"));
    if (is_signed) {
      world.add("child.zone.test", Type::ds, ds_rdata(key.ds(name("child.zone.test"))));
    }
    world.ask(kInChild, Type::a);
    data.set = {name(kInChild), Type::a, dns::Class::in, 3600, false, {address(7)}};
    if (is_signed) {
      data.signatures = {key.sign(data.set, name("child.zone.test"))};
    }
  }
  dns::SignedRRset data;
  [[nodiscard]] observe::ZoneObservation observe() const {
    auto seen = world.observe();
    for (auto& server : seen.servers) {
      for (const auto type : {Type::a, observe::kMissingType}) {
        edit(answer(server, kInChild, type), [&](dns::Message& message) {
          message.rcode = dns::Rcode::noerror;
          message.aa = true;
          message.answer.clear();
          message.authority.clear();
          if (type == Type::a) {
            append(message.answer, data);
          } else {
            claim_by_soa(message, "child.zone.test");
          }
        });
      }
      drop_answer(server, "child.zone.test", Type::a);
    }
    return seen;
  }
  static void drop_answer(observe::Server& server, std::string_view asked, Type type) {
    auto& answers = server.answers;
    answers.erase(std::remove_if(answers.begin(), answers.end(),
                                 [&](const dns::Answer& one) {
                                   return one.question.name == name(asked) &&
                                          one.question.type == type;
                                 }),
                  answers.end());
  }
};

/// What proves nothing: the answer to a question for DS that a broken server gives.
void prove_nothing(observe::ZoneObservation& seen) {
  for (auto& server : seen.servers) {
    edit(answer(server, "child.zone.test", Type::ds), [](dns::Message& message) {
      message.answer.clear();
      message.authority.clear();
    });
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_cuts)

BOOST_AUTO_TEST_CASE(unsigned_data_behind_ns) {
  const auto seen = lied(asking_for_www(), unsigned_below_cut);
  expect_only(sigs_of(seen), Fault::rrsig_missing, Tier::critical, {"www.zone.test/A", label(1)});
  expect_only(chain_of(seen), Fault::rrsig_missing, Tier::critical, {"www.zone.test/A"});
}

BOOST_AUTO_TEST_CASE(data_signed_in_its_own_name) {
  const auto world = asking_for_www();
  const auto lie = [&](dns::Message& message) {
    auto data = world.copies[1].find(name(kWww), Type::a)[0];
    data.signatures = {Signer(9).sign(data.set, name(kWww))};
    message.answer.clear();
    append(message.answer, data);
  };
  expect_only(sigs_of(lied(world, lie)), Fault::rrsig_signer_not_apex, Tier::critical,
              {"www.zone.test/A", label(1)});
}

BOOST_AUTO_TEST_CASE(record_withheld_behind_the_soa_of_a_zone_below) {
  const auto lie = [](dns::Message& message) {
    message.answer.clear();
    claim_by_soa(message, kWww);
  };
  const auto findings = sigs_of(lied(asking_for_www(), lie));
  expect(findings, Fault::rrset_differs, Tier::critical, {"www.zone.test/A", label(1)});
}

BOOST_AUTO_TEST_CASE(record_withheld_behind_a_referral) {
  const auto lie = [](dns::Message& message) {
    message.answer.clear();
    message.aa = false;
    claim_by_ns(message, kWww);
  };
  const auto seen = lied(asking_for_www(), lie);
  expect_only(sigs_of(seen), Fault::rrset_differs, Tier::critical, {"www.zone.test/A", label(1)});
  expect_only(chain_of(seen), Fault::nsec_proof_missing, Tier::critical,
              {"www.zone.test/A is answered with a referral", label(1)});
}

/// A false proof is none.
BOOST_AUTO_TEST_CASE(cut_in_a_list_that_is_not_signed) {
  auto seen = lied(asking_for_www(), unsigned_below_cut);
  edit(answer(seen.servers[1], kWww, Type::ds), [](dns::Message& message) {
    for (auto& record : message.authority) {
      if (record.type == Type::nsec) {
        record.rdata = nsec_rdata(name("zone.test"), {Type::ns, Type::rrsig, Type::nsec});
      }
    }
  });
  expect(sigs_of(seen), Fault::rrsig_missing, Tier::critical, {"www.zone.test/A", label(1)});
}

/// A true zone below answers for itself alone.
BOOST_AUTO_TEST_CASE(answer_out_of_a_zone_that_the_name_is_not_in) {
  for (const bool referral : {false, true}) {
    Child child(false);
    child.world.ask(kWww, Type::a);
    auto seen = child.observe();
    edit(answer(seen.servers[1], kWww, Type::a), [&](dns::Message& message) {
      message.answer.clear();
      message.authority.clear();
      message.aa = !referral;
      referral ? claim_by_ns(message, "child.zone.test") : claim_by_soa(message, "child.zone.test");
    });
    child.world.ask_about_cuts(seen);
    expect_only(sigs_of(seen), Fault::rrset_differs, Tier::critical, {"www.zone.test/A", label(1)});
    expect(chain_of(seen), referral ? Fault::nsec_proof_missing : Fault::soa_owner_wrong,
           Tier::critical, {"www.zone.test/A", label(1)});
  }
}

/// The same of check_dnssec_nsec; where a type list contradicts the referral, that alone is told.
BOOST_AUTO_TEST_CASE(referral_that_check_dnssec_nsec_sees) {
  Child child(false);
  child.world.denials = true;
  child.world.ask(kWww, Type::a);
  auto seen = child.observe();
  child.world.ask_about_cuts(seen);
  expect_quiet(nsec_of(seen));
  const auto refer = [](std::string_view cut) {
    return [cut](dns::Message& message) {
      message.answer.clear();
      message.authority.clear();
      message.aa = false;
      claim_by_ns(message, cut);
    };
  };
  auto other = seen;
  edit(answer(seen.servers[1], kWww, Type::a), refer("child.zone.test"));
  child.world.ask_about_cuts(seen);
  expect_only(nsec_of(seen), Fault::nsec_proof_missing, Tier::critical,
              {"www.zone.test/A is answered with a referral", label(1)});
  edit(answer(other.servers[1], kWww, Type::a), refer(kWww));
  child.world.ask_about_cuts(other);
  expect_only(nsec_of(other), Fault::nsec_delegation_bits, Tier::critical, {"www.zone.test"});
}

/// No name of its own is there, so no list of types contradicts the cut.
BOOST_AUTO_TEST_CASE(referral_at_an_empty_non_terminal) {
  World world;
  world.denials = true;
  world.add("deep.ent.zone.test", Type::a, address(8));
  world.ask("deep.ent.zone.test", Type::a);
  auto seen = world.observe();
  expect_quiet(nsec_of(seen));
  edit(answer(seen.servers[1], "deep.ent.zone.test", Type::a), [](dns::Message& message) {
    message.answer.clear();
    message.authority.clear();
    message.aa = false;
    claim_by_ns(message, "ent.zone.test");
  });
  world.ask_about_cuts(seen);
  expect_only(nsec_of(seen), Fault::nsec_proof_missing, Tier::critical,
              {"deep.ent.zone.test/A is answered with a referral", label(1)});
}

/// The DS is the parent's: neither the zone that begins there may deny it, nor sign it.
BOOST_AUTO_TEST_CASE(ds_from_the_side_of_the_zone_below) {
  Child child(true);
  child.world.ask("child.zone.test", Type::ds);
  auto seen = child.observe();
  child.world.ask_about_cuts(seen);
  expect_quiet(seen);
  auto other = seen;
  edit(answer(seen.servers[1], "child.zone.test", Type::ds), [](dns::Message& message) {
    message.answer.clear();
    message.authority.clear();
    claim_by_soa(message, "child.zone.test");
  });
  expect(chain_of(seen), Fault::soa_owner_wrong, Tier::critical, {"child.zone.test/DS", label(1)});
  edit(answer(other.servers[1], "child.zone.test", Type::ds), [&](dns::Message& message) {
    dns::SignedRRset data;
    data.set = {name("child.zone.test"),
                Type::ds,
                dns::Class::in,
                3600,
                false,
                {ds_rdata(Signer(9).ds(name("child.zone.test")))}};
    data.signatures = {child.key.sign(data.set, name("child.zone.test"))};
    message.answer.clear();
    append(message.answer, data);
  });
  expect(sigs_of(other), Fault::rrsig_signer_not_apex, Tier::critical, {"child.zone.test/DS"});
}

/// More claims than are asked about hide nothing.
BOOST_AUTO_TEST_CASE(very_many_cuts) {
  const auto lie = [](dns::Message& message) {
    for (int i = 0; i < 100; ++i) {
      const auto other = "a" + std::to_string(i) + ".zone.test";
      dns::SignedRRset data;
      data.set = {name(other), Type::a, dns::Class::in, 300, false, {address(1)}};
      append(message.answer, data);
      claim_by_ns(message, other);
    }
    unsigned_below_cut(message);
  };
  const auto world = asking_for_www();
  const auto seen = lied(world, lie);
  BOOST_TEST(seen.servers[1].answers.size() < 100U);
  const auto findings = sigs_of(seen);
  BOOST_TEST(std::any_of(findings.begin(), findings.end(), [](const judge::Finding& finding) {
    return finding.fault == Fault::rrsig_missing &&
           finding.text.find("www.zone.test/A") != std::string::npos;
  }));
}

BOOST_AUTO_TEST_CASE(signed_zone_below) {
  const Child child(true);
  auto seen = child.observe();
  child.world.ask_about_cuts(seen);
  expect_quiet(seen);
  // Two servers of three may be unable to say so.
  edit(answer(seen.servers[1], "child.zone.test", Type::ds),
       [](dns::Message& message) { message.answer.clear(); });
  expect_absent(sigs_of(seen), Fault::rrsig_signer_not_apex);
}

BOOST_AUTO_TEST_CASE(unsigned_zone_below) {
  const Child child(false);
  auto seen = child.observe();
  child.world.ask_about_cuts(seen);
  expect_quiet(seen);
}

/// That the proof has expired is the one fault.
BOOST_AUTO_TEST_CASE(zone_below_whose_proof_has_expired) {
  for (const bool is_signed : {false, true}) {
    Child child(is_signed);
    child.world.everywhere([&](Zone& copy) {
      copy.sign(copy.at(name("child.zone.test"), is_signed ? Type::ds : Type::nsec),
                {-30 * kDay, -kDay});
    });
    auto seen = child.observe();
    child.world.ask_about_cuts(seen);
    const auto findings = sigs_of(seen);
    expect_absent(findings, Fault::rrsig_missing);
    expect_absent(findings, Fault::rrsig_signer_not_apex);
    BOOST_TEST(std::any_of(findings.begin(), findings.end(), [](const judge::Finding& finding) {
      return finding.tier >= Tier::critical &&
             finding.text.find("child.zone.test") != std::string::npos;
    }));
  }
}

/// Nothing but aliases: no SOA and no NS tells that another zone begins above.
BOOST_AUTO_TEST_CASE(alias_in_an_unsigned_zone_below) {
  Child child(false);
  child.data.set = {name(kInChild), Type::cname, dns::Class::in,
                    3600,           false,       {target("www.elsewhere.test")}};
  auto seen = child.observe();
  for (auto& server : seen.servers) {
    edit(answer(server, kInChild, observe::kMissingType), [&](dns::Message& message) {
      message.authority.clear();
      append(message.answer, child.data);
    });
  }
  child.world.ask_about_cuts(seen);
  expect_quiet(seen);
}

/// The validator has found the delegation, whatever our servers say of it.
BOOST_AUTO_TEST_CASE(zone_below_that_the_validator_knows) {
  const Child child(false);
  auto seen = child.observe();
  child.world.ask_about_cuts(seen);
  prove_nothing(seen);
  expect(sigs_of(seen), Fault::rrsig_missing, Tier::emergency, {"host.child.zone.test"});
  for (auto& probe : seen.probes) {
    if (probe.question.name == name(kInChild)) {
      probe.security = dns::Security::insecure;
    }
  }
  expect_absent(sigs_of(seen), Fault::rrsig_missing);
  // Of an alias that says nothing: what it leads to may be what is unsigned.
  for (auto& probe : seen.probes) {
    if (probe.question.name == name(kInChild)) {
      edit(probe, [&](dns::Message& message) {
        dns::SignedRRset alias;
        alias.set = {name(kInChild), Type::cname,          dns::Class::in, 300,
                     false,          {target("else.test")}};
        append(message.answer, alias);
      });
    }
  }
  expect(sigs_of(seen), Fault::rrsig_missing, Tier::emergency, {"host.child.zone.test"});
}

/// Silence says nothing about the cut.
BOOST_AUTO_TEST_CASE(question_for_the_cut_that_is_not_answered) {
  auto seen = lied(asking_for_www(), unsigned_below_cut);
  auto& reply = answer(seen.servers[1], kWww, Type::ds);
  reply.outcome = dns::Outcome::timeout;
  reply.message.reset();
  expect_only(sigs_of(seen), Fault::ns_timeout, Tier::warning, {label(1), "www.zone.test/DS"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
