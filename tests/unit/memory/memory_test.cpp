// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "memory/memory.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(memory_of_a_zone)

BOOST_AUTO_TEST_CASE(a_zone_nobody_looked_at_is_empty) {
  memory::Zone zone;
  BOOST_TEST(zone.empty());
  zone.runs = 1;
  BOOST_TEST(!zone.empty());
}

BOOST_AUTO_TEST_SUITE_END()
