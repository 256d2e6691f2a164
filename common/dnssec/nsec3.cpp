// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/nsec3.hpp"

#include <utility>

#include "dnssec/denial_bits.hpp"
#include "dnssec/nsec3_chain.hpp"

namespace dnssec::nsec3 {

namespace {

/// RFC 5155 8.3.
struct Encloser {
  DenialVerdict verdict = DenialVerdict::closest_encloser_missing;
  std::optional<dns::Name> name;  ///< the nearest ancestor with an NSEC3
  Cover next_closer;              ///< of the name one label longer
};

DenialVerdict proven(bool opt_out) {
  return opt_out ? DenialVerdict::proven_opt_out : DenialVerdict::proven;
}

// RFC 5155 8.3 and RFC 6840 4.1: an encloser with DNAME, or from the parent's side of a cut, says
// nothing about what is below it.
DenialVerdict judge_encloser(const dns::TypeBitmap& types) {
  if (is_ancestor_delegation(types)) return DenialVerdict::from_parent_side;
  if (!may_deny_below(types)) return DenialVerdict::closest_encloser_missing;
  return DenialVerdict::proven;
}

// RFC 5155 8.3: the longest ancestor of the name that has an NSEC3, while the next closer name is
// covered by one. The name itself has none: the caller has looked.
Encloser find_encloser(Chain& chain, const dns::Name& name) {
  Encloser encloser;
  const std::size_t labels = name.label_count();
  for (std::size_t count = labels; count > chain.apex().label_count(); --count) {
    const dns::Name candidate = name.suffix(count - 1);
    const Entry* match = chain.match(candidate);
    if (match == nullptr) continue;
    encloser.name = candidate;
    encloser.verdict = judge_encloser(match->nsec3.types);
    if (encloser.verdict != DenialVerdict::proven) return encloser;
    encloser.next_closer = chain.cover(name.suffix(count));
    if (encloser.next_closer.entry == nullptr) encloser.verdict = DenialVerdict::name_not_covered;
    return encloser;
  }
  return encloser;
}

DenialForm form_of_proof(Chain& chain, const Entry* entry, const dns::Name& name) {
  const bool minimal = entry != nullptr && chain.is_minimal(*entry, name);
  return minimal ? DenialForm::minimal_nsec3 : DenialForm::nsec3;
}

/// What a proof starts with after the encloser is found or not.
DenialProof start(Chain& chain, const Encloser& encloser, const dns::Name& name) {
  DenialProof proof;
  proof.verdict = encloser.verdict;
  proof.closest_encloser = encloser.name;
  proof.opt_out = encloser.next_closer.opt_out();
  const std::size_t next_closer_labels = encloser.name ? encloser.name->label_count() + 1 : 0;
  proof.form = form_of_proof(chain, encloser.next_closer.entry, name.suffix(next_closer_labels));
  return proof;
}

DenialProof at_match(Chain& chain, const Entry& match, const dns::Name& name) {
  DenialProof proof;
  proof.form = form_of_proof(chain, &match, name);
  proof.types = match.nsec3.types;
  return proof;
}

DenialProof name_error(Chain& chain, const dns::Name& name) {
  if (const Entry* match = chain.match(name)) {
    DenialProof proof = at_match(chain, *match, name);
    // RFC 9824's NXNAME carried over to NSEC3: a record at a name that says it does not exist.
    const bool compact = match->nsec3.types.has(dns::Type::nxname);
    if (compact) proof.form = DenialForm::compact;
    proof.verdict = compact ? DenialVerdict::proven : DenialVerdict::name_not_covered;
    return proof;
  }
  const Encloser encloser = find_encloser(chain, name);
  DenialProof proof = start(chain, encloser, name);
  if (proof.verdict != DenialVerdict::proven) return proof;
  // RFC 5155 8.4: and an NSEC3 covers the wildcard at the closest encloser.
  const auto wildcard = encloser.name->wildcard();
  const Cover cover = wildcard ? chain.cover(*wildcard) : Cover{};
  proof.verdict = !wildcard || cover.entry != nullptr ? proven(encloser.next_closer.opt_out())
                                                      : DenialVerdict::wildcard_not_covered;
  proof.opt_out = proof.opt_out || cover.opt_out();
  return proof;
}

DenialProof no_data(Chain& chain, const dns::Name& name, dns::Type type) {
  // RFC 5155 8.5 and 8.6: an NSEC3 matches the name and lists neither the type nor CNAME.
  if (const Entry* match = chain.match(name)) {
    DenialProof proof = at_match(chain, *match, name);
    proof.verdict = judge_no_type(name, match->nsec3.types, type);
    proof.empty_non_terminal = match->nsec3.types.empty();
    return proof;
  }
  const Encloser encloser = find_encloser(chain, name);
  DenialProof proof = start(chain, encloser, name);
  const auto wildcard = encloser.name ? encloser.name->wildcard() : std::nullopt;
  const Entry* match = wildcard ? chain.match(*wildcard) : nullptr;
  if (proof.verdict != DenialVerdict::proven) {
    // Without the wildcard's record the missing cover is no part of a proof that was begun: what
    // is missing is the record of the name.
    const bool begun = match != nullptr || proof.verdict == DenialVerdict::from_parent_side;
    if (!begun) proof.verdict = DenialVerdict::no_match;
    return proof;
  }
  // RFC 5155 8.6: or the name may be an insecure delegation in an Opt-Out span, without DS.
  const bool in_opt_out_span = encloser.next_closer.opt_out();
  if (type == dns::Type::ds && in_opt_out_span) {
    proof.verdict = DenialVerdict::proven_opt_out;
    return proof;
  }
  // RFC 5155 8.7: or the name is covered, and an NSEC3 matches the wildcard and lists neither.
  if (match != nullptr) {
    proof.wildcard = true;
    proof.types = match->nsec3.types;
    proof.empty_non_terminal = match->nsec3.types.empty();
    proof.verdict = judge_no_type(*wildcard, match->nsec3.types, type);
    if (proof.verdict == DenialVerdict::proven) proof.verdict = proven(in_opt_out_span);
    return proof;
  }
  // The empty non-terminals above insecure delegations have no NSEC3 either under Opt-Out (RFC 5155
  // 7.1, erratum 3441), so without a wildcard the span stands for every type.
  if (in_opt_out_span) {
    proof.verdict = DenialVerdict::proven_opt_out;
  } else {
    proof.verdict =
        type == dns::Type::ds ? DenialVerdict::opt_out_missing : DenialVerdict::no_match;
  }
  return proof;
}

// RFC 5155 8.8: the RRSIG's Labels gives the closest encloser; the next closer name is covered.
DenialProof wildcard_answer(Chain& chain, const dns::Name& name, std::uint8_t labels) {
  const dns::Name next_closer = name.suffix(labels + std::size_t{1});
  const Cover cover = chain.cover(next_closer);
  DenialProof proof;
  proof.form = form_of_proof(chain, cover.entry, next_closer);
  proof.closest_encloser = name.suffix(labels);
  proof.opt_out = cover.opt_out();
  proof.verdict =
      cover.entry != nullptr ? proven(cover.opt_out()) : DenialVerdict::name_not_covered;
  return proof;
}

DenialProof insecure_delegation(Chain& chain, const dns::Name& name) {
  // RFC 5155 8.9: an NSEC3 matches the delegation, with NS and without DS and SOA.
  if (const Entry* match = chain.match(name)) {
    DenialProof proof = at_match(chain, *match, name);
    proof.verdict = judge_insecure_delegation(match->nsec3.types);
    return proof;
  }
  // RFC 5155 8.9: or the next closer name is covered by an Opt-Out span.
  const Encloser encloser = find_encloser(chain, name);
  DenialProof proof = start(chain, encloser, name);
  if (proof.verdict != DenialVerdict::proven) {
    if (!encloser.name) proof.verdict = DenialVerdict::no_match;
    return proof;
  }
  proof.verdict = encloser.next_closer.opt_out() ? DenialVerdict::proven_opt_out
                                                 : DenialVerdict::opt_out_missing;
  return proof;
}

/// What was not found for want of hashes is not known to be missing.
DenialVerdict with_limits(const Chain& chain, DenialVerdict verdict) {
  if (is_proven(verdict)) return verdict;
  if (chain.cannot_hash()) return DenialVerdict::unknown_nsec3;
  return chain.limit_hit() ? DenialVerdict::too_many_iterations : verdict;
}

/// RFC 5155 8.2: the records of a proof have the same parameters. While a zone changes its salt two
/// chains may be in an answer, and one whole proof is enough.
template <class Prove>
DenialProof by_one_chain(const DenialRecords& records, const DenialLimits& limits, Prove prove) {
  const auto sets = Chain::by_parameters(records);
  const unsigned share = limits.most_hashes / static_cast<unsigned>(sets.empty() ? 1 : sets.size());
  DenialProof last;
  bool all_over_limit = !sets.empty();
  for (const auto& set : sets) {
    last = DenialProof{};
    last.form = DenialForm::nsec3;
    last.verdict = DenialVerdict::too_many_iterations;
    if (set.front()->nsec3.iterations > limits.most_iterations) continue;
    Chain chain(records.apex, set, share, limits.work);
    last = prove(chain);
    last.verdict = with_limits(chain, last.verdict);
    if (is_proven(last.verdict)) return last;
    all_over_limit = all_over_limit && last.verdict == DenialVerdict::too_many_iterations;
  }
  if (sets.size() < 2) return last;
  last.verdict = all_over_limit ? DenialVerdict::too_many_iterations : DenialVerdict::params_differ;
  return last;
}

}  // namespace

DenialProof prove_name_error(const dns::Name& name, const DenialRecords& records,
                             const DenialLimits& limits) {
  return by_one_chain(records, limits, [&](Chain& chain) { return name_error(chain, name); });
}

DenialProof prove_no_data(const dns::Name& name, dns::Type type, const DenialRecords& records,
                          const DenialLimits& limits) {
  return by_one_chain(records, limits, [&](Chain& chain) { return no_data(chain, name, type); });
}

DenialProof prove_wildcard_answer(const dns::Name& name, std::uint8_t labels,
                                  const DenialRecords& records, const DenialLimits& limits) {
  return by_one_chain(records, limits,
                      [&](Chain& chain) { return wildcard_answer(chain, name, labels); });
}

DenialProof prove_insecure_delegation(const dns::Name& name, const DenialRecords& records,
                                      const DenialLimits& limits) {
  return by_one_chain(records, limits,
                      [&](Chain& chain) { return insecure_delegation(chain, name); });
}

}  // namespace dnssec::nsec3
