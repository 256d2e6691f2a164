// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>

#include "dns/dns_support.hpp"
#include "dns/rdata.hpp"

namespace {

using dns::Bytes;
using dns::rdata_to_text;
using dns::Type;
using dns_support::concat;
using dns_support::hex;
using dns_support::octets;
using dns_support::wire;

BOOST_AUTO_TEST_SUITE(dns_rdata_text)

BOOST_AUTO_TEST_CASE(addresses) {
  BOOST_TEST(rdata_to_text(Type::a, hex("c0000201")) == "192.0.2.1");
  BOOST_TEST(rdata_to_text(Type::aaaa, hex("20010db8000000000000000000000001")) == "2001:db8::1");
  BOOST_TEST(rdata_to_text(Type::a, hex("c00002")) == "\\# 3 C00002");
  BOOST_TEST(rdata_to_text(Type::aaaa, hex("c0000201")) == "\\# 4 C0000201");
}

BOOST_AUTO_TEST_CASE(prints_names) {
  BOOST_TEST(rdata_to_text(Type::ns, wire("ns1.example")) == "ns1.example.");
  BOOST_TEST(rdata_to_text(Type::cname, wire("a.b")) == "a.b.");
  BOOST_TEST(rdata_to_text(Type::mx, concat({hex("000a"), wire("mail.example")})) ==
             "10 mail.example.");
  BOOST_TEST(rdata_to_text(Type::mx, hex("000a")) == "\\# 2 000A");
  BOOST_TEST(rdata_to_text(Type::mx, hex("000a 00 00")) == "\\# 4 000A0000");
  BOOST_TEST(
      rdata_to_text(Type::soa, concat({wire("ns.x"), wire("host\\.master.x"),
                                       hex("78b19fe6 00000e10 00000384 00127500 00000258")})) ==
      "ns.x. host\\046master.x. 2024906726 3600 900 1209600 600");
}

// RFC 4034 2.3 has this key's beginning, 5.4 the DS.
BOOST_AUTO_TEST_CASE(keys_and_digests) {
  const Bytes key = dns::from_base64("AQPSKmynfzW4kyBv").value();
  BOOST_TEST(rdata_to_text(Type::dnskey, concat({hex("0100 03 05"), key})) ==
             "256 3 5 AQPSKmynfzW4kyBv");
  BOOST_TEST(rdata_to_text(Type::ds, hex("ec45 05 01 2bb183af5f22588179a53b0a98631fad1a292118")) ==
             "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118");
  // The delete records of RFC 8078 4.
  BOOST_TEST(rdata_to_text(Type::cds, hex("0000 00 00 00")) == "0 0 0 00");
  BOOST_TEST(rdata_to_text(Type::cdnskey, hex("0000 03 00 00")) == "0 3 0 AA==");
  BOOST_TEST(rdata_to_text(Type::ds, hex("ec45 05 01")) == "\\# 4 EC450501");
  BOOST_TEST(rdata_to_text(Type::dnskey, hex("0100 03 05")) == "\\# 4 01000305");
}

// RFC 4034 3.3, without the end of the signature.
BOOST_AUTO_TEST_CASE(signatures) {
  const Bytes signature = dns::from_base64("oJB1W6WNGv+ldvQ3WDG0MQkg5IEhjRip8WTr").value();
  BOOST_TEST(rdata_to_text(Type::rrsig, concat({hex("0001 05 03 00015180 3e7c9dd7 3e5510d7 0a52"),
                                                wire("example.com"), signature})) ==
             "A 5 3 86400 20030322173103 20030220173103 2642 example.com. "
             "oJB1W6WNGv+ldvQ3WDG0MQkg5IEhjRip8WTr");
  BOOST_TEST(rdata_to_text(Type::rrsig, concat({hex("ff00 05 03 00000000 ffffffff 00000000 0000"),
                                                hex("00 01")})) ==
             "TYPE65280 5 3 0 21060207062815 19700101000000 0 . AQ==");
}

// RFC 4034 4.3.
BOOST_AUTO_TEST_CASE(prints_nsec) {
  const Bytes types = concat({hex("0006 400100000003 041b"), Bytes(26, 0), hex("20")});
  BOOST_TEST(rdata_to_text(Type::nsec, concat({wire("host.example.com"), types})) ==
             "host.example.com. A MX RRSIG NSEC TYPE1234");
  BOOST_TEST(rdata_to_text(Type::nsec, wire("a")) == "a.");
}

// The first NSEC3 of RFC 5155 appendix A.
BOOST_AUTO_TEST_CASE(prints_nsec3) {
  const Bytes next = dns::from_base32hex("2t7b4g4vsa5smi47k61mv5bv1a22bojr").value();
  const dns::TypeBitmap types(
      {Type::mx, Type::dnskey, Type::ns, Type::soa, Type::nsec3param, Type::rrsig});
  BOOST_TEST(
      rdata_to_text(Type::nsec3, concat({hex("01 01 000c 04 aabbccdd 14"), next, types.wire()})) ==
      "1 1 12 AABBCCDD 2t7b4g4vsa5smi47k61mv5bv1a22bojr NS SOA MX RRSIG DNSKEY NSEC3PARAM");
  BOOST_TEST(rdata_to_text(Type::nsec3, hex("01 00 0000 00 01 ff")) == "1 0 0 - vs");
  BOOST_TEST(rdata_to_text(Type::nsec3param, hex("01 00 0000 00")) == "1 0 0 -");
  BOOST_TEST(rdata_to_text(Type::nsec3param, hex("01 00 000a 02 abcd")) == "1 0 10 ABCD");
}

BOOST_AUTO_TEST_CASE(character_strings) {
  BOOST_TEST(rdata_to_text(Type::txt, concat({hex("05"), octets("v=abc"), hex("00")})) ==
             "\"v=abc\" \"\"");
  BOOST_TEST(rdata_to_text(Type::txt, concat({hex("0b"), octets("a\"b\\c|d\ne\x7f"), hex("ff")})) ==
             "\"a\\034b\\092c\\124d\\010e\\127\\255\"");
  BOOST_TEST(rdata_to_text(Type::txt, hex("")) == "\\# 0");
  BOOST_TEST(rdata_to_text(Type::txt, hex("0361")) == "\\# 2 0361");
}

BOOST_AUTO_TEST_CASE(all_else_is_generic) {
  BOOST_TEST(rdata_to_text(static_cast<Type>(65280), hex("00ff")) == "\\# 2 00FF");
  BOOST_TEST(rdata_to_text(static_cast<Type>(65280), hex("")) == "\\# 0");
  BOOST_TEST(rdata_to_text(Type::svcb, hex("0001 00")) == "\\# 3 000100");
}

BOOST_AUTO_TEST_CASE(no_rdata_can_forge_a_line) {
  dns_support::Random random(8259);
  for (int i = 0; i < 20'000; ++i) {
    Bytes rdata = random.bytes(1 + random.below(30));
    rdata[0] = static_cast<std::uint8_t>(rdata.size() - 1);
    for (const Type type : {Type::txt, Type::ns, Type::cname, Type::nsec, Type::null}) {
      for (const char character : rdata_to_text(type, rdata)) {
        BOOST_REQUIRE((character >= ' ' && character < 0x7f));
        BOOST_REQUIRE(std::string_view("|<>&'`$;[]").find(character) == std::string_view::npos);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
