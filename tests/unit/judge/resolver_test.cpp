// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Resolvers as a whole, and against each other, on plain data.
#include <boost/test/unit_test.hpp>

#include "judge/resolving.hpp"

namespace judge_test::resolving {
namespace {

judge::Policy with_quorum(unsigned count) {
  judge::Policy policy;
  policy.quorum = count;
  return policy;
}

judge::Threshold above(double seconds) {
  judge::Threshold threshold;
  threshold.range.end = seconds;
  return threshold;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_resolvers)

BOOST_AUTO_TEST_CASE(right_resolvers_are_quiet) {
  expect_none(Resolving().judged());
  auto without_canary = Resolving();
  without_canary.seen.canary.reset();
  expect_none(without_canary.judged());
}

BOOST_AUTO_TEST_CASE(silence) {
  Resolving look;
  for (auto& answer : look.first().answers) {
    lose(answer, dns::Outcome::timeout);
  }
  expect_only(look.judged(), Fault::resolver_timeout, Tier::warning, {"203.0.113.1", "timeout"});
  look.seen.resolvers.pop_back();
  expect_only(look.judged(), Fault::resolver_timeout, Tier::unknown);
  Resolving some;
  lose(some.at(kWww, Type::a), dns::Outcome::timeout);
  expect_only(some.judged(), Fault::resolver_timeout, Tier::warning,
              {"www.zone.test/A: no answer, though other"});
}

BOOST_AUTO_TEST_CASE(silence_with_cd_alone) {
  Resolving look;
  lose(look.at(kWww, Type::a, true), dns::Outcome::timeout);
  expect_only(look.judged(), Fault::resolver_timeout, Tier::warning,
              {"www.zone.test/A: no answer with CD"});
  lose(look.at(kWww, Type::a), dns::Outcome::timeout);  // and without it: told once
  expect_only(look.judged(), Fault::resolver_timeout, Tier::warning,
              {"www.zone.test/A: no answer, though other"});
}

BOOST_AUTO_TEST_CASE(no_time_left_is_no_silent_ok) {
  Resolving look;
  for (auto& view : look.seen.resolvers) {
    view.answers.clear();
  }
  expect_only(look.judged(), Fault::deadline_reached, Tier::unknown, {"at all 2 resolvers"});
  Resolving some;
  lose(some.at(kWww, Type::a), dns::Outcome::not_asked);
  expect_only(some.judged(), Fault::deadline_reached, Tier::unknown,
              {"www.zone.test/A: not asked"});
}

BOOST_AUTO_TEST_CASE(tls_that_fails) {
  Resolving look;
  look.first().address.tls_name = "dns.example";
  for (auto& answer : look.first().answers) {
    lose(answer, dns::Outcome::tls_failed);
    answer.detail = "certificate: expired|";
  }
  expect_only(look.judged(), Fault::resolver_tls_failed, Tier::critical,
              {"certificate: expired", "dns.example"});
}

BOOST_AUTO_TEST_CASE(no_resolver_at_all) {
  Resolving look;
  look.change([](dns::Message& message) { message.ra = false; });
  expect_only(look.judged(), Fault::resolver_open_question, Tier::unknown, {"RA is not set"});
  look.change([](dns::Message& message) { message.rcode = Rcode::refused; });
  expect_only(look.judged(), Fault::resolver_open_question, Tier::unknown, {"REFUSED"});
}

BOOST_AUTO_TEST_CASE(no_edns) {
  Resolving look;
  look.change([](dns::Message& message) { message.edns.reset(); });
  expect_only(look.judged(), Fault::resolver_drops_edns, Tier::critical);
}

BOOST_AUTO_TEST_CASE(canary_answered) {
  Resolving look;
  look.change([](dns::Message& message) { message.ad = false; });
  say(look.at(kCanary, Type::a), canary_message(true));
  expect_only(look.judged(), Fault::resolver_not_validating, Tier::critical,
              {"bogus.test", "203.0.113.1"});
  // With AD elsewhere it validates, but not this.
  Resolving anchored;
  say(anchored.at(kCanary, Type::a), canary_message(true));
  expect_only(anchored.judged(), Fault::resolver_nta, Tier::warning, {"bogus.test"});
}

BOOST_AUTO_TEST_CASE(canary_that_tells_nothing) {
  Resolving look;
  look.seen.canary->security = Security::insecure;
  expect_only(look.judged(), Fault::resolver_bogus_domain_unreachable, Tier::unknown,
              {"insecure, not bogus", "all 2 resolvers"});
  look = Resolving();
  look.seen.canary->security = Security::failed;
  edit(look.at(kCanary, Type::a, true), make_servfail);
  expect_only(look.judged(), Fault::resolver_bogus_domain_unreachable, Tier::unknown,
              {"cannot be resolved"});
}

BOOST_AUTO_TEST_CASE(cd_ignored) {
  Resolving look;
  edit(look.at(kCanary, Type::a, true), make_servfail);
  expect_only(look.judged(), Fault::resolver_ignores_cd, Tier::warning, {"canary"});
  look = Resolving();
  edit(look.at(kWww, Type::a, true), [](dns::Message& message) { message.cd = false; });
  expect_only(look.judged(), Fault::resolver_ignores_cd, Tier::warning, {"not copied"});
}

BOOST_AUTO_TEST_CASE(algorithms) {
  const auto canary = question("ed448.test", Type::a);
  const auto with = [&](Security own) {
    Resolving look;
    const auto www = look.world.zone().answer(question(kWww, Type::a));
    for (auto& view : look.seen.resolvers) {
      auto message = resolved(www, true, false);
      message.questions = {canary};
      for (auto& record : message.answer) {
        record.owner = canary.name;
      }
      put(view, canary, message, false);
    }
    dns::Lookup lookup;
    lookup.question = canary;
    lookup.security = own;
    look.seen.algorithm_canaries = {lookup};
    return look;
  };
  expect_none(with(Security::secure).judged());
  for (const auto own : {Security::secure, Security::insecure}) {  // we may lack it ourselves
    auto gap = with(own);
    edit(gap.first().answers.back(), [](dns::Message& message) { message.ad = false; });
    expect_only(gap.judged(), Fault::resolver_algorithm_gap, Tier::warning,
                {"15 (ED25519)", "ed448.test", "203.0.113.1"});
    edit(gap.first().answers.back(), [](dns::Message& message) {
      for (auto& record : message.answer) {
        if (record.type == Type::rrsig) {
          record.rdata.at(2) = 13;
        }
      }
    });
    expect_only(gap.judged(), Fault::resolver_algorithm_gap, Tier::critical,
                {"13 (ECDSAP256SHA256)"});
    edit(gap.first().answers.back(), make_servfail);
    expect_only(gap.judged(), Fault::resolver_algorithm_gap, Tier::warning, {"fails"});
  }
  auto nobody = with(Security::insecure);
  for (auto& view : nobody.seen.resolvers) {
    edit(view.answers.back(), [](dns::Message& message) { message.ad = false; });
  }
  expect_only(nobody.judged(), Fault::resolver_bogus_domain_unreachable, Tier::unknown,
              {"nobody finds it secure"});
}

BOOST_AUTO_TEST_CASE(tcp_fails) {
  Resolving look;
  for (auto& answer : look.first().answers) {
    if (answer.tcp_requested) {
      lose(answer, dns::Outcome::connection_refused);
    }
  }
  expect_only(look.judged(), Fault::resolver_tcp_broken, Tier::critical, {"over TCP"});
  look = Resolving();
  lose(look.at(kWww, Type::a), dns::Outcome::timeout);
  look.at(kWww, Type::a).truncated_udp = true;
  expect_only(look.judged(), Fault::resolver_tcp_broken, Tier::critical);
}

BOOST_AUTO_TEST_CASE(all_is_truncated_and_tcp_fails) {
  Resolving look;
  for (auto& answer : look.first().answers) {
    lose(answer, dns::Outcome::connection_refused);
    answer.truncated_udp = !answer.tcp_requested;
  }
  expect_only(look.judged(), Fault::resolver_tcp_broken, Tier::critical,
              {"truncated answers over UDP", "connection refused", "203.0.113.1"});
  look.seen.resolvers.pop_back();
  expect_only(look.judged(), Fault::resolver_tcp_broken, Tier::critical);
}

BOOST_AUTO_TEST_CASE(sentinel) {
  Resolving look;
  const auto tag = look.seen.anchors.front().ds.key_tag;
  const auto label_of = [&](bool is_ta) {
    const auto label = name(kZone).prepend(observe::sentinel_label(is_ta, tag)).value();
    return dns::Question{label, Type::a, dns::Class::in};
  };
  auto message = resolved(look.world.zone().answer(label_of(false)), true, false);
  put(look.first(), label_of(false), message, false);
  put(look.first(), label_of(true), message, false);
  expect_none(look.judged());
  edit(look.first().answers.back(), make_servfail);
  expect_only(look.judged(), Fault::resolver_trust_anchor_old, Tier::warning,
              {std::to_string(tag)});
  // The root does not publish it any more: right not to trust it.
  auto& keys = look.seen.links.front().dnskey->message->answer;
  drop(keys, [&](const dns::Record& record) {
    return record.type == Type::dnskey && dnssec::key_tag(record.rdata) == tag;
  });
  expect_absent(look.judged(), Fault::resolver_trust_anchor_old);
  BOOST_TEST(observe::sentinel_label(true, 42) == "root-key-sentinel-is-ta-00042");
}

BOOST_AUTO_TEST_CASE(the_zone_itself_is_bogus) {
  Resolving look(Security::bogus);
  for (auto& view : look.seen.resolvers) {
    for (auto& answer : view.answers) {
      if (!answer.cd_sent && !answer.tcp_requested) {
        edit(answer, servfail_because(10));
      }
    }
  }
  expect_only(look.judged(), Fault::chain_bogus, Tier::emergency,
              {"zone's fault", "all 4 questions", "2 of 2 resolvers rightly", "RRSIGs Missing"});
  expect(look.judged(expecting(judge::Expect::bogus)), Fault::chain_bogus, Tier::info);
  // And one that answers all the same, though it refuses the canary.
  look.first() = resolver_for(look.world, 1);
  expect(look.judged(), Fault::resolver_nta, Tier::warning, {"though bogus"});
  look.seen.canary.reset();
  expect(look.judged(), Fault::resolver_not_validating, Tier::critical, {"though bogus"});
  // A cache, or an allowance for clocks: it validates.
  look.change([](dns::Message& message) { message.ad = true; });
  expect_only(look.judged(), Fault::chain_bogus, Tier::emergency, {"1 of 2 resolvers rightly"});
}

BOOST_AUTO_TEST_CASE(bogus_for_us_alone) {
  Resolving look(Security::bogus);
  for (auto& view : look.seen.resolvers) {
    for (auto& answer : view.answers) {
      edit(answer, [](dns::Message& message) { message.ad = message.rcode != Rcode::servfail; });
    }
  }
  expect_only(
      look.judged(), Fault::chain_bogus, Tier::critical,
      {"all 4 questions are bogus in our own validation only", "2 of 2 resolvers say secure"});
  look.seen.forwarders = "192.0.2.9";
  expect_only(look.judged(), Fault::chain_bogus, Tier::critical, {"--forward 192.0.2.9"});
}

BOOST_AUTO_TEST_CASE(one_name_is_bogus) {
  Resolving look;
  look.seen.probes.back().security = Security::bogus;
  look.seen.probes.back().rcode = Rcode::servfail;
  edit(look.at(kWww, Type::a), [](dns::Message& message) { message.ad = false; });
  edit(look.seen.resolvers.back().answers[4], servfail_because(7));
  const auto findings = look.judged();
  expect_only(findings, Fault::chain_bogus, Tier::critical, {"www.zone.test/A is bogus"});
  expect(findings, Fault::resolvers_disagree, Tier::info, {"validates other answers of the zone"});
}

BOOST_AUTO_TEST_CASE(the_zones_servers_fail) {
  Resolving look;
  for (auto& probe : look.seen.probes) {
    probe.security = Security::failed;
    probe.rcode = Rcode::servfail;
    probe.have_data = false;
  }
  for (auto& view : look.seen.resolvers) {
    for (auto& answer : view.answers) {
      if (!answer.tcp_requested && !(answer.question.name == name(kCanary))) {
        edit(answer, servfail_because(9));  // with CD too: nothing to do with signatures
      }
    }
  }
  look.seen.resolvers.front().answers[2].outcome = dns::Outcome::timeout;
  look.seen.resolvers.front().answers[2].message.reset();
  expect_only(look.judged(), Fault::chain_failed, Tier::critical,
              {"the zone's servers fail", "2 of 2 resolvers", "DNSKEY Missing"});
}

BOOST_AUTO_TEST_CASE(canary_words) {
  Resolving look;
  edit(look.at(kCanary, Type::a), [](dns::Message& message) {
    message.rcode = Rcode::nxdomain;
    message.edns->errors = {{15, ""}};
  });
  expect_only(look.judged(), Fault::resolver_bogus_domain_unreachable, Tier::unknown, {"filtered"});
  edit(look.at(kCanary, Type::a), [](dns::Message& message) { message.rcode = Rcode::notimp; });
  expect_only(look.judged(), Fault::resolver_bogus_domain_unreachable, Tier::unknown, {"NOTIMP"});
  lose(look.at(kCanary, Type::a), dns::Outcome::timeout);
  expect_only(look.judged(), Fault::resolver_bogus_domain_unreachable, Tier::unknown,
              {"no answer about it"});
}

BOOST_AUTO_TEST_CASE(insecure_zone) {
  Resolving look(Security::insecure);
  look.world.publish_ds({});
  look.seen = [&] {
    auto seen = look.world.observe();
    seen.resolvers = look.seen.resolvers;
    seen.canary = look.seen.canary;
    seen.servers.clear();
    seen.parent_servers.clear();
    seen.nameservers.clear();
    return seen;
  }();
  const auto insecure = expecting(judge::Expect::insecure);
  expect_none(look.judged(insecure));
  expect(look.judged(), Fault::chain_insecure, Tier::critical);
  edit(look.at(kWww, Type::a), [](dns::Message& message) { message.ad = true; });
  expect_only(look.judged(insecure), Fault::resolver_ad_on_insecure, Tier::critical,
              {"www.zone.test/A"});
  edit(look.at(kWww, Type::a), make_servfail);
  expect_only(look.judged(insecure), Fault::resolvers_disagree, Tier::warning, {"SERVFAIL"});
  edit(look.at(kWww, Type::a), servfail_because(9));
  expect_only(look.judged(insecure), Fault::resolver_ede_dnssec, Tier::critical,
              {"DNSKEY Missing"});
}

BOOST_AUTO_TEST_CASE(disagreement_where_we_cannot_tell) {
  Resolving look;
  for (auto& probe : look.seen.probes) {
    probe.security = Security::failed;
    probe.rcode = Rcode::servfail;
  }
  edit(look.at(kWww, Type::a), [](dns::Message& message) { message.ad = false; });
  const auto findings = look.judged();
  expect(findings, Fault::resolvers_disagree, Tier::warning,
         {"www.zone.test/A", "records without AD at 203.0.113.1", "with AD at 203.0.113.2"});
  expect(findings, Fault::chain_failed, Tier::unknown, {"though resolvers do"});
  // Other records are no fault: caches differ in age.
  Resolving varied;
  edit(varied.at(kWww, Type::a), [&](dns::Message& message) {
    message.answer.front().rdata = address(81);
    sign_anew(varied.world, message);
  });
  expect(varied.judged(), Fault::resolvers_disagree, Tier::info, {"www.zone.test/A"});
}

BOOST_AUTO_TEST_CASE(slowness) {
  Resolving look;
  look.at(kWww, Type::a).round_trip = std::chrono::milliseconds(1500);
  judge::Policy policy;
  policy.warning = above(1);
  expect_only(look.judged(policy), Fault::resolver_slow, Tier::warning, {"1.5s", "203.0.113.1"});
  policy.critical = above(1.2);
  expect_only(look.judged(policy), Fault::resolver_slow, Tier::critical);
  policy.warning = policy.critical = above(2);
  expect_none(look.judged(policy));
}

BOOST_AUTO_TEST_CASE(quorum) {
  Resolving look;
  edit(look.at(kWww, Type::a), servfail_because(6));
  expect_only(look.judged(with_quorum(1)), Fault::resolver_fails_secure_name, Tier::warning);
  const auto findings = look.judged(with_quorum(2));
  expect(findings, Fault::resolver_quorum_missed, Tier::critical,
         {"1 of 2 resolvers has nothing wrong, --quorum wants 2"});
  expect(findings, Fault::resolver_fails_secure_name, Tier::critical);
  expect_none(Resolving().judged(with_quorum(2)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test::resolving
