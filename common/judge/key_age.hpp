// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include "judge/key_roster.hpp"

namespace judge {

/// From the key directory, else from the state, else what its signatures give at least.
KeyAge age_of(const Analysis& analysis, const Policy& policy, const RosterKey& entry);

/// --zsk-max-age or --ksk-max-age for a key of that role; nothing where it is off.
std::optional<double> most_age(const Policy& policy, KeyRole role);

}  // namespace judge
