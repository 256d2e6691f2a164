// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "judge/resolver_analysis.hpp"
#include "judge/rules.hpp"

namespace judge {

/// One resolver that shows a fault, for one question or for none in particular.
struct ResolverSighting {
  Fault fault{};
  std::string words;     ///< with the questions before it, the resolvers behind it
  std::string question;  ///< or empty
  std::string resolver;
  std::vector<std::uint16_t> codes;  ///< the resolver's own reasons (RFC 8914)
  std::optional<Tier> tier;          ///< where it is not the catalogue's
};
using ResolverSightings = std::vector<ResolverSighting>;

template <class T>
void add_distinct(std::vector<T>& list, const T& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) {
    list.push_back(item);
  }
}

/// "3 of 4 resolvers".
std::string resolver_share(std::size_t count, std::size_t of);
/// " (extended error DNSSEC Bogus)", or empty.
std::string codes_words(const std::vector<std::uint16_t>& codes);
/// "all 4 questions", "SOA and www.example.com/A": some of those that were asked.
std::string questions_words(const std::vector<std::string>& some, std::size_t of);
/// "at 192.0.2.1", "at all 3 resolvers", "at 2 of 3 resolvers (...)".
std::string resolver_places(const std::vector<std::string>& labels, std::size_t of);
/// One finding for each fault and words, however many questions and resolvers show it.
void add_grouped(Docket& docket, const ResolverSightings& sightings);

/// What resolvers make of names of which that is known.
void see_canaries(const observe::ZoneObservation& seen,
                  const std::vector<ResolverAnalysis>& resolvers, ResolverSightings& sightings);
/// What one resolver made of one question, held against our own validation.
void see_resolver_answer(const Analysis& analysis, const ResolverAnalysis& resolver,
                         const AskedQuestion& asked, ResolverSightings& sightings);
/// The signatures that came through the resolvers, verified with the zone's keys.
void see_signatures(const Analysis& analysis, const std::vector<ResolverAnalysis>& resolvers,
                    const std::vector<AskedQuestion>& questions, ResolverSightings& sightings);

/// What is the zone's own: resolvers cannot be blamed for it.
void rules_for_zone_at_resolvers(Docket& docket, const std::vector<ResolverAnalysis>& resolvers,
                                 const std::vector<AskedQuestion>& questions);
/// Whether the resolvers agree, and enough of them are right (--quorum). After all other rules.
void rules_for_all_resolvers(Docket& docket, const std::vector<ResolverAnalysis>& resolvers,
                             const std::vector<AskedQuestion>& questions);

}  // namespace judge
