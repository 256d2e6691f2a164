// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The verdict on the chain as a whole, against what the owner expects (RFC 4033 5, RFC 4035 5).
#include <algorithm>

#include "dns/escape.hpp"
#include "dnssec/algorithm.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Security;
using dns::Type;
using dnssec::SignatureVerdict;

/// The validator's word on the zone's own SOA.
Security validators_word(const Docket& docket) {
  const auto& probes = docket.seen().probes;
  return probes.empty() ? Security::not_looked_up : probes.front().security;
}

bool is_bogus(const Docket& docket) {
  return docket.analysis.state() == LinkState::bogus || validators_word(docket) == Security::bogus;
}

std::string name_of_zone(const LinkAnalysis& link) {
  return link.zone().is_root() ? "the root" : link.zone().to_display();
}

/// Was given up, or never ended: nobody said anything.
bool is_open(const std::optional<dns::Lookup>& lookup) {
  return !lookup || lookup->security == Security::not_looked_up;
}

bool ran_out_of_time(const Docket& docket, const std::optional<dns::Lookup>& validated,
                     const std::optional<dns::Lookup>& raw) {
  // Where the validator has failed, the raw records would have said why.
  return is_open(raw) && (is_open(validated) || docket.seen().deadline_hit);
}

bool was_put_to_a_server(const Docket& docket, Type type) {
  const auto& servers = docket.seen().servers;
  return std::any_of(servers.begin(), servers.end(), [&](const observe::Server& server) {
    return std::any_of(server.answers.begin(), server.answers.end(), [&](const dns::Answer& one) {
      return one.question.type == type && dns::was_asked(one.outcome);
    });
  });
}

/// What is missing on the way is so for lack of time alone: that is no word about any zone.
bool unseen_for_lack_of_time(const Docket& docket, const LinkAnalysis& broken) {
  if (broken.state != LinkState::unknown || broken.link == nullptr) {
    return false;
  }
  if (broken.cause->fault == Fault::parent_unreachable) {
    return ran_out_of_time(docket, broken.link->ds, broken.link->raw_ds);
  }
  const bool here = &broken == docket.analysis.apex_link();
  return broken.cause->fault == Fault::chain_failed &&
         ran_out_of_time(docket, broken.link->dnskey, broken.link->raw_dnskey) &&
         !(here && was_put_to_a_server(docket, Type::dnskey));
}

void add_cause(Docket& docket, const LinkAnalysis& broken) {
  if (unseen_for_lack_of_time(docket, broken)) {
    if (!docket.has(Fault::deadline_reached)) {
      docket.add(Fault::deadline_reached, "the chain was not seen in time: " + broken.cause->words);
    }
    return;
  }
  const bool here = &broken == docket.analysis.apex_link();
  const auto& cause = *broken.cause;
  if (cause.fault == Fault::work_limit) {
    if (!docket.has(Fault::work_limit)) {
      docket.add(Fault::work_limit, (here ? "" : "not this zone: ") + cause.words);
    }
    return;
  }
  auto& finding = here || cause.fault == Fault::trust_anchor_mismatch
                      ? docket.add(cause.fault, cause.words)
                      : docket.add(Fault::chain_bogus_at_ancestor, "not this zone: " + cause.words);
  finding.moment = cause.moment;
  if (here && !cause.remedy.empty()) {  // an ancestor is for its own operator to mend
    finding.remedy = cause.remedy;
  }
  if (cause.fault == Fault::trust_anchor_mismatch) {
    return;  // our file, not their zone
  }
  if (cause.fault == Fault::ds_key_rrsig_invalid && cause.moment &&
      *cause.moment > docket.analysis.now &&
      *cause.moment - docket.analysis.now <= kSlightlyAhead) {
    finding.tier = Tier::warning;  // the signer's clock, as for other signatures
  } else if (broken.state == LinkState::bogus) {
    const bool survives = validators_word(docket) == Security::secure;
    finding.tier = survives ? Tier::critical : Tier::emergency;
    if (survives) {
      finding.text += "; Unbound still finds a server whose answers validate";
    }
  }
}

/// No server could be asked for lack of an address, which was told: no wonder.
bool told_by_family(const Docket& docket, Fault fault) {
  return fault == Fault::chain_failed && docket.analysis.servers.empty() &&
         (docket.has(Fault::family_unreachable) || docket.has(Fault::lame_ns));
}

/// The key set's own faults were told per server, which says more.
bool told_by_signatures(const Docket& docket, const LinkAnalysis& broken) {
  if (docket.check != kSigs || &broken != docket.analysis.apex_link() || !broken.cause) {
    return false;
  }
  const auto fault = broken.cause->fault;
  if (fault != Fault::ds_key_rrsig_invalid && fault != Fault::dnskey_rrsig_missing) {
    return false;
  }
  return docket.has(Fault::rrsig_missing_all) ||
         std::any_of(docket.findings.begin(), docket.findings.end(), [](const Finding& finding) {
           return std::find(finding.rrsets.begin(), finding.rrsets.end(), "DNSKEY") !=
                  finding.rrsets.end();
         });
}

