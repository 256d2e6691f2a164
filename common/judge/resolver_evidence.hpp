// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <vector>

#include "judge/resolver_analysis.hpp"

namespace judge {

/// What a resolver's answer rests on, and so what must be signed (RFC 4035 3.2.1). The rest of a
/// message proves nothing, however well it is signed.
struct Evidence {
  /// The aliases that lead from the name asked for, and the records at their end; of an answer that
  /// has none there, all of the answer section. A CNAME that a DNAME makes has no signature: the
  /// DNAME stands for it (RFC 6672 5.3.1).
  std::vector<dns::SignedRRset> answer;
  std::vector<dns::SignedRRset> denial;  ///< SOA, NSEC and NSEC3, where nothing is answered
  dns::Name last;                        ///< the end of the aliases
};
Evidence evidence_in(const dns::Message& message, const dns::Question& question);

/// Nothing of it without signatures, and something with them?
bool is_signed(const Evidence& evidence);
/// No NSEC or NSEC3 in it.
bool lacks_denial(const Evidence& evidence);

/// Is it the zone's to sign what is of that type at the name? The signatures in our own answer show
/// the zones below; a DS at the apex is the parent's.
bool is_of_zone(const dns::Name& name, dns::Type type, const AskedQuestion& asked,
                const dns::Name& apex);

/// What the NSEC or NSEC3 of a negative answer say.
enum class DenialWord {
  as_answered,
  name_error,  ///< that the name does not exist, for an answer that says only: no such type
  nothing,     ///< they do not prove what is answered
  unclear,     ///< another zone's, or more than is looked into
};
DenialWord denial_word(const Analysis& analysis, const AskedQuestion& asked, AnswerKind kind,
                       const Evidence& evidence);

}  // namespace judge
