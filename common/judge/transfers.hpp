// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <vector>

#include "dns/transfer.hpp"
#include "judge/finding.hpp"
#include "observe/observation.hpp"

namespace judge {

/// Did a server give the whole zone (RFC 5936), and if not, what to do about it? Servers that
/// refuse are no fault where another gives it. `seen` knows the servers' names.
std::vector<Finding> judge_transfers(const dns::TransferLook& look,
                                     const observe::ZoneObservation* seen = nullptr);

}  // namespace judge
