// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// NSEC3's parameters, as the apex publishes them and as the zone uses them (RFC 5155 4, RFC 9276
// 3.1). A chain that NSEC3PARAM does not name is on its way in or out: it need not be whole.
#include <algorithm>

#include "judge/whole_denial.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using Ring = std::pair<const Nsec3Parameters, Nsec3Ring>;

/// What NSEC3PARAM names; records with flags are for nobody (RFC 5155 4.1.2).
std::vector<Nsec3Parameters> read_published(WholeDocket& docket, RRsetViews apex) {
  std::vector<Nsec3Parameters> published;
  const auto* set = find_data(apex, Type::nsec3param);
  if (set == nullptr) {
    return published;
  }
  for (const auto* entry : set->records) {
    const auto param = dns::parse_nsec3param(entry->rdata());
    if (!param) {
      continue;
    }
    if (param->flags != 0) {
      docket.add(Fault::nsec3param_flags, "NSEC3PARAM has flags " + std::to_string(param->flags) +
                                              ", so servers must ignore it");
      continue;
    }
    const Nsec3Parameters one{param->hash_algorithm, param->iterations, param->salt};
    if (std::find(published.begin(), published.end(), one) == published.end()) {
      published.push_back(one);
    }
  }
  if (published.size() > 1) {
    docket.add(Fault::nsec3param_multiple,
               "there are " + std::to_string(published.size()) +
                   " NSEC3PARAM records: a change of the chain is going on, or was not finished");
  }
  return published;
}

const Ring& largest(const std::map<Nsec3Parameters, Nsec3Ring>& rings) {
  return *std::max_element(rings.begin(), rings.end(), [](const Ring& left, const Ring& right) {
    return left.second.size() < right.second.size();
  });
}

/// RFC 9276 3.1: no iterations, no salt, Opt-Out only for very many unsigned delegations.
void see_advice(WholeDocket& docket, const Nsec3Names& seen,
                const std::vector<Nsec3Parameters>& sets) {
  std::uint16_t iterations = 0;
  std::size_t salt = 0;
  bool opt_out = false;
  for (const auto& parameters : sets) {
    iterations = std::max(iterations, parameters.iterations);
    salt = std::max(salt, parameters.salt.size());
    const auto ring = seen.rings.find(parameters);
    opt_out = opt_out || (ring != seen.rings.end() &&
                          std::any_of(ring->second.begin(), ring->second.end(),
                                      [](const ChainLink& link) { return link.opt_out(); }));
  }
  if (iterations > 0) {
    docket.add(Fault::nsec3_iterations, iteration_words(iterations)).tier =
        iteration_tier(iterations);
  }
  if (salt > 0) {
    docket.add(Fault::nsec3_salt,
               "NSEC3 has a salt of " + count_words(salt, "octet") + ": it is of no use");
  }
  if (opt_out && seen.unsigned_delegations * 2 < seen.names.size()) {
    docket.add(Fault::nsec3_optout_small_zone,
               "NSEC3 has Opt-Out, and only " + thousands(seen.unsigned_delegations) + " of " +
                   thousands(seen.names.size()) +
                   " names are unsigned delegations, which can be added and removed unseen");
  }
}

}  // namespace

std::vector<Nsec3Parameters> rules_for_whole_parameters(WholeDocket& docket, RRsetViews apex,
                                                        const Nsec3Names& seen, bool nsec_too) {
  auto published = read_published(docket, apex);
  if (seen.rings.empty()) {
    if (!published.empty()) {
      docket.add(Fault::nsec3param_mismatch, "NSEC3PARAM says " +
                                                 parameter_words(published.front()) +
                                                 ", and the zone has no usable NSEC3 records");
    }
    return {};
  }
  if (published.empty()) {
    if (nsec_too) {
      return {};  // a chain that is being built, or taken away
    }
    docket.add(Fault::nsec3param_missing, "the zone uses NSEC3 and has no NSEC3PARAM");
    published.push_back(largest(seen.rings).first);
  }
  for (const auto& parameters : published) {
    if (!seen.rings.contains(parameters)) {
      docket.add(Fault::nsec3param_mismatch, "NSEC3PARAM says " + parameter_words(parameters) +
                                                 ", the NSEC3 records have " +
                                                 parameter_words(largest(seen.rings).first));
    }
  }
  see_advice(docket, seen, published);
  return published;
}

}  // namespace judge
