// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <vector>

#include "judge/policy.hpp"
#include "judge/tier.hpp"
#include "memory/key_dir.hpp"
#include "plugin/options.hpp"

namespace plugins {

/// What the options say of how to judge.
judge::Policy policy_for(const plugin::Options& options,
                         const std::vector<memory::KeyTimes>& key_times);

judge::Tier tier_of(plugin::State state);

}  // namespace plugins
