// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>

#include "dns/result.hpp"
#include "plugin/options.hpp"

namespace plugins {

/// Leaves the process only what `options` will need (--sandbox), from here to its end. The error is
/// that of --sandbox require where the system does not offer all of it. Nothing else has been read
/// or started yet.
std::optional<dns::Error> enter_sandbox(const plugin::Options& options);

}  // namespace plugins
