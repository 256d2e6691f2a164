// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include "dnssec/denial.hpp"

/// The proofs by NSEC. `records.nsec` is what they go by; the name is in the zone.
namespace dnssec::nsec {

DenialProof prove_name_error(const dns::Name& name, const DenialRecords& records);
DenialProof prove_no_data(const dns::Name& name, dns::Type type, const DenialRecords& records);
DenialProof prove_wildcard_answer(const dns::Name& name, std::uint8_t labels,
                                  const DenialRecords& records);
DenialProof prove_insecure_delegation(const dns::Name& name, const DenialRecords& records);

}  // namespace dnssec::nsec
