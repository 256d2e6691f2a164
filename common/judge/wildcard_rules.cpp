// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Answers made from a wildcard: the denial beside them allows it (RFC 4035 5.3.4, RFC 5155 8.8).
#include <algorithm>

#include "judge/denials.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Name;
using dns::Type;

/// The answer that the RRset is from.
const dns::Answer* answer_with(const ServerAnalysis& server, const CheckedRRset& checked) {
  const auto& answers = server.server->answers;
  const auto found = std::find_if(answers.begin(), answers.end(), [&](const dns::Answer& answer) {
    return answer.answered() &&
           std::any_of(answer.message->answer.begin(), answer.message->answer.end(),
                       [&](const dns::Record& record) {
                         return record.type == checked.set.type &&
                                record.owner == checked.set.owner;
                       });
  });
  return found == answers.end() ? nullptr : &*found;
}

/// A denial that was begun, and shows something nearer than the wildcard.
bool is_contradicted(const dnssec::DenialRecords& records, const CheckedRRset& checked) {
  const auto labels = checked.lasting()->rrsig->labels;
  return std::any_of(records.nsec.begin(), records.nsec.end(), [&](const auto& entry) {
    const auto nearest = std::max(checked.set.owner.common_ancestor(entry.owner).label_count(),
                                  checked.set.owner.common_ancestor(entry.nsec.next).label_count());
    const bool covers =
        dns::canonical_compare(entry.owner, checked.set.owner) == std::strong_ordering::less &&
        (entry.nsec.next == records.apex ||
         dns::canonical_compare(checked.set.owner, entry.nsec.next) == std::strong_ordering::less);
    return entry.owner == checked.set.owner || (covers && nearest > labels);
  });
}

/// The wildcard itself is denied, by what the same server says elsewhere.
bool is_denied(const ServerAnalysis& server, const Name& wildcard, const Name& apex) {
  return std::any_of(server.rrsets.begin(), server.rrsets.end(), [&](const CheckedRRset& checked) {
    if (checked.set.type != Type::nsec || !checked.valid()) {
      return false;
    }
    const auto nsec = dns::parse_nsec(checked.set.rdatas.front());
    return nsec &&
           dns::canonical_compare(checked.set.owner, wildcard) == std::strong_ordering::less &&
           !nsec->next.is_at_or_below(wildcard) &&
           (nsec->next == apex ||
            dns::canonical_compare(wildcard, nsec->next) == std::strong_ordering::less);
  });
}

}  // namespace

void rules_for_wildcards(Docket& docket) {
  std::vector<Sighting> sightings;
  const auto& apex = *docket.seen().apex;
  for (const auto& server : docket.analysis.servers) {
    for (const auto& checked : server.rrsets) {
      const auto* lasting = checked.lasting();
      if (lasting == nullptr || !lasting->check.wildcard) {
        continue;
      }
      const auto* answer = answer_with(server, checked);
      const auto wildcard = checked.set.owner.suffix(lasting->rrsig->labels).wildcard();
      if (answer == nullptr || !wildcard) {
        continue;
      }
      const auto records = dnssec::denial_records(apex, dns::group(answer->message->authority));
      const auto from = "is made from " + wildcard->to_display();
      if (is_contradicted(records, checked)) {
        sightings.push_back(sighting_of(docket, server, checked, Fault::wildcard_expansion_invalid,
                                        from + ", though a closer name exists",
                                        "are made from wildcards, though closer names exist"));
      } else if (checked.wildcard_unproven) {
        sightings.push_back(sighting_of(
            docket, server, checked, Fault::wildcard_proof_missing,
            "is made from a wildcard without proof that the name itself does not exist",
            "are made from a wildcard without proof that the names themselves do not exist"));
      } else if (is_steady(docket.analysis, server) && is_denied(server, *wildcard, apex)) {
        sightings.push_back(
            sighting_of(docket, server, checked, Fault::wildcard_expansion_invalid,
                        from + ", which the server denies elsewhere",
                        "are made from wildcards that the server denies elsewhere"));
      }
    }
  }
  add_grouped(docket, sightings);
}

}  // namespace judge
