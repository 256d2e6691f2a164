// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dns/record.hpp"
#include "dnssec/denial.hpp"
#include "dnssec/key.hpp"

/// Zone text for tests: what signers print and what the RFCs' examples look like on one line.
namespace dnssec_test {

/// Throws std::invalid_argument when the text is no name.
dns::Name name(std::string_view text);

/// "owner [ttl] [IN] type rdata", names fully qualified, one record a line, comments after `;`.
/// Throws std::invalid_argument naming the line it cannot read.
dns::Record record(std::string_view line);
std::vector<dns::Record> records(std::string_view text);
/// As records(), from a file in the tests' data directory.
std::vector<dns::Record> records_of_file(const std::string& file);

/// The set of that owner and type; throws when there is none.
dns::SignedRRset signed_set(const std::vector<dns::Record>& zone, std::string_view owner,
                            dns::Type type);
/// The keys at the apex.
std::vector<dnssec::Key> keys(const std::vector<dns::Record>& zone, std::string_view apex);

/// The NSEC and NSEC3 among the records.
dnssec::DenialRecords denial(std::string_view apex, std::string_view text);

/// "20040509183619" as RRSIGs have it.
dns::SerialTime time(std::string_view digits);

}  // namespace dnssec_test
