// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <span>

#include "session.hpp"

namespace fuzz {

/// The six binaries, as their main() functions make them.
std::span<const plugins::Check* const> all_checks();

}  // namespace fuzz
