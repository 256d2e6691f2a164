// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "dnssec/algorithm.hpp"

using dnssec::Assignment;
using dnssec::Standing;

BOOST_AUTO_TEST_SUITE(algorithm)

BOOST_AUTO_TEST_CASE(every_number_has_its_row) {
  std::set<int> verifiable;
  for (int number = 0; number < 256; ++number) {
    const auto info = dnssec::algorithm_info(static_cast<std::uint8_t>(number));
    BOOST_TEST(int{info.number} == number);
    if (info.verifiable) verifiable.insert(number);
    const bool named =
        info.assignment != Assignment::reserved && info.assignment != Assignment::unassigned;
    BOOST_TEST(info.mnemonic.empty() != named);
    // RFC 9904 2.2: MUST is no value of the columns of use.
    BOOST_TEST((info.use_signing != Standing::must && info.use_validation != Standing::must));
  }
  BOOST_TEST((verifiable == std::set<int>{5, 7, 8, 10, 13, 14, 15, 16}));
}

BOOST_AUTO_TEST_CASE(standings_of_rfc_9904_9905_and_9906) {
  const auto rsasha1 = dnssec::algorithm_info(5);
  BOOST_TEST((rsasha1.use_signing == Standing::must_not));
  BOOST_TEST((rsasha1.use_validation == Standing::recommended));
  BOOST_TEST((rsasha1.implement_signing == Standing::not_recommended));
  BOOST_TEST((rsasha1.implement_validation == Standing::must));
  BOOST_TEST(rsasha1.sha1);
  BOOST_TEST((dnssec::algorithm_info(10).use_signing == Standing::not_recommended));
  BOOST_TEST((dnssec::algorithm_info(12).use_validation == Standing::must_not));
  BOOST_TEST((dnssec::algorithm_info(13).implement_signing == Standing::must));
  BOOST_TEST((dnssec::algorithm_info(14).use_signing == Standing::may));
  BOOST_TEST((dnssec::algorithm_info(253).assignment == Assignment::private_use));
}

BOOST_AUTO_TEST_CASE(assignments) {
  BOOST_TEST((dnssec::algorithm_info(2).assignment == Assignment::not_zone_signing));
  BOOST_TEST((dnssec::algorithm_info(4).assignment == Assignment::reserved));
  BOOST_TEST((dnssec::algorithm_info(99).assignment == Assignment::unassigned));
  BOOST_TEST((dnssec::algorithm_info(122).assignment == Assignment::unassigned));
  BOOST_TEST((dnssec::algorithm_info(123).assignment == Assignment::reserved));
  BOOST_TEST((dnssec::algorithm_info(255).assignment == Assignment::reserved));
}

BOOST_AUTO_TEST_CASE(texts) {
  BOOST_TEST(dnssec::algorithm_text(13) == "13 (ECDSAP256SHA256)");
  BOOST_TEST(dnssec::algorithm_text(99) == "99 (unassigned)");
  BOOST_TEST(dnssec::algorithm_text(200) == "200 (reserved)");
  BOOST_TEST(dnssec::digest_text(2) == "2 (SHA-256)");
  BOOST_TEST(dnssec::digest_text(7) == "7 (unassigned)");
  BOOST_TEST(dnssec::digest_text(253) == "253 (private use)");
  BOOST_TEST(dnssec::to_text(Standing::must_not) == "MUST NOT");
}

BOOST_AUTO_TEST_CASE(digests) {
  std::set<int> verifiable;
  for (int number = 0; number < 256; ++number) {
    const auto info = dnssec::digest_info(static_cast<std::uint8_t>(number));
    BOOST_TEST(int{info.number} == number);
    if (info.verifiable) verifiable.insert(number);
  }
  BOOST_TEST((verifiable == std::set<int>{1, 2, 4}));
  BOOST_TEST((dnssec::digest_info(1).use_delegation == Standing::must_not));
  BOOST_TEST((dnssec::digest_info(1).use_validation == Standing::recommended));
  BOOST_TEST((dnssec::digest_info(3).use_validation == Standing::must_not));
  BOOST_TEST(int{dnssec::digest_info(4).length} == 48);
  BOOST_TEST((dnssec::digest_info(128).assignment == Assignment::reserved));
  BOOST_TEST((dnssec::digest_info(255).assignment == Assignment::unassigned));
}

BOOST_AUTO_TEST_SUITE_END()
