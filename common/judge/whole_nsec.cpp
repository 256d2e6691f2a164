// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// RFC 4034 4, RFC 4035 2.3: one NSEC at each name of the zone that has data and at each delegation,
// nowhere else; each leads to the next in canonical order, the last to the apex.
#include <algorithm>

#include "judge/whole_denial.hpp"

namespace judge {
namespace {

using dns::Type;
using zone::Standing;

/// Data or a delegation: what an NSEC is due for.
bool is_nsec_due(const zone::Node& node, RRsetViews sets) {
  return (node.standing == Standing::authoritative || node.standing == Standing::delegation) &&
         holds_data(sets);
}

void say_of_name(WholeDocket& docket, Fault fault, std::uint32_t cause, const zone::Node& node,
                 const char* single, const char* plural) {
  docket.tally.see(fault, cause, {node.key()}, [&] { return WholeWords{single, plural, "name"}; });
}

}  // namespace

void NsecChain::see(WholeDocket& docket, const zone::Node& node, RRsetViews sets) {
  if (node.standing == Standing::outside) {
    return;
  }
  const auto* set = find_data(sets, Type::nsec);
  if (node.standing == Standing::glue || node.standing == Standing::occluded) {
    if (set != nullptr) {
      say_of_name(docket, Fault::nsec_below_cut, 0, node,
                  "has an NSEC and is below a zone cut or DNAME",
                  "have an NSEC and are below a zone cut or DNAME");
    }
    return;
  }
  const bool due = is_nsec_due(node, sets);
  if (set == nullptr) {
    if (due) {
      say_of_name(docket, Fault::nsec_missing_at_name, 0, node, "has no NSEC", "have no NSEC");
      through_missing_ =
          through_missing_ || (last_ != nullptr && std::ranges::equal(expected_, node.key()));
    }
    return;
  }
  if (!due) {
    say_of_name(docket, Fault::nsec_without_data, 0, node, "has an NSEC and no data",
                "have an NSEC and no data");
  }
  if (distinct(*set) > 1) {
    say_of_name(docket, Fault::nsec_multiple_at_name, 0, node, "has several NSEC records",
                "have several NSEC records");
  }
  see_next(docket, node, *set->records.front());
  see_types(docket, node, sets, *set->records.front());
}

void NsecChain::see_next(WholeDocket& docket, const zone::Node& node, const zone::Entry& entry) {
  if (last_ != nullptr && !through_missing_ && !std::ranges::equal(expected_, node.key()) &&
      zone::is_at_or_below(expected_, docket.whole.zone.apex_key())) {
    const auto leads_to = zone::name_of(expected_).to_display();
    docket.tally.see(Fault::nsec_chain_broken, 0, {last_->key()}, [&] {
      return WholeWords{
          "has an NSEC that leads to " + leads_to + ", not to " + node.name().to_display(),
          "have an NSEC that does not lead to the next name", "name"};
    });
  }
  last_ = &node;
  through_missing_ = false;
  const auto octets = name_octets(entry.rdata());
  if (octets == 0) {
    say_of_name(docket, Fault::nsec_chain_broken, 1, node, "has an NSEC that cannot be read",
                "have an NSEC that cannot be read");
    last_ = nullptr;
    return;
  }
  expected_ = room_(entry.rdata().first(octets));
  if (!zone::is_at_or_below(expected_, docket.whole.zone.apex_key())) {
    docket.tally.see(Fault::nsec_next_out_of_zone, 0, {node.key()}, [&] {
      return WholeWords{"has an NSEC that leads to " + zone::name_of(expected_).to_display(),
                        "have an NSEC that leads out of the zone", "name"};
    });
  }
}

void NsecChain::see_types(WholeDocket& docket, const zone::Node& node, RRsetViews sets,
                          const zone::Entry& entry) {
  const auto octets = name_octets(entry.rdata());
  if (octets == 0) {
    return;
  }
  const auto found = entry.rdata().subspan(octets);
  if (!std::ranges::equal(lists_.of_nsec(node, sets), found)) {
    see_wrong_types(docket, {node.key()}, &node, found, lists_.types(), "NSEC");
  }
}

void NsecChain::finish(WholeDocket& docket) {
  const auto apex = docket.whole.zone.apex_key();
  if (last_ == nullptr || std::ranges::equal(expected_, apex) || through_missing_ ||
      !zone::is_at_or_below(expected_, apex)) {
    return;
  }
  docket.tally.see(Fault::nsec_last_not_apex, 0, {last_->key()}, [&] {
    return WholeWords{"is the last name, and its NSEC leads to " +
                          zone::name_of(expected_).to_display() + ", not to the apex",
                      "lead elsewhere", "name"};
  });
}

}  // namespace judge
