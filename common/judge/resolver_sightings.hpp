// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

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
void see_resolver_answer(const ResolverAnalysis& resolver, const AskedQuestion& asked,
                         ResolverSightings& sightings);

}  // namespace judge
