// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <boost/test/unit_test.hpp>

#include "dnssec/powers.hpp"

namespace dnssec_test {

/// A suite's precondition: elsewhere nothing is there to be tested.
inline boost::test_tools::assertion_result with_instructions(boost::unit_test::test_unit_id) {
  return dnssec::powers::available();
}

}  // namespace dnssec_test