/// check_dnssec_ds saw why: the delegation is missing, or a DS that was there is gone.
bool told_by_ds_rules(const Docket& docket, const LinkAnalysis& broken) {
  if (docket.check != kDs || &broken != docket.analysis.apex_link()) {
    return false;
  }
  return docket.has(Fault::ds_nxdomain) || (docket.has(Fault::ds_removed) && !broken.cause);
}

/// It is told of single parent servers, and where: which of them a look-up came by is chance.
bool told_by_parents(const Docket& docket, const LinkAnalysis& broken) {
  const bool lacks_ds = broken.state == LinkState::insecure && !broken.cause;
  if (lacks_ds && &broken == docket.analysis.apex_link() && docket.analysis.zone_signed &&
      docket.has(Fault::ds_inconsistent_parent_ns)) {
    return true;
  }
  return broken.state == LinkState::bogus && &broken == docket.analysis.apex_link() &&
         broken.cause && docket.check != kSigs && !docket.analysis.parent_faults.empty() &&
         docket.has(broken.cause->fault);
}

/// The DS to publish for each key that is meant to have one; empty, so the usual remedy, when none
/// is.
std::string island_remedy(const Docket& docket) {
  std::string remedy;
  for (const auto& key : docket.analysis.apex_link()->keys) {
    if (key.dnskey.sep() && !key.dnskey.revoked()) {
      remedy +=
          (remedy.empty() ? "Publish \"" : "\" and \"") + dnssec::ds_text(*docket.seen().apex, key);
    }
  }
  return remedy.empty()
             ? remedy
             : remedy + "\" at the registrar, or say --expect insecure if this is meant.";
}

/// Insecure, and why: no DS for a signed zone, unusable DS, or a cut above.
void add_insecure(Docket& docket, const LinkAnalysis& broken) {
  const bool expected_secure = docket.policy.expect == Expect::secure;
  const bool here = &broken == docket.analysis.apex_link();
  if (broken.cause) {
    auto& finding = here ? docket.add(broken.cause->fault, broken.cause->words)
                         : docket.add(Fault::chain_algorithm_unsupported, broken.cause->words);
    if (!expected_secure) {
      finding.tier = docket.policy.expect == Expect::any ? Tier::warning : Tier::info;
    }
    return;
  }
  if (here && docket.analysis.zone_signed && docket.seen().parent) {
    const std::string text = "it is signed, but " + docket.seen().parent->to_display() +
                             " has no DS for it: nobody validates it";
    if (docket.policy.expect == Expect::insecure) {
      docket.add(Fault::island_of_trust, text);
      return;
    }
    auto& finding = docket.add(Fault::ds_missing_for_signed_zone, text);
    finding.tier = expected_secure ? Tier::critical : Tier::warning;
    finding.remedy = island_remedy(docket);
    return;
  }
  if (expected_secure && &broken == docket.analysis.links.data() && !broken.anchored) {
    docket.add(Fault::chain_insecure,
               "no configured trust anchor is for it or for a zone above it");
  } else if (expected_secure) {
    docket.add(
        Fault::chain_insecure,
        here
            ? "it is unsigned and " + docket.seen().parent.value_or(dns::Name()).to_display() +
                  " has no DS for it"
            : "it is insecure because " + name_of_zone(broken) + " is: no DS for it at its parent");
  }
}

std::string state_words(LinkState state) {
  switch (state) {
    case LinkState::secure:
      return "secure";
    case LinkState::insecure:
      return "insecure";
    case LinkState::bogus:
      return "bogus";
    case LinkState::unknown:
      return "of unknown security";
  }
  return {};
}

void expect_bogus(Docket& docket) {
  if (!is_bogus(docket)) {
    docket.add(Fault::secure_unexpected,
               "expected to be bogus, but it is " + state_words(docket.analysis.state()));
    return;
  }
  for (auto& finding : docket.findings) {
    finding.tier = std::min(finding.tier, Tier::info);
  }
}

std::string probe_words(const Docket& docket, const dns::Lookup& probe) {
  if (docket.seen().random_name && probe.question.name == *docket.seen().random_name) {
    return "the denial of a name that does not exist";
  }
  if (probe.question.type == observe::kMissingType) {
    return "the denial of a type that does not exist";
  }
  return rrset_label(probe.question.name, probe.question.type, *docket.seen().apex);
}

