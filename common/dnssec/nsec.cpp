// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/nsec.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "dnssec/denial_bits.hpp"

namespace dnssec::nsec {

namespace {

using Entry = DenialRecords::NsecEntry;

bool before(const dns::Name& left, const dns::Name& right) {
  return dns::canonical_compare(left, right) == std::strong_ordering::less;
}

// RFC 4034 4.1.1: the name sorts between owner and next name; the last NSEC's next name is the
// apex.
bool covers(const Entry& entry, const dns::Name& name, const dns::Name& apex) {
  if (!before(entry.owner, name)) return false;
  return entry.nsec.next == apex || before(name, entry.nsec.next);
}

// RFC 6840 4.1: an NSEC at a zone cut or a DNAME covers the names below it without denying them.
bool may_deny(const Entry& entry, const dns::Name& name) {
  return !name.is_below(entry.owner) || may_deny_below(entry.nsec.types);
}

// RFC 4035 5.4 with RFC 4592 2.2.2: a next name below the name makes the name an empty
// non-terminal: it exists.
bool shows_empty_non_terminal(const Entry& entry, const dns::Name& name) {
  return entry.nsec.next.is_below(name);
}

const Entry* find_match(const DenialRecords& records, const dns::Name& name) {
  for (const Entry& entry : records.nsec) {
    if (entry.owner == name) return &entry;
  }
  return nullptr;
}

/// The NSEC that covers a name and may be used for it, or the best reason why there is none.
struct Cover {
  const Entry* entry = nullptr;
  DenialVerdict fault = DenialVerdict::name_not_covered;
};

Cover find_cover(const DenialRecords& records, const dns::Name& name) {
  Cover cover;
  for (const Entry& entry : records.nsec) {
    if (!entry.nsec.next.is_at_or_below(records.apex)) {
      // Where it ends is anyone's guess, so every name behind its owner may be meant.
      if (before(entry.owner, name)) cover.fault = DenialVerdict::next_out_of_zone;
    } else if (!covers(entry, name, records.apex)) {
      continue;
    } else if (may_deny(entry, name)) {
      cover.entry = &entry;
      return cover;
    } else if (is_ancestor_delegation(entry.nsec.types)) {
      cover.fault = DenialVerdict::from_parent_side;
    }
  }
  return cover;
}

// RFC 4035 5.4: both names of the covering NSEC exist, so the longest of the name's ancestors that
// is also theirs is its closest encloser.
dns::Name closest_encloser(const Entry& cover, const dns::Name& name) {
  dns::Name by_owner = name.common_ancestor(cover.owner);
  dns::Name by_next = name.common_ancestor(cover.nsec.next);
  return by_owner.label_count() >= by_next.label_count() ? by_owner : by_next;
}

/// "\000.name": the name's immediate successor (RFC 4471 3.1.2).
bool next_is_successor(const Entry& entry, const dns::Name& name) {
  constexpr std::array<std::uint8_t, 1> zero = {0};
  const auto successor = name.prepend(dns::ByteView(zero));
  return successor && entry.nsec.next == *successor;
}

/// RRSIG and NSEC, and no third type but perhaps `also`.
bool lists_only_itself(const dns::TypeBitmap& types, dns::Type also) {
  std::size_t own = 0;
  for (const auto type : {dns::Type::rrsig, dns::Type::nsec}) own += types.has(type) ? 1 : 0;
  own += also != dns::Type::nsec && types.has(also) ? 1 : 0;
  return types.size() == own;
}

// RFC 4470 4: the made-up NSEC lists only RRSIG and NSEC, which no owner in a zone's own chain does
// (RFC 4035 2.3), or it ends at the name's successor.
DenialForm form_of_cover(const Entry& entry, const dns::Name& name) {
  const bool made_up =
      lists_only_itself(entry.nsec.types, dns::Type::nsec) || next_is_successor(entry, name);
  return made_up ? DenialForm::minimal_nsec : DenialForm::nsec;
}

// RFC 9824 3: an NSEC at the name itself that ends at the name's successor, or says NXNAME.
bool is_compact(const Entry& entry) {
  return next_is_successor(entry, entry.owner) || entry.nsec.types.has(dns::Type::nxname);
}

// RFC 9824 3.2: RRSIG, NSEC and NXNAME say that the name does not exist. The older form has no
// NXNAME and so cannot be told from an empty non-terminal.
bool is_compact_name_error(const Entry& entry) {
  return is_compact(entry) && lists_only_itself(entry.nsec.types, dns::Type::nxname);
}

DenialForm form_of_match(const Entry& entry) {
  return is_compact(entry) ? DenialForm::compact : DenialForm::nsec;
}

DenialProof compact_name_error(const Entry& entry) {
  DenialProof proof;
  proof.verdict = DenialVerdict::proven;
  proof.form = DenialForm::compact;
  proof.types = entry.nsec.types;
  return proof;
}

// RFC 4035 5.4: no wildcard at the closest encloser could have answered. A wildcard that is an
// empty non-terminal exists too.
bool denies_wildcard(const DenialRecords& records, const dns::Name& wildcard) {
  if (find_match(records, wildcard) != nullptr) return false;
  const Cover cover = find_cover(records, wildcard);
  return cover.entry != nullptr && !shows_empty_non_terminal(*cover.entry, wildcard);
}

/// RFC 4035 3.1.3.4: the wildcard at the closest encloser is there, but has no such type.
DenialProof prove_no_data_at_wildcard(const dns::Name& wildcard, dns::Type type,
                                      const DenialRecords& records, DenialProof proof) {
  proof.verdict = DenialVerdict::no_match;
  if (const Entry* match = find_match(records, wildcard)) {
    proof.verdict = judge_no_type(wildcard, match->nsec.types, type);
    proof.types = match->nsec.types;
    proof.wildcard = true;
    return proof;
  }
  const Cover cover = find_cover(records, wildcard);
  if (cover.entry != nullptr && shows_empty_non_terminal(*cover.entry, wildcard)) {
    proof.verdict = DenialVerdict::proven;
    proof.wildcard = true;
    proof.empty_non_terminal = true;
  }
  return proof;
}

}  // namespace

DenialProof prove_name_error(const dns::Name& name, const DenialRecords& records) {
  DenialProof proof;
  proof.form = DenialForm::nsec;
  proof.verdict = DenialVerdict::name_not_covered;
  if (const Entry* match = find_match(records, name)) {
    return is_compact_name_error(*match) ? compact_name_error(*match) : proof;
  }
  const Cover cover = find_cover(records, name);
  proof.verdict = cover.fault;
  if (cover.entry == nullptr) return proof;
  proof.form = form_of_cover(*cover.entry, name);
  if (shows_empty_non_terminal(*cover.entry, name)) {
    proof.empty_non_terminal = true;
    return proof;
  }
  proof.closest_encloser = closest_encloser(*cover.entry, name);
  const auto wildcard = proof.closest_encloser->wildcard();
  const bool denied = !wildcard || denies_wildcard(records, *wildcard);
  proof.verdict = denied ? DenialVerdict::proven : DenialVerdict::wildcard_not_covered;
  return proof;
}

DenialProof prove_no_data(const dns::Name& name, dns::Type type, const DenialRecords& records) {
  DenialProof proof;
  proof.form = DenialForm::nsec;
  if (const Entry* match = find_match(records, name)) {
    proof.form = form_of_match(*match);
    proof.types = match->nsec.types;
    proof.verdict = judge_no_type(name, match->nsec.types, type);
    return proof;
  }
  const Cover cover = find_cover(records, name);
  if (cover.entry == nullptr) {
    const bool nothing_near = cover.fault == DenialVerdict::name_not_covered;
    proof.verdict = nothing_near ? DenialVerdict::no_match : cover.fault;
    return proof;
  }
  proof.form = form_of_cover(*cover.entry, name);
  if (shows_empty_non_terminal(*cover.entry, name)) {
    proof.verdict = DenialVerdict::proven;
    proof.empty_non_terminal = true;
    return proof;
  }
  proof.verdict = DenialVerdict::no_match;
  proof.closest_encloser = closest_encloser(*cover.entry, name);
  const auto wildcard = proof.closest_encloser->wildcard();
  if (!wildcard) return proof;
  return prove_no_data_at_wildcard(*wildcard, type, records, proof);
}

// RFC 4035 5.3.4 and 3.1.3.3: nothing nearer to the name than the wildcard exists: neither the name
// nor anything at or below the next closer name.
DenialProof prove_wildcard_answer(const dns::Name& name, std::uint8_t labels,
                                  const DenialRecords& records) {
  DenialProof proof;
  proof.form = DenialForm::nsec;
  proof.verdict = DenialVerdict::name_not_covered;
  proof.closest_encloser = name.suffix(labels);
  if (find_match(records, name) != nullptr) return proof;
  const Cover cover = find_cover(records, name);
  proof.verdict = cover.fault;
  if (cover.entry == nullptr) return proof;
  proof.form = form_of_cover(*cover.entry, name);
  const bool nothing_nearer = closest_encloser(*cover.entry, name).label_count() <= labels;
  proof.verdict = nothing_nearer ? DenialVerdict::proven : DenialVerdict::name_not_covered;
  return proof;
}

DenialProof prove_insecure_delegation(const dns::Name& name, const DenialRecords& records) {
  DenialProof proof;
  proof.form = DenialForm::nsec;
  proof.verdict = DenialVerdict::no_match;
  if (const Entry* match = find_match(records, name)) {
    proof.form = form_of_match(*match);
    proof.types = match->nsec.types;
    proof.verdict = judge_insecure_delegation(match->nsec.types);
    return proof;
  }
  const Cover cover = find_cover(records, name);
  if (cover.fault == DenialVerdict::from_parent_side) proof.verdict = cover.fault;
  return proof;
}

}  // namespace dnssec::nsec
