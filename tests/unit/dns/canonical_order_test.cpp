// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>
#include <map>

#include "dns/dns_support.hpp"
#include "dns/name.hpp"

namespace {

using dns::canonical_compare;
using dns::Name;
using dns_support::name;

/// RFC 4034 6.1 word for word: labels from the right, each an octet string in lower case.
std::vector<dns::Bytes> reversed_lowered_labels(const Name& subject) {
  std::vector<dns::Bytes> labels;
  const Name lowered = subject.lowercase();
  for (const dns::ByteView label : lowered.labels()) {
    labels.insert(labels.begin(), dns::Bytes(label.begin(), label.end()));
  }
  return labels;
}

std::strong_ordering slow_compare(const Name& left, const Name& right) {
  const auto lefts = reversed_lowered_labels(left);
  const auto rights = reversed_lowered_labels(right);
  if (lefts == rights) return std::strong_ordering::equal;
  return lefts < rights ? std::strong_ordering::less : std::strong_ordering::greater;
}

BOOST_AUTO_TEST_SUITE(dns_canonical_order)

BOOST_AUTO_TEST_CASE(the_example_of_rfc_4034_6_1) {
  const std::vector<Name> sorted{
      name("example"),         name("a.example"),      name("yljkjljk.a.example"),
      name("Z.a.example"),     name("zABC.a.EXAMPLE"), name("z.example"),
      name("\\001.z.example"), name("*.z.example"),    name("\\200.z.example"),
  };
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      BOOST_CHECK(canonical_compare(sorted[i], sorted[j]) == (i <=> j));
    }
  }
}

BOOST_AUTO_TEST_CASE(corners) {
  BOOST_CHECK(canonical_compare(Name(), Name()) == std::strong_ordering::equal);
  BOOST_CHECK(canonical_compare(Name(), name("a")) == std::strong_ordering::less);
  BOOST_CHECK(canonical_compare(name("A"), name("a")) == std::strong_ordering::equal);
  // "The absence of an octet sorts before a zero value octet".
  BOOST_CHECK(canonical_compare(name("a"), name("a\\000")) == std::strong_ordering::less);
  // A label's length does not count, as it would in the order of wire forms.
  BOOST_CHECK(canonical_compare(name("aa"), name("b")) == std::strong_ordering::less);
  // Octets are unsigned.
  BOOST_CHECK(canonical_compare(name("\\127"), name("\\128")) == std::strong_ordering::less);
  // Upper case sorts as lower case: behind "_", not before it.
  BOOST_CHECK(canonical_compare(name("_"), name("A")) == std::strong_ordering::less);
}

BOOST_AUTO_TEST_CASE(agrees_with_the_slow_reference) {
  dns_support::Random random(4034);
  unsigned equal = 0;
  for (int i = 0; i < 50'000; ++i) {
    const Name left = random.name();
    const Name right =
        random.below(10) == 0 ? dns_support::with_random_case(left, random) : random.name();
    const auto expected = slow_compare(left, right);
    BOOST_REQUIRE(canonical_compare(left, right) == expected);
    BOOST_REQUIRE(dns::CanonicalLess()(left, right) == (expected == std::strong_ordering::less));
    BOOST_REQUIRE((left == right) == (expected == std::strong_ordering::equal));
    equal += left == right ? 1 : 0;
  }
  BOOST_TEST(equal > 5'000U);  // the generator does make equal names
}

BOOST_AUTO_TEST_CASE(orders_a_map) {
  std::map<Name, int, dns::CanonicalLess> zone;
  zone[name("b.example")] = 2;
  zone[name("EXAMPLE")] = 1;
  zone[name("a.b.example")] = 3;
  zone[name("example")] = 4;
  BOOST_REQUIRE(zone.size() == 3U);
  BOOST_TEST(zone.begin()->second == 4);
  BOOST_TEST(zone.rbegin()->second == 3);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
