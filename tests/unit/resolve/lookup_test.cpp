// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "resolve/context.hpp"
#include "resolve/forwarder.hpp"

using dns::Rcode;
using dns::Security;
using dns::Type;
using tree::Signing;

namespace {

constexpr std::int64_t hour = 3600;
constexpr std::int64_t day = 86400;

const dns::Bytes address{192, 0, 2, 1};

struct LookupFixture : forwarder::Fixture {
  tree::Zone& zone(const std::string& apex, const Signing& signing) {
    tree::Zone& made = zones.add(apex, signing);
    made.add("www." + apex, Type::a, address);
    return made;
  }
};

long count(const std::vector<dns::Record>& section, Type type) {
  return std::count_if(section.begin(), section.end(),
                       [type](const dns::Record& record) { return record.type == type; });
}

dns::UnixTime from_now(std::int64_t seconds) { return std::time(nullptr) + seconds; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(lookup, LookupFixture)

BOOST_AUTO_TEST_CASE(a_secure_answer) {
  zone("good.", {});
  const dns::Lookup found = look_up("www.good.");
  BOOST_TEST(found.security == Security::secure);
  BOOST_TEST(found.validated);
  BOOST_TEST(found.rcode == Rcode::noerror);
  BOOST_TEST(found.have_data);
  BOOST_TEST(found.why_bogus == "");
  BOOST_TEST(found.round_trip.count() > 0);
  BOOST_REQUIRE(found.message.has_value());
  BOOST_TEST(count(found.message->answer, Type::a) == 1);
  BOOST_TEST(count(found.message->answer, Type::rrsig) == 1);
  BOOST_TEST((found.question.name == tree::name("www.good.")));
}

BOOST_AUTO_TEST_CASE(keys_and_signers_records_come_with_signatures) {
  zone("good.", {});
  const auto resolver = this->resolver();
  for (const auto& [name, type] : {std::pair("good.", Type::dnskey), std::pair("good.", Type::ds),
                                   std::pair(".", Type::dnskey), std::pair("good.", Type::soa)}) {
    const dns::Lookup found = look_up(*resolver, name, type);
    BOOST_TEST(found.security == Security::secure);
    BOOST_REQUIRE(found.message.has_value());
    BOOST_TEST(count(found.message->answer, type) == 1);
    BOOST_TEST(count(found.message->answer, Type::rrsig) == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_secure_denial_of_the_name) {
  zone("good.", {});
  const dns::Lookup found = look_up("nothing.good.");
  BOOST_TEST(found.security == Security::secure);
  BOOST_TEST(found.rcode == Rcode::nxdomain);
  BOOST_TEST(!found.have_data);
  BOOST_REQUIRE(found.message.has_value());
  BOOST_TEST(count(found.message->authority, Type::soa) == 1);
  BOOST_TEST(count(found.message->authority, Type::nsec) >= 1);
  BOOST_TEST(count(found.message->authority, Type::rrsig) >= 2);
}

BOOST_AUTO_TEST_CASE(a_secure_denial_of_the_type) {
  zone("good.", {});
  const dns::Lookup found = look_up("www.good.", Type::aaaa);
  BOOST_TEST(found.security == Security::secure);
  BOOST_TEST(found.rcode == Rcode::noerror);
  BOOST_TEST(!found.have_data);
  BOOST_REQUIRE(found.message.has_value());
  BOOST_TEST(count(found.message->authority, Type::nsec) == 1);
  BOOST_TEST(count(found.message->authority, Type::rrsig) == 2);
}

BOOST_AUTO_TEST_CASE(below_an_unsigned_delegation) {
  zone("plain.", {.on = false});
  const auto resolver = this->resolver();
  const dns::Lookup found = look_up(*resolver, "www.plain.");
  BOOST_TEST(found.security == Security::insecure);
  BOOST_TEST(found.have_data);
  BOOST_REQUIRE(found.message.has_value());
  BOOST_TEST(count(found.message->answer, Type::a) == 1);
  BOOST_TEST(look_up(*resolver, "nothing.plain.").security == Security::insecure);
  BOOST_TEST(look_up(*resolver, "plain.", Type::ds).security == Security::secure);
}

BOOST_AUTO_TEST_CASE(a_broken_signature) {
  zone("broken.", {.broken = true});
  const dns::Lookup found = look_up("www.broken.");
  BOOST_TEST(found.security == Security::bogus);
  BOOST_TEST(!found.why_bogus.empty());
}

BOOST_AUTO_TEST_CASE(what_a_bogus_answer_carries) {
  zone("broken.", {.broken = true});
  const dns::Lookup found = look_up("www.broken.");
  BOOST_REQUIRE(found.message.has_value());
  BOOST_TEST(count(found.message->answer, Type::a) == 1);
  BOOST_TEST(count(found.message->answer, Type::rrsig) == 1);
}

BOOST_AUTO_TEST_CASE(another_trust_anchor) {
  zone("good.", {});
  resolve::Settings other = settings();
  other.anchors = resolve::builtin_anchors();
  BOOST_TEST(look_up(*resolver(other), "www.good.").security == Security::bogus);
}

BOOST_AUTO_TEST_CASE(an_island_of_security) {
  const dnssec::Anchor anchor = zone("island.", {}).anchor();
  resolve::Settings other = settings();
  other.anchors = {anchor};
  const auto resolver = this->resolver(other);
  BOOST_TEST(look_up(*resolver, "www.island.").security == Security::secure);
  BOOST_TEST(look_up(*resolver, ".", Type::soa).security == Security::insecure);
}

BOOST_AUTO_TEST_CASE(no_second_of_skew_is_forgiven) {
  zone("expired.", {.inception = -30 * day, .expiration = -60});
  zone("early.", {.inception = 60, .expiration = 30 * day});
  const auto resolver = this->resolver();
  BOOST_TEST(look_up(*resolver, "www.expired.").security == Security::bogus);
  BOOST_TEST(look_up(*resolver, "www.early.").security == Security::bogus);
}

BOOST_AUTO_TEST_CASE(the_validator_s_clock) {
  zone("good.", {.inception = -hour, .expiration = 3 * day});
  resolve::Settings moved = settings();
  moved.at = from_now(2 * hour);
  BOOST_TEST(look_up(*resolver(moved), "www.good.").security == Security::secure);
  moved.at = from_now(4 * day);
  BOOST_TEST(look_up(*resolver(moved), "www.good.").security == Security::bogus);
  moved.at = from_now(-2 * day);
  BOOST_TEST(look_up(*resolver(moved), "www.good.").security == Security::bogus);
  moved.at = 0;
  BOOST_TEST(look_up(*resolver(moved), "www.good.").security == Security::bogus);
}

BOOST_AUTO_TEST_CASE(server_failure_is_no_verdict) {
  zone("good.", {});
  script = [](dns::Bytes query) -> std::optional<dns::Bytes> {
    dns::Message message = dns::parse_message(query).value();
    message.qr = true;
    message.rcode = Rcode::servfail;
    return dns::write_message(message);
  };
  resolve::Settings plain = settings();
  plain.validate = false;
  for (const resolve::Settings& wanted : {settings(), plain}) {
    const dns::Lookup found = look_up(*resolver(wanted), "www.good.");
    BOOST_TEST(found.security == Security::failed);
    BOOST_TEST(found.rcode == Rcode::servfail);
    BOOST_TEST(!found.have_data);
  }
}

BOOST_AUTO_TEST_CASE(without_validation) {
  zone("good.", {});
  zone("broken.", {.broken = true});
  resolve::Settings plain = settings();
  plain.validate = false;
  plain.anchors.clear();
  const auto resolver = this->resolver(plain);
  for (const char* name : {"www.good.", "www.broken."}) {
    const dns::Lookup found = look_up(*resolver, name);
    BOOST_TEST(found.security == Security::insecure);
    BOOST_TEST(!found.validated);
    BOOST_REQUIRE(found.message.has_value());
    BOOST_TEST(count(found.message->answer, Type::rrsig) == 1);
  }
  BOOST_TEST(look_up(*resolver, "nothing.good.").rcode == Rcode::nxdomain);
  BOOST_TEST(server.asked("good.", Type::dnskey) == 0);
}

/// RFC 6761, RFC 6303, RFC 7686, RFC 8375, and what else libunbound answers by itself.
BOOST_AUTO_TEST_CASE(no_name_is_answered_out_of_thin_air) {
  resolve::Settings plain = settings();
  plain.validate = false;
  const auto resolver = this->resolver(plain);
  const std::string zeros = "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.";
  for (const std::string& name : {std::string("x.test."),
                                  std::string("test."),
                                  std::string("x.invalid."),
                                  std::string("localhost."),
                                  std::string("x.localhost."),
                                  std::string("x.onion."),
                                  std::string("x.home.arpa."),
                                  std::string("x.resolver.arpa."),
                                  std::string("x.service.arpa."),
                                  std::string("1.0.0.127.in-addr.arpa."),
                                  std::string("4.3.2.10.in-addr.arpa."),
                                  std::string("1.1.16.172.in-addr.arpa."),
                                  std::string("1.1.31.172.in-addr.arpa."),
                                  std::string("1.1.168.192.in-addr.arpa."),
                                  std::string("1.0.64.100.in-addr.arpa."),
                                  std::string("1.0.127.100.in-addr.arpa."),
                                  std::string("1.1.254.169.in-addr.arpa."),
                                  std::string("1.2.0.192.in-addr.arpa."),
                                  std::string("1.100.51.198.in-addr.arpa."),
                                  std::string("1.113.0.203.in-addr.arpa."),
                                  std::string("255.255.255.255.in-addr.arpa."),
                                  std::string("1.0.0.0.in-addr.arpa."),
                                  std::string("1.d.f.ip6.arpa."),
                                  std::string("1.8.e.f.ip6.arpa."),
                                  std::string("1.b.e.f.ip6.arpa."),
                                  std::string("1.8.b.d.0.1.0.0.2.ip6.arpa."),
                                  "1." + zeros + "ip6.arpa.",
                                  "0." + zeros + "ip6.arpa."}) {
    look_up(*resolver, name, Type::ptr);
    BOOST_TEST(server.asked(name, Type::ptr) >= 1, name << " is not asked for");
  }
}

BOOST_AUTO_TEST_CASE(a_special_name_is_validated_like_others) {
  zone("test.", {});
  zone("good.test.", {});
  zone("arpa.", {});
  zone("10.in-addr.arpa.", {});
  const auto resolver = this->resolver();
  BOOST_TEST(look_up(*resolver, "www.good.test.").security == Security::secure);
  BOOST_TEST(look_up(*resolver, "www.10.in-addr.arpa.").security == Security::secure);
}

/// RFC 8198 would answer the second from the first's denial.
BOOST_AUTO_TEST_CASE(every_probe_is_asked) {
  zone("good.", {});
  const auto resolver = this->resolver();
  look_up(*resolver, "n1.good.");
  look_up(*resolver, "n2.good.");
  BOOST_TEST(server.asked("n1.good.", Type::a) == 1);
  BOOST_TEST(server.asked("n2.good.", Type::a) == 1);
}

BOOST_AUTO_TEST_CASE(names_with_odd_octets) {
  zones.add("good.", {}).add("a\\.b\\000\\032\\255.good.", Type::a, address);
  const dns::Lookup found = look_up("a\\.b\\000\\032\\255.good.");
  BOOST_TEST(found.security == Security::secure);
  BOOST_TEST(found.have_data);
}

BOOST_AUTO_TEST_CASE(clock_text) {
  BOOST_TEST(resolve::override_date(1735689600) == "20250101000000");
  BOOST_TEST(resolve::override_date(2147483648) == "20380119031408");
  BOOST_TEST(resolve::override_date(0) == "19700101000001");
  BOOST_TEST(resolve::override_date(4294967294) == "21060207062814");
  BOOST_TEST(resolve::override_date(4294967295) == "21060207062814");
  BOOST_TEST(resolve::override_date(4294967296 + 60) == "19700101000100");
}

BOOST_AUTO_TEST_SUITE_END()
