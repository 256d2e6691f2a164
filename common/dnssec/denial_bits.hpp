// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include "dns/bitmap.hpp"
#include "dns/name.hpp"
#include "dns/type.hpp"
#include "dnssec/denial.hpp"

/// What a bitmap says, the same for NSEC and NSEC3. Verdicts: `proven` or what speaks against it.
namespace dnssec {

/// RFC 6840 4.1: from the parent's side of a zone cut (NS without SOA).
inline bool is_ancestor_delegation(const dns::TypeBitmap& types) {
  return types.has(dns::Type::ns) && !types.has(dns::Type::soa);
}

/// RFC 6840 4.1: neither an ancestor delegation nor a name with DNAME says anything about what is
/// below it.
inline bool may_deny_below(const dns::TypeBitmap& types) {
  return !is_ancestor_delegation(types) && !types.has(dns::Type::dname);
}

/// The record at the name (or at the wildcard) itself shows that `type` is not there.
DenialVerdict judge_no_type(const dns::Name& name, const dns::TypeBitmap& types, dns::Type type);

/// RFC 4035 5.2, RFC 5155 8.9: the record at the name shows a delegation without DS.
DenialVerdict judge_insecure_delegation(const dns::TypeBitmap& types);

}  // namespace dnssec
