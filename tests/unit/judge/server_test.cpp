// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Servers that do not serve, over UDP, TCP and both address families.
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Outcome;
using dns::Rcode;
using dns::Type;
using judge::Fault;
using judge::Tier;

/// The SOA question of the server again, without EDNS; this time it works.
void answer_without_edns(observe::Server& server) {
  auto bare = answer(server, kZone, Type::soa);
  bare.edns_sent = false;
  edit(bare, [](dns::Message& message) {
    message.edns.reset();
    drop(message.answer, [](const dns::Record& record) { return record.type == Type::rrsig; });
  });
  server.answers.push_back(bare);
}

/// A third server, reached over IPv6, that is silent.
observe::ZoneObservation with_silent_v6() {
  auto seen = World().observe();
  auto server = seen.servers[0];
  server.endpoint.address = "2001:db8::53";
  fail(server, Outcome::timeout);
  seen.servers.push_back(server);
  return seen;
}

/// A root server over IPv6, as silent as the zone's.
observe::Server silent_root(const observe::ZoneObservation& seen) {
  auto probe = seen.parent_servers[0];
  probe.endpoint.address = "2001:db8::1";
  fail(probe, Outcome::timeout);
  return probe;
}

/// Nothing but the code.
std::function<void(dns::Message&)> bare(Rcode rcode) {
  return [rcode](dns::Message& message) {
    message.rcode = rcode;
    message.answer.clear();
    message.authority.clear();
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_servers)

BOOST_AUTO_TEST_CASE(silent_server) {
  auto seen = World().observe();
  fail(seen.servers[1], Outcome::timeout);
  in_both(seen, Fault::ns_timeout, Tier::warning, {label(1), "does not answer"});
  fail(seen.servers[1], Outcome::connection_refused);
  in_both(seen, Fault::ns_timeout, Tier::warning, {label(1), "refuses connections"});
  fail(seen.servers[1], Outcome::connection_closed);
  in_both(seen, Fault::ns_timeout, Tier::warning, {label(1), "closes connections"});
  fail(seen.servers[1], Outcome::unreachable, "no route | at all");
  in_both(seen, Fault::ns_timeout, Tier::warning, {"cannot be reached", "no route \\124 at all"});
}

/// A stale copy behind the same address gives itself away in some of the answers.
BOOST_AUTO_TEST_CASE(signed_in_one_answer_and_not_in_the_next) {
  auto seen = World().observe();
  edit(answer(seen.servers[1], kZone, observe::kMissingType), [](dns::Message& message) {
    drop(message.authority,
         [](const dns::Record& record) { return is_signature_of(record, Type::soa); });
  });
  expect_only(sigs_of(seen), Fault::rrsig_missing, Tier::critical, {"SOA", label(1)});
}

/// Online signers make a signature for each answer, and a zone changes between two questions.
BOOST_AUTO_TEST_CASE(signed_anew_in_each_answer) {
  World world;
  world.denials = true;
  auto seen = world.observe();
  auto later = world.zone();
  later.window.begin += 60;
  later.serial += 1;
  later.put(later.apex, Type::soa, World().zone().at(Type::soa).set.rdatas);
  later.sign();
  for (auto& server : seen.servers) {
    for (auto& one : server.answers) {
      if (one.question.type == observe::kMissingType) say(one, later.answer(one.question));
    }
  }
  const auto analysis = judge::analyse(seen, kNow);
  BOOST_TEST(!analysis.servers[0].repeats.empty());
  BOOST_TEST(analysis.servers[0].repeats.front().valid());
  expect_nothing(sigs_of(seen));
  expect_quiet(nsec_of(seen));
}

BOOST_AUTO_TEST_CASE(all_servers_silent) {
  auto seen = World().observe();
  for (auto& server : seen.servers) {
    fail(server, Outcome::timeout);
  }
  in_both(seen, Fault::ns_timeout, Tier::emergency,
          {"no server serves the zone", label(0), label(1)});
}

/// Its nameservers have no address at all: by look-ups that came back.
observe::ZoneObservation without_addresses() {
  auto seen = World().observe();
  seen.servers.clear();
  for (auto& host : seen.nameservers) {
    host.addresses.clear();
    host.glue.clear();
    host.lookups.assign(2, dns::Lookup{});
    for (auto& lookup : host.lookups) {
      lookup.security = dns::Security::insecure;
      lookup.rcode = Rcode::nxdomain;
    }
  }
  return seen;
}

BOOST_AUTO_TEST_CASE(nameservers_without_addresses) {
  auto seen = without_addresses();
  expect(sigs_of(seen), Fault::lame_ns, Tier::emergency,
         {"no server serves the zone", "has an address", "ns1"});
  expect(chain_of(seen), Fault::lame_ns, Tier::emergency, {"has an address"});
  seen.ipv6 = false;  // whether or not this host has both families
  expect(ds_of(seen), Fault::lame_ns, Tier::emergency, {"has an address"});
}

BOOST_AUTO_TEST_CASE(nameservers_whose_addresses_were_not_found_in_time) {
  auto seen = without_addresses();
  seen.nameservers.back().lookups[0].security = dns::Security::not_looked_up;
  const auto findings = sigs_of(seen);
  expect(findings, Fault::deadline_reached, Tier::unknown, {"not found in time"});
  expect_absent(findings, Fault::lame_ns);
}

BOOST_AUTO_TEST_CASE(nameservers_with_addresses_of_the_other_family) {
  auto seen = without_addresses();
  seen.ipv6 = false;
  for (auto& host : seen.nameservers) {
    host.addresses = {"2001:db8::53"};
  }
  const auto findings = sigs_of(seen);
  expect(findings, Fault::family_unreachable, Tier::unknown, {"none has an address over IPv4"});
  expect_absent(findings, Fault::lame_ns);
}

BOOST_AUTO_TEST_CASE(one_question_unanswered) {
  auto seen = World().observe();
  auto& mx = answer(seen.servers[0], kZone, Type::mx);
  mx.outcome = Outcome::timeout;
  mx.message.reset();
  in_both(seen, Fault::ns_timeout, Tier::warning, {label(0), "does not answer about MX"});
}

BOOST_AUTO_TEST_CASE(questions_unanswered_alike_are_one_finding) {
  auto seen = World().observe();
  for (std::size_t at : {0, 1}) {
    for (auto type : {Type::mx, Type::a}) {
      auto& unanswered = answer(seen.servers[at], kZone, type);
      unanswered.outcome = Outcome::timeout;
      unanswered.message.reset();
    }
  }
  in_both(seen, Fault::ns_timeout, Tier::warning,
          {label(0) + " and " + label(1) + ": each does not answer about ", " and "});
}

BOOST_AUTO_TEST_CASE(lame_servers) {
  auto seen = World().observe();
  refuse(seen.servers[1], Rcode::refused);
  in_both(seen, Fault::lame_ns, Tier::warning, {label(1), "answers REFUSED"});
  refuse(seen.servers[1], Rcode::servfail);
  edit(answer(seen.servers[1], kZone, Type::soa), [](dns::Message& message) {
    message.edns->errors = {{14, "not | ready"}};
  });
  in_both(seen, Fault::lame_ns, Tier::warning, {"answers SERVFAIL", "Not Ready: not \\124 ready"});
  refuse(seen.servers[1], Rcode::noerror);
  in_both(seen, Fault::lame_ns, Tier::warning, {"has no SOA for the zone"});
}

BOOST_AUTO_TEST_CASE(server_without_authority) {
  World world;
  auto seen = world.observe();
  for (auto& reply : seen.servers[1].answers) {
    edit(reply, [](dns::Message& message) { message.aa = false; });
  }
  in_both(seen, Fault::lame_ns, Tier::warning, {label(1), "without authority"});
}

BOOST_AUTO_TEST_CASE(upward_referral) {
  World world;
  auto seen = world.observe();
  refuse(seen.servers[1], Rcode::noerror);
  edit(answer(seen.servers[1], kZone, Type::soa),
       [&](dns::Message& message) { append(message.authority, world.root.at(Type::ns)); });
  in_both(seen, Fault::lame_ns, Tier::warning, {label(1), "refers to the zones above"});
}

BOOST_AUTO_TEST_CASE(all_servers_lame) {
  auto seen = World(4).observe();
  for (auto& server : seen.servers) {
    refuse(server, Rcode::refused);
  }
  in_both(seen, Fault::lame_ns, Tier::emergency, {"no server serves", "answers REFUSED"});
}

BOOST_AUTO_TEST_CASE(one_question_refused) {
  auto seen = World().observe();
  edit(answer(seen.servers[1], kZone, Type::mx), [](dns::Message& message) {
    message.rcode = Rcode::servfail;
    message.answer.clear();
  });
  in_both(seen, Fault::lame_ns, Tier::warning, {label(1), "answers SERVFAIL about MX"});
}

BOOST_AUTO_TEST_CASE(malformed_answers) {
  auto seen = World().observe();
  fail(seen.servers[1], Outcome::malformed, "two `OPT` records");
  in_both(seen, Fault::malformed_response, Tier::critical,
          {label(1), "sends malformed answers", "two \\096OPT\\096 records"});
}

BOOST_AUTO_TEST_CASE(one_malformed_answer) {
  auto seen = World().observe();
  auto& mx = answer(seen.servers[1], kZone, Type::mx);
  mx.outcome = Outcome::malformed;
  mx.message.reset();
  in_both(seen, Fault::malformed_response, Tier::critical, {label(1), "about MX"});
}

BOOST_AUTO_TEST_CASE(answers_only_without_edns) {
  auto seen = World().observe();
  auto& server = seen.servers[1];
  answer_without_edns(server);
  edit(answer(server, kZone, Type::soa), [](dns::Message& message) {
    message.rcode = Rcode::formerr;
    message.answer.clear();
    message.edns.reset();
  });
  in_both(seen, Fault::ns_no_edns, Tier::critical, {label(1), "answers only without EDNS"});
}

BOOST_AUTO_TEST_CASE(silent_when_asked_with_edns) {
  auto seen = World().observe();
  auto bare = seen.servers[1];
  answer_without_edns(bare);
  fail(seen.servers[1], Outcome::timeout);
  seen.servers[1].answers.push_back(bare.answers.back());
  in_both(seen, Fault::ns_no_edns, Tier::critical, {label(1), "answers only without EDNS"});
}

BOOST_AUTO_TEST_CASE(ignores_edns) {
  auto seen = World().observe();
  auto& server = seen.servers[1];
  answer_without_edns(server);
  edit(answer(server, kZone, Type::soa), [](dns::Message& message) { message.edns.reset(); });
  in_both(seen, Fault::ns_no_edns, Tier::critical, {label(1), "ignores EDNS"});
}

BOOST_AUTO_TEST_CASE(no_tcp) {
  auto seen = World().observe();
  answer(seen.servers[1], kZone, Type::dnskey, true).outcome = Outcome::timeout;
  expect_only(chain_of(seen), Fault::tcp_unavailable, Tier::warning, {label(1), "over TCP"});
  expect_absent(sigs_of(seen), Fault::tcp_unavailable);
  auto& truncated = answer(seen.servers[1], kZone, Type::dnskey);
  truncated.truncated_udp = true;
  truncated.outcome = Outcome::connection_closed;
  truncated.message.reset();
  expect(chain_of(seen), Fault::tcp_unavailable, Tier::critical, {label(1), "truncated over UDP"});
}

BOOST_AUTO_TEST_CASE(errors_over_tcp) {
  for (const auto rcode : {Rcode::servfail, Rcode::refused}) {
    auto seen = World().observe();
    edit(answer(seen.servers[1], kZone, Type::dnskey, true), bare(rcode));
    expect_only(chain_of(seen), Fault::tcp_unavailable, Tier::warning,
                {"only " + dns::to_text(rcode) + " over TCP at " + label(1)});
    // Over UDP too: it is the keys that the server does not give.
    auto& over_udp = answer(seen.servers[1], kZone, Type::dnskey);
    edit(over_udp, bare(rcode));
    expect_only(chain_of(seen), Fault::lame_ns, Tier::warning,
                {label(1), "answers " + dns::to_text(rcode) + " about DNSKEY"});
    // Where the keys do not fit into UDP they are lost.
    over_udp.truncated_udp = true;
    expect_only(chain_of(seen), Fault::tcp_unavailable, Tier::critical,
                {"truncated over UDP", "only " + dns::to_text(rcode), label(1)});
  }
}

BOOST_AUTO_TEST_CASE(truncated_answer_that_tcp_gives) {
  auto seen = World().observe();
  for (auto& server : seen.servers) {
    answer(server, kZone, Type::dnskey).truncated_udp = true;
  }
  expect_nothing(seen);
}

BOOST_AUTO_TEST_CASE(tcp_not_asked_for_lack_of_time_is_no_fault) {
  auto seen = World().observe();
  answer(seen.servers[1], kZone, Type::dnskey, true).outcome = Outcome::not_asked;
  expect_nothing(seen);
}

BOOST_AUTO_TEST_CASE(keys_too_big_for_udp) {
  World world;
  std::vector<Signer> keys{world.key_signer, world.zone_signer};
  world.use_keys(keys);
  expect_absent(chain_of(world.observe()), Fault::dnskey_response_too_big);
  for (std::uint8_t seed = 100; seed < 120; ++seed) {
    keys.emplace_back(seed, static_cast<std::uint16_t>(kZoneKey), kEd448);
  }
  world.everywhere([&](Zone& copy) {
    std::vector<dns::Bytes> rdatas;
    for (const auto& key : keys) {
      rdatas.push_back(key.key().rdata);
    }
    copy.sign(copy.put(copy.apex, Type::dnskey, rdatas), {});
  });
  auto seen = world.observe();
  const auto size = answer(seen.servers[0], kZone, Type::dnskey, true).wire.size();
  BOOST_TEST(size > 1232U);
  expect_only(chain_of(seen), Fault::dnskey_response_too_big, Tier::warning,
              {std::to_string(size) + " octets", "on all 2 servers"});
}

BOOST_AUTO_TEST_CASE(large_datagrams_lost) {
  auto seen = World().observe();
  seen.servers[0].large = answer(seen.servers[0], kZone, Type::dnskey, true);
  auto lost = *seen.servers[0].large;
  lost.outcome = Outcome::timeout;
  lost.message.reset();
  expect_nothing(seen);
  seen.servers[1].large = lost;
  expect_only(chain_of(seen), Fault::pmtu_blackhole, Tier::warning,
              {label(1), "more than 1232 octets"});
  expect_absent(sigs_of(seen), Fault::pmtu_blackhole);
}

BOOST_AUTO_TEST_CASE(family_that_nothing_answers_over) {
  auto seen = with_silent_v6();
  in_both(seen, Fault::ns_timeout, Tier::warning, {"2001:db8::53"});  // the root was not asked
  seen.family_probes = {silent_root(seen)};
  in_both(seen, Fault::family_unreachable, Tier::info, {"IPv6", "2001:db8::53", "not judged"});
  seen.servers.erase(seen.servers.begin(), seen.servers.begin() + 2);
  in_both(seen, Fault::family_unreachable, Tier::info, {"IPv6"});
}

BOOST_AUTO_TEST_CASE(family_that_the_root_answers_over) {
  auto seen = with_silent_v6();
  auto probe = seen.parent_servers[0];
  probe.endpoint.address = "2001:db8::1";
  seen.family_probes = {probe};
  in_both(seen, Fault::ns_timeout, Tier::warning, {"2001:db8::53"});
}

BOOST_AUTO_TEST_CASE(given_servers_are_not_excused) {
  auto seen = with_silent_v6();
  seen.servers_given = "2001:db8::53";
  in_both(seen, Fault::ns_timeout, Tier::warning, {"2001:db8::53"});
}

BOOST_AUTO_TEST_CASE(no_address_in_the_only_family) {
  auto seen = World().observe();
  seen.servers.clear();
  seen.ipv4 = false;
  seen.links.back().dnskey.reset();
  for (auto& probe : seen.probes) {
    probe.security = dns::Security::failed;
    probe.message.reset();
  }
  in_both(seen, Fault::family_unreachable, Tier::unknown, {"none has an address over IPv6"});
}

BOOST_AUTO_TEST_CASE(other_refusals_of_later_questions) {
  auto seen = World().observe();
  auto& mx = answer(seen.servers[0], kZone, Type::mx);
  edit(mx, [](dns::Message& message) {
    message.rcode = Rcode::formerr;
    message.answer.clear();
    message.authority.clear();
  });
  in_both(seen, Fault::lame_ns, Tier::warning, {label(0), "answers FORMERR about MX"});
  seen = World().observe();
  edit(answer(seen.servers[0], kZone, Type::mx), [](dns::Message& message) { message.aa = false; });
  in_both(seen, Fault::lame_ns, Tier::warning, {label(0), "without authority (no AA) about MX"});
}

/// RFC 8020 2: the apex exists, whatever is asked of it.
BOOST_AUTO_TEST_CASE(apex_denied) {
  for (const auto type : {Type::dnskey, Type::ns}) {
    auto seen = World().observe();
    edit(answer(seen.servers[1], kZone, type), bare(Rcode::nxdomain));
    for (const auto& findings : {sigs_of(seen), chain_of(seen), ds_of(seen), keys_of(seen)}) {
      expect_only(findings, Fault::lame_ns, Tier::warning,
                  {label(1), "answers NXDOMAIN about " + dns::to_text(type)});
    }
  }
  World world;
  world.ask("nobody.zone.test", Type::a);
  expect_nothing(world.observe());  // NXDOMAIN below the apex is an answer
}

/// RFC 6672 2.2.
BOOST_AUTO_TEST_CASE(name_called_too_long_without_dname) {
  auto seen = World().observe();
  edit(answer(seen.servers[1], kZone, Type::dnskey), bare(Rcode::yxdomain));
  for (const auto& findings :
       {sigs_of(seen), chain_of(seen), ds_of(seen), keys_of(seen), nsec_of(seen)}) {
    expect_only(findings, Fault::lame_ns, Tier::warning, {label(1), "YXDOMAIN about DNSKEY"});
  }
  World world;
  world.denials = true;
  seen = world.observe();
  edit(answer(seen.servers[0], kNobody, Type::a), bare(Rcode::yxdomain));
  expect(nsec_of(seen), Fault::nsec_query_error, Tier::warning,
         {label(0), "random.zone.test/A bring YXDOMAIN"});
}

BOOST_AUTO_TEST_CASE(name_too_long_for_a_dname) {
  World world;
  world.add("alias.zone.test", Type::dname, target("elsewhere.test"));
  world.ask("x.alias.zone.test", Type::a);
  auto seen = world.observe();
  for (auto& server : seen.servers) {
    for (auto type : {Type::a, observe::kMissingType}) {
      edit(answer(server, "x.alias.zone.test", type), [](dns::Message& message) {
        message.rcode = Rcode::yxdomain;
        drop(message.answer, [](const dns::Record& record) { return record.type == Type::cname; });
      });
    }
  }
  expect_absent(sigs_of(seen), Fault::lame_ns);
  expect_absent(chain_of(seen), Fault::lame_ns);
}

BOOST_AUTO_TEST_CASE(given_servers_that_do_not_serve) {
  auto seen = World().observe();
  seen.servers_given = "192.0.2.1";
  for (auto& server : seen.servers) {
    fail(server, Outcome::timeout);
  }
  in_both(seen, Fault::ns_timeout, Tier::critical, {"no server given by --server serves the zone"});
}

BOOST_AUTO_TEST_CASE(both_families_dead) {
  auto seen = with_silent_v6();
  seen.parent_servers.clear();
  for (auto& server : seen.servers) {
    fail(server, Outcome::timeout);
  }
  in_both(seen, Fault::ns_timeout, Tier::emergency, {"no server serves the zone"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
