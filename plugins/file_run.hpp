// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>

#include "session.hpp"

namespace plugins {

/// The run of --zone-file: the file alone is judged, and the network is asked for the parent's DS
/// at most (--ds lookup). Gives the exit status.
int run_on_file(const Check& check, const plugin::Options& options,
                std::chrono::steady_clock::time_point start, dns::UnixTime now);

}  // namespace plugins
