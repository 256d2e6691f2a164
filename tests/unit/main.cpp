// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#define BOOST_TEST_MODULE check_dnssec  // NOLINT(cppcoreguidelines-macro-usage): Boost.Test's interface
#include <boost/test/unit_test.hpp>
