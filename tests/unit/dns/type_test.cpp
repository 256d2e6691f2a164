// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/type.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

namespace {

using dns::parse_type;
using dns::Rcode;
using dns::Type;

BOOST_AUTO_TEST_SUITE(dns_type)

BOOST_AUTO_TEST_CASE(every_type_survives_text) {
  std::set<std::string> texts;
  for (unsigned value = 0; value <= 0xffff; ++value) {
    const auto type = static_cast<Type>(value);
    const std::string text = dns::to_text(type);
    BOOST_REQUIRE((parse_type(text) == type));
    BOOST_REQUIRE(texts.insert(text).second);
  }
}

BOOST_AUTO_TEST_CASE(mnemonics) {
  BOOST_TEST(dns::to_text(Type::a) == "A");
  BOOST_TEST(dns::to_text(Type::nsec3param) == "NSEC3PARAM");
  BOOST_TEST(dns::to_text(Type::nsap_ptr) == "NSAP-PTR");
  BOOST_TEST(dns::to_text(Type::dlv) == "DLV");
  BOOST_TEST(dns::to_text(Type::none) == "TYPE0");
  BOOST_TEST(dns::to_text(static_cast<Type>(65280)) == "TYPE65280");
}

// Each row of the table is found, so the table is in order: these are all the enumerators.
BOOST_AUTO_TEST_CASE(no_named_type_is_written_the_generic_way) {
  for (const unsigned value :
       {1U,  2U,  3U,  4U,   5U,   6U,   7U,   8U,   9U,   10U,  11U,  12U,   13U, 14U,
        15U, 16U, 17U, 18U,  19U,  20U,  21U,  22U,  23U,  24U,  25U,  26U,   27U, 28U,
        29U, 30U, 33U, 35U,  36U,  37U,  38U,  39U,  41U,  42U,  43U,  44U,   45U, 46U,
        47U, 48U, 49U, 50U,  51U,  52U,  53U,  55U,  59U,  60U,  61U,  62U,   63U, 64U,
        65U, 66U, 99U, 128U, 249U, 250U, 251U, 252U, 255U, 256U, 257U, 32769U}) {
    BOOST_TEST(!dns::to_text(static_cast<Type>(value)).starts_with("TYPE"));
  }
}

BOOST_AUTO_TEST_CASE(reads_any_case_and_the_generic_form) {
  BOOST_CHECK(parse_type("mx") == Type::mx);
  BOOST_CHECK(parse_type("DnsKey") == Type::dnskey);
  BOOST_CHECK(parse_type("TYPE1") == Type::a);
  BOOST_CHECK(parse_type("type65535") == static_cast<Type>(65535));
  BOOST_CHECK(parse_type("TYPE0") == Type::none);
  for (const std::string_view text : {"", "TYPE", "TYPE65536", "TYPE99999", "TYPE000001", "TYPE-1",
                                      "TYPE 1", "TYPE1 ", " A", "A ", "AA", "*", "TYP1"}) {
    BOOST_TEST(!parse_type(text).has_value(), "accepted: " << text);
  }
}

BOOST_AUTO_TEST_CASE(rcodes) {
  BOOST_TEST(dns::to_text(Rcode::nxdomain) == "NXDOMAIN");
  BOOST_TEST(dns::to_text(Rcode::badvers) == "BADVERS");
  BOOST_TEST(dns::to_text(static_cast<Rcode>(17)) == "RCODE17");
  BOOST_TEST(dns::to_text(static_cast<Rcode>(4095)) == "RCODE4095");
  std::set<std::string> texts;
  for (unsigned value = 0; value <= 0xfff; ++value) {
    texts.insert(dns::to_text(static_cast<Rcode>(value)));
  }
  BOOST_TEST(texts.size() == 4096U);
}

BOOST_AUTO_TEST_CASE(extended_errors) {
  BOOST_TEST(dns::extended_error_name(0) == "Other Error");
  BOOST_TEST(dns::extended_error_name(6) == "DNSSEC Bogus");
  BOOST_TEST(dns::extended_error_name(7) == "Signature Expired");
  BOOST_TEST(dns::extended_error_name(9) == "DNSKEY Missing");
  BOOST_TEST(dns::extended_error_name(22) == "No Reachable Authority");
  BOOST_TEST(dns::extended_error_name(27) == "Unsupported NSEC3 Iterations Value");
  BOOST_TEST(dns::extended_error_name(30) == "Invalid Query Type");
  BOOST_TEST(dns::extended_error_name(4711) == "code 4711");
  BOOST_TEST(dns::extended_error_name(65535) == "code 65535");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
