// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include "judge/key_roster.hpp"
#include "judge/rules.hpp"

namespace judge {

/// Each in its own file: what the keys are, how old, who signs what where, and what changes.
void rules_for_key_form(Docket& docket, const std::vector<RosterKey>& roster);
void rules_for_key_sets(Docket& docket, const std::vector<RosterKey>& roster);
void rules_for_key_servers(Docket& docket, const std::vector<RosterKey>& roster);
void rules_for_key_age(Docket& docket, const std::vector<RosterKey>& roster);
void rules_for_rollovers(Docket& docket, const std::vector<RosterKey>& roster);
void rules_for_key_history(Docket& docket, const std::vector<RosterKey>& roster);

/// All of them.
void rules_for_keys(Docket& docket);

/// Whether what is known of the keys' ages could be read; of a zone that cannot be judged too.
void rule_key_dir(Docket& docket);

/// Did the chain find the zone's own link broken, and is so going to tell it?
bool told_by_chain(const Docket& docket);

}  // namespace judge
