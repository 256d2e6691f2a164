// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/cursor.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

namespace {

BOOST_AUTO_TEST_SUITE(dns_cursor)

BOOST_AUTO_TEST_CASE(reads_big_endian) {
  const dns::Bytes bytes{0x01, 0x02, 0x03, 0xff, 0xfe, 0xfd, 0xfc, 0x09};
  dns::Cursor cursor(bytes);
  BOOST_TEST(cursor.u8() == 0x01);
  BOOST_TEST(cursor.u16() == 0x0203);
  BOOST_TEST(cursor.u32() == 0xfffefdfcU);
  BOOST_TEST(cursor.remaining() == 1U);
  BOOST_TEST(!cursor.at_end());
  BOOST_TEST(cursor.u8() == 0x09);
  BOOST_TEST(cursor.at_end());
  BOOST_TEST(cursor.ok());
}

BOOST_AUTO_TEST_CASE(a_read_past_the_end_fails_for_good_and_gives_zero) {
  const dns::Bytes bytes{0xaa, 0xbb, 0xcc};
  dns::Cursor cursor(bytes);
  BOOST_TEST(cursor.u32() == 0U);
  BOOST_TEST(!cursor.ok());
  BOOST_TEST(cursor.remaining() == 0U);
  BOOST_TEST(cursor.at_end());
  BOOST_TEST(cursor.u8() == 0);
  BOOST_TEST(cursor.u16() == 0);
  BOOST_TEST(cursor.take(1).empty());
  BOOST_TEST(cursor.rest().empty());
  cursor.seek(0);
  BOOST_TEST(!cursor.ok());
}

BOOST_AUTO_TEST_CASE(take_does_not_wrap_around) {
  const dns::Bytes bytes{1, 2, 3};
  dns::Cursor cursor(bytes);
  cursor.u8();
  BOOST_TEST(cursor.take(std::numeric_limits<std::size_t>::max()).empty());
  BOOST_TEST(!cursor.ok());
}

BOOST_AUTO_TEST_CASE(takes_views_into_the_bytes) {
  const dns::Bytes bytes{1, 2, 3, 4};
  dns::Cursor cursor(bytes);
  cursor.seek(1);
  const dns::ByteView two = cursor.take(2);
  BOOST_TEST(two.data() == &bytes[1]);
  BOOST_TEST(two.size() == 2U);
  BOOST_TEST(cursor.rest().size() == 1U);
  BOOST_TEST(cursor.take(0).empty());
  BOOST_TEST(cursor.ok());
  BOOST_TEST(cursor.all().size() == 4U);
}

BOOST_AUTO_TEST_CASE(seek_reaches_the_end_and_no_further) {
  const dns::Bytes bytes{1, 2};
  dns::Cursor cursor(bytes);
  cursor.seek(2);
  BOOST_TEST(cursor.ok());
  BOOST_TEST(cursor.at_end());
  cursor.seek(3);
  BOOST_TEST(!cursor.ok());
}

BOOST_AUTO_TEST_CASE(nothing_to_read) {
  dns::Cursor cursor(dns::ByteView{});
  BOOST_TEST(cursor.ok());
  BOOST_TEST(cursor.rest().empty());
  BOOST_TEST(cursor.ok());
  BOOST_TEST(cursor.u8() == 0);
  BOOST_TEST(!cursor.ok());
}

BOOST_AUTO_TEST_CASE(writes_what_is_read_back) {
  dns::Writer writer;
  writer.u8(0x12);
  writer.u16(0x3456);
  writer.u32(0x789abcdeU);
  writer.bytes(dns::Bytes{0xf0, 0xf1});
  writer.patch_u16(1, 0x6543);
  const dns::Bytes expected{0x12, 0x65, 0x43, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0xf1};
  BOOST_TEST(writer.size() == expected.size());
  BOOST_TEST(writer.take() == expected);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
