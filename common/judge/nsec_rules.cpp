// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Every negative answer of every server: proven as its kind demands (RFC 4035 5.4, RFC 5155 8, RFC
// 9824), signed, with its SOA, and in the form of denial that the owner means.
#include <algorithm>
#include <map>

#include "judge/denials.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Rcode;
using dns::Type;
using dnssec::DenialForm;
using dnssec::DenialVerdict;

/// Sightings of one fault, whichever questions and servers show it.
struct Group {
  std::vector<std::string> whats, servers;
  std::string why, after;  ///< before and behind the places
  std::optional<Tier> tier;
};
using Groups = std::map<Fault, Group>;

void see(Groups& groups, Fault fault, const std::string& what, const std::string& server,
         const std::string& why) {
  auto& group = groups[fault];
  add_unique(group.whats, what);
  add_unique(group.servers, server);
  if (group.why.empty()) {
    group.why = why;
  }
}

/// RFC 4035 2.2 and 5.3.1: the bits that decide where a name belongs.
bool decides_zone(Type type) {
  return type == Type::ds || type == Type::ns || type == Type::soa || type == Type::cname ||
         type == Type::dname;
}

bool is_at_wildcard(const Docket& docket, const Denial& denial) {
  const auto& name = denial.answer->question.name;
  const auto& wanted = docket.seen().wanted;
  const auto any_wanted = [&](const auto& holds) {
    return std::any_of(wanted.begin(), wanted.end(), holds);
  };
  const bool beside = any_wanted([&](const dns::Question& question) {
    return question.name.is_wildcard() && question.name.parent() == name.parent();
  });
  const bool own =
      any_wanted([&](const dns::Question& question) { return question.name.is_at_or_below(name); });
  return denial.proof.wildcard || (beside && !own);
}

Fault fault_of_no_data(const Docket& docket, const Denial& denial) {
  return is_at_wildcard(docket, denial) ? Fault::wildcard_nodata_proof : Fault::nodata_no_match;
}

/// RFC 5155 7.1: an unsigned delegation may go without NSEC3 only in an Opt-Out span.
Fault fault_of_cover(const Docket& docket, const ServerAnalysis& server, const Denial& denial) {
  if (refers(server, denial.answer->question.name)) {
    return Fault::nsec3_missing_insecure_delegation;
  }
  return fault_of_no_data(docket, denial);
}

Fault fault_of_listed(const Denial& denial) {
  const auto& proof = denial.proof;
  const auto type = denial.answer->question.type;
  const bool listed = proof.types && proof.types->has(type) && type != observe::kMissingType;
  return listed ? Fault::extra_type_in_bitmap : Fault::nodata_type_in_bitmap;
}

/// Nothing: proven, or told by the rules for NSEC3's parameters.
std::optional<Fault> fault_of(const Docket& docket, const ServerAnalysis& server,
                              const Denial& denial) {
  switch (denial.proof.verdict) {
    case DenialVerdict::proven:
    case DenialVerdict::proven_opt_out:
    case DenialVerdict::too_many_iterations:
      return std::nullopt;
    case DenialVerdict::no_records:
      // What is wrong with an NSEC3 that cannot be used is told of the record.
      return denial.records.malformed > 0 && !denial.malformed_nsec
                 ? std::nullopt
                 : std::optional(Fault::nsec_proof_missing);
    case DenialVerdict::unknown_nsec3:
      return std::nullopt;
    case DenialVerdict::closest_encloser_missing:
      return Fault::closest_encloser_missing;
    case DenialVerdict::wildcard_not_covered:
      return Fault::nxdomain_wildcard_not_covered;
    case DenialVerdict::no_match:
    case DenialVerdict::not_a_delegation:
      return fault_of_no_data(docket, denial);
    case DenialVerdict::opt_out_missing:
      return fault_of_cover(docket, server, denial);
    case DenialVerdict::type_in_bitmap:
      return fault_of_listed(denial);
    case DenialVerdict::mixed:
      return Fault::nsec_nsec3_mixed;
    case DenialVerdict::next_out_of_zone:
      return std::nullopt;  // told of the record
    case DenialVerdict::from_parent_side:
    case DenialVerdict::from_child_side:
      return Fault::denial_from_wrong_zone;
    case DenialVerdict::params_differ:
    case DenialVerdict::name_not_covered:
      return denial.no_name() ? Fault::nxdomain_name_not_covered : fault_of_no_data(docket, denial);
  }
  return std::nullopt;
}

std::string what_words(const Docket& docket, const Denial& denial) {
  const auto& question = denial.answer->question;
  const auto& apex = *docket.seen().apex;
  if (denial.of_nobody && question.name.parent() == apex) {
    return denial.proof.wildcard ? "a type that the wildcard at the apex does not have"
                                 : "a name that does not exist";
  }
  if (denial.of_nobody) {
    const auto above = question.name.parent();
    return above.label_count() > 2 + apex.label_count()
               ? "a name three labels further down"
               : std::string(question.type == observe::kMissingType ? "a missing type of " : "") +
                     "a name below " + above.to_display();
  }
  if (question.type == observe::kMissingType) {
    return "a type that " + (question.name == apex ? "the apex" : question.name.to_display()) +
           " does not have";
  }
  return rrset_label(question.name, question.type, apex);
}

