// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/rules.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "judge/words.hpp"

namespace judge {
namespace {

struct SightingGroup {
  std::vector<std::string> rrsets, servers;
  const Sighting* first = nullptr;  ///< the earliest moment, or the first seen
};

std::string group_text(const SightingGroup& group, std::size_t servers) {
  const auto places = places_words(group.servers, servers);
  std::string text;
  if (group.rrsets.size() == 1) {
    text = group.rrsets.front() + " " + group.first->single;
  } else {
    const auto& plural = group.first->plural;
    const bool many = group.rrsets.size() > 3;
    // "14 RRsets (MX, …): signatures expired", but "14 RRsets (MX, …) have no signature".
    text =
        (many ? std::to_string(group.rrsets.size()) + " RRsets (" + list_words(group.rrsets) + ")"
              : list_words(group.rrsets)) +
        (many && plural.starts_with("signatures") ? ": " : " ") + plural;
    if (group.first->moment) {
      text += ", " + group.first->rrset + " first: " + group.first->single;
    }
  }
  return places.empty() ? text : text + " " + places;
}

}  // namespace

Finding& Docket::add(Fault fault, std::string text) {
  Finding finding;
  finding.fault = fault;
  finding.tier = info(fault).tier;
  finding.text = std::move(text);
  finding.remedy = info(fault).remedy;
  findings.push_back(std::move(finding));
  return findings.back();
}

bool Docket::has(Fault fault) const {
  return std::any_of(findings.begin(), findings.end(),
                     [fault](const Finding& finding) { return finding.fault == fault; });
}

Sighting sighting_of(const Docket& docket, const ServerAnalysis& server,
                     const CheckedRRset& checked, Fault fault, std::string single,
                     std::string plural) {
  Sighting sighting;
  sighting.fault = fault;
  sighting.tier = info(fault).tier;
  sighting.rrset = rrset_label(checked.set.owner, checked.set.type, *docket.seen().apex);
  sighting.server = server.label;
  sighting.single = std::move(single);
  sighting.plural = std::move(plural);
  return sighting;
}

void add_grouped(Docket& docket, const std::vector<Sighting>& sightings) {
  std::map<std::tuple<Fault, Tier, std::string>, SightingGroup> groups;
  for (const auto& sighting : sightings) {
    auto& group = groups[{sighting.fault, sighting.tier, sighting.cause}];
    add_unique(group.rrsets, sighting.rrset);
    add_unique(group.servers, sighting.server);
    const bool earlier =
        group.first == nullptr ||
        (sighting.moment && (!group.first->moment || *sighting.moment < *group.first->moment));
    if (earlier) {
      group.first = &sighting;
    }
  }
  for (auto& [key, group] : groups) {
    auto& finding = docket.add(std::get<0>(key), group_text(group, docket.analysis.servers.size()));
    finding.tier = std::get<1>(key);
    finding.moment = group.first->moment;
    finding.servers = std::move(group.servers);
    finding.rrsets = std::move(group.rrsets);
  }
}

}  // namespace judge
