// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Negative answers of every server: in the right zone, and proven (RFC 4035 5.4, RFC 5155 8).
#include <algorithm>
#include <map>

#include "dnssec/denial.hpp"
#include "judge/denials.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using dnssec::DenialVerdict;

std::optional<Fault> fault_of(DenialVerdict verdict) {
  switch (verdict) {
    case DenialVerdict::proven:
    case DenialVerdict::proven_opt_out:
      return std::nullopt;
    case DenialVerdict::no_records:
    case DenialVerdict::unknown_nsec3:
      return Fault::nsec_proof_missing;
    case DenialVerdict::closest_encloser_missing:
      return Fault::closest_encloser_missing;
    case DenialVerdict::wildcard_not_covered:
      return Fault::nxdomain_wildcard_not_covered;
    case DenialVerdict::no_match:
    case DenialVerdict::not_a_delegation:
    case DenialVerdict::opt_out_missing:
      return Fault::nodata_no_match;
    case DenialVerdict::type_in_bitmap:
      return Fault::nodata_type_in_bitmap;
    case DenialVerdict::mixed:
    case DenialVerdict::params_differ:
    case DenialVerdict::too_many_iterations:
    case DenialVerdict::name_not_covered:
    case DenialVerdict::from_parent_side:
    case DenialVerdict::from_child_side:
    case DenialVerdict::next_out_of_zone:
      return Fault::nxdomain_name_not_covered;
  }
  return std::nullopt;
}

/// NXDOMAIN for a name that is known to be there is the name rules' matter.
bool denies_known_name(const Docket& docket, const dns::Answer& answer) {
  if (answer.message->rcode != dns::Rcode::nxdomain) {
    return false;
  }
  const auto& name = answer.question.name;
  const auto& wanted = docket.seen().wanted;
  return name == *docket.seen().apex ||
         std::any_of(wanted.begin(), wanted.end(),
                     [&](const dns::Question& question) { return question.name.is_below(name); });
}

struct Seen {
  Fault fault;
  std::string words;
  bool operator<(const Seen& other) const {
    return std::tie(fault, words) < std::tie(other.fault, other.words);
  }
};
using Places = std::map<Seen, std::vector<std::string>>;

/// RFC 2308 3: the SOA of a negative answer names the zone that the proof is in.
/// One beside the zone's own is surplus, which resolvers leave out.
bool soa_of_other_zone(const dns::Message& message, const dns::Name& apex) {
  bool other = false;
  for (const auto& record : message.authority) {
    if (record.type == Type::soa && record.owner == apex) {
      return false;
    }
    other = other || record.type == Type::soa;
  }
  return other;
}

void see_answer(const Docket& docket, const ServerAnalysis& server, const dns::Answer& answer,
                Places& places) {
  const auto& apex = *docket.seen().apex;
  const auto what = asked_words(docket.seen(), answer.question);
  if (soa_of_other_zone(*answer.message, apex)) {
    const bool below =
        std::any_of(answer.message->authority.begin(), answer.message->authority.end(),
                    [&](const dns::Record& record) {
                      return record.type == Type::soa &&
                             server.below.may_answer(answer.question, record.owner) &&
                             !observe::is_of_nobody(docket.seen(), record.owner);
                    });
    if (!(below && answer.question.name.is_below(apex))) {
      add_unique(places[{Fault::soa_owner_wrong,
                         "the denial of " + what + " carries the SOA of another zone"}],
                 server.label);
    }
    return;
  }
  const auto authority = dns::group(answer.message->authority);
  if (!denial_verifies(docket.analysis, server, authority)) {
    return;  // the signature rules' matter: the proof is not blamed a second time
  }
  const auto records = dnssec::denial_records(apex, authority);
  const bool no_name = answer.message->rcode == dns::Rcode::nxdomain;
  const dnssec::DenialLimits limits{.work = &docket.analysis.work->hashing};
  const auto proof =
      no_name ? dnssec::prove_name_error(answer.question.name, records, limits)
              : dnssec::prove_no_data(answer.question.name, answer.question.type, records, limits);
  if (const auto fault = fault_of(proof.verdict)) {
    add_unique(places[{*fault, "the denial of " + what +
                                   " is not proven: " + std::string(to_text(proof.verdict))}],
               server.label);
  }
}

}  // namespace

void rules_for_denial(Docket& docket) {
  if (!docket.analysis.zone_signed || docket.analysis.state() == LinkState::insecure) {
    return;
  }
  Places places;
  for (const auto& server : docket.analysis.servers) {
    if (!server.serving() || !server.any_signature) {
      continue;
    }
    for (const auto& answer : server.server->answers) {
      if (claims_absence(answer, false) && !refers_to_nobody(docket.seen(), answer) &&
          !denies_known_name(docket, answer)) {
        see_answer(docket, server, answer, places);
      }
    }
  }
  for (auto& [seen, labels] : places) {
    auto& finding = docket.add(
        seen.fault, seen.words + " " + places_words(labels, docket.analysis.servers.size()));
    finding.servers = std::move(labels);
  }
  rules_for_referrals(docket);
}

}  // namespace judge
