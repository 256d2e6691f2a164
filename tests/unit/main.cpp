// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): Boost.Test's interface
#define BOOST_TEST_MODULE check_dnssec
#include <boost/test/unit_test.hpp>
