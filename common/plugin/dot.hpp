// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>
#include <string_view>

#include "judge/picture.hpp"

namespace plugin {

/// The picture in Graphviz's language, with a legend. Nothing in it is HTML, and no text of the
/// picture can be anything but text.
std::string dot_text(const judge::Picture& picture);

/// Text as a quoted string of that language, broken into lines of about `width` octets (0: not
/// broken). Octets that are not printable ASCII become `\DDD`.
std::string dot_quoted(std::string_view text, std::size_t width = 0);

}  // namespace plugin
