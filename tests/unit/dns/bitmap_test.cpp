// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/bitmap.hpp"

#include <boost/test/unit_test.hpp>

#include "dns/dns_support.hpp"

namespace {

using dns::Type;
using dns::TypeBitmap;
using dns_support::hex;

// The NSEC of RFC 4034 4.3: A MX RRSIG NSEC TYPE1234.
dns::Bytes rfc_4034_example() {
  return dns_support::concat({hex("0006 400100000003 041b"), dns::Bytes(26, 0), hex("20")});
}

BOOST_AUTO_TEST_SUITE(dns_bitmap)

BOOST_AUTO_TEST_CASE(the_example_of_rfc_4034_4_3) {
  const auto bitmap = TypeBitmap::parse(rfc_4034_example());
  BOOST_REQUIRE(bitmap.has_value());
  BOOST_TEST(bitmap->to_text() == "A MX RRSIG NSEC TYPE1234");
  BOOST_TEST(bitmap->has(Type::mx));
  BOOST_TEST(bitmap->has(static_cast<Type>(1234)));
  BOOST_TEST(!bitmap->has(Type::ns));
  BOOST_TEST(!bitmap->has(static_cast<Type>(1235)));
  const TypeBitmap made(
      {static_cast<Type>(1234), Type::nsec, Type::a, Type::rrsig, Type::mx, Type::a});
  BOOST_CHECK(made == *bitmap);
  BOOST_TEST(made.wire() == rfc_4034_example());
}

BOOST_AUTO_TEST_CASE(an_empty_field_is_an_empty_bitmap) {
  const auto bitmap = TypeBitmap::parse({});
  BOOST_REQUIRE(bitmap.has_value());
  BOOST_TEST(bitmap->types().empty());
  BOOST_TEST(bitmap->wire().empty());
  BOOST_TEST(bitmap->to_text().empty());
  BOOST_TEST(!bitmap->has(Type::a));
}

BOOST_AUTO_TEST_CASE(refuses_bad_windows) {
  for (const std::string_view text : {
           "00",             // no length
           "0001",           // no bits
           "000240",         // length past the end
           "0000",           // empty window
           "0000 000140",    // empty window before a good one
           "00024000",       // ends in a zero octet
           "000100",         // nothing but zeroes
           "000140 000120",  // the same window twice
           "010140 000140",  // windows out of order
           "000140 01",      // a second window cut off
           "000140 0001",    // likewise
       }) {
    BOOST_TEST(!TypeBitmap::parse(hex(text)).has_value(), "accepted: " << text);
  }
  BOOST_TEST(!TypeBitmap::parse(dns_support::concat({hex("0021"), dns::Bytes(33, 0xff)})));
  BOOST_TEST(!TypeBitmap::parse(dns_support::concat({hex("00ff"), dns::Bytes(255, 0xff)})));
}

BOOST_AUTO_TEST_CASE(the_fullest_bitmap) {
  dns::Bytes wire;
  for (unsigned window = 0; window < 256; ++window) {
    wire.push_back(static_cast<std::uint8_t>(window));
    wire.push_back(32);
    wire.insert(wire.end(), 32, 0xff);
  }
  const auto bitmap = TypeBitmap::parse(wire);
  BOOST_REQUIRE(bitmap.has_value());
  BOOST_TEST(bitmap->types().size() == 65'536U);
  BOOST_TEST(bitmap->size() == 65'536U);
  BOOST_TEST(bitmap->wire() == wire);
}

BOOST_AUTO_TEST_CASE(any_set_of_types_survives_the_wire) {
  dns_support::Random random(412);
  for (int i = 0; i < 3'000; ++i) {
    std::vector<Type> types(random.below(40));
    for (Type& type : types)
      type = static_cast<Type>(random.below(random.below(2) == 0 ? 70 : 65536));
    const TypeBitmap bitmap(types);
    const auto parsed = TypeBitmap::parse(bitmap.wire());
    BOOST_REQUIRE(parsed.has_value());
    BOOST_REQUIRE((*parsed == bitmap));
    BOOST_REQUIRE(parsed->size() == parsed->types().size());
    BOOST_REQUIRE(parsed->empty() == types.empty());
    for (unsigned type = 0; type < 300; ++type) {
      const bool listed =
          std::find(types.begin(), types.end(), static_cast<Type>(type)) != types.end();
      BOOST_REQUIRE(parsed->has(static_cast<Type>(type)) == listed);
    }
    for (const Type type : types) BOOST_REQUIRE(parsed->has(type));
  }
}

BOOST_AUTO_TEST_CASE(what_parses_is_written_back_the_same) {
  dns_support::Random random(4120);
  int parsed_count = 0;
  for (int i = 0; i < 50'000; ++i) {
    dns::Bytes wire = random.bytes(random.below(8));
    if (wire.size() > 2) {
      wire[0] = static_cast<std::uint8_t>(wire[0] & 1U);
      wire[1] = static_cast<std::uint8_t>(random.below(wire.size()));
    }
    const auto bitmap = TypeBitmap::parse(wire);
    if (!bitmap) continue;
    ++parsed_count;
    BOOST_REQUIRE(bitmap->wire() == wire);
  }
  BOOST_TEST(parsed_count > 1'000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
