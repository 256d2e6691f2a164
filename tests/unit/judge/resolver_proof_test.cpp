// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What resolvers give as proof: of records that are not the zone's, and of denials, on plain data.
#include <boost/test/unit_test.hpp>

#include "dns/rdata.hpp"
#include "judge/resolving.hpp"

namespace judge_test::resolving {
namespace {

/// A SOA that the zone never had. The signature that came with the true one stays.
void forge_soa(dns::Message& message) {
  auto& serial = message.answer.front().rdata;
  serial.at(serial.size() - 17) ^= 0x40U;
}

dns::Record& signature_in(dns::Message& message) {
  return *std::ranges::find(message.answer, Type::rrsig, &dns::Record::type);
}

/// Ed25519, key tag, times and signer of an RRSIG, by their places.
constexpr std::size_t kAlgorithm = 2, kExpiration = 8, kInception = 12, kSigner = 18;

void drop_signatures(std::vector<dns::Record>& section) {
  drop(section, [](const dns::Record& record) { return record.type == Type::rrsig; });
}

void drop_denial(dns::Message& message) {
  drop(message.authority, [](const dns::Record& record) {
    return record.type == Type::nsec || is_signature_of(record, Type::nsec);
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_resolver_proofs)

// RFC 4035 3.2.1: what else is signed says nothing of the records that were asked for.
BOOST_AUTO_TEST_CASE(only_other_records_are_signed) {
  const auto with = [](bool records) {
    Resolving look;
    const auto& keys = *look.world.zone().find(name(kZone), Type::dnskey);
    edit(look.at(kZone, Type::soa), [&](dns::Message& message) {
      forge_soa(message);
      drop_signatures(message.answer);
      append(message.answer, keys);
      if (!records) {
        drop(message.answer, [](const dns::Record& record) { return record.type == Type::dnskey; });
      }
    });
    return look;
  };
  for (const bool records : {true, false}) {
    expect_only(with(records).judged(), Fault::resolver_strips_rrsig, Tier::warning,
                {"SOA: answered with AD, but without signatures"});
  }
  // More than was asked for does no harm.
  Resolving more;
  edit(more.at(kZone, Type::soa), [&](dns::Message& message) {
    append(message.answer, *more.world.zone().find(name(kZone), Type::dnskey));
  });
  expect_none(more.judged());
}

BOOST_AUTO_TEST_CASE(records_signed_by_nobodys_key) {
  const auto expect_foreign = [](const std::function<void(dns::Message&)>& change) {
    Resolving look;
    edit(look.at(kZone, Type::soa), [&](dns::Message& message) {
      forge_soa(message);
      change(message);
    });
    expect_only(look.judged(), Fault::resolver_bad_signature, Tier::warning,
                {"SOA: records other than", "no key that the zone publishes, called secure (AD)"});
  };
  expect_foreign(sign_by_another_key);
  expect_foreign([](dns::Message& message) { signature_in(message).rdata.at(kAlgorithm) = 200; });
  expect_foreign([](dns::Message& message) {  // in the name of test.
    auto& rdata = signature_in(message).rdata;
    rdata.erase(rdata.begin() + kSigner, rdata.begin() + kSigner + 5);
  });
  // The zone's own records by such a key: a cache from before the key was withdrawn.
  Resolving rolled;
  edit(rolled.at(kZone, Type::soa), sign_by_another_key);
  expect_none(rolled.judged());
  // An older serial, signed by a key that is still published.
  Resolving older;
  edit(older.at(kZone, Type::soa), [&](dns::Message& message) {
    forge_soa(message);
    sign_anew(older.world, message);
  });
  expect_none(older.judged());
}

BOOST_AUTO_TEST_CASE(signatures_out_of_time_must_be_the_zones_too) {
  for (const auto place : {kExpiration, kInception}) {
    Resolving look;
    edit(look.at(kZone, Type::soa), [&](dns::Message& message) {
      forge_soa(message);
      signature_in(message).rdata.at(place + 1) = place == kExpiration ? 0x47 : 0x4a;
    });
    expect_only(look.judged(), Fault::resolver_bad_signature, Tier::critical,
                {"SOA: signatures that do not verify"});
  }
  // The zone's own, by a clock that is ahead of ours.
  Resolving ahead;
  edit(ahead.at(kZone, Type::soa), [&](dns::Message& message) {
    sign_anew(ahead.world, message, {kHour, 20 * kDay});
  });
  expect_none(ahead.judged());
}

BOOST_AUTO_TEST_CASE(aliases_are_signed_and_those_of_a_dname_are_not) {
  Resolving look;
  look.world.everywhere([](Zone& zone) {
    zone.put(name("old.zone.test"), Type::dname, {target("zone.test")});
    zone.sign();
  });
  look.world.ask("www.old.zone.test", Type::a);
  look.seen.probes = look.world.observe().probes;
  const auto asked = question("www.old.zone.test", Type::a);
  const auto& zone = look.world.zone();
  const auto answer_with = [&](std::string_view aim) {
    auto message = resolved(zone.answer(question(kWww, Type::a)), true, false);
    message.questions = {asked};
    message.answer.push_back({asked.name, Type::cname, dns::Class::in, 60, target(aim)});
    append(message.answer, *zone.find(name("old.zone.test"), Type::dname));
    return message;
  };
  look.seen.probes.back().rcode = Rcode::noerror;
  look.seen.probes.back().have_data = true;
  put(look.first(), asked, answer_with(kWww), false);
  expect_none(look.judged());
  // The DNAME does not lead there, so its signature does not speak for the alias.
  auto& other = look.first().answers.back();
  auto message = answer_with("zone.test");
  for (auto& record : message.answer) {
    if (record.owner == name(kWww)) {
      record.owner = name(kZone);
    }
  }
  say(other, message);
  expect(look.judged(), Fault::resolver_strips_rrsig, Tier::warning, {"www.old.zone.test/A"});
}

BOOST_AUTO_TEST_CASE(denials_without_their_records) {
  Resolving look;
  edit(look.at(kNobody, Type::a), drop_denial);
  expect_only(look.judged(), Fault::resolver_strips_rrsig, Tier::warning,
              {"a name that does not exist: denied with AD, but without the NSEC"});
  edit(look.at(kZone, observe::kMissingType), drop_denial);
  expect_only(look.judged(), Fault::resolver_strips_rrsig, Tier::warning,
              {"a type that does not exist", "denied with AD"});
  // Without AD nothing is claimed, and that is told.
  Resolving bare;
  edit(bare.at(kNobody, Type::a), [](dns::Message& message) {
    drop_denial(message);
    message.ad = false;
  });
  expect(bare.judged(), Fault::resolver_denial_not_validated, Tier::critical, {"without AD"});
  // The SOA of another zone beside them says nothing.
  Resolving beside;
  edit(beside.at(kNobody, Type::a), [](dns::Message& message) {
    auto other = message.authority.front();
    other.type = Type::soa;
    other.owner = name("other.test");
    message.authority.push_back(other);
  });
  expect_none(beside.judged());
}

BOOST_AUTO_TEST_CASE(denials_by_records_that_prove_something_else) {
  Resolving look;
  const auto apart = look.world.zone().answer(question(kWww, observe::kMissingType));
  edit(look.at(kNobody, Type::a), [&](dns::Message& message) {
    message.authority = apart.authority;
    message.rcode = Rcode::nxdomain;
  });
  expect(look.judged(), Fault::resolver_denial_not_validated, Tier::critical,
         {"a name that does not exist: denied (NXDOMAIN) with AD, by NSEC"});
  // It is there, and the records do not say otherwise.
  Resolving forged;
  const auto nobody = forged.world.zone().answer(question(kNobody, Type::a));
  edit(forged.at(kWww, Type::a), [&](dns::Message& message) {
    message.answer.clear();
    message.authority = nobody.authority;
  });
  expect_only(forged.judged(), Fault::resolver_denial_not_validated, Tier::critical,
              {"www.zone.test/A: denied (no data), though it is there, by NSEC"});
}

BOOST_AUTO_TEST_CASE(no_data_by_the_proofs_of_nxdomain) {
  Resolving look;
  edit(look.at(kNobody, Type::a), [](dns::Message& message) { message.rcode = Rcode::noerror; });
  expect_only(look.judged(), Fault::resolver_denial_not_validated, Tier::warning,
              {"a name that does not exist: denied (no data) with AD", "(NXDOMAIN)"});
  // RFC 9824: a compact denial says it of a name that does not exist, and may be read as NXDOMAIN.
  Resolving compact;
  auto zone = compact.world.zone();
  const auto at = name(kNobody);
  auto& nsec = zone.put(
      at, Type::nsec,
      {nsec_rdata(at.prepend(dns::Bytes{0}).value(), {Type::rrsig, Type::nsec, Type::nxname})});
  zone.sign(nsec, {});
  for (const auto rcode : {Rcode::noerror, Rcode::nxdomain}) {
    edit(compact.at(kNobody, Type::a), [&](dns::Message& message) {
      message.rcode = rcode;
      drop_denial(message);
      append(message.authority, nsec);
    });
    expect_none(compact.judged());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test::resolving
