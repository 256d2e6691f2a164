// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>
#include <vector>

#include "judge/policy.hpp"
#include "judge/tier.hpp"
#include "memory/key_dir.hpp"
#include "plugin/options.hpp"

namespace plugins {

/// What the key directory (--key-dir) knows of the zones' keys.
struct KeyFiles {
  std::vector<memory::KeyTimes> times;
  std::string trouble;  ///< why it could not be read; empty: it was, or none is given
};
KeyFiles key_files_for(const plugin::Options& options, const std::vector<dns::Name>& zones);

/// What the options and these files say of how to judge.
judge::Policy policy_for(const plugin::Options& options, const KeyFiles& keys);

judge::Tier tier_of(plugin::State state);

}  // namespace plugins
