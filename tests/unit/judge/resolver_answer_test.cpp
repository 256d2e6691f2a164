// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Single answers of resolvers, held against our own validation, on plain data.
#include <boost/test/unit_test.hpp>

#include "dns/rdata.hpp"
#include "judge/nsec3.hpp"
#include "judge/resolving.hpp"

namespace judge_test::resolving {

BOOST_AUTO_TEST_SUITE(judge_resolver_answers)

BOOST_AUTO_TEST_CASE(no_ad) {
  Resolving look;
  edit(look.at(kWww, Type::a), [](dns::Message& message) { message.ad = false; });
  expect_only(look.judged(), Fault::resolver_no_ad, Tier::critical, {"www.zone.test/A"});
  look.change([](dns::Message& message) { message.ad = false; });
  expect_only(look.judged(), Fault::resolver_no_ad, Tier::critical,
              {"all 4 questions", "203.0.113.1"});
}

// The records of another name are no answer, whatever vouches for them.
BOOST_AUTO_TEST_CASE(records_of_another_name) {
  Resolving look;
  edit(look.at(kWww, Type::a), [](dns::Message& message) {
    for (auto& record : message.answer) {
      record.owner = name("other.test");
    }
  });
  expect_only(look.judged(), Fault::resolver_denial_not_validated, Tier::critical,
              {"www.zone.test/A", "without proof"});
}

BOOST_AUTO_TEST_CASE(denial_without_ad) {
  Resolving look;
  edit(look.at(kNobody, Type::a), [](dns::Message& message) { message.ad = false; });
  expect_only(look.judged(), Fault::resolver_denial_not_validated, Tier::critical,
              {"a name that does not exist"});
}

BOOST_AUTO_TEST_CASE(negative_trust_anchor_told) {
  Resolving look;
  look.change([](dns::Message& message) {
    message.ad = false;
    if (message.rcode != Rcode::servfail) {
      message.edns->errors = {{33, ""}};
    }
  });
  expect_only(look.judged(), Fault::resolver_nta, Tier::warning, {"Negative Trust Anchor"});
}

BOOST_AUTO_TEST_CASE(stripped_signatures) {
  Resolving look;
  look.change([](dns::Message& message) {
    const auto is_signature = [](const dns::Record& record) { return record.type == Type::rrsig; };
    drop(message.answer, is_signature);
    drop(message.authority, is_signature);
  });
  expect_only(look.judged(), Fault::resolver_strips_rrsig, Tier::warning, {"with AD"});
}

BOOST_AUTO_TEST_CASE(signatures_that_do_not_verify) {
  Resolving look;
  edit(look.at(kWww, Type::a),
       [](dns::Message& message) { message.answer.front().rdata = address(66); });
  const auto findings = look.judged();
  expect_only(findings, Fault::resolver_bad_signature, Tier::critical,
              {"www.zone.test/A: signatures that do not verify", "secure (AD), at 203.0.113.1"});
  // By a key that the zone has no more: a cache may hold it.
  Resolving rolled;
  edit(rolled.at(kWww, Type::a), sign_by_another_key);
  expect_none(rolled.judged());
  // Without their RRset, as PowerDNS Recursor passes those of an NS RRset on.
  Resolving orphan;
  edit(orphan.at(kWww, Type::a), [](dns::Message& message) {
    auto signature = std::ranges::find(message.answer, Type::rrsig, &dns::Record::type);
    message.authority.push_back(*signature);
    message.authority.back().rdata.at(1) = 2;  // covers NS
  });
  expect_none(orphan.judged());
}

BOOST_AUTO_TEST_CASE(signatures_that_have_expired) {
  Resolving look;
  edit(look.at(kWww, Type::a), [&](dns::Message& message) {
    sign_anew(look.world, message, {-30 * kDay, -kDay});
  });
  expect_only(look.judged(), Fault::resolver_ede_stale, Tier::warning, {"have expired"});
}

BOOST_AUTO_TEST_CASE(addresses_made_from_ipv4) {
  Resolving look;
  look.world.ask(kWww, Type::aaaa);
  look.seen.probes = look.world.observe().probes;
  const auto asked = question(kWww, Type::aaaa);
  auto message = resolved(look.world.zone().answer(asked), false, false);
  BOOST_REQUIRE(message.answer.empty());
  const dns::Bytes made{0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1};
  message.answer = {{asked.name, Type::aaaa, dns::Class::in, 60, made}};
  put(look.first(), asked, message, false);
  expect_only(look.judged(), Fault::resolvers_disagree, Tier::info, {"DNS64"});
  edit(look.first().answers.back(),
       [](dns::Message& changed) { changed.answer.front().rdata.at(0) = 0x20; });
  expect_only(look.judged(), Fault::resolver_nxdomain_rewrite, Tier::critical);
}

BOOST_AUTO_TEST_CASE(failures_of_a_secure_name) {
  Resolving look;
  edit(look.at(kWww, Type::a), servfail_because(6));
  expect_only(look.judged(), Fault::resolver_fails_secure_name, Tier::critical,
              {"goes away with CD", "DNSSEC Bogus"});
  edit(look.at(kWww, Type::a), servfail_because(7));
  expect_only(look.judged(), Fault::resolver_clock_wrong, Tier::critical, {"Signature Expired"});
  edit(look.at(kWww, Type::a, true), make_servfail);
  edit(look.at(kWww, Type::a), make_servfail);
  expect_only(look.judged(), Fault::resolver_fails_secure_name, Tier::critical, {"with CD too"});
  edit(look.at(kWww, Type::a), [](dns::Message& message) { message.rcode = Rcode::notimp; });
  expect_only(look.judged(), Fault::resolver_fails_secure_name, Tier::critical, {"NOTIMP"});
  edit(look.at(kWww, Type::a), servfail_because(22));
  expect_only(look.judged(), Fault::resolver_ede_reachability, Tier::critical,
              {"No Reachable Authority"});
  edit(look.at(kWww, Type::a), servfail_because(13));
  expect_only(look.judged(), Fault::resolver_ede_cached_error, Tier::warning);
}

BOOST_AUTO_TEST_CASE(ad_on_error) {
  Resolving look;
  edit(look.at(kWww, Type::a), [](dns::Message& message) {
    make_servfail(message);
    message.ad = true;
  });
  expect(look.judged(), Fault::resolver_ad_on_error, Tier::info, {"SERVFAIL with AD"});
}

BOOST_AUTO_TEST_CASE(stale_and_filtered) {
  Resolving look;
  explain(look.at(kWww, Type::a), 3);
  expect_only(look.judged(), Fault::resolver_ede_stale, Tier::warning, {"Stale Answer"});
  explain(look.at(kWww, Type::a), 15);
  expect_only(look.judged(), Fault::resolver_filtered, Tier::warning, {"Blocked"});
}

BOOST_AUTO_TEST_CASE(lies_about_existence) {
  Resolving look;
  edit(look.at(kNobody, Type::a), [](dns::Message& message) {
    message.rcode = Rcode::noerror;
    message.answer = {{name(kNobody), Type::a, dns::Class::in, 60, address(99)}};
  });
  expect_only(look.judged(), Fault::resolver_nxdomain_rewrite, Tier::critical);
}

BOOST_AUTO_TEST_CASE(denial_of_what_is_there) {
  const auto deny = [](dns::Answer& answer, bool ad) {
    edit(answer, [ad](dns::Message& message) {
      message.answer.clear();
      message.ad = ad;
    });
  };
  // AD without a proof is no proof.
  Resolving claimed;
  deny(claimed.at(kWww, Type::a), true);
  expect_only(claimed.judged(), Fault::resolver_denial_not_validated, Tier::critical,
              {"www.zone.test/A: denied (no data) without proof"});
  const auto deny_signed = [](Resolving& by) {
    auto before = by.world.zone();
    before.remove(name(kWww), Type::a);
    before.put(name(kWww), Type::txt, {text("not yet")});
    before.sign();
    const auto proof = before.answer(question(kWww, Type::a));
    edit(by.at(kWww, Type::a), [&](dns::Message& message) {
      message.answer.clear();
      message.authority = proof.authority;
    });
  };
  Resolving look;
  deny_signed(look);  // as a cache from before it was added would say
  expect_only(look.judged(), Fault::resolvers_disagree, Tier::warning,
              {"www.zone.test/A", "zone's signatures", "203.0.113.1"});
  // By the zone's own records, which deny too much.
  Resolving lists;
  lists.world.ask(kWww, observe::kMissingType);
  lists.seen.probes = lists.world.observe().probes;
  deny_signed(lists);
  BOOST_TEST(judge::asked_questions(judge::analyse(lists.seen, kNow)).back().words ==
             "a missing type at www.zone.test");
  expect(lists.judged(), Fault::resolvers_disagree, Tier::warning);
  edit(lists.seen.probes.back(), [](dns::Message& message) {
    for (auto& record : message.authority) {
      if (record.type == Type::nsec) {
        const auto nsec = dns::parse_nsec(record.rdata).value();
        record.rdata.assign(nsec.next.wire().begin(), nsec.next.wire().end());
        record.rdata.insert(record.rdata.end(), {0, 3, 0, 0, 0x80});  // TXT alone
      }
    }
  });
  expect_only(lists.judged(), Fault::resolver_nsec_deny, Tier::critical, {"www.zone.test/A"});
  // By nobody's.
  Resolving forged;
  edit(forged.at(kZone, Type::soa), [](dns::Message& message) {
    message.rcode = Rcode::nxdomain;
    message.ad = false;
    message.answer.clear();
    message.authority.clear();
  });
  expect_only(forged.judged(), Fault::resolver_denial_not_validated, Tier::critical,
              {"SOA: denied (NXDOMAIN) without proof"});
}

BOOST_AUTO_TEST_CASE(records_that_we_do_not_find) {
  Resolving look;
  look.world.ask("gone.zone.test", Type::a);
  look.seen.probes = look.world.observe().probes;
  const auto gone = question("gone.zone.test", Type::a);
  auto message = resolved(look.world.zone().answer(gone), true, false);
  message.rcode = Rcode::noerror;
  message.answer = {{gone.name, Type::a, dns::Class::in, 60, address(99)}};
  put(look.first(), gone, message, false);
  expect(look.judged(), Fault::resolvers_disagree, Tier::info, {"older cache"});
  edit(look.first().answers.back(), [](dns::Message& changed) { changed.ad = false; });
  expect_only(look.judged(), Fault::resolver_nxdomain_rewrite, Tier::critical);
}

BOOST_AUTO_TEST_CASE(nsec3_iterations_over_the_limit) {
  Resolving look;
  const auto nsec3 = nsec3_over(look.world.zone(), name(kNobody), {0, 51});
  edit(look.at(kNobody, Type::a), [&](dns::Message& message) {
    message.ad = false;
    append(message.authority, nsec3);
  });
  expect_only(look.judged(), Fault::resolver_nsec3_limit, Tier::info, {"51 iterations"});
  edit(look.at(kWww, Type::a), [](dns::Message& message) { message.ad = false; });
  expect_only(look.judged(), Fault::resolver_no_ad, Tier::warning, {"www.zone.test/A", "51"});
}

BOOST_AUTO_TEST_CASE(opt_out_needs_no_ad) {
  Resolving look;
  const auto nsec3 = nsec3_over(look.world.zone(), name(kNobody), {kOptOut});
  edit(look.at(kNobody, Type::a), [&](dns::Message& message) {
    message.ad = false;
    append(message.authority, nsec3);
  });
  expect_none(look.judged());
}

BOOST_AUTO_TEST_CASE(ad_at_the_root_alone) {
  Resolving look;
  look.change([](dns::Message& message) { message.ad = false; });
  const dns::Question root{dns::Name(), Type::soa, dns::Class::in};
  auto message = resolved(look.world.zone().answer(question(kZone, Type::soa)), true, false);
  message.questions = {root};
  for (auto& record : message.answer) {
    record.owner = dns::Name();
  }
  put(look.first(), root, message, false);
  expect_only(look.judged(), Fault::resolver_no_ad, Tier::critical, {"validates the root"});
}

BOOST_AUTO_TEST_CASE(insecure_elsewhere_by_what_we_lack) {
  Resolving look;
  dns::Lookup lookup;
  lookup.question = question("ed448.test", Type::a);
  lookup.security = Security::insecure;
  lookup.have_data = true;
  lookup.rcode = Rcode::noerror;
  auto message = look.world.zone().answer(question(kWww, Type::a));
  message.questions = {lookup.question};
  for (auto& record : message.answer) {
    record.owner = lookup.question.name;
  }
  say(lookup, message);
  look.seen.probes.push_back(lookup);
  put(look.first(), lookup.question, resolved(message, true, false), false);
  expect_none(look.judged());
  edit(look.seen.probes.back(), [](dns::Message& changed) { changed.answer.resize(1); });
  expect_only(look.judged(), Fault::resolver_ad_on_insecure, Tier::critical, {"ed448.test"});
}

BOOST_AUTO_TEST_CASE(words_for_extended_errors) {
  BOOST_TEST(judge::extended_error_words({7, 33}) == "Signature Expired and Negative Trust Anchor");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test::resolving
