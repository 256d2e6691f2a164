// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/record.hpp"

#include <boost/test/unit_test.hpp>

#include "dns/dns_support.hpp"

namespace {

using dns::Bytes;
using dns::Class;
using dns::Record;
using dns::SignedRRset;
using dns::Type;
using dns_support::concat;
using dns_support::hex;
using dns_support::name;
using dns_support::wire;

Record record(std::string_view owner, Type type, const Bytes& rdata, std::uint32_t ttl = 300) {
  return {name(owner), type, Class::in, ttl, rdata};
}

Record signature(std::string_view owner, Type covered, std::string_view signer = "example",
                 std::uint8_t mark = 1) {
  dns::Writer rdata;
  rdata.u16(static_cast<std::uint16_t>(covered));
  rdata.bytes(Bytes(16, 0));
  rdata.bytes(wire(signer));
  rdata.u8(mark);
  return record(owner, Type::rrsig, rdata.take(), 60);
}

BOOST_AUTO_TEST_SUITE(dns_record)

BOOST_AUTO_TEST_CASE(groups_by_owner_type_and_class) {
  std::vector<Record> section{
      record("a.example", Type::a, hex("c0000201")),
      record("a.example", Type::txt, hex("0161")),
      record("b.example", Type::a, hex("c0000201")),
      record("A.Example", Type::a, hex("c0000202")),
  };
  section.push_back(section[0]);
  section.back().klass = Class::ch;
  const auto sets = dns::group(section);
  BOOST_REQUIRE(sets.size() == 4U);
  BOOST_TEST(sets[0].set.owner.to_text() == "a.example.");
  BOOST_TEST(sets[0].set.rdatas.size() == 2U);
  BOOST_TEST(sets[0].set.rdatas[1] == hex("c0000202"));
  BOOST_CHECK(sets[1].set.type == Type::txt);
  BOOST_TEST(sets[2].set.owner.to_text() == "b.example.");
  BOOST_CHECK(sets[3].set.klass == Class::ch);
  for (const SignedRRset& set : sets) BOOST_TEST(set.signatures.empty());
}

BOOST_AUTO_TEST_CASE(nothing_makes_nothing) { BOOST_TEST(dns::group({}).empty()); }

BOOST_AUTO_TEST_CASE(signatures_go_to_the_set_they_cover) {
  const std::vector<Record> section{
      record("example", Type::mx, concat({hex("000a"), wire("a")})),
      record("example", Type::txt, hex("0161")),
      signature("EXAMPLE", Type::txt),
      signature("example", Type::mx),
      signature("example", Type::mx, "other"),
  };
  const auto sets = dns::group(section);
  BOOST_REQUIRE(sets.size() == 2U);
  BOOST_REQUIRE(sets[0].signatures.size() == 2U);
  BOOST_REQUIRE(sets[0].signatures[1].rrsig.has_value());
  BOOST_TEST(sets[0].signatures[1].rrsig->signer.to_text() == "other.");
  BOOST_TEST(sets[0].signatures[1].ttl == 60U);
  BOOST_TEST(sets[0].signatures[1].raw == section[4].rdata);
  BOOST_TEST(sets[1].signatures.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_signature_may_come_first) {
  const std::vector<Record> section{
      signature("example", Type::a),
      record("example", Type::a, hex("c0000201"), 77),
  };
  const auto sets = dns::group(section);
  BOOST_REQUIRE(sets.size() == 1U);
  BOOST_TEST(sets[0].signatures.size() == 1U);
  BOOST_TEST(sets[0].set.rdatas.size() == 1U);
  BOOST_TEST(sets[0].set.ttl == 77U);
  BOOST_TEST(!sets[0].set.ttls_differ);
}

BOOST_AUTO_TEST_CASE(a_signature_over_nothing_is_a_set_without_rdata) {
  const std::vector<Record> section{signature("example", Type::dnskey)};
  const auto sets = dns::group(section);
  BOOST_REQUIRE(sets.size() == 1U);
  BOOST_CHECK(sets[0].set.type == Type::dnskey);
  BOOST_TEST(sets[0].set.rdatas.empty());
  BOOST_TEST(sets[0].signatures.size() == 1U);
  BOOST_CHECK(dns::find(sets, name("example"), Type::dnskey) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_malformed_signature_is_kept_raw) {
  const std::vector<Record> section{
      record("example", Type::a, hex("c0000201")),
      record("example", Type::rrsig, hex("0001 05")),
      record("example", Type::rrsig, hex("00")),
  };
  const auto sets = dns::group(section);
  BOOST_REQUIRE(sets.size() == 2U);
  BOOST_REQUIRE(sets[0].signatures.size() == 1U);
  BOOST_TEST(!sets[0].signatures[0].rrsig.has_value());
  BOOST_TEST(sets[0].signatures[0].raw == hex("000105"));
  BOOST_CHECK(sets[1].set.type == Type::none);
  BOOST_TEST(sets[1].signatures[0].raw == hex("00"));
}

BOOST_AUTO_TEST_CASE(duplicates_are_dropped_by_canonical_rdata) {
  const std::vector<Record> section{
      record("example", Type::ns, wire("NS1.example")),
      record("example", Type::ns, wire("ns1.EXAMPLE")),
      record("example", Type::ns, wire("ns2.example")),
      record("example", Type::txt, hex("0161")),
      record("example", Type::txt, hex("0141")),
      record("example", Type::txt, hex("0161")),
      signature("example", Type::ns, "EXAMPLE"),
      signature("example", Type::ns, "example"),
      signature("example", Type::ns, "example", 2),
  };
  const auto sets = dns::group(section);
  BOOST_REQUIRE(sets.size() == 2U);
  BOOST_REQUIRE(sets[0].set.rdatas.size() == 2U);
  BOOST_TEST(sets[0].set.rdatas[0] == wire("NS1.example"));
  BOOST_TEST(sets[1].set.rdatas.size() == 2U);
  BOOST_TEST(sets[0].signatures.size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_least_ttl_counts) {
  const std::vector<Record> section{
      record("a", Type::txt, hex("0161"), 300), record("a", Type::txt, hex("0162"), 100),
      record("a", Type::txt, hex("0163"), 200), record("b", Type::txt, hex("0161"), 5),
      record("b", Type::txt, hex("0162"), 5),   record("c", Type::txt, hex("0161"), 9),
      record("c", Type::txt, hex("0161"), 8),
  };
  const auto sets = dns::group(section);
  BOOST_REQUIRE(sets.size() == 3U);
  BOOST_TEST(sets[0].set.ttl == 100U);
  BOOST_TEST(sets[0].set.ttls_differ);
  BOOST_TEST(sets[1].set.ttl == 5U);
  BOOST_TEST(!sets[1].set.ttls_differ);
  BOOST_TEST(sets[2].set.ttl == 8U);
  BOOST_TEST(sets[2].set.ttls_differ);
}

BOOST_AUTO_TEST_CASE(passes_over_opt_and_tsig) {
  const std::vector<Record> section{
      record(".", Type::opt, {}),
      record("key", Type::tsig, {}),
      record("a", Type::a, hex("c0000201")),
  };
  const auto sets = dns::group(section);
  BOOST_REQUIRE(sets.size() == 1U);
  BOOST_CHECK(sets[0].set.type == Type::a);
}

BOOST_AUTO_TEST_CASE(finds_by_owner_and_type) {
  const std::vector<Record> section{
      record("a", Type::a, hex("c0000201")),
      record("b", Type::a, hex("c0000202")),
  };
  const auto sets = dns::group(section);
  BOOST_CHECK(dns::find(sets, name("B"), Type::a) == &sets[1]);
  BOOST_CHECK(dns::find(sets, name("b"), Type::aaaa) == nullptr);
  BOOST_CHECK(dns::find(sets, name("c"), Type::a) == nullptr);
  BOOST_CHECK(dns::find({}, name("c"), Type::a) == nullptr);
}

BOOST_AUTO_TEST_CASE(compares_rdata_whatever_the_order_and_case) {
  const auto set_of = [](std::initializer_list<Bytes> rdatas) {
    dns::RRset set;
    set.type = Type::ns;
    set.rdatas = rdatas;
    return set;
  };
  BOOST_TEST(dns::same_rdata(set_of({wire("a"), wire("b")}), set_of({wire("B"), wire("A")})));
  BOOST_TEST(!dns::same_rdata(set_of({wire("a"), wire("b")}), set_of({wire("a")})));
  BOOST_TEST(!dns::same_rdata(set_of({wire("a")}), set_of({wire("c")})));
  BOOST_TEST(dns::same_rdata(set_of({}), set_of({})));
}

// A message can hold this many: grouping must not take the square of it.
BOOST_AUTO_TEST_CASE(a_large_section_is_grouped_in_reasonable_time) {
  std::vector<Record> section;
  for (unsigned i = 0; i < 100'000; ++i) {
    dns::Writer rdata;
    rdata.u32(i);
    section.push_back(record(i % 2 == 0 ? "a" : 'a' + std::to_string(i), Type::a, rdata.take()));
  }
  const auto sets = dns::group(section);
  BOOST_TEST(sets.size() == 50'001U);
  BOOST_TEST(sets[0].set.rdatas.size() == 50'000U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
