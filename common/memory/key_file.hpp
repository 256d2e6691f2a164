// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <string_view>

#include "memory/memory.hpp"

namespace memory {

/// What a key file's name says: K<zone>+<algorithm>+<tag>, then .key or .state. BIND writes it so.
struct KeyFileName {
  KeyTimes times;      ///< zone, algorithm and tag alone
  bool state = false;  ///< .state
};
/// Nothing where it is no such name; a private key's is none.
std::optional<KeyFileName> parse_key_file_name(std::string_view name);

/// One file's text, of either kind: adds what it says to `into`, and passes over lines that say
/// nothing about times or the key.
void read_key_file(std::string_view text, KeyTimes& into);

}  // namespace memory
