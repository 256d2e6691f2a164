// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <string_view>

namespace observe {

/// How much of a master file's text from the start of a line is whole records: up to behind the
/// last line end that stands outside parentheses (RFC 1035 5.1). 0 when no record ends in it.
std::size_t whole_records(std::string_view text);

}  // namespace observe
