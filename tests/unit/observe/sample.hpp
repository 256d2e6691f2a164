// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string_view>

#include "observe/observation.hpp"

namespace observe_test {

/// Precondition: a name.
dns::Name name(std::string_view text);

/// An observation of example.test. in which every list and every optional has something in it.
/// Nothing in it is signed: how an observation is stored does not hang on that.
observe::ZoneObservation sample();

dns::Lookup lookup(std::string_view name, dns::Type type);
dns::Answer answered(std::string_view name, dns::Type type);
dns::Answer unanswered(std::string_view name, dns::Type type, dns::Outcome outcome);

}  // namespace observe_test
