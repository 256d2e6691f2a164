// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/denial.hpp"

#include <utility>

#include "dnssec/nsec.hpp"
#include "dnssec/nsec3.hpp"

namespace dnssec {

namespace {

constexpr std::size_t sha1_length = 20;

void add_nsec(DenialRecords& records, const dns::RRset& set) {
  for (const dns::Bytes& rdata : set.rdatas) {
    auto nsec = dns::parse_nsec(rdata);
    if (nsec) {
      records.nsec.push_back({set.owner, std::move(*nsec)});
    } else {
      ++records.malformed;
    }
  }
}

// RFC 5155 3: the owner is the base32hex of the hash, one label below the apex.
std::optional<dns::Bytes> owner_hash(const dns::Name& owner, const dns::Name& apex) {
  if (owner.label_count() != apex.label_count() + 1) return std::nullopt;
  const dns::ByteView label = owner.labels().front();
  auto hash = dns::from_base32hex(std::string(label.begin(), label.end()));
  if (hash && hash->size() != sha1_length) return std::nullopt;
  return hash;
}

void add_nsec3(DenialRecords& records, const dns::RRset& set) {
  const auto hash = owner_hash(set.owner, records.apex);
  for (const dns::Bytes& rdata : set.rdatas) {
    auto nsec3 = dns::parse_nsec3(rdata);
    // RFC 5155 8.1 and 8.2: other hash algorithms and flags are as if they were not there.
    if (nsec3 && (nsec3->hash_algorithm != 1 || nsec3->flags > 1)) {
      ++records.ignored_nsec3;
    } else if (!nsec3 || !hash || nsec3->next_hash.size() != sha1_length) {
      ++records.malformed;
    } else {
      records.nsec3.push_back({set.owner, *hash, std::move(*nsec3)});
    }
  }
}

/// What can be said before any record is looked at; `proven` means: go on.
DenialVerdict judge_records(const DenialRecords& records) {
  if (!records.nsec.empty() && !records.nsec3.empty()) return DenialVerdict::mixed;
  if (!records.nsec.empty() || !records.nsec3.empty()) return DenialVerdict::proven;
  return records.ignored_nsec3 > 0 ? DenialVerdict::unknown_nsec3 : DenialVerdict::no_records;
}

/// `outside` is the verdict on names that are not the zone's.
template <class ByNsec, class ByNsec3>
DenialProof prove(const dns::Name& name, const DenialRecords& records, DenialVerdict outside,
                  ByNsec by_nsec, ByNsec3 by_nsec3) {
  DenialProof proof;
  proof.verdict = judge_records(records);
  if (proof.verdict != DenialVerdict::proven) return proof;
  proof.verdict = outside;
  if (!name.is_at_or_below(records.apex)) return proof;
  return records.nsec3.empty() ? by_nsec() : by_nsec3();
}

}  // namespace

DenialRecords denial_records(const dns::Name& apex, std::span<const dns::SignedRRset> authority) {
  DenialRecords records;
  records.apex = apex;
  for (const dns::SignedRRset& signed_set : authority) {
    const dns::RRset& set = signed_set.set;
    if (!set.owner.is_at_or_below(apex)) continue;
    if (set.type == dns::Type::nsec) add_nsec(records, set);
    if (set.type == dns::Type::nsec3) add_nsec3(records, set);
  }
  return records;
}

DenialProof prove_name_error(const dns::Name& name, const DenialRecords& records,
                             const DenialLimits& limits) {
  return prove(
      name, records, DenialVerdict::name_not_covered,
      [&] { return nsec::prove_name_error(name, records); },
      [&] { return nsec3::prove_name_error(name, records, limits); });
}

DenialProof prove_no_data(const dns::Name& name, dns::Type type, const DenialRecords& records,
                          const DenialLimits& limits) {
  return prove(
      name, records, DenialVerdict::no_match,
      [&] { return nsec::prove_no_data(name, type, records); },
      [&] { return nsec3::prove_no_data(name, type, records, limits); });
}

DenialProof prove_wildcard_answer(const dns::Name& name, std::uint8_t labels,
                                  const DenialRecords& records, const DenialLimits& limits) {
  // RFC 4035 5.3.2: the wildcard is in the zone and above the name, or there was no expansion.
  const bool expanded = labels < name.label_count_without_wildcard() &&
                        labels >= records.apex.label_count_without_wildcard();
  const DenialVerdict outside = DenialVerdict::closest_encloser_missing;
  const auto no_wildcard = [&] {
    DenialProof proof;
    proof.verdict = outside;
    return proof;
  };
  return prove(
      name, records, outside,
      [&] { return expanded ? nsec::prove_wildcard_answer(name, labels, records) : no_wildcard(); },
      [&] {
        return expanded ? nsec3::prove_wildcard_answer(name, labels, records, limits)
                        : no_wildcard();
      });
}

DenialProof prove_insecure_delegation(const dns::Name& name, const DenialRecords& records,
                                      const DenialLimits& limits) {
  return prove(
      name, records, DenialVerdict::no_match,
      [&] { return nsec::prove_insecure_delegation(name, records); },
      [&] { return nsec3::prove_insecure_delegation(name, records, limits); });
}

bool is_proven(DenialVerdict verdict) {
  return verdict == DenialVerdict::proven || verdict == DenialVerdict::proven_opt_out;
}

std::string_view to_text(DenialVerdict verdict) {
  switch (verdict) {
    case DenialVerdict::proven:
      return "proven";
    case DenialVerdict::proven_opt_out:
      return "proven as far as Opt-Out lets it";
    case DenialVerdict::no_records:
      return "no NSEC or NSEC3 records";
    case DenialVerdict::mixed:
      return "NSEC and NSEC3 mixed";
    case DenialVerdict::params_differ:
      return "NSEC3 parameters differ";
    case DenialVerdict::too_many_iterations:
      return "too many NSEC3 iterations";
    case DenialVerdict::unknown_nsec3:
      return "unknown NSEC3 hash algorithm or flags";
    case DenialVerdict::name_not_covered:
      return "the name is not covered";
    case DenialVerdict::closest_encloser_missing:
      return "no closest encloser";
    case DenialVerdict::wildcard_not_covered:
      return "the wildcard is not covered";
    case DenialVerdict::no_match:
      return "nothing matches the name";
    case DenialVerdict::type_in_bitmap:
      return "the bitmap lists the type";
    case DenialVerdict::from_parent_side:
      return "record from the parent's side of the zone cut";
    case DenialVerdict::from_child_side:
      return "record from the child's side of the zone cut";
    case DenialVerdict::not_a_delegation:
      return "no delegation there";
    case DenialVerdict::opt_out_missing:
      return "the covering NSEC3 lacks Opt-Out";
    case DenialVerdict::next_out_of_zone:
      return "the next name is outside the zone";
  }
  return "no NSEC or NSEC3 records";
}

}  // namespace dnssec
