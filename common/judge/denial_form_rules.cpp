// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// In which form a zone denies, and whether that is what its owner means.
#include <algorithm>
#include <map>

#include "judge/denials.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dnssec::DenialForm;

bool fits(ExpectDenial expected, DenialForm form) {
  switch (expected) {
    case ExpectDenial::any:
      return true;
    case ExpectDenial::nsec:
      return form == DenialForm::nsec;
    case ExpectDenial::nsec3:
      return form == DenialForm::nsec3 || form == DenialForm::minimal_nsec3;
    case ExpectDenial::minimal:
      return form == DenialForm::minimal_nsec || form == DenialForm::minimal_nsec3 ||
             form == DenialForm::compact;
  }
  return true;
}

void rule_form(Docket& docket, const std::vector<DenialView>& views) {
  std::map<std::string, std::vector<std::string>> unexpected;
  std::vector<std::string> walkable;
  for (const auto& view : views) {
    const auto form = form_of(view.denials);
    if (form == DenialForm::none) {
      continue;
    }
    if (!fits(docket.policy.expect_denial, form)) {
      unexpected[form_words(form)].push_back(view.server.label);
    } else if (form == DenialForm::nsec && docket.policy.expect_denial == ExpectDenial::any) {
      walkable.push_back(view.server.label);
    }
  }
  const auto servers = docket.analysis.servers.size();
  for (auto& [form, labels] : unexpected) {
    auto& finding = docket.add(Fault::denial_unexpected,
                               "it denies by " + form + " " + places_words(labels, servers) +
                                   ", which --expect-denial does not name");
    finding.servers = std::move(labels);
  }
  if (!walkable.empty()) {
    docket.add(Fault::zone_walkable,
               "its NSEC chain leads from name to name: everybody can list the zone");
  }
}

/// RFC 5155 10.4: never both kinds at one server; between servers only while a change is on its
/// way.
void rule_one_kind(Docket& docket, const std::vector<DenialView>& views) {
  const DenialView* by_nsec = nullptr;
  const DenialView* by_nsec3 = nullptr;
  for (const auto& view : views) {
    bool nsec = false;
    bool nsec3 = false;
    for (const auto& denial : view.denials) {
      nsec = nsec || !denial.records.nsec.empty();
      nsec3 = nsec3 || !denial.records.nsec3.empty();
    }
    if (nsec && nsec3) {
      if (!docket.has(Fault::nsec_nsec3_mixed) && is_steady(docket.analysis, view.server)) {
        docket.add(Fault::nsec_nsec3_mixed, view.server.label + " denies by NSEC and by NSEC3")
            .servers = {view.server.label};
      }
      return;
    }
    by_nsec = nsec ? &view : by_nsec;
    by_nsec3 = nsec3 ? &view : by_nsec3;
  }
  if (by_nsec == nullptr || by_nsec3 == nullptr || docket.has(Fault::nsec_nsec3_mixed)) {
    return;
  }
  const bool same_version = by_nsec->server.soa && by_nsec3->server.soa &&
                            by_nsec->server.soa->serial == by_nsec3->server.soa->serial;
  auto& finding = docket.add(
      Fault::nsec_nsec3_mixed,
      by_nsec->server.label + " denies by NSEC, " + by_nsec3->server.label + " by NSEC3" +
          (same_version ? ", with the same SOA serial"
                        : "; their SOA serials differ too, so a change may be on its way"));
  finding.tier = same_version ? Tier::warning : Tier::info;
  raise_when_lasting(docket, finding, Tier::warning);
  finding.servers = {by_nsec->server.label, by_nsec3->server.label};
}

/// RFC 9824 3.2 and 3.4: NXNAME, alone beside RRSIG and NSEC, at names that do not exist and only
/// there. Nothing: all is right.
std::optional<std::string> nxname_trouble(const Docket& docket, const DenialView& view) {
  bool with = false;
  bool without = false;
  for (const auto& denial : view.denials) {
    if (denial.proof.form != DenialForm::compact || !denial.proof.types) {
      continue;
    }
    const bool marked = denial.proof.types->has(dns::Type::nxname);
    const auto& name = denial.answer->question.name;
    if (marked && is_known_name(docket.analysis, view.server, name)) {
      return name.to_display() + " exists, but its NSEC has NXNAME";
    }
    if (marked && denial.proof.types->size() > 3) {
      return "an NSEC with NXNAME lists other types too";
    }
    with = with || (denial.of_nobody && marked);
    without = without || (denial.of_nobody && !marked);
  }
  if (with && without) {
    return "compact denial has NXNAME for some names that do not exist and not for others";
  }
  return std::nullopt;
}

void rule_compact(Docket& docket, const std::vector<DenialView>& views) {
  std::map<std::string, std::vector<std::string>> places;
  for (const auto& view : views) {
    if (auto words = nxname_trouble(docket, view)) {
      places[*std::move(words)].push_back(view.server.label);
    }
  }
  for (auto& [words, labels] : places) {
    auto& finding = docket.add(Fault::compact_denial_nxname_broken,
                               words + " " + places_words(labels, docket.analysis.servers.size()));
    finding.servers = std::move(labels);
  }
}

}  // namespace

void rules_for_denial_form(Docket& docket, const std::vector<DenialView>& views) {
  rule_one_kind(docket, views);
  rule_compact(docket, views);
  rule_form(docket, views);
}

}  // namespace judge
