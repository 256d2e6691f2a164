// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// check_dnssec_ds: a zone that waits for its first DS by RFC 9615.
#include "judge/bootstrap.hpp"

#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Security;
using dns::Type;
using judge::Fault;
using judge::Tier;

/// zone.test. without a DS, with CDS and CDNSKEY, at two nameservers outside of it.
struct Waiting : World {
  std::vector<dns::Bytes> cds, cdnskey;

  Waiting() {
    publish_ds({});
    word = Security::insecure;
    cds = {ds_rdata(key_signer.ds(apex()))};
    cdnskey = {key_signer.key().rdata};
  }

  [[nodiscard]] observe::ZoneObservation look() const {
    auto seen = observe();
    for (std::size_t i = 0; i < seen.servers.size(); ++i) {
      ask_at(seen.servers[i], Type::cds, cds);
      ask_at(seen.servers[i], Type::cdnskey, cdnskey);
      seen.nameservers[i].name = name("ns" + std::to_string(i + 1) + ".host.test");
    }
    return seen;
  }

  /// And the nameservers signal the same.
  [[nodiscard]] observe::ZoneObservation vouched() const {
    auto seen = look();
    for (const auto& host : observe::signalling_nameservers(seen)) {
      observe::Signal signal;
      signal.nameserver = host;
      signal.name = observe::signalling_name(apex(), host);
      signal.cds = published(*signal.name, Type::cds, cds);
      signal.cdnskey = published(*signal.name, Type::cdnskey, cdnskey);
      seen.signals.push_back(std::move(signal));
    }
    return seen;
  }

  [[nodiscard]] static dns::Lookup published(const dns::Name& owner, Type type,
                                             const std::vector<dns::Bytes>& rdatas,
                                             Security security = Security::secure) {
    dns::Lookup found;
    found.question = {owner, type, dns::Class::in};
    found.security = security;
    found.have_data = !rdatas.empty();
    say(found, message_with(found.question, rdatas));
    return found;
  }

 private:
  static dns::Message message_with(const dns::Question& question,
                                   const std::vector<dns::Bytes>& rdatas) {
    dns::Message message;
    message.qr = message.aa = true;
    message.questions = {question};
    for (const auto& rdata : rdatas) {
      message.answer.push_back({question.name, question.type, dns::Class::in, 300, rdata});
    }
    return message;
  }
  void ask_at(observe::Server& server, Type type, const std::vector<dns::Bytes>& rdatas) const {
    auto answer = server.answers.front();
    answer.question = {apex(), type, dns::Class::in};
    say(answer, message_with(answer.question, rdatas));
    server.answers.push_back(std::move(answer));
  }
};

judge::Policy bootstrapping() {
  auto policy = expecting(judge::Expect::insecure);
  policy.bootstrap = true;
  return policy;
}

judge::Policy not_bootstrapping() { return expecting(judge::Expect::insecure); }

/// A WARNING with --bootstrap, and INFO without.
void expect_broken(const observe::ZoneObservation& seen, const std::vector<std::string>& words) {
  expect(ds_of(seen, bootstrapping()), Fault::dsboot_signal_broken, Tier::warning, words);
  expect(ds_of(seen, not_bootstrapping()), Fault::dsboot_signal_broken, Tier::info, words);
}

/// A WARNING with --bootstrap, and nothing without.
void expect_broken_if_wanted(const observe::ZoneObservation& seen,
                             const std::vector<std::string>& words) {
  expect(ds_of(seen, bootstrapping()), Fault::dsboot_signal_broken, Tier::warning, words);
  expect_absent(ds_of(seen, not_bootstrapping()), Fault::dsboot_signal_broken);
}

std::optional<std::string> words_of(const observe::ZoneObservation& seen) {
  return judge::bootstrap_words(judge::analyse(seen, kNow, nullptr));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_bootstrap)

