// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Resolvers held against our own validation, on plain data.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "judge/nsec3.hpp"
#include "judge/outcome.hpp"
#include "judge/resolver_analysis.hpp"

namespace judge_test {
namespace {

using dns::Rcode;
using dns::Security;
using dns::Type;
using judge::Fault;
using judge::Tier;

constexpr std::string_view kWww = "www.zone.test";
constexpr std::string_view kCanary = "bogus.test";

dns::Question question(std::string_view asked, Type type) {
  return {name(asked), type, dns::Class::in};
}

/// What a resolver makes of an authoritative answer.
dns::Message resolved(dns::Message message, bool secure, bool cd) {
  message.aa = false;
  message.ra = message.rd = true;
  message.cd = cd;
  message.ad = secure && !cd;
  return message;
}

void put(observe::ResolverView& view, const dns::Question& asked, const dns::Message& message,
         bool cd, bool tcp = false) {
  dns::Answer answer;
  answer.question = asked;
  answer.server = view.address.endpoint;
  answer.cd_sent = cd;
  answer.tcp_requested = tcp;
  answer.via = tcp ? dns::Via::tcp : dns::Via::udp;
  answer.round_trip = std::chrono::milliseconds(20);
  answer.tries = 1;
  say(answer, message);
  view.answers.push_back(std::move(answer));
}

dns::Message canary_message(bool cd) {
  dns::Message message;
  message.qr = message.rd = message.ra = true;
  message.cd = cd;
  message.questions = {question(kCanary, Type::a)};
  message.edns = dns::Edns{};
  if (cd) {
    message.answer = {{name(kCanary), Type::a, dns::Class::in, 60, address(66)}};
  } else {
    message.rcode = Rcode::servfail;
  }
  return message;
}

observe::ResolverView resolver_for(const World& world, std::uint8_t number) {
  observe::ResolverView view;
  view.address.endpoint = {"203.0.113." + std::to_string(number), 53};
  const auto& zone = world.copies.front();
  const bool secure = world.word == Security::secure;
  const auto both = [&](const dns::Question& asked) {
    put(view, asked, resolved(zone.answer(asked), secure, false), false);
    put(view, asked, resolved(zone.answer(asked), secure, true), true);
  };
  both(question(kZone, observe::kMissingType));
  both(question(kZone, Type::soa));
  both(question(kWww, Type::a));
  both(question(kNobody, Type::a));
  put(view, question(kCanary, Type::a), canary_message(false), false);
  put(view, question(kCanary, Type::a), canary_message(true), true);
  const auto keys = question(kZone, Type::dnskey);
  put(view, keys, resolved(zone.answer(keys), secure, false), false, true);
  return view;
}

/// zone.test., secure, and two resolvers that do all as they should.
struct Resolving {
  World world;
  observe::ZoneObservation seen;

  explicit Resolving(Security word = Security::secure) {
    world.word = word;
    world.ask(kWww, Type::a);
    seen = world.observe();
    seen.servers.clear();
    seen.parent_servers.clear();
    seen.nameservers.clear();
    seen.canary.emplace();
    seen.canary->question = question(kCanary, Type::a);
    seen.canary->security = Security::bogus;
    seen.resolvers = {resolver_for(world, 1), resolver_for(world, 2)};
  }

  observe::ResolverView& first() { return seen.resolvers.front(); }
  dns::Answer& at(std::string_view asked, Type type, bool cd = false) {
    const auto wanted = question(asked, type);
    auto& answers = first().answers;
    return *std::find_if(answers.begin(), answers.end(), [&](const dns::Answer& answer) {
      return answer.question == wanted && answer.cd_sent == cd && !answer.tcp_requested;
    });
  }
  void change(const std::function<void(dns::Message&)>& change) {
    for (auto& answer : first().answers) {
      edit(answer, change);
    }
  }
  [[nodiscard]] std::vector<judge::Finding> judged(const judge::Policy& policy = {}) const {
    return resolvers_of(seen, policy);
  }
};

void make_servfail(dns::Message& message) {
  message.rcode = Rcode::servfail;
  message.ad = false;
  message.answer.clear();
  message.authority.clear();
}

std::function<void(dns::Message&)> servfail_because(std::uint16_t code) {
  return [code](dns::Message& message) {
    make_servfail(message);
    message.edns->errors = {{code, ""}};
  };
}

void explain(dns::Answer& answer, std::uint16_t code) {
  edit(answer, [code](dns::Message& message) { message.edns->errors = {{code, "why"}}; });
}

void lose(dns::Answer& answer, dns::Outcome outcome) {
  answer.outcome = outcome;
  answer.wire.clear();
  answer.message.reset();
}

void expect_none(const std::vector<judge::Finding>& findings) {
  for (const auto& finding : findings) {
    BOOST_ERROR("should be quiet: " << judge::info(finding.fault).id << ": " << finding.text);
  }
}

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

BOOST_AUTO_TEST_CASE(no_ad) {
  Resolving look;
  edit(look.at(kWww, Type::a), [](dns::Message& message) { message.ad = false; });
  expect_only(look.judged(), Fault::resolver_no_ad, Tier::critical, {"www.zone.test/A"});
  look.change([](dns::Message& message) { message.ad = false; });
  expect_only(look.judged(), Fault::resolver_no_ad, Tier::critical,
              {"all 4 questions", "203.0.113.1"});
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
  Resolving look;
  deny(look.at(kWww, Type::a), true);  // as a cache from before it was added would say
  expect_only(look.judged(), Fault::resolvers_disagree, Tier::warning,
              {"www.zone.test/A", "zone's signatures", "203.0.113.1"});
  // By the zone's own records, which deny too much.
  Resolving lists;
  lists.world.ask(kWww, observe::kMissingType);
  lists.seen.probes = lists.world.observe().probes;
  deny(lists.at(kWww, Type::a), true);
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
              {"SOA: denied (NXDOMAIN) without AD or proof"});
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
    for (const auto& rdata : nsec3.set.rdatas) {
      message.authority.push_back(
          {nsec3.set.owner, Type::nsec3, dns::Class::in, nsec3.set.ttl, rdata});
    }
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
    for (const auto& rdata : nsec3.set.rdatas) {
      message.authority.push_back(
          {nsec3.set.owner, Type::nsec3, dns::Class::in, nsec3.set.ttl, rdata});
    }
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

BOOST_AUTO_TEST_CASE(one_name_is_bogus) {
  Resolving look;
  look.seen.probes.back().security = Security::bogus;
  look.seen.probes.back().rcode = Rcode::servfail;
  edit(look.at(kWww, Type::a), [](dns::Message& message) { message.ad = false; });
  edit(look.seen.resolvers.back().answers[4], servfail_because(7));
  const auto findings = look.judged();
  expect_only(findings, Fault::chain_bogus, Tier::critical, {"www.zone.test/A bogus"});
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
  edit(varied.at(kWww, Type::a),
       [](dns::Message& message) { message.answer.front().rdata = address(81); });
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

BOOST_AUTO_TEST_CASE(words_for_extended_errors) {
  BOOST_TEST(judge::extended_error_words({7, 33}) == "Signature Expired and Negative Trust Anchor");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
