// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "dns/name.hpp"
#include "dns/record_sink.hpp"
#include "dns/result.hpp"

namespace observe {

struct ZoneFileOptions {
  bool allow_include = false;  ///< follow $INCLUDE, relative to the file that it stands in
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

/// Pours a master file (RFC 1035 5) into `sink` while reading it; "-" is standard input, `apex` the
/// first origin. Memory does not grow with the file, and nothing is waited for past the deadline.
/// Nothing when all went well, else one line "FILE:LINE: what (what to do)", safe to print. Records
/// of types that the reader does not know may have any rdata; those written as RFC 3597 5 says too.
/// Lives in the library check_dnssec_zonefile, so that only programs that need it load the scanner.
std::optional<dns::Error> read_zone_file(const std::string& path, const dns::Name& apex,
                                         const ZoneFileOptions& options, dns::RecordSink& sink);
using ReadZoneFile = decltype(&read_zone_file);

}  // namespace observe
