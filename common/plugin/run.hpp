// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "plugin/options.hpp"
#include "plugin/state.hpp"

namespace plugin {

/// Writes the whole text to standard output and returns the exit status. A reader that went away or
/// a full disk loses the text: that is never OK, and changes no other status.
int emit(State state, std::string_view text);

/// Writes it all; where the reader takes nothing it waits as long as the descriptor blocks, a
/// second where it does not, and never past a signal. False when some is lost.
bool write_all(int file, std::string_view text);

/// What guarded() says where there is no memory left.
std::string out_of_memory_line(std::string_view service);

/// As emit() does.
using Say = int(State state, std::string_view text);

/// Runs a plugin, with descriptors 0 to 2 open: whatever it throws becomes one line on standard
/// output, written by `say`, and exit status 3.
int guarded(const Binary& binary, const std::function<int()>& run, Say* say = emit);

}  // namespace plugin
