// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The delegation from both sides: nameserver names, addresses, and the DS set at every parent
// server.
#include <algorithm>
#include <map>

#include "judge/address_class.hpp"
#include "judge/ds_words.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

void see_names(Docket& docket) {
  std::vector<std::string> parent_only, child_only;
  bool any_parent = false, any_child = false;
  for (const auto& host : docket.seen().nameservers) {
    any_parent = any_parent || host.at_parent;
    any_child = any_child || host.at_child;
  }
  if (!any_parent || !any_child) {
    return;  // one side could not be seen: nothing to compare
  }
  for (const auto& host : docket.seen().nameservers) {
    if (host.at_parent != host.at_child) {
      (host.at_parent ? parent_only : child_only).push_back(host.name.to_display());
    }
  }
  std::string text;
  if (!parent_only.empty()) {
    text = "only the parent names " + list_words(parent_only);
  }
  if (!child_only.empty()) {
    text += (text.empty() ? "only" : "; only") + std::string(" the zone itself names ") +
            list_words(child_only);
  }
  if (!text.empty()) {
    docket.add(Fault::parent_child_ns_mismatch, std::move(text));
  }
}

/// Addresses of the host as look-ups gave them, without the glue that stands in for them.
std::vector<std::string> looked_up(const observe::Nameserver& host) {
  const bool any =
      std::any_of(host.lookups.begin(), host.lookups.end(), [](const dns::Lookup& lookup) {
        return lookup.have_data && lookup.rcode == dns::Rcode::noerror;
      });
  return any ? host.addresses : std::vector<std::string>{};
}

void see_glue(Docket& docket) {
  for (const auto& host : docket.seen().nameservers) {
    const auto name = host.name.to_display();
    const auto real = looked_up(host);
    std::vector<std::string> surplus;
    for (const auto& glue : host.glue) {
      if (!real.empty() && !contains(real, glue)) {
        surplus.push_back(glue);
      }
    }
    if (!surplus.empty()) {
      docket.add(Fault::glue_mismatch, "the parent's glue for " + name + " is " +
                                           list_words(surplus) + ", its address is " +
                                           list_words(real));
    }
    if (host.addresses.empty() && host.name.is_at_or_below(*docket.seen().apex)) {
      docket.add(Fault::missing_glue, name + " has no address");
    }
    std::vector<std::string> reserved;
    for (const auto& address : host.addresses) {
      if (is_bogon(address)) {
        reserved.push_back(address);
      }
    }
    if (!reserved.empty()) {
      docket.add(Fault::glue_bogon, name + " has the reserved address " + list_words(reserved));
    }
  }
}

/// A nameserver whose own name does not validate cannot be found by careful resolvers. Names inside
/// the zone, or below where its chain breaks, fail with it and are no cause of their own.
void see_host_zones(Docket& docket) {
  const auto* broken = docket.analysis.first_break();
  std::vector<std::string> bogus;
  for (const auto& host : docket.seen().nameservers) {
    const bool outside = !host.name.is_at_or_below(*docket.seen().apex) &&
                         (broken == nullptr || !host.name.is_at_or_below(broken->zone()));
    const bool fails =
        std::any_of(host.lookups.begin(), host.lookups.end(), [](const dns::Lookup& lookup) {
          return !lookup.why_bogus.empty() || lookup.security == dns::Security::bogus;
        });
    if (outside && fails) {
      bogus.push_back(host.name.to_display());
    }
  }
  if (!bogus.empty()) {
    const bool all = bogus.size() == docket.seen().nameservers.size();
    auto& finding =
        docket.add(Fault::ns_host_zone_bogus,
                   "the address of " + list_words(bogus) + " does not validate: its zone is bogus");
    if (all) {
      finding.tier = Tier::critical;
    }
  }
}

// ---- DS at every parent server

dns::RRset ds_set(const dns::Answer& answer, const dns::Name& apex) {
  const auto sets = dns::group(answer.message->answer);
  const auto* found = dns::find(sets, apex, Type::ds);
  return found == nullptr ? dns::RRset{} : found->set;
}

/// With that DS set alone, would the zone be bogus? Not where validators know none of its members,
/// nor where nobody knows the keys.
bool is_breaking(const dns::RRset& set, const Analysis& analysis) {
  const auto usable = dnssec::usable_ds(dnssec::ds_of(set));
  const bool keys_known =
      !analysis.apex_link()->keys.empty() || (analysis.serving() > 0 && !analysis.zone_signed);
  const auto signing = keys_that_sign(analysis);
  return keys_known && !usable.empty() &&
         std::none_of(usable.begin(), usable.end(),
                      [&](const dns::Ds& ds) { return leads_to_one_of(ds, analysis, signing); });
}

