// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// check_dnssec_nsec: what comes in place of a denial, and what else a denial rests on. Each lie has
// a legal state beside it that must stay quiet.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Rcode;
using dns::Type;
using judge::Fault;
using judge::Tier;

World asked_for_denials() {
  World world;
  world.denials = true;
  return world;
}

bool denies(const dns::Answer& given) {
  return given.answered() && given.message->answer.empty() && given.message->aa;
}

/// Does that to every denial of the second server.
void edit_second(observe::ZoneObservation& seen, const std::function<void(dns::Message&)>& change) {
  for (auto& given : seen.servers[1].answers) {
    if (denies(given)) {
      edit(given, change);
    }
  }
}

dns::Record stray_record(std::string_view owner, Type type, dns::Bytes rdata) {
  dns::Record made;
  made.owner = name(owner);
  made.type = type;
  made.ttl = 300;
  made.rdata = std::move(rdata);
  return made;
}

void drop_proof(dns::Message& message) {
  drop(message.authority, [](const dns::Record& given) {
    return given.type == Type::nsec || is_signature_of(given, Type::nsec);
  });
}

/// The SOA of each denial of the second server is that one.
void deny_with(observe::ZoneObservation& seen, const dns::SignedRRset& soa) {
  edit_second(seen, [&](dns::Message& message) {
    drop(message.authority, [](const dns::Record& given) {
      return given.type == Type::soa || is_signature_of(given, Type::soa);
    });
    append(message.authority, soa);
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_denial_beside)

BOOST_AUTO_TEST_CASE(stray_records_are_no_data) {
  auto seen = asked_for_denials().observe();
  edit_second(seen, [](dns::Message& message) {
    message.answer = {stray_record("junk.example", Type::txt, text("stray"))};
  });
  expect_quiet(nsec_of(seen));  // resolvers leave them out
  seen = asked_for_denials().observe();
  edit_second(seen, [](dns::Message& message) {
    message.answer = {stray_record("junk.example", Type::txt, text("stray"))};
    drop_proof(message);
  });
  expect_only(nsec_of(seen), Fault::nsec_proof_missing, Tier::critical, {"at " + label(1)});
  seen = World().observe();
  edit(answer(seen.servers[1], kNobody, Type::a), [](dns::Message& message) {
    message.answer = {stray_record("junk.example", Type::txt, text("stray"))};
  });
  expect_quiet(chain_of(seen));
  edit(answer(seen.servers[1], kNobody, Type::a), drop_proof);
  expect_only(chain_of(seen), Fault::nsec_proof_missing, Tier::critical, {"at " + label(1)});
}

BOOST_AUTO_TEST_CASE(signature_alone_is_no_data) {
  auto world = asked_for_denials();
  auto seen = world.observe();
  dns::SignedRRset alone = world.zone().at(Type::mx);
  alone.set.rdatas.clear();
  edit_second(seen, [&](dns::Message& message) {
    append(message.answer, alone);
    drop_proof(message);
  });
  expect_only(nsec_of(seen), Fault::nsec_proof_missing, Tier::critical, {"at " + label(1)});
}

BOOST_AUTO_TEST_CASE(malformed_type_list) {
  auto world = asked_for_denials();
  auto seen = world.observe();
  edit_second(seen, [&](dns::Message& message) {
    const auto proof = dns::group(message.authority);
    drop_proof(message);
    for (auto data : proof) {
      if (data.set.type == Type::nsec) {
        auto& rdata = data.set.rdatas.front();
        rdata.insert(rdata.end(), {0xff, 0x00});  // RFC 4034 4.1.2: a window without octets
        world.zone().sign(data, {});
        append(message.authority, data);
      }
    }
  });
  expect_only(nsec_of(seen), Fault::nsec_proof_missing, Tier::critical,
              {"NSEC records are malformed", "at " + label(1)});
}

BOOST_AUTO_TEST_CASE(error_in_place_of_denials) {
  for (const int code : {6, 7, 9, 11, 16, 23}) {
    auto seen = asked_for_denials().observe();
    edit_second(seen, [&](dns::Message& message) {
      message.rcode = static_cast<Rcode>(code);
      message.authority.clear();
    });
    expect_only(nsec_of(seen), Fault::nsec_query_error, Tier::warning,
                {"TYPE65280", "at " + label(1)});
  }
}

// RFC 6672 2.2.
BOOST_AUTO_TEST_CASE(name_that_a_dname_makes_too_long) {
  auto world = asked_for_denials();
  world.add("d.zone.test", Type::dname, target("other.example"));
  world.ask("x.d.zone.test", Type::a);
  auto seen = world.observe();
  edit(answer(seen.servers[1], "x.d.zone.test", Type::a), [](dns::Message& message) {
    message.rcode = Rcode::yxdomain;
    message.answer.pop_back();
  });
  expect_absent(nsec_of(seen), Fault::nsec_query_error);
  edit(answer(seen.servers[1], "x.d.zone.test", Type::a),
       [](dns::Message& message) { message.answer.clear(); });
  expect(nsec_of(seen), Fault::nsec_query_error, Tier::warning, {"YXDOMAIN"});
}

BOOST_AUTO_TEST_CASE(denials_without_authority) {
  auto seen = asked_for_denials().observe();
  edit_second(seen, [](dns::Message& message) { message.aa = false; });
  expect_only(nsec_of(seen), Fault::lame_ns, Tier::warning,
              {label(1), "without authority (no AA)", "TYPE65280"});
}

// Resolvers give answers without AA.
BOOST_AUTO_TEST_CASE(denials_of_a_resolver) {
  auto seen = asked_for_denials().observe();
  seen.forwarders = "192.0.2.53";
  for (auto& server : seen.servers) {
    for (auto& given : server.answers) {
      edit(given, [](dns::Message& message) { message.aa = false; });
    }
  }
  expect_quiet(nsec_of(seen));
}

BOOST_AUTO_TEST_CASE(referral_to_a_name_that_nobody_has) {
  const auto refer = [](dns::Message& message) {
    message.rcode = Rcode::noerror;
    message.aa = false;
    message.authority = {stray_record(kNobody, Type::ns, target("ns.evil.example"))};
  };
  auto seen = asked_for_denials().observe();
  edit(answer(seen.servers[1], kNobody, Type::a), refer);
  expect_only(nsec_of(seen), Fault::nsec_proof_missing, Tier::critical,
              {"referral", "at " + label(1)});
  seen = World().observe();
  edit(answer(seen.servers[1], kNobody, Type::a), refer);
  expect_only(chain_of(seen), Fault::nsec_proof_missing, Tier::critical, {"referral"});
}

BOOST_AUTO_TEST_CASE(referral_to_the_zone_itself) {
  auto seen = asked_for_denials().observe();
  edit(answer(seen.servers[1], kNobody, Type::a), [](dns::Message& message) {
    message.rcode = Rcode::noerror;
    message.authority = {stray_record(kZone, Type::ns, target("ns1.zone.test"))};
  });
  expect(nsec_of(seen), Fault::nsec_proof_missing, Tier::critical, {"at " + label(1)});
}

BOOST_AUTO_TEST_CASE(referral_to_a_zone_that_is_there) {
  auto world = asked_for_denials();
  world.add("cut.zone.test", Type::ns, target("ns.elsewhere.test"));
  world.ask("cut.zone.test", Type::ns);
  expect_quiet(nsec_of(world.observe()));
  world.denials = false;
  expect_quiet(chain_of(world.observe()));
}

BOOST_AUTO_TEST_CASE(soa_of_a_name_that_nobody_has) {
  const auto move_soa = [](dns::Message& message) {
    auto soa = message.authority.front();
    soa.owner = name(kNobody);
    message.authority = {soa};
  };
  auto seen = asked_for_denials().observe();
  edit(answer(seen.servers[1], kNobody, Type::a), move_soa);
  expect_only(nsec_of(seen), Fault::soa_owner_wrong, Tier::critical, {"at " + label(1)});
  seen = World().observe();
  edit(answer(seen.servers[1], kNobody, Type::a), move_soa);
  expect_only(chain_of(seen), Fault::soa_owner_wrong, Tier::critical, {"at " + label(1)});
}

BOOST_AUTO_TEST_CASE(soa_of_a_zone_below_that_the_server_has_too) {
  auto world = asked_for_denials();
  world.add("cut.zone.test", Type::ns, target("ns.elsewhere.test"));
  world.ask("cut.zone.test", Type::ns);
  auto seen = world.observe();
  edit(answer(seen.servers[1], "random.cut.zone.test", Type::a), [](dns::Message& message) {
    auto soa = make_zone("cut.zone.test", {}).at(Type::soa);
    message.aa = true;
    message.rcode = Rcode::nxdomain;
    message.authority.clear();
    append(message.authority, soa);
  });
  expect_quiet(nsec_of(seen));
}

BOOST_AUTO_TEST_CASE(unsigned_data_at_a_random_name) {
  auto seen = asked_for_denials().observe();
  edit(answer(seen.servers[1], kNobody, Type::a), [](dns::Message& message) {
    message.rcode = Rcode::noerror;
    message.authority.clear();
    message.answer = {stray_record(kNobody, Type::cname, target("ads.example"))};
  });
  expect_only(nsec_of(seen), Fault::rrsig_missing, Tier::critical,
              {"CNAME at a random name has no signature", "at " + label(1)});
}

BOOST_AUTO_TEST_CASE(wildcard_that_has_every_name) {
  auto world = asked_for_denials();
  world.add("*.zone.test", Type::a, address(7));
  expect_quiet(nsec_of(world.observe()));
  auto& data = world.copies[1].at(name("*.zone.test"), Type::a);
  world.copies[1].sign(data, {-30 * kDay, -kDay});
  expect_only(nsec_of(world.observe()), Fault::rrsig_expired, Tier::critical,
              {"A at a random name has no valid signature: it expired 1d ago", "at " + label(1)});
}

// Not able to look is UNKNOWN, never OK.
BOOST_AUTO_TEST_CASE(no_denial_was_seen) {
  auto seen = asked_for_denials().observe();
  std::erase_if(seen.servers[1].answers, denies);
  expect_only(nsec_of(seen), Fault::nsec_query_error, Tier::unknown,
              {"could not look", "at " + label(1)});
}

BOOST_AUTO_TEST_CASE(soa_of_denials_without_valid_signature) {
  auto world = asked_for_denials();
  auto seen = world.observe();
  auto soa = world.zone().at(Type::soa);
  soa.signatures.clear();
  deny_with(seen, soa);
  expect_only(nsec_of(seen), Fault::rrsig_missing, Tier::critical,
              {"SOA of denials has no signature", "at " + label(1)});
  soa = world.zone().at(Type::soa);
  soa.signatures.front().rrsig->signature.back() ^= 1;
  deny_with(seen, soa);
  expect_only(nsec_of(seen), Fault::rrsig_crypto_invalid, Tier::critical,
              {"SOA of denials", "does not verify", "at " + label(1)});
  soa = world.zone().at(Type::soa);
  soa.set.rdatas.front().back() ^= 1;
  deny_with(seen, soa);
  expect_only(nsec_of(seen), Fault::rrsig_crypto_invalid, Tier::critical, {"SOA of denials"});
}

// In the middle of an update, and from signers that make each signature anew.
BOOST_AUTO_TEST_CASE(soa_of_denials_signed_anew) {
  auto world = asked_for_denials();
  auto seen = world.observe();
  auto soa = world.zone().at(Type::soa);
  world.zone().sign(soa, {-kDay, 20 * kDay});
  deny_with(seen, soa);
  expect_quiet(nsec_of(seen));
  auto& serial = soa.set.rdatas.front();
  serial[serial.size() - 17] ^= 1;
  world.zone().sign(soa, {});
  deny_with(seen, soa);
  expect_quiet(nsec_of(seen));
}

BOOST_AUTO_TEST_CASE(signatures_in_another_order) {
  auto world = asked_for_denials();
  world.use_keys({world.key_signer, world.zone_signer, Signer(8)});
  auto seen = world.observe();
  edit_second(seen, [](dns::Message& message) {
    std::stable_partition(message.authority.begin(), message.authority.end(),
                          [](const dns::Record& given) { return given.type != Type::rrsig; });
    std::reverse(message.authority.begin(), message.authority.end());
  });
  expect_quiet(nsec_of(seen));
}

BOOST_AUTO_TEST_CASE(nsec_whose_signature_is_missing_in_one_denial) {
  auto seen = asked_for_denials().observe();
  edit(answer(seen.servers[1], kNobody, Type::a), [](dns::Message& message) {
    drop(message.authority, [](const dns::Record& given) {
      return given.owner == name(kZone) && is_signature_of(given, Type::nsec);
    });
  });
  expect_only(nsec_of(seen), Fault::nsec_rrsig_missing, Tier::critical,
              {"NSEC has no signature", "at " + label(1)});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
