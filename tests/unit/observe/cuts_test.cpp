// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Which cuts a server claims, and what it is asked about them.
#include <boost/test/unit_test.hpp>

#include "observe/sample.hpp"

namespace observe_test {
namespace {

using dns::Type;

dns::Record record(const char* owner, Type type, dns::Bytes rdata = {}) {
  return {name(owner), type, dns::Class::in, 300, std::move(rdata)};
}

/// One server, with one answer about that name.
struct Cuts {
  observe::ZoneObservation seen;
  observe::Server server;
  dns::Message message;
  explicit Cuts(const char* asked) {
    seen.apex = name("example");
    seen.random_name = name("probe-xyz.example");
    server.answers.emplace_back();
    server.answers.back().question = {name(asked), Type::a, dns::Class::in};
    server.answers.back().outcome = dns::Outcome::answered;
    server.answers.back().message = message;
  }
  std::vector<std::string> asked_for() {
    server.answers.back().message = message;
    std::vector<std::string> words;
    for (const auto& question : observe::cut_questions(seen, server)) {
      words.push_back(question.name.to_display() + "/" + dns::to_text(question.type));
    }
    return words;
  }
};

void expect_cuts(const std::vector<std::string>& is, const std::vector<std::string>& wanted) {
  BOOST_TEST(is == wanted, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(observe_cuts)

BOOST_AUTO_TEST_CASE(each_name_down_to_the_claim) {
  Cuts scene("host.b.a.example");
  scene.message.authority = {record("b.a.example", Type::ns)};
  expect_cuts(scene.asked_for(), {"b.a.example/DS", "a.example/DS"});
}

BOOST_AUTO_TEST_CASE(soa_and_signer_claim_too) {
  Cuts scene("a.example");
  scene.message.authority = {record("a.example", Type::soa)};
  expect_cuts(scene.asked_for(), {"a.example/DS"});
  Cuts other("host.a.example");
  auto rdata = dns::Bytes(18, 0);  // RFC 4034 3.1: the fields before the signer
  const auto signer = name("a.example").canonical_wire();
  rdata.insert(rdata.end(), signer.begin(), signer.end());
  rdata.push_back(1);
  other.message.answer = {record("host.a.example", Type::rrsig, rdata)};
  expect_cuts(other.asked_for(), {"a.example/DS"});
}

BOOST_AUTO_TEST_CASE(what_is_no_claim) {
  Cuts scene("host.example");
  scene.message.answer = {record("host.example", Type::a)};
  scene.message.authority = {record("example", Type::ns), record("test", Type::soa),
                             record("beside.example", Type::ns)};
  expect_cuts(scene.asked_for(), {});
  Cuts nobody("probe-xyz.example");
  nobody.message.authority = {record("probe-xyz.example", Type::ns)};
  expect_cuts(nobody.asked_for(), {});
}

BOOST_AUTO_TEST_CASE(zone_of_an_alias_target) {
  Cuts scene("www.example");
  scene.message.answer = {record("www.example", Type::cname), record("host.a.example", Type::a)};
  scene.message.authority = {record("a.example", Type::ns)};
  expect_cuts(scene.asked_for(), {"a.example/DS"});
}

BOOST_AUTO_TEST_CASE(target_that_is_not_answered) {
  Cuts scene("www.example");
  const auto target = name("host.a.example").canonical_wire();
  scene.message.answer = {record("www.example", Type::cname, target)};
  scene.message.authority = {record("a.example", Type::soa)};
  expect_cuts(scene.asked_for(), {"a.example/DS"});
}

BOOST_AUTO_TEST_CASE(unsigned_data_of_a_signed_zone) {
  Cuts scene("host.b.example");
  scene.message.answer = {record("host.b.example", Type::cname)};
  expect_cuts(scene.asked_for(), {});  // it may be unsigned as a whole
  auto keys = scene.server.answers.back();
  keys.question = {name("example"), Type::dnskey, dns::Class::in};
  keys.message = dns::Message();
  keys.message->answer = {record("example", Type::dnskey)};
  scene.server.answers.insert(scene.server.answers.begin(), keys);
  expect_cuts(scene.asked_for(), {"b.example/DS", "host.b.example/DS"});
  // A CNAME that a DNAME made is unsigned too.
  scene.message.answer.push_back(record("b.example", Type::dname));
  expect_cuts(scene.asked_for(), {});
}

/// The cut itself first, and it is asked about however deep it is.
BOOST_AUTO_TEST_CASE(zone_below_of_very_many_labels) {
  std::string deep = "example";
  for (int i = 0; i < 100; ++i) {
    deep.insert(0, "a.");
  }
  Cuts scene(deep.c_str());
  scene.message.authority = {record(deep.c_str(), Type::soa)};
  const auto asked = scene.asked_for();
  BOOST_TEST(asked.front() == deep + "/DS");
  BOOST_TEST(asked.size() == observe::most_cut_questions(scene.seen));
}

BOOST_AUTO_TEST_CASE(once_only_and_not_too_many) {
  Cuts scene("host.a.example");
  scene.message.authority = {record("a.example", Type::ns)};
  auto again = scene.server.answers.back();
  again.question = {name("a.example"), Type::ds, dns::Class::in};
  scene.server.answers.insert(scene.server.answers.begin(), again);
  expect_cuts(scene.asked_for(), {});
  Cuts many("host.example");
  for (int i = 0; i < 2000; ++i) {
    const auto owner = "a" + std::to_string(i) + ".example";
    many.message.answer.push_back(record(owner.c_str(), Type::ns));
  }
  BOOST_TEST(many.asked_for().size() == observe::most_cut_questions(many.seen));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace observe_test
