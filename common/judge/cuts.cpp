// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/cuts.hpp"

#include <algorithm>

#include "dnssec/denial.hpp"
#include "judge/denials.hpp"

namespace judge {
namespace {

using dns::Name;
using dns::Type;

/// As for all denials: more would take too long (CVE-2023-50868).
constexpr std::uint16_t kMostIterationsAtCut = 500;
constexpr unsigned kMostHashesAtCut = 200;

struct CutBench {
  const Name& apex;
  const std::vector<dnssec::Key>& keys;
  Work& work;
  /// A signature whose time is not now is told as such, of this RRset: it is no second fault that
  /// the cut is not proven. Neither is what there was no budget to verify.
  [[nodiscard]] bool holds(const dns::SignedRRset& data) const {
    return std::any_of(data.signatures.begin(), data.signatures.end(), [&](const auto& signature) {
      const auto verdict = work.verifier.check_untimed(data.set, signature, apex, keys).verdict;
      return verdict == dnssec::SignatureVerdict::valid ||
             verdict == dnssec::SignatureVerdict::work_limit;
    });
  }
};

/// A DS RRset, or the proof that the delegation has none (RFC 4035 5.2, RFC 5155 8.9), or what
/// would take too much work to tell.
bool vouches_for_cut(const dns::Answer& answer, const CutBench& bench) {
  const auto& name = answer.question.name;
  const auto sets = dns::group(answer.message->answer);
  const auto* ds = dns::find(sets, name, Type::ds);
  if (ds != nullptr && !ds->set.rdatas.empty()) {
    return bench.holds(*ds);
  }
  auto authority = dns::group(answer.message->authority);
  authority.erase(std::remove_if(authority.begin(), authority.end(),
                                 [&](const dns::SignedRRset& data) {
                                   return !is_nsec_or_nsec3(data.set.type) || !bench.holds(data);
                                 }),
                  authority.end());
  const auto records = dnssec::denial_records(bench.apex, authority);
  const auto proof = dnssec::prove_insecure_delegation(name, records,
                                                       {.most_iterations = kMostIterationsAtCut,
                                                        .most_hashes = kMostHashesAtCut,
                                                        .work = &bench.work.hashing});
  return dnssec::is_proven(proof.verdict) ||
         proof.verdict == dnssec::DenialVerdict::too_many_iterations ||
         proof.verdict == dnssec::DenialVerdict::unknown_nsec3;
}

void find_proofs(KnownCuts& known, const observe::Server& server, const CutBench& bench) {
  for (const auto& answer : server.answers) {
    const auto& name = answer.question.name;
    if (answer.answered() && answer.edns_sent &&
        observe::is_cut_question(answer.question, bench.apex) && !known.vouched.contains(name) &&
        vouches_for_cut(answer, bench)) {
      known.vouched.insert(name);
    }
  }
}

bool leads_elsewhere(const dns::Message& message) {
  return std::any_of(message.answer.begin(), message.answer.end(), [](const dns::Record& record) {
    return record.type == Type::cname || record.type == Type::dname;
  });
}

/// What the validator found below a secure zone: data that another zone signed, or that none does.
void hear_validator(KnownCuts& known, const dns::Lookup& probe, const Name& apex) {
  const auto& name = probe.question.name;
  if (!probe.validated || !name.is_below(apex) || !probe.message ||
      leads_elsewhere(*probe.message)) {
    return;
  }
  if (probe.security == dns::Security::insecure) {
    known.insecure.insert(name);
  }
  if (probe.security == dns::Security::bogus) {
    known.ours.insert(name);
  }
  if (probe.security != dns::Security::secure) {
    return;
  }
  for (const auto& record : probe.message->answer) {
    const auto rrsig =
        record.type == Type::rrsig ? dns::parse_rrsig(record.rdata) : std::optional<dns::Rrsig>();
    if (rrsig && rrsig->signer.is_below(apex) && name.is_at_or_below(rrsig->signer)) {
      known.vouched.insert(rrsig->signer);
    } else if (rrsig && rrsig->signer == apex && record.owner == name) {
      known.ours.insert(name);
    }
  }
}

/// In canonical order a name comes right before all that is below it (RFC 4034 6.1).
bool has_below(const KnownCuts::Names& names, const Name& above) {
  const auto below = names.lower_bound(above);
  return below != names.end() && below->is_at_or_below(above);
}

/// Something vouches for a cut there or above it.
bool is_vouched_for(const KnownCuts& known, const Name& apex, const Name& claim) {
  const auto names = observe::names_down_to(apex, claim);
  const bool insecure = has_below(known.insecure, claim) && !has_below(known.ours, claim);
  return insecure || std::any_of(names.begin(), names.end(),
                                 [&](const Name& name) { return known.vouched.contains(name); });
}

/// The server was asked about each name where the cut can be, and answered.
bool was_asked(const observe::Server& server, const Name& apex, const Name& claim) {
  const auto names = observe::names_down_to(apex, claim);
  return std::all_of(names.begin(), names.end(), [&](const Name& name) {
    const auto* answer = server.find(name, Type::ds);
    return answer != nullptr && answer->answered();
  });
}

/// So many claims that not all were asked about.
bool claims_too_much(const observe::ZoneObservation& seen, const observe::Server& server) {
  const auto asked = std::count_if(
      server.answers.begin(), server.answers.end(),
      [&](const auto& one) { return observe::is_cut_question(one.question, *seen.apex); });
  return static_cast<std::size_t>(asked) >= observe::most_cut_questions(seen);
}

}  // namespace

bool ZonesBelow::has(const Name& name) const {
  for (auto at = name; !at.is_root(); at = at.parent()) {
    if (begins_at(at)) return true;
  }
  return false;
}

bool ZonesBelow::may_answer(const dns::Question& question, const Name& name) const {
  return begins_at(name) && question.name.is_at_or_below(name) &&
         !(question.type == Type::ds && question.name == name);
}

KnownCuts find_cuts(const observe::ZoneObservation& seen, const std::vector<LinkAnalysis>& links,
                    const std::vector<dnssec::Key>& keys, Work& work) {
  KnownCuts known;
  if (!seen.apex) {
    return known;
  }
  const bool secure = !links.empty() && links.back().state == LinkState::secure;
  for (const auto& server : seen.servers) {
    const auto own =
        secure ? keys : keys_of_server(server, *seen.apex).value_or(std::vector<dnssec::Key>{});
    known.keys = known.keys || !own.empty();
    find_proofs(known, server, {*seen.apex, own, work});
  }
  if (secure) {
    for (const auto& probe : seen.probes) {
      hear_validator(known, probe, *seen.apex);
    }
  }
  return known;
}

ZonesBelow zones_below(const observe::ZoneObservation& seen, const observe::Server& server,
                       const KnownCuts& known) {
  ZonesBelow zones{known.vouched};
  if (!seen.apex) {
    return zones;
  }
  const auto& apex = *seen.apex;
  const bool too_much = claims_too_much(seen, server);
  for (auto& claim : observe::claimed_cuts(seen, server)) {
    const bool untold = !known.keys || !(too_much || was_asked(server, apex, claim));
    if (untold || is_vouched_for(known, apex, claim)) {
      zones.apexes.insert(std::move(claim));
    }
  }
  return zones;
}

}  // namespace judge
