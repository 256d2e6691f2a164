// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dns/name.hpp"
#include "dns/rdata.hpp"
#include "dns/record.hpp"
#include "dnssec/work.hpp"

namespace dnssec {

/// RFC 5155 5, hash algorithm 1. Nothing for other algorithms, iterations over `most_iterations`,
/// or when the library refuses SHA-1.
std::optional<dns::Bytes> nsec3_hash(const dns::Name& name, std::uint8_t hash_algorithm,
                                     std::uint16_t iterations, dns::ByteView salt,
                                     std::uint16_t most_iterations = 2500);

/// NSEC and NSEC3 RRsets from an authority section, parsed, those inside `apex` only. The caller
/// has verified their signatures, or says so to nobody.
struct DenialRecords {
  struct NsecEntry {
    dns::Name owner;
    dns::Nsec nsec;
  };
  struct Nsec3Entry {
    dns::Name owner;
    dns::Bytes owner_hash;
    dns::Nsec3 nsec3;
  };
  dns::Name apex;
  std::vector<NsecEntry> nsec;
  std::vector<Nsec3Entry> nsec3;  ///< hash algorithm 1 and flags 0 or 1 only (RFC 5155 8.1, 8.2)
  unsigned malformed = 0;         ///< records that do not parse, or NSEC3 owners that are no hash
  unsigned ignored_nsec3 = 0;     ///< unknown hash algorithm or flags
};
DenialRecords denial_records(const dns::Name& apex, std::span<const dns::SignedRRset> authority);

/// One enumerator per root cause.
enum class DenialVerdict {
  proven,
  proven_opt_out,            ///< holds only as far as an opt-out span lets it (RFC 5155 9.2)
  no_records,                ///< no NSEC or NSEC3 at all
  mixed,                     ///< NSEC and NSEC3 in one answer
  params_differ,             ///< NSEC3 of several parameter sets, none complete
  too_many_iterations,       ///< over the limit: validators give up (RFC 9276 3.2)
  unknown_nsec3,             ///< only NSEC3 with hash algorithm or flags we must ignore
  name_not_covered,          ///< no NSEC covers the name / no NSEC3 covers the next closer name
  closest_encloser_missing,  ///< no NSEC3 matches an encloser
  wildcard_not_covered,      ///< the wildcard at the closest encloser is not denied
  no_match,                  ///< nothing matches the name (no data)
  type_in_bitmap,            ///< the matching record lists the type, or CNAME (RFC 6840 4.3)
  from_parent_side,  ///< an ancestor delegation's NSEC(3) used (NS without SOA), RFC 6840 4.1
  from_child_side,   ///< DS denied by the child's apex record (SOA bit), RFC 6840 4.4
  not_a_delegation,  ///< no-DS proof whose record lacks the NS bit
  opt_out_missing,   ///< covering NSEC3 of a no-DS proof lacks Opt-Out (RFC 5155 8.6)
  next_out_of_zone,  ///< an NSEC points outside the zone
};
std::string_view to_text(DenialVerdict verdict);
bool is_proven(DenialVerdict verdict);

/// How the name turned out to be absent or empty; for reports.
enum class DenialForm { none, nsec, nsec3, minimal_nsec, minimal_nsec3, compact };

struct DenialProof {
  DenialVerdict verdict = DenialVerdict::no_records;
  DenialForm form = DenialForm::none;
  std::optional<dns::Name> closest_encloser;
  bool wildcard = false;  ///< no data at a wildcard
  bool empty_non_terminal = false;
  bool opt_out = false;                  ///< an Opt-Out span takes part
  std::optional<dns::TypeBitmap> types;  ///< of the matching record, for no data
};

/// Limits on work: CVE-2023-50868.
struct DenialLimits {
  std::uint16_t most_iterations = 150;
  unsigned most_hashes = 600;  ///< names hashed in one proof, with whatever iterations; over it the
                               ///< verdict is too_many_iterations
  HashWork* work = nullptr;    ///< not owned: the budget of the zone, where there is one
};

/// RFC 4035 5.4, RFC 5155 8.4: the name and the wildcard that could have answered do not exist.
/// A compact denial (RFC 9824: NSEC at the name itself with NXNAME, or the older form without) is
/// reported as `form` compact and proven.
DenialProof prove_name_error(const dns::Name& name, const DenialRecords& records,
                             const DenialLimits& limits = {});
/// RFC 4035 5.4, RFC 5155 8.5-8.7: the name exists (or is an empty non-terminal, or is answered by
/// a wildcard) without that type. For DS, opt-out counts (8.6).
DenialProof prove_no_data(const dns::Name& name, dns::Type type, const DenialRecords& records,
                          const DenialLimits& limits = {});
/// RFC 4035 5.3.4, RFC 5155 8.8: for an answer expanded from a wildcard whose RRSIG has `labels`.
DenialProof prove_wildcard_answer(const dns::Name& name, std::uint8_t labels,
                                  const DenialRecords& records, const DenialLimits& limits = {});
/// RFC 4035 5.2, RFC 5155 8.9: `name` is a delegation without DS. Records are the parent's.
DenialProof prove_insecure_delegation(const dns::Name& name, const DenialRecords& records,
                                      const DenialLimits& limits = {});

}  // namespace dnssec
