// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>

#include "confine/confine.hpp"

namespace confine {

/// By Landlock: only what `needs` names may be read and written, and what the system's libraries
/// read (but never passwords and other configuration); no TCP port is listened at. Empty, or why
/// not. no_new_privs must hold.
std::string confine_files(const Needs& needs);

}  // namespace confine
