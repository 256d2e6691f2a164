// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dns/result.hpp"
#include "memory/memory.hpp"

namespace memory {

/// Reads K<zone>+<algorithm>+<tag>.key and .state of these zones in a directory: the timing
/// metadata that dnssec-keygen, dnssec-settime and named write. Private keys are never opened. A
/// directory or file that cannot be read is an error, as is a file of a size that no key file has;
/// lines that say nothing about times are passed over. Where both files have a time, the .state
/// file counts: named keeps that.
dns::Result<std::vector<KeyTimes>> read_key_dir(const std::string& directory,
                                                std::span<const dns::Name> zones);

}  // namespace memory
