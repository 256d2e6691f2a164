// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "zone/sort_key.hpp"

#include "dns/octets.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

namespace {

dns::Bytes key_of(const dns::Name& name) {
  zone::SortKey key;
  const auto view = key(name);
  return {view.begin(), view.end()};
}

/// Names of few octets, so that many share labels, differ in case and hold octets 0 to 2.
dns::Name random_name(std::mt19937& random) {
  constexpr std::string_view kOctets("\x00\x01\x02*aAbZ\xff", 9);
  dns::Bytes wire;
  for (unsigned labels = random() % 4; labels > 0; --labels) {
    const auto length = static_cast<std::uint8_t>(1 + random() % 3);
    wire.push_back(length);
    for (unsigned i = 0; i < length; ++i) {
      wire.push_back(static_cast<std::uint8_t>(kOctets[random() % kOctets.size()]));
    }
  }
  wire.push_back(0);
  return dns::Name::from_wire(wire).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sort_keys)

// RFC 4034 6.1, against the slow comparison of whole names.
BOOST_AUTO_TEST_CASE(order_as_names_do) {
  std::mt19937 random(20261128);
  for (int i = 0; i < 20000; ++i) {
    const auto left = random_name(random);
    const auto right = random_name(random);
    const auto left_key = key_of(left);
    const auto right_key = key_of(right);
    BOOST_REQUIRE_EQUAL(dns::less(left_key, right_key),
                        canonical_compare(left, right) == std::strong_ordering::less);
    BOOST_REQUIRE_EQUAL(left_key == right_key, left == right);
    BOOST_REQUIRE_EQUAL(zone::is_at_or_below(left_key, right_key), left.is_at_or_below(right));
  }
}

BOOST_AUTO_TEST_CASE(give_the_name_back) {
  std::mt19937 random(1);
  for (int i = 0; i < 5000; ++i) {
    const auto name = random_name(random);
    const auto key = key_of(name);
    BOOST_REQUIRE(zone::name_of(key).wire().size() == name.wire().size());
    BOOST_REQUIRE(zone::name_of(key) == name);
    BOOST_REQUIRE(zone::name_of(zone::parent_of(key)) == name.parent());
    BOOST_REQUIRE_EQUAL(zone::labels_of(key), name.label_count_without_wildcard());
    BOOST_REQUIRE_EQUAL(zone::is_wildcard(key), name.is_wildcard());
    dns::Bytes wire{1, 2, 3};
    zone::append_wire(key, wire);
    BOOST_REQUIRE(wire == name.canonical_wire());
  }
}

BOOST_AUTO_TEST_CASE(the_longest_names) {
  // 127 labels of one octet that is written as two.
  dns::Bytes wire;
  for (int i = 0; i < 127; ++i) {
    wire.insert(wire.end(), {1, 0});
  }
  wire.push_back(0);
  const auto longest = dns::Name::from_wire(wire).value();
  BOOST_TEST(key_of(longest).size() == 127U * 3);
  BOOST_TEST((zone::name_of(key_of(longest)) == longest));
  dns::Bytes wide;
  for (const std::uint8_t length : dns::Bytes{63, 63, 63, 61}) {
    wide.push_back(length);
    wide.insert(wide.end(), length, 1);
  }
  wide.push_back(0);
  const auto widest = dns::Name::from_wire(wide).value();
  BOOST_TEST(key_of(widest).size() == 2U * 250 + 4);
  BOOST_TEST((zone::name_of(key_of(widest)) == widest));
}

BOOST_AUTO_TEST_SUITE_END()