bool explained(const Docket& docket) {
  return std::any_of(docket.findings.begin(), docket.findings.end(), [](const Finding& finding) {
    return finding.tier >= Tier::critical || finding.fault == Fault::cname_target_bogus ||
           finding.fault == Fault::own_clock_wrong || finding.fault == Fault::ds_key_rrsig_invalid;
  });
}

void see_probe(Docket& docket, const dns::Lookup& probe) {
  const auto what = probe_words(docket, probe);
  if (probe.security == Security::bogus && !explained(docket)) {
    docket.add(Fault::chain_bogus,
               "Unbound calls " + what + " bogus: " + dns::escape(probe.why_bogus, 160));
  } else if (probe.security == Security::failed && !explained(docket) &&
             !told_by_family(docket, Fault::chain_failed)) {
    const bool all_serve = docket.analysis.serving() == docket.analysis.servers.size();
    auto& finding =
        docket.add(Fault::chain_failed, "the resolver library got no usable answer (" +
                                            dns::to_text(probe.rcode) + ") for " + what);
    if (all_serve) {
      finding.tier = Tier::unknown;
    }
  }
}

/// libunbound as packaged does not know every algorithm that we verify (Ed448 with nettle).
void see_unknown_algorithm(Docket& docket) {
  if (docket.analysis.state() != LinkState::secure ||
      validators_word(docket) != Security::insecure) {
    return;
  }
  std::string algorithms;
  for (const auto& link : docket.analysis.links) {
    for (const auto& ds : link.ds) {
      const auto text = dnssec::algorithm_text(ds.algorithm);
      if (algorithms.find(text) == std::string::npos) {
        algorithms += (algorithms.empty() ? "" : ", ") + text;
      }
    }
  }
  docket.add(Fault::validator_lacks_algorithm,
             "Unbound as installed here calls the zone insecure, though every link verifies "
             "(algorithms on the chain: " +
                 algorithms + ")");
}

}  // namespace

// CVE-2023-50387, CVE-2023-50868: never silent, whatever was found beside it.
void rule_work(Docket& docket) {
  const auto& work = *docket.analysis.work;
  const bool in_walk = docket.analysis.walk && docket.analysis.walk->work_limit;
  const bool flooded = docket.seen().flooded;
  if (docket.has(Fault::work_limit) || !(work.limit_hit() || in_walk || flooded)) {
    return;
  }
  std::vector<std::string> left;
  if (work.verifier.limit_hit()) {
    left.push_back("signatures were left unverified after " +
                   count_words(work.verifier.verifications(), "verification") + ", of which " +
                   std::to_string(work.verifier.failures()) + " failed");
  }
  if (work.hashing.limit_hit()) {
    left.push_back("NSEC3 was not looked into after " +
                   count_words(work.hashing.rounds(), "round") + " of hashing");
  }
  if (work.rrsets_left) {
    left.push_back("the servers sent more RRsets than the " + std::to_string(work.rrsets) +
                   " that were looked at");
  }
  if (flooded) {
    left.emplace_back("the answers are so large that not all questions were put");
  }
  if (left.empty()) {
    left.emplace_back("not all signatures of the walk were verified");
  }
  std::string words;
  for (const auto& one : left) words += (words.empty() ? "" : ", and ") + one;
  auto& finding = docket.add(Fault::work_limit, words);
  if (!work.verifier.limit_hit() && !work.hashing.limit_hit() && !in_walk) {
    finding.remedy = "Find out which server sends so much, and why.";
  }
}

void rule_verdict(Docket& docket) {
  const auto* broken = docket.analysis.first_break();
  if (broken != nullptr && !told_by_signatures(docket, *broken) &&
      !told_by_ds_rules(docket, *broken) && !told_by_parents(docket, *broken)) {
    if (broken->state == LinkState::insecure) {
      add_insecure(docket, *broken);
    } else if (broken->cause && !told_by_family(docket, broken->cause->fault)) {
      add_cause(docket, *broken);
    }
  }
  if (docket.policy.expect == Expect::insecure && docket.analysis.state() == LinkState::secure &&
      !is_bogus(docket)) {
    docket.add(Fault::secure_unexpected, "expected to be insecure, but it is secure");
  }
  if (docket.check == kChain) {
    for (const auto& link : docket.analysis.links) {
      const bool here = &link == docket.analysis.apex_link() || link.anchored;
      for (const auto& remark : here ? link.remarks : std::vector<Remark>{}) {
        auto& finding = docket.add(remark.fault, remark.words);
        finding.tier = std::min(finding.tier, Tier::warning);  // the link works all the same
        if (!remark.remedy.empty()) {
          finding.remedy = remark.remedy;
        }
      }
    }
    for (const auto& probe : docket.seen().probes) {
      see_probe(docket, probe);
    }
    see_unknown_algorithm(docket);
  }
  if (docket.policy.expect == Expect::bogus) {
    expect_bogus(docket);
  }
}

}  // namespace judge
