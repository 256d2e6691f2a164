// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <utility>  // before Asio: Boost 1.74 forgets it

#include <boost/asio/awaitable.hpp>
#include <vector>

namespace observe {

/// Runs all tasks at once on the caller's executor and comes back when the last has ended. The
/// first exception is passed on, after all have ended. (Boost 1.74 has no awaitable operators.)
boost::asio::awaitable<void> all(std::vector<boost::asio::awaitable<void>> tasks);

}  // namespace observe
