// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The part of a resolver's answer that counts, and what its denials prove.
#include "judge/resolver_evidence.hpp"

#include <algorithm>

#include "dns/rdata.hpp"
#include "dnssec/denial.hpp"

namespace judge {
namespace {

using dns::SignedRRset;
using dns::Type;
using dnssec::DenialVerdict;
using Sets = std::vector<SignedRRset>;

constexpr unsigned kMostHops = 16;

/// RFC 6672 2.2: does the DNAME lead from the alias to the target? The labels before the DNAME's
/// owner stay, its target follows them.
bool makes(const SignedRRset& dname, const dns::Name& alias, const dns::Name& target) {
  if (dname.set.type != Type::dname || dname.set.rdatas.empty() ||
      !alias.is_below(dname.set.owner)) {
    return false;
  }
  const auto end = dns::parse_target(dname.set.rdatas.front());
  auto labels = alias.labels();
  labels.resize(labels.size() - dname.set.owner.label_count());
  auto made = end;
  for (auto label = labels.rbegin(); label != labels.rend() && made; ++label) {
    made = made->prepend(*label);
  }
  return made && *made == target;
}

std::optional<dns::Name> target_of(const SignedRRset& alias) {
  return alias.set.type == Type::cname && !alias.set.rdatas.empty()
             ? dns::parse_target(alias.set.rdatas.front())
             : std::nullopt;
}

/// The RRset whose signatures speak for this one.
const SignedRRset& backing(const SignedRRset& data, const Sets& sets) {
  const auto target = data.signatures.empty() ? target_of(data) : std::nullopt;
  if (!target) {
    return data;
  }
  const auto dname = std::find_if(sets.begin(), sets.end(), [&](const SignedRRset& other) {
    return makes(other, data.set.owner, *target);
  });
  return dname == sets.end() ? data : *dname;
}

/// Follows the aliases. True: they lead to records of the type.
bool follow(const Sets& sets, Type type, Evidence& evidence) {
  for (unsigned hop = 0; hop <= kMostHops; ++hop) {
    if (const auto* found = dns::find(sets, evidence.last, type)) {
      evidence.answer.push_back(*found);
      return true;
    }
    const auto* alias = dns::find(sets, evidence.last, Type::cname);
    const auto target = alias == nullptr ? std::nullopt : target_of(*alias);
    if (!target) {
      return false;
    }
    evidence.answer.push_back(backing(*alias, sets));
    evidence.last = *target;
  }
  return false;
}

bool has_records(const SignedRRset& data) { return !data.set.rdatas.empty(); }

/// What other SOA stands in the authority section denies nothing of the name.
bool may_deny(const dns::RRset& set, const dns::Name& name) {
  return set.type == Type::nsec || set.type == Type::nsec3 ||
         (set.type == Type::soa && name.is_at_or_below(set.owner));
}

void take_denial(const dns::Message& message, const Sets& sets, Evidence& evidence) {
  evidence.answer.clear();
  for (const auto& data : sets) {
    if (has_records(data)) {
      evidence.answer.push_back(backing(data, sets));
    }
  }
  for (auto& data : dns::group(message.authority)) {
    if (has_records(data) && may_deny(data.set, evidence.last)) {
      evidence.denial.push_back(std::move(data));
    }
  }
}

bool has_signature(const SignedRRset& data) { return !data.signatures.empty(); }

/// Beyond the limits, or of kinds that are passed over: others may be able to tell.
bool is_unclear(DenialVerdict verdict) {
  return verdict == DenialVerdict::mixed || verdict == DenialVerdict::params_differ ||
         verdict == DenialVerdict::too_many_iterations || verdict == DenialVerdict::unknown_nsec3;
}

}  // namespace

Evidence evidence_in(const dns::Message& message, const dns::Question& question) {
  const auto sets = dns::group(message.answer);
  Evidence evidence;
  evidence.last = question.name;
  if (!follow(sets, question.type, evidence)) {
    take_denial(message, sets, evidence);
  }
  return evidence;
}

bool is_signed(const Evidence& evidence) {
  return !(evidence.answer.empty() && evidence.denial.empty()) &&
         std::all_of(evidence.answer.begin(), evidence.answer.end(), has_signature) &&
         std::all_of(evidence.denial.begin(), evidence.denial.end(), has_signature);
}

bool lacks_denial(const Evidence& evidence) {
  return std::none_of(evidence.denial.begin(), evidence.denial.end(),
                      [](const SignedRRset& data) { return data.set.type != Type::soa; });
}

bool is_of_zone(const dns::Name& name, Type type, const AskedQuestion& asked,
                const dns::Name& apex) {
  if (!name.is_at_or_below(apex) || (type == Type::ds && name == apex)) {
    return false;
  }
  if (asked.lookup == nullptr || !asked.lookup->message) {
    return true;
  }
  const auto is_from_below = [&](const dns::Record& record) {
    const auto rrsig = record.type == Type::rrsig ? dns::parse_rrsig(record.rdata) : std::nullopt;
    return rrsig && name.is_at_or_below(rrsig->signer) && rrsig->signer.is_below(apex);
  };
  const auto& own = *asked.lookup->message;
  return std::none_of(own.answer.begin(), own.answer.end(), is_from_below) &&
         std::none_of(own.authority.begin(), own.authority.end(), is_from_below);
}

/// RFC 4035 5.4, RFC 5155 8.4-8.7. A compact denial says "no such type" with an NSEC at the name
/// (RFC 9824 3), and who reads its NXNAME may answer NXDOMAIN.
DenialWord denial_word(const Analysis& analysis, const AskedQuestion& asked, AnswerKind kind,
                       const Evidence& evidence) {
  const auto& apex = analysis.seen->apex;
  if (!apex || !is_of_zone(evidence.last, asked.question.type, asked, *apex)) {
    return DenialWord::unclear;
  }
  const auto records = dnssec::denial_records(*apex, evidence.denial);
  const dnssec::DenialLimits limits{.work = &analysis.work->hashing};
  const bool no_data = kind == AnswerKind::no_data;
  const auto proof =
      no_data ? dnssec::prove_no_data(evidence.last, asked.question.type, records, limits)
              : dnssec::prove_name_error(evidence.last, records, limits);
  if (dnssec::is_proven(proof.verdict)) {
    return DenialWord::as_answered;
  }
  if (is_unclear(proof.verdict)) {
    return DenialWord::unclear;
  }
  const bool name_error =
      no_data &&
      dnssec::is_proven(dnssec::prove_name_error(evidence.last, records, limits).verdict);
  return name_error ? DenialWord::name_error : DenialWord::nothing;
}

}  // namespace judge
