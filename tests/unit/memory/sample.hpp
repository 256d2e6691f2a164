// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>
#include <string_view>

#include "memory/memory.hpp"

namespace memory_test {

inline constexpr dns::UnixTime kNow = 1'800'000'000;
inline constexpr std::string_view kCheck = "check_dnssec_sigs";

/// example.com. after seven runs, the last a minute ago: one key, two signings.
memory::Zone sample();

/// `text` with the first `from` in it replaced; throws when it is not there.
std::string changed(std::string text, std::string_view from, std::string_view to);

}  // namespace memory_test
