// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dns {

/// Makes foreign text safe for one line of plugin output: control octets, backslash, pipe,
/// brackets, quotes, backtick, dollar, ampersand, semicolon and every octet above 126 become
/// `\DDD`; over `most` octets it is cut with "...", never inside an escape.
std::string escape(std::string_view foreign, std::size_t most = 200);

/// The same for a message of our own that quotes an option or a file of whoever runs the program:
/// only what would end the line or the text, control octets, pipe and every octet above 126.
std::string escape_line(std::string_view words, std::size_t most = 400);

}  // namespace dns
