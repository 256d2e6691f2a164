// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// One pass over a whole zone: each name's RRsets are split once and shown to every rule.
#include "judge/whole.hpp"

#include <algorithm>

#include "judge/whole_denial.hpp"
#include "judge/whole_rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using zone::Standing;

/// What check_dnssec_nsec's verdict hangs on.
bool matters_to_denial(Type type) {
  switch (type) {
    case Type::nsec:
    case Type::nsec3:
    case Type::nsec3param:
    case Type::soa:
    case Type::dnskey:
      return true;
    default:
      return false;
  }
}

class Pass {
 public:
  Pass(const WholeZone& whole, const Policy& policy, Check check)
      : docket_(whole, policy, check), denial_(docket_) {}

  void run() {
    for (const auto* node : docket_.whole.zone.nodes()) {
      see(*node);
    }
  }

  std::vector<Finding> judge() {
    rule_whole_budget(docket_);
    zone::Splitter split;
    const auto apex = docket_.facts.apex != nullptr ? split(*docket_.facts.apex) : RRsetViews{};
    if (everything()) {
      rule_apex(apex);
    }
    if (rule_whole_signed(docket_)) {
      if (everything()) {
        rules_for_whole_ds(docket_, apex);
        rules_for_whole_keys(docket_, apex);
      }
      run();
      denial_.finish(docket_, apex);
      expiry_.finish(docket_);
    } else if (everything()) {
      run();
    }
    if (everything()) {
      rules_for_whole_cds(docket_, apex);
      rule_zone_digest(docket_);
    }
    docket_.tally.report(docket_.findings, docket_.to_sign, docket_.whole.now);
    return std::move(docket_.findings);
  }

  [[nodiscard]] WholeSummary summary() const {
    WholeSummary summary;
    summary.names = names_;
    summary.rrsets = docket_.to_sign;
    summary.signatures = docket_.whole.zone.signatures();
    summary.verified = docket_.whole.zone.verified();
    summary.left = docket_.whole.zone.left();
    summary.denial = denial_.words();
    summary.key_tags = key_tags_;
    expiry_.summarize(docket_, summary);
    return summary;
  }

 private:
  [[nodiscard]] bool everything() const { return docket_.check == kSigs; }

  void rule_apex(RRsetViews apex) {
    if (!holds_data(apex, Type::soa)) {
      docket_.add(Fault::zone_no_soa,
                  "there is no SOA at " + docket_.whole.zone.apex().to_display());
    }
    if (!holds_data(apex, Type::ns)) {
      docket_.add(Fault::ns_apex_missing, "there are no NS records at the apex");
    }
  }

  void see(const zone::Node& node) {
    const auto sets = split_(node);
    if (everything()) {
      see_whole_structure(docket_, node, sets);
      see_whole_targets(docket_, node, sets);
      see_whole_delegation(docket_, node, sets);
    }
    const bool own =
        node.standing == Standing::authoritative || node.standing == Standing::delegation;
    names_ += own && holds_data(sets) ? 1U : 0U;
    if (!docket_.facts.is_signed) {
      return;
    }
    for (const auto& set : sets) {
      see(node, set);
    }
    denial_.see(docket_, node, sets);
  }

  void see(const zone::Node& node, const zone::RRsetView& set) {
    if (!everything() && !matters_to_denial(set.type)) {
      return;
    }
    const auto signing = signing_of(node, set.type);
    if (signing == Signing::no_matter) {
      return;
    }
    for (const auto* entry : set.signatures) {
      expiry_.see(docket_, *entry);
      note_key(*entry);
    }
    if (signing == Signing::forbidden || set.records.empty()) {
      if (!set.signatures.empty() && everything()) {
        see_whole_stray(docket_, node, set);
      }
      return;
    }
    ++docket_.to_sign;
    const auto weighed = weigh(docket_, node, set);
    see_whole_signatures(docket_, weighed);
    expiry_.see(docket_, weighed);
    if (everything()) {
      see_whole_form(docket_, weighed);
      see_whole_algorithms(docket_, weighed);
    }
  }

  void note_key(const zone::Entry& entry) {
    if (entry.verdict != dnssec::SignatureVerdict::valid ||
        entry.key >= docket_.whole.zone.keys().size()) {
      return;
    }
    const auto tag = docket_.whole.zone.keys()[entry.key].tag;
    const auto at = std::lower_bound(key_tags_.begin(), key_tags_.end(), tag);
    if (at == key_tags_.end() || *at != tag) {
      key_tags_.insert(at, tag);
    }
  }

  WholeDocket docket_;
  WholeDenial denial_;
  WholeExpiry expiry_;
  zone::Splitter split_;
  std::size_t names_ = 0;
  std::vector<std::uint16_t> key_tags_;
};

std::vector<Finding> judge_by(Pass pass, WholeSummary* summary) {
  auto findings = pass.judge();
  if (summary != nullptr) {
    *summary = pass.summary();
  }
  return findings;
}

}  // namespace

bool rule_whole_signed(WholeDocket& docket) {
  const bool signed_at_all = docket.whole.zone.signatures() > 0;
  if (docket.facts.is_signed && signed_at_all) {
    return true;
  }
  const bool due = docket.policy.expect == Expect::secure || docket.facts.has_keys;
  if (!docket.whole.ds.empty() && !docket.facts.has_keys && docket.check == kSigs) {
    docket.add(Fault::ds_but_unsigned_zone,
               "the parent has a DS, and the zone has neither DNSKEY nor signatures");
  } else if (due) {
    docket.add(Fault::zone_unsigned, docket.facts.has_keys
                                         ? "the zone has DNSKEY records and not one signature"
                                         : "the zone has neither DNSKEY records nor signatures");
  }
  docket.facts.is_signed = false;  // one finding says it all
  return false;
}

/// Nothing is called good that was not looked at.
void rule_whole_budget(WholeDocket& docket) {
  const auto left = docket.whole.zone.left();
  if (left > 0) {
    docket.add(Fault::verify_budget_exceeded,
               "the time was over before " + thousands(left) + " of " +
                   thousands(docket.whole.zone.signatures()) + " signatures were verified");
  }
}

std::vector<Finding> judge_whole_sigs(const WholeZone& whole, const Policy& policy,
                                      WholeSummary* summary) {
  return judge_by(Pass(whole, policy, kSigs), summary);
}

std::vector<Finding> judge_whole_nsec(const WholeZone& whole, const Policy& policy,
                                      WholeSummary* summary) {
  return judge_by(Pass(whole, policy, kNsec), summary);
}

WholeSummary summarize(const WholeZone& whole, const Policy& policy) {
  Pass pass(whole, policy, kSigs);
  pass.judge();
  return pass.summary();
}

}  // namespace judge