BOOST_AUTO_TEST_CASE(every_nameserver_vouches) {
  const Waiting world;
  const auto seen = world.vouched();
  BOOST_REQUIRE(seen.signals.size() == 2U);
  expect_absent(ds_of(seen, bootstrapping()), Fault::dsboot_signal_broken);
  const auto words = words_of(seen);
  BOOST_REQUIRE(words);
  BOOST_TEST((words->find("ns1.host.test and ns2.host.test") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(none_vouches) {
  const Waiting world;
  auto seen = world.vouched();
  for (auto& signal : seen.signals) {
    signal.cds = Waiting::published(*signal.name, Type::cds, {});
    signal.cdnskey = Waiting::published(*signal.name, Type::cdnskey, {});
  }
  expect_broken_if_wanted(
      seen, {"no CDS and CDNSKEY", "ns1.host.test and ns2.host.test", "_dsboot.zone.test._signal"});
  BOOST_TEST(!words_of(seen));
}

BOOST_AUTO_TEST_CASE(one_nameserver_does_not) {
  const Waiting world;
  auto seen = world.vouched();
  auto& signal = seen.signals[1];
  signal.cdnskey = Waiting::published(*signal.name, Type::cdnskey, {});
  expect_broken(seen, {"no CDNSKEY", "ns2.host.test"});
  signal.cdnskey->security = Security::insecure;
  expect_broken(seen, {"no CDNSKEY", "ns2.host.test"});
  signal.cds = Waiting::published(*signal.name, Type::cds, {});
  expect_broken(seen, {"no CDS and CDNSKEY", "ns2.host.test"});
}

BOOST_AUTO_TEST_CASE(other_records) {
  const Waiting world;
  auto seen = world.vouched();
  auto& signal = seen.signals[0];
  const Signer other(9, kKeySigningKey);
  signal.cds = Waiting::published(*signal.name, Type::cds, {ds_rdata(other.ds(world.apex()))});
  expect_broken(seen, {"other CDS ", "ns1.host.test"});
  // What the zone itself has not.
  Waiting half;
  half.cdnskey.clear();
  seen = half.vouched();
  expect_absent(ds_of(seen, bootstrapping()), Fault::dsboot_signal_broken);
  seen.signals[0].cdnskey = Waiting::published(*seen.signals[0].name, Type::cdnskey, world.cdnskey);
  expect_broken(seen, {"other CDNSKEY ", "ns1.host.test"});
}

BOOST_AUTO_TEST_CASE(records_that_prove_nothing) {
  const Waiting world;
  auto seen = world.vouched();
  auto& signal = seen.signals[0];
  signal.cds->security = signal.cdnskey->security = Security::insecure;
  expect_broken(seen, {"ns1.host.test", "not secure"});
  for (const auto& [security, words] : std::vector<std::pair<Security, std::string>>{
           {Security::bogus, "does not validate"}, {Security::failed, "no answer about"}}) {
    signal.cds->security = signal.cdnskey->security = security;
    signal.cds->have_data = signal.cdnskey->have_data = false;
    expect_broken(seen, {words, "ns1.host.test"});
  }
  signal.cds->security = signal.cdnskey->security = Security::not_looked_up;
  expect_absent(ds_of(seen, bootstrapping()), Fault::dsboot_signal_broken);
  BOOST_TEST(!words_of(seen));
  signal.name.reset();
  signal.cds.reset();
  signal.cdnskey.reset();
  expect_broken(seen, {"too long", "ns1.host.test"});
}

BOOST_AUTO_TEST_CASE(nobody_could_vouch) {
  const Waiting world;
  auto seen = world.look();
  for (auto& host : seen.nameservers) {
    host.name = name("ns.zone.test");
  }
  expect_broken_if_wanted(seen, {"in the zone itself"});
  Waiting silent;
  silent.cds.clear();
  silent.cdnskey.clear();
  expect_broken_if_wanted(silent.vouched(), {"neither CDS nor CDNSKEY"});
  silent.cds = {{0, 0, 0, 0, 0}};
  expect_broken_if_wanted(silent.vouched(), {"no DS"});
}

BOOST_AUTO_TEST_CASE(a_zone_with_a_ds_needs_none) {
  Waiting world;
  world.publish_ds({world.key_signer.ds(world.apex())});
  world.word = Security::secure;
  auto policy = bootstrapping();
  policy.expect = judge::Expect::secure;
  expect_absent(ds_of(world.look(), policy), Fault::dsboot_signal_broken);
}

BOOST_AUTO_TEST_CASE(nothing_was_looked_up) {
  const Waiting world;
  expect_absent(ds_of(world.look(), bootstrapping()), Fault::dsboot_signal_broken);
  BOOST_TEST(!words_of(world.look()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
