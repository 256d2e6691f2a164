// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What else a denial rests on: the SOA in it is signed too (RFC 4035 3.1.3). What comes in place of
// one: of a name that nobody has there is no delegation, and no data but what a signed wildcard
// makes (RFC 4035 5.3.4). And nothing stays unproven unsaid.
#include <algorithm>
#include <map>

#include "judge/denials.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using dnssec::SignatureVerdict;

/// How a set without a valid signature is told; nothing where there was no way to verify it.
std::optional<Sighting> unsigned_sighting(const Docket& docket, const ServerAnalysis& server,
                                          const CheckedRRset& checked, const std::string& whose) {
  if (checked.signatures.empty()) {
    return sighting_of(docket, server, checked, Fault::rrsig_missing, whose + "has no signature",
                       whose + "have no signature");
  }
  const auto& telling =
      *std::max_element(checked.signatures.begin(), checked.signatures.end(),
                        [](const CheckedSignature& left, const CheckedSignature& right) {
                          return left.check.verdict < right.check.verdict;
                        });
  const auto verdict = telling.check.verdict;
  if (server.keys_unknown || verdict == SignatureVerdict::work_limit) {
    return std::nullopt;
  }
  auto sighting = sighting_of(docket, server, checked, fault_of_verdict(verdict),
                              whose + "has no valid signature: it " +
                                  verdict_words(verdict, telling.remaining, telling.age),
                              whose + "have no valid signatures");
  if (verdict == SignatureVerdict::expired) {
    sighting.moment = docket.analysis.now + telling.remaining;
  }
  return sighting;
}

/// Told where it is the one thing that the denial lacks: with the rest it is one cause.
void see_soa(const Docket& docket, const DenialView& view, std::vector<Sighting>& sightings) {
  std::vector<const CheckedRRset*> told;
  for (const auto& denial : view.denials) {
    const bool alone = denial.signatures_hold && denial.proof_holds() && !denial.soa_holds;
    if (!alone || denial.soa == nullptr ||
        std::find(told.begin(), told.end(), denial.soa) != told.end()) {
      continue;
    }
    told.push_back(denial.soa);
    if (auto sighting = unsigned_sighting(docket, view.server, *denial.soa, "of denials ")) {
      sightings.push_back(*std::move(sighting));
    }
  }
}

/// What a resolver takes from such an answer is bogus, where the zone says that there is no name.
void see_made_up_data(const Docket& docket, const ServerAnalysis& server, const dns::Answer& answer,
                      std::vector<Sighting>& sightings) {
  for (const auto& data : dns::group(answer.message->answer)) {
    const auto* checked = data.set.owner == answer.question.name ? server.sighting(data) : nullptr;
    if (checked == nullptr || checked->valid() || checked->set.rdatas.empty()) {
      continue;
    }
    if (auto sighting = unsigned_sighting(docket, server, *checked, "")) {
      sighting->rrset = dns::to_text(data.set.type) + " at a random name";
      sighting->cause = sighting->rrset;
      sightings.push_back(*std::move(sighting));
    }
  }
}

void rule_data(Docket& docket, const std::vector<DenialView>& views) {
  std::vector<Sighting> sightings;
  for (const auto& view : views) {
    see_soa(docket, view, sightings);
    for (const auto& answer : view.server.server->answers) {
      if (answer.answered() && answer.edns_sent && brings_data(answer) &&
          observe::is_of_nobody(docket.seen(), answer.question.name)) {
        see_made_up_data(docket, view.server, answer, sightings);
      }
    }
  }
  add_grouped(docket, sightings);
}

/// The answer is a referral, and nothing proves that. Where the name is in the zone that it leads
/// to, what is wrong with the proof may be told already.
bool is_unproven_referral(const Docket& docket, const ServerAnalysis& server,
                          const dns::Answer& answer, bool told) {
  const auto& seen = docket.seen();
  if (refers_to_nobody(seen, answer)) {
    return true;
  }
  const auto* cut =
      asked_resolvers(seen) ? nullptr : referral_without_proof(answer, server, *seen.apex);
  return cut != nullptr && !(told && answer.question.name.is_at_or_below(cut->owner));
}

}  // namespace

void rules_beside_denial(Docket& docket, const std::vector<DenialView>& views) {
  rule_data(docket, views);
}

void rules_for_referrals(Docket& docket) {
  if (!docket.analysis.zone_signed && docket.analysis.state() == LinkState::insecure) {
    return;
  }
  const bool told = docket.check == kNsec &&
                    std::any_of(docket.findings.begin(), docket.findings.end(),
                                [](const Finding& one) { return one.tier >= Tier::critical; });
  std::vector<Sighting> sightings;
  for (const auto& server : docket.analysis.servers) {
    if (!server.serving() || !server.any_signature) {
      continue;
    }
    for (const auto& answer : server.server->answers) {
      if (is_unproven_referral(docket, server, answer, told)) {
        Sighting sighting;
        sighting.fault = Fault::nsec_proof_missing;
        sighting.tier = info(sighting.fault).tier;
        sighting.cause = "referral";
        sighting.rrset = asked_words(docket.seen(), answer.question);
        sighting.server = server.label;
        sighting.single = "is answered with a referral to a zone there, without proof,";
        sighting.plural = "are answered with referrals to zones there, without proof,";
        sightings.push_back(std::move(sighting));
      }
    }
  }
  add_grouped(docket, sightings);
}

void rule_unproven(Docket& docket) {
  const bool nothing_to_prove =
      !docket.analysis.zone_signed && docket.analysis.state() == LinkState::insecure;
  const bool told = std::any_of(docket.findings.begin(), docket.findings.end(),
                                [](const Finding& finding) { return finding.tier > Tier::info; });
  if (nothing_to_prove || told) {
    return;
  }
  std::map<std::string, std::vector<std::string>> places;
  for (const auto& row : summarize_denials(docket.analysis).rows) {
    // Every server is asked for a type that the apex does not have.
    if (row.denials == 0 || row.proven < row.denials) {
      places[row.denials == 0 ? "no denial was seen"
                              : std::to_string(row.proven) + " of " +
                                    count_words(row.denials, "denial") + " verified"]
          .push_back(row.server);
    }
  }
  for (auto& [words, labels] : places) {
    auto& finding = docket.add(
        Fault::nsec_query_error,
        "could not look: " + words + " " + places_words(labels, docket.analysis.servers.size()));
    finding.tier = Tier::unknown;
    finding.servers = std::move(labels);
  }
}

}  // namespace judge
