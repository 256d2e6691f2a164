// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>

#include "dns/dns_support.hpp"
#include "dns/rdata.hpp"

namespace {

using dns_support::octets;

struct Vector {
  std::string_view plain, hex, base64, base32hex;
};

// RFC 4648 10; base32hex in lower case and without padding, as RFC 5155 writes it.
constexpr Vector vectors[] = {
    {"", "", "", ""},
    {"f", "66", "Zg==", "co"},
    {"fo", "666F", "Zm8=", "cpng"},
    {"foo", "666F6F", "Zm9v", "cpnmu"},
    {"foob", "666F6F62", "Zm9vYg==", "cpnmuog"},
    {"fooba", "666F6F6261", "Zm9vYmE=", "cpnmuoj1"},
    {"foobar", "666F6F626172", "Zm9vYmFy", "cpnmuoj1e8"},
};

BOOST_AUTO_TEST_SUITE(dns_encoding)

BOOST_AUTO_TEST_CASE(vectors_of_rfc_4648_10) {
  for (const Vector& vector : vectors) {
    const dns::Bytes bytes = octets(vector.plain);
    BOOST_TEST(dns::to_hex(bytes) == vector.hex);
    BOOST_TEST(dns::to_base64(bytes) == vector.base64);
    BOOST_TEST(dns::to_base32hex(bytes) == vector.base32hex);
    BOOST_CHECK(dns::from_hex(vector.hex) == bytes);
    BOOST_CHECK(dns::from_base64(vector.base64) == bytes);
    BOOST_CHECK(dns::from_base32hex(vector.base32hex) == bytes);
  }
}

BOOST_AUTO_TEST_CASE(either_case_where_promised) {
  BOOST_CHECK(dns::from_hex("aAfF") == (dns::Bytes{0xaa, 0xff}));
  BOOST_CHECK(dns::from_base32hex("CPNMUOJ1e8") == octets("foobar"));
  BOOST_CHECK(dns::from_base64("ZM9v") != octets("foo"));
}

BOOST_AUTO_TEST_CASE(refuses_bad_text) {
  for (const std::string_view text : {"6", "666", "6g", "66 66", "0x66", "\xc3\xa4"}) {
    BOOST_TEST(!dns::from_hex(text).has_value(), "accepted: " << text);
  }
  for (const std::string_view text : {"Zg", "Zg=", "Z===", "====", "=", "Zg==Zg==", "Zm9v Zm9v",
                                      "Zm9vZ", "Zh==", "Zm9=", "Zm-_", "Zm=v", "Zg===", "Zm9v\n"}) {
    BOOST_TEST(!dns::from_base64(text).has_value(), "accepted: " << text);
  }
  for (const std::string_view text :
       {"c", "cpn", "cpnmuo", "cp", "w0", "co======", "c o", "cpnmu\xff"}) {
    BOOST_TEST(!dns::from_base32hex(text).has_value(), "accepted: " << text);
  }
}

BOOST_AUTO_TEST_CASE(any_bytes_survive) {
  dns_support::Random random(4648);
  for (int i = 0; i < 5'000; ++i) {
    const dns::Bytes bytes = random.bytes(random.below(70));
    BOOST_REQUIRE((dns::from_hex(dns::to_hex(bytes)) == bytes));
    BOOST_REQUIRE((dns::from_base64(dns::to_base64(bytes)) == bytes));
    BOOST_REQUIRE((dns::from_base32hex(dns::to_base32hex(bytes)) == bytes));
  }
}

// One byte string, one text: else two spellings of a key or an NSEC3 owner would be one.
BOOST_AUTO_TEST_CASE(what_decodes_is_encoded_back_the_same) {
  dns_support::Random random(4649);
  constexpr std::string_view digits = "AZaz09+/=Vv";
  int decoded = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text(random.below(9), ' ');
    for (char& digit : text) digit = digits[random.below(digits.size())];
    if (const auto bytes = dns::from_base64(text)) {
      BOOST_REQUIRE(dns::to_base64(*bytes) == text);
      ++decoded;
    }
  }
  BOOST_TEST(decoded > 1'000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
