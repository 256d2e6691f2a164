// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <map>
#include <optional>
#include <string>

namespace plugin {

/// What the terminal that a report goes to can show.
struct Terminal {
  bool utf8 = false;     ///< line-drawing characters
  bool colours = false;  ///< ECMA-48 sequences
};

/// Nothing where the report does not go to a terminal. The locale's character set is that of the
/// first of LC_ALL, LC_CTYPE and LANG that is set (POSIX 8.2); NO_COLOR and TERM=dumb switch
/// colours off.
std::optional<Terminal> terminal_for(const std::map<std::string, std::string>& variables,
                                     bool is_terminal);

}  // namespace plugin
