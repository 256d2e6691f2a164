// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/resolver_sightings.hpp"

#include <map>
#include <tuple>

#include "judge/words.hpp"

namespace judge {

std::string resolver_share(std::size_t count, std::size_t of) {
  return std::to_string(count) + " of " + count_words(of, "resolver");
}

std::string codes_words(const std::vector<std::uint16_t>& codes) {
  return codes.empty() ? "" : " (extended error " + extended_error_words(codes) + ")";
}

std::string questions_words(const std::vector<std::string>& some, std::size_t of) {
  return some.size() > 2 && some.size() == of ? "all " + count_words(of, "question")
                                              : list_words(some);
}

std::string resolver_places(const std::vector<std::string>& labels, std::size_t of) {
  if (labels.empty()) {
    return {};
  }
  if (labels.size() == 1) {
    return "at " + labels.front();
  }
  return "at " + (labels.size() == of
                      ? "all " + std::to_string(of) + " resolvers"
                      : std::to_string(labels.size()) + " of " + std::to_string(of) +
                            " resolvers (" + list_words(labels) + ")");
}

void add_grouped(Docket& docket, const ResolverSightings& sightings) {
  struct Group {
    std::vector<std::string> questions, labels;
    std::vector<std::uint16_t> codes;
  };
  std::map<std::tuple<Fault, std::string, std::optional<Tier>>, Group> groups;
  for (const auto& sighting : sightings) {
    auto& group = groups[{sighting.fault, sighting.words, sighting.tier}];
    if (!sighting.question.empty()) {
      add_distinct(group.questions, sighting.question);
    }
    add_distinct(group.labels, sighting.resolver);
    for (const auto code : sighting.codes) {
      add_distinct(group.codes, code);
    }
  }
  for (auto& [key, group] : groups) {
    const auto& [fault, words, tier] = key;
    const std::string questions =
        group.questions.empty()
            ? ""
            : questions_words(group.questions, docket.seen().probes.size()) + ": ";
    auto& finding =
        docket.add(fault, questions + words + codes_words(group.codes) + ", " +
                              resolver_places(group.labels, docket.seen().resolvers.size()));
    finding.tier = tier.value_or(finding.tier);
    finding.servers = std::move(group.labels);
    finding.rrsets = std::move(group.questions);
  }
}

}  // namespace judge
