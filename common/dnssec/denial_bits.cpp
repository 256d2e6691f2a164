// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/denial_bits.hpp"

namespace dnssec {

DenialVerdict judge_no_type(const dns::Name& name, const dns::TypeBitmap& types, dns::Type type) {
  // RFC 6840 4.4 and RFC 4035 5.2: DS lives at the parent, so the child's apex record says nothing
  // of it. The root has no parent.
  if (type == dns::Type::ds) {
    if (types.has(dns::Type::soa) && !name.is_root()) return DenialVerdict::from_child_side;
  } else if (is_ancestor_delegation(types)) {
    // RFC 6840 4.1: and the parent's record says nothing of any type but DS.
    return DenialVerdict::from_parent_side;
  }
  // RFC 6840 4.3: with CNAME in the bitmap the answer would have been the CNAME.
  if (types.has(type) || types.has(dns::Type::cname)) return DenialVerdict::type_in_bitmap;
  return DenialVerdict::proven;
}

DenialVerdict judge_insecure_delegation(const dns::TypeBitmap& types) {
  if (types.has(dns::Type::soa)) return DenialVerdict::from_child_side;
  if (types.has(dns::Type::ds)) return DenialVerdict::type_in_bitmap;
  if (!types.has(dns::Type::ns)) return DenialVerdict::not_a_delegation;
  return DenialVerdict::proven;
}

}  // namespace dnssec