/// A server that does not find the chain that NSEC3PARAM names serves denials without proof.
std::string chain_words(const Docket& docket, const ServerAnalysis& server) {
  const auto facts = nsec3_facts(docket.analysis, server);
  return facts.published.empty()
             ? std::string()
             : "; NSEC3PARAM says " + parameter_words(*facts.published.begin()) +
                   ": does the zone have that chain?";
}

void see_denial(const Docket& docket, const DenialView& view, const Denial& denial,
                Groups& groups) {
  const auto what = what_words(docket, denial);
  const auto& label = view.server.label;
  if (denial.soa_elsewhere) {
    see(groups, Fault::soa_owner_wrong, what, label, "carries the SOA of another zone");
    return;
  }
  if (denial.soa_missing) {
    see(groups, Fault::soa_missing_in_negative, what, label, "carries no SOA");
  }
  if (denial.no_name() &&
      is_known_name(docket.analysis, view.server, denial.answer->question.name)) {
    see(groups, Fault::ent_nxdomain, what, label, "is wrong: there are names below it");
    return;
  }
  if (!denial.signatures_hold || denial.proof_holds()) {
    return;  // signatures are told once, not once for each answer
  }
  const auto why =
      "is not proven: " + (denial.malformed_nsec ? std::string("NSEC records are malformed")
                                                 : std::string(to_text(denial.proof.verdict)));
  // What there is to use proves something else.
  const bool usable = !(denial.records.nsec.empty() && denial.records.nsec3.empty());
  if (denial.ds_at_apex && usable && denial.proof.verdict != DenialVerdict::mixed) {
    see(groups, Fault::ds_at_apex_denial, what, label, "does not come from the apex's own record");
    return;
  }
  if (const auto fault = fault_of(docket, view.server, denial)) {
    see(groups, *fault, what, label, why);
    if (*fault == Fault::nsec_proof_missing && groups[*fault].after.empty()) {
      groups[*fault].after = chain_words(docket, view.server);
    }
    if (*fault == Fault::extra_type_in_bitmap) {
      auto& group = groups[*fault];
      group.why = "comes with a list that has the type";
      const bool worse = decides_zone(denial.answer->question.type);
      group.tier = worse ? Tier::critical : group.tier.value_or(Tier::warning);
    }
  }
}

void rule_proofs(Docket& docket, const std::vector<DenialView>& views) {
  Groups groups;
  for (const auto& view : views) {
    for (const auto& denial : view.denials) {
      see_denial(docket, view, denial, groups);
    }
  }
  for (auto& [fault, group] : groups) {
    auto& finding = docket.add(
        fault, "the denial of " + list_words(group.whats, 2) + " " + group.why + " " +
                   places_words(group.servers, docket.analysis.servers.size()) + group.after);
    finding.tier = group.tier.value_or(finding.tier);
    finding.servers = std::move(group.servers);
  }
}

/// Hashes say nothing to people: where several show a fault, the type alone does.
void name_briefly(std::vector<Sighting>& sightings) {
  std::map<Fault, std::vector<std::string>> labels;
  const auto is_hash = [](const Sighting& sighting) {
    return sighting.rrset.size() > 6 && sighting.rrset.ends_with("/NSEC3");
  };
  for (const auto& sighting : sightings) {
    if (is_hash(sighting)) {
      add_unique(labels[sighting.fault], sighting.rrset);
    }
  }
  for (auto& sighting : sightings) {
    if (is_hash(sighting) && labels[sighting.fault].size() > 1) {
      sighting.rrset = "NSEC3";
    }
  }
}

/// RFC 4035 5.3: every NSEC and NSEC3 that was given, not only those that a proof needs.
void rule_signatures(Docket& docket, const std::vector<DenialView>& views) {
  std::vector<Sighting> sightings;
  for (const auto& view : views) {
    for (const auto& checked : view.server.rrsets) {
      const bool denies = checked.set.type == Type::nsec || checked.set.type == Type::nsec3;
      if (!denies || checked.set.rdatas.empty() || checked.valid()) {
        continue;
      }
      if (checked.signatures.empty()) {
        sightings.push_back(sighting_of(docket, view.server, checked, Fault::nsec_rrsig_missing,
                                        "has no signature", "have no signature"));
        continue;
      }
      const auto& telling =
          *std::max_element(checked.signatures.begin(), checked.signatures.end(),
                            [](const CheckedSignature& left, const CheckedSignature& right) {
                              return left.check.verdict < right.check.verdict;
                            });
      if (view.server.keys_unknown ||
          telling.check.verdict == dnssec::SignatureVerdict::work_limit) {
        continue;
      }
      const bool expired = telling.check.verdict == dnssec::SignatureVerdict::expired;
      const auto words = verdict_words(telling.check.verdict, telling.remaining, telling.age);
      auto sighting = sighting_of(docket, view.server, checked,
                                  expired ? Fault::nsec_rrsig_expired : Fault::nsec_rrsig_invalid,
                                  "signature " + words,
                                  expired ? "signatures expired" : "signatures are not valid");
      if (expired) {
        sighting.moment = docket.analysis.now + telling.remaining;
      }
      sightings.push_back(std::move(sighting));
    }
  }
  name_briefly(sightings);
  add_grouped(docket, sightings);
}

