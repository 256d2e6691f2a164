// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What the outputs that hand results to Nagios and Icinga have in common.
#pragma once

#include <string>

#include "plugin/report.hpp"
#include "plugin/totals.hpp"

namespace plugin {

/// "sigs".
std::string_view check_name(const Binary& binary);

/// Whom a zone's result belongs to. No control octet, `;` or `|` is in them, whatever the templates
/// and the zone say: they would be taken for the next field or command.
struct PassiveNames {
  std::string host, service;
};
PassiveNames passive_names(const Binary& binary, const Options& options, const dns::Name& zone);

/// What the plugin prints of a zone, in its parts.
struct PassiveText {
  std::string first;    ///< the first line without performance data
  std::string numbers;  ///< performance data, or empty
  std::string more;     ///< the long output's lines, without a newline at the end
};
PassiveText passive_text(const Binary& binary, const Options& options, const Report& report);

/// When the check began, in seconds: as far as its run time is known.
double began_at(const Report& report, dns::UnixTime checked_at);

/// The run's own line for whoever started it: "DNSSEC SIGS OK - 12 results handed to WHERE: ...".
std::string handed_over(const Binary& binary, const Totals& totals, const std::string& where);
/// OK, or UNKNOWN where there was nothing to hand over.
State handed_state(const Totals& totals);

}  // namespace plugin
