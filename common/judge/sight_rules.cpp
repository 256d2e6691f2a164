// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Could anything be seen at all, and with which clock?
#include <algorithm>

#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dnssec::SignatureVerdict;

bool all_signatures_are(const LinkAnalysis& link, SignatureVerdict verdict) {
  return link.dnskey_set && !link.dnskey_set->signatures.empty() &&
         std::all_of(link.dnskey_set->signatures.begin(), link.dnskey_set->signatures.end(),
                     [verdict](const CheckedSignature& signature) {
                       return signature.check.verdict == verdict;
                     });
}

}  // namespace

/// The root's and another zone's key sets out of time in the same direction: it is our clock, or
/// --at looks too far. Then nothing about times can be judged, and nothing is.
bool rule_clock(Docket& docket) {
  const auto& links = docket.analysis.links;
  if (links.size() < 2 || !links.front().zone().is_root()) {
    return false;
  }
  for (const auto verdict : {SignatureVerdict::expired, SignatureVerdict::not_yet_valid}) {
    if (all_signatures_are(links[0], verdict) && all_signatures_are(links[1], verdict)) {
      docket.add(
          Fault::own_clock_wrong,
          (docket.policy.other_moment ? "judged as of " : "this host's clock says ") +
              dns::to_iso_second(docket.analysis.now) + ", but the signatures of the root and of " +
              links[1].zone().to_display() +
              (verdict == SignatureVerdict::expired ? " have all expired" : " all begin later"));
      return true;
    }
  }
  return false;
}

bool rule_descent(Docket& docket) {
  const auto& seen = docket.seen();
  const std::string asked = seen.asked.to_display();
  switch (seen.descent) {
    case observe::Descent::found:
      if (seen.apex && !(*seen.apex == seen.asked)) {
        docket.add(Fault::not_an_apex, asked + " is a name in the zone " + seen.apex->to_display() +
                                           ", which was checked");
      }
      return true;
    case observe::Descent::not_done:
      docket.add(Fault::deadline_reached,
                 "the time was over while " + (seen.stage.empty() ? "starting" : seen.stage));
      return false;
    case observe::Descent::root_unreachable:
      docket.add(Fault::root_unreachable,
                 seen.forwarders.empty()
                     ? "could not look: no root server answered; is port 53 open from here?"
                     : "could not look: the forwarder " + seen.forwarders +
                           " gave no answer about the root");
      return false;
    case observe::Descent::name_not_found:
      docket.add(Fault::zone_not_found,
                 "there is no such name: " +
                     (seen.apex ? seen.apex->to_display() : std::string("the root")) +
                     " says NXDOMAIN");
      return false;
    case observe::Descent::parent_unreachable:
      docket.add(Fault::parent_unreachable,
                 "could not look: no server of " +
                     (seen.apex ? seen.apex->to_display() : std::string("the root")) +
                     " answered usefully, which is above it");
      return false;
  }
  return false;
}

void rule_deadline(Docket& docket) {
  if (docket.seen().deadline_hit && docket.seen().descent != observe::Descent::not_done) {
    docket.add(Fault::deadline_reached, "the time was over while " + docket.seen().stage +
                                            "; what was seen until then is judged");
  }
}

}  // namespace judge
