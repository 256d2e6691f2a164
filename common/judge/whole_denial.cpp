// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// How a whole zone denies: by NSEC or NSEC3, one of them complete (RFC 5155 10.4, 10.5 for the time
// of a change), with the TTL of RFC 9077.
#include <algorithm>
#include <array>

#include "judge/whole_denial.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;

bool publishes_chain(const zone::Node& apex) {
  for (const auto* entry = apex.first; entry != nullptr; entry = entry->next) {
    const auto rdata = entry->rdata();
    if (entry->type == Type::nsec3param && rdata.size() > 1 && rdata[1] == 0) {
      return true;
    }
  }
  return false;
}

WholeForm whole_form_of(const WholeDocket& docket) {
  const auto* apex = docket.facts.apex;
  if (apex != nullptr && publishes_chain(*apex)) {
    return WholeForm::nsec3;
  }
  if (apex != nullptr && apex->has(Type::nsec)) {
    return WholeForm::nsec;
  }
  for (const auto* node : docket.whole.zone.nodes()) {
    if (node->has(Type::nsec)) {
      return WholeForm::nsec;
    }
    if (node->has(Type::nsec3)) {
      return WholeForm::nsec3;
    }
  }
  return WholeForm::none;
}

/// What makes a chain not whole.
bool is_broken(const WholeDocket& docket) {
  constexpr std::array faults{
      Fault::nsec_chain_broken,    Fault::nsec_last_not_apex,
      Fault::nsec_missing_at_name, Fault::nsec3_missing_at_name,
      Fault::nsec3_missing_at_ent, Fault::nsec3_missing_insecure_delegation};
  return std::any_of(faults.begin(), faults.end(),
                     [&](Fault fault) { return docket.tally.has(fault); });
}

/// RFC 9077 3.
void see_denial_ttl(WholeDocket& docket, const zone::Node& node, RRsetViews sets) {
  if (!docket.facts.denial_ttl) {
    return;
  }
  for (const auto type : {Type::nsec, Type::nsec3}) {
    const auto* set = find_data(sets, type);
    if (set == nullptr || ttl_of(*set) == *docket.facts.denial_ttl) {
      continue;
    }
    docket.tally.see(Fault::nsec_ttl_not_soa_min, 0, {node.key(), type}, [&] {
      const std::string due =
          "the lesser of the SOA's TTL and minimum is " + std::to_string(*docket.facts.denial_ttl);
      return WholeWords{"has TTL " + std::to_string(ttl_of(*set)) + ", " + due,
                        "have other TTLs than they should (" + due + ")"};
    });
  }
}

}  // namespace

WholeDenial::WholeDenial(const WholeDocket& docket) : form_(whole_form_of(docket)) {}

void WholeDenial::see(WholeDocket& docket, const zone::Node& node, RRsetViews sets) {
  nsec_records_ += holds_data(sets, Type::nsec) ? 1U : 0U;
  if (form_ == WholeForm::nsec) {
    nsec_.see(docket, node, sets);
  }
  if (form_ == WholeForm::nsec3 || holds_data(sets, Type::nsec3)) {
    nsec3_.see(docket, node, sets);
  }
  see_denial_ttl(docket, node, sets);
}

void WholeDenial::finish(WholeDocket& docket, RRsetViews apex) {
  if (form_ == WholeForm::none) {
    docket.add(Fault::nsec_missing_at_name,
               "the zone has neither NSEC nor NSEC3: nothing can be denied");
    return;
  }
  const bool has_nsec = nsec_records_ > 0;
  if (form_ == WholeForm::nsec) {
    nsec_.finish(docket);
  }
  demanded_ = rules_for_whole_parameters(docket, apex, nsec3_, form_ == WholeForm::nsec);
  if (form_ == WholeForm::nsec3) {
    for (const auto& parameters : demanded_) {
      const auto ring = nsec3_.rings.find(parameters);
      if (ring != nsec3_.rings.end()) {
        rules_for_ring(docket, nsec3_, parameters, ring->second);
      }
    }
  }
  if (has_nsec && !nsec3_.rings.empty()) {
    const bool broken = is_broken(docket);
    docket
        .add(Fault::nsec_nsec3_mixed,
             std::string("the zone has NSEC and NSEC3 records, of which ") +
                 (form_ == WholeForm::nsec ? "NSEC" : "NSEC3") + " denies" +
                 (broken ? " and is not whole" : ": a change is going on, or was not finished"))
        .tier = broken ? Tier::critical : Tier::warning;
  }
}

std::string WholeDenial::words() const {
  if (form_ != WholeForm::nsec3) {
    return form_ == WholeForm::nsec ? "NSEC" : "";
  }
  return demanded_.empty() ? "NSEC3" : "NSEC3, " + parameter_words(demanded_.front());
}

}  // namespace judge