/// RFC 6672 2.2: YXDOMAIN says that the name a DNAME leads to is too long, and shows the DNAME.
bool is_error(const dns::Message& message) {
  const bool too_long = message.rcode == Rcode::yxdomain &&
                        std::any_of(message.answer.begin(), message.answer.end(),
                                    [](const auto& record) { return record.type == Type::dname; });
  return message.rcode != Rcode::noerror && message.rcode != Rcode::nxdomain && !too_long;
}

/// The SOA was answered; so should the rest be (RFC 4035 3.1).
void rule_answers(Docket& docket, const std::vector<DenialView>& views) {
  std::map<std::string, Group> groups;
  for (const auto& view : views) {
    for (const auto& answer : view.server.server->answers) {
      const auto type = answer.question.type;
      if (type == Type::soa || type == Type::dnskey || type == Type::ns ||
          answer.outcome == dns::Outcome::malformed) {
        continue;  // the rules for servers tell
      }
      const bool failed = !answer.answered() && dns::was_asked(answer.outcome);
      const bool error = answer.answered() && answer.edns_sent && is_error(*answer.message);
      if (!answer.edns_sent || !(failed || error) || answer.tcp_requested) {
        continue;
      }
      auto& group = groups[failed ? std::string("no answer (") +
                                        std::string(dns::to_text(answer.outcome)) + ")"
                                  : dns::to_text(answer.message->rcode)];
      add_unique(group.whats,
                 rrset_label(answer.question.name, answer.question.type, *docket.seen().apex));
      add_unique(group.servers, view.server.label);
    }
  }
  for (auto& [how, group] : groups) {
    auto& finding = docket.add(Fault::nsec_query_error,
                               "questions for " + list_words(group.whats) + " bring " + how + " " +
                                   places_words(group.servers, docket.analysis.servers.size()));
    // On-line signers may refuse to be asked for NSEC itself; resolvers never ask that.
    if (group.whats.size() == 1 && group.whats.front() == "NSEC" && how != "SERVFAIL" &&
        how.rfind("no answer", 0) != 0) {
      finding.tier = Tier::info;
    }
    finding.servers = std::move(group.servers);
  }
}

/// RFC 4034 4, RFC 4034 4.1.1, RFC 9077 3: each record by itself.
void rule_records(Docket& docket, const std::vector<DenialView>& views) {
  std::vector<Sighting> sightings;
  for (const auto& view : views) {
    const auto& server = view.server;
    const auto* soa = server.find(*docket.seen().apex, Type::soa);
    for (const auto& checked : server.rrsets) {
      const auto type = checked.set.type;
      if ((type != Type::nsec && type != Type::nsec3) || !checked.valid()) {
        continue;
      }
      if (checked.set.rdatas.size() > 1) {
        sightings.push_back(sighting_of(docket, server, checked, Fault::nsec_multiple_at_name,
                                        "is there more than once", "are there more than once"));
      }
      const auto nsec = type == Type::nsec ? dns::parse_nsec(checked.set.rdatas.front())
                                           : std::optional<dns::Nsec>();
      if (nsec && !nsec->next.is_at_or_below(*docket.seen().apex)) {
        sightings.push_back(sighting_of(docket, server, checked, Fault::nsec_next_out_of_zone,
                                        "leads to " + nsec->next.to_display(),
                                        "lead to names outside the zone"));
      }
      if (server.soa && soa != nullptr && checked.aa &&
          checked.set.ttl != std::min(soa->set.ttl, server.soa->minimum)) {
        const auto right = std::to_string(std::min(soa->set.ttl, server.soa->minimum));
        sightings.push_back(sighting_of(
            docket, server, checked, Fault::nsec_ttl_not_soa_min,
            "has a TTL of " + std::to_string(checked.set.ttl) + ", the SOA says " + right,
            "have other TTLs than the SOA says (" + right + ")"));
      }
    }
  }
  add_grouped(docket, sightings);
}

}  // namespace

void rules_for_nsec(Docket& docket) {
  // An unsigned zone below no DS has nothing to prove.
  if (!docket.analysis.zone_signed && docket.analysis.state() == LinkState::insecure) {
    return;
  }
  std::vector<DenialView> views;
  for (const auto& server : docket.analysis.servers) {
    if (server.serving()) {
      views.push_back({server, denials_of(docket.analysis, server)});
    }
  }
  rule_answers(docket, views);
  rule_signatures(docket, views);
  rule_records(docket, views);
  rule_proofs(docket, views);
  rules_beside_denial(docket, views);
  rules_for_denial_form(docket, views);
}

}  // namespace judge
