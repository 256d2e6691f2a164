// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <string>

#include "dns/result.hpp"

namespace plugin {

/// The whole file; `-` is standard input. An error names it, and what it cannot be (`kind`: "an ini
/// file") when it holds more than `most` octets.
dns::Result<std::string> read_file(const std::string& path, std::size_t most,
                                   const std::string& kind);

}  // namespace plugin