void see_ds_sets(Docket& docket) {
  bool breaks = false;
  const auto& apex = *docket.seen().apex;
  std::vector<std::string> with, without, other;
  std::optional<dns::RRset> first;
  for (const auto& server : docket.seen().parent_servers) {
    const auto* answer = parents_ds_answer(server, apex);
    if (answer == nullptr) {
      continue;
    }
    auto set = ds_set(*answer, apex);
    breaks = breaks || is_breaking(set, docket.analysis);
    if (set.rdatas.empty()) {
      without.push_back(server.label());
    } else if (!first) {
      with.push_back(server.label());
      first = std::move(set);
    } else {
      (dns::same_rdata(*first, set) ? with : other).push_back(server.label());
    }
  }
  if (other.empty() && (with.empty() || without.empty())) {
    return;
  }
  std::string text = "the parent's servers disagree on the DS set";
  text += other.empty() ? ": none at " + list_words(without)
                        : ": " + list_words(other) + (other.size() == 1 ? " has" : " have") +
                              " another than " + list_words(with);
  auto& finding = docket.add(Fault::ds_inconsistent_parent_ns, std::move(text));
  finding.servers = other.empty() ? without : other;
  if (breaks) {
    finding.tier = Tier::critical;
    finding.text += "; one of the sets leads to no key that signs the zone";
  }
}

/// A server of the parent says that there is no such name: the delegation is missing.
bool delegation_missing(const observe::ZoneObservation& seen) {
  return std::any_of(seen.parent_servers.begin(), seen.parent_servers.end(),
                     [&](const observe::Server& server) {
                       const auto* answer = server.find(*seen.apex, Type::ds);
                       return answer != nullptr && answer->answered() && answer->message->aa &&
                              answer->message->rcode == dns::Rcode::nxdomain;
                     });
}

/// RFC 4035 5.2: validators that ask such a server take the zone as bogus. Where all are alike, the
/// verdict on the chain tells, unless the validator never asked: it takes a DS that comes with a
/// referral.
void see_parent_faults(Docket& docket) {
  if (delegation_missing(docket.seen())) {
    return;  // servers of both zones then have no proof to give
  }
  std::map<std::pair<Fault, std::string>, std::vector<std::string>> places;
  for (const auto& [server, remark] : docket.analysis.parent_faults) {
    places[{remark.fault, remark.words}].push_back(server);
  }
  const auto all = docket.seen().parent_servers.size();
  const bool verdict_tells = docket.analysis.state() == LinkState::bogus;
  for (const auto& [what, labels] : places) {
    if (labels.size() < all || !verdict_tells) {
      docket.add(what.first, what.second + ", " + places_words(labels, all)).servers = labels;
    }
  }
}

/// RFC 4035 3.1.4.1: DS is asked of the parent and answered by it, not referred to the child.
void see_ds_referrals(Docket& docket) {
  const auto& apex = *docket.seen().apex;
  std::vector<std::string> labels;
  for (const auto& server : docket.seen().parent_servers) {
    const auto* answer = server.find(apex, Type::ds);
    if (answer == nullptr || !answer->answered() || answer->message->rcode != dns::Rcode::noerror ||
        !answer->message->answer.empty()) {
      continue;
    }
    const auto& authority = answer->message->authority;
    const bool refers =
        !answer->message->aa &&
        std::any_of(authority.begin(), authority.end(), [&](const dns::Record& record) {
          return record.type == Type::ns && record.owner == apex;
        });
    if (refers || is_from_child(*answer->message, apex)) {
      labels.push_back(server.label());
    }
  }
  if (!labels.empty()) {
    docket
        .add(Fault::ds_referral_instead_of_answer,
             "a DS question is not answered by the parent's side " +
                 places_words(labels, docket.seen().parent_servers.size()))
        .servers = std::move(labels);
  }
}

/// RFC 4035 2.2: the NS RRset of a delegation is not signed at the parent.
void see_signed_referrals(Docket& docket) {
  const auto& apex = *docket.seen().apex;
  std::vector<std::string> labels;
  for (const auto& server : docket.seen().parent_servers) {
    const auto* answer = server.find(apex, Type::ns);
    if (answer == nullptr || !answer->answered() || answer->message->aa) {
      continue;
    }
    const auto sets = dns::group(answer->message->authority);
    const auto* found = dns::find(sets, apex, Type::ns);
    const bool by_parent =
        found != nullptr && std::any_of(found->signatures.begin(), found->signatures.end(),
                                        [&](const dns::Signature& signature) {
                                          return signature.rrsig &&
                                                 !(signature.rrsig->signer == apex);
                                        });
    if (by_parent) {
      labels.push_back(server.label());
    }
  }
  if (!labels.empty()) {
    docket
        .add(Fault::rrsig_on_delegation_ns,
             "the delegation's NS records are signed " +
                 places_words(labels, docket.seen().parent_servers.size()))
        .servers = std::move(labels);
  }
}

}  // namespace

void rules_for_delegation(Docket& docket) {
  if (docket.check != kDs) {
    see_host_zones(docket);
  }
  if (docket.check == kSigs) {
    return;
  }
  see_parent_faults(docket);
  see_ds_sets(docket);
  see_ds_referrals(docket);
  if (docket.check != kChain) {
    return;
  }
  see_names(docket);
  see_glue(docket);
  see_signed_referrals(docket);
}

}  // namespace judge
