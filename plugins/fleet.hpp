// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>

#include "plugin/options.hpp"
#include "session.hpp"

namespace plugins {

/// The part of run() for many zones (--zones, several --zone) and for outputs that hand on results:
/// looks at several zones at once, and judges and writes each as soon as it was seen. Its memory
/// does not grow with the number of zones. The exit status.
int run_on_many(const Check& check, const plugin::Options& options,
                const plugin::Environment& outside, std::chrono::steady_clock::time_point start);

}  // namespace plugins
