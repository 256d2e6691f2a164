// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// RFC 4034 4.1.2, RFC 5155 3.2.1: the type list of an NSEC or NSEC3 names what is at its name, no
// more and no less. Whoever reuses denials (RFC 8198) believes the list, not the server.
#include <algorithm>
#include <map>
#include <set>

#include "judge/denials.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Name;
using dns::Type;

/// The types that a server's own, validly signed data shows at each name; a wildcard's expansion
/// counts for the wildcard.
using Present = std::map<Name, std::set<Type>, dns::CanonicalLess>;

/// RFC 4035 5.3.2: the wildcard that a validly signed RRset was made from.
std::optional<Name> source_of(const CheckedRRset& checked) {
  const auto* lasting = checked.lasting();
  if (!lasting->check.wildcard) {
    return checked.set.owner;
  }
  return checked.set.owner.suffix(lasting->rrsig->labels).wildcard();
}

Present present_at(const ServerAnalysis& server) {
  Present present;
  for (const auto& checked : server.rrsets) {
    if (!checked.valid() || is_nsec_or_nsec3(checked.set.type)) {
      continue;
    }
    if (const auto source = source_of(checked)) {
      present[*source].insert(checked.set.type);
    }
  }
  return present;
}

/// One type list, and whose it is where that is known.
struct List {
  const CheckedRRset& record;
  dns::TypeBitmap types;
  std::optional<Name> name;
  bool nsec3 = false;
};

std::vector<List> lists_of(const Analysis& analysis, const ServerAnalysis& server,
                           const Present& present) {
  const Name& apex = *analysis.seen->apex;
  std::map<std::pair<Nsec3Parameters, dns::Bytes>, Name> hashes;
  std::vector<List> lists;
  std::set<Nsec3Parameters> hashed;
  const auto hash_all = [&](const Nsec3Parameters& parameters) {
    if (!hashed.insert(parameters).second || hashed.size() > 3) {
      return;
    }
    for (const auto& [name, types] : present) {
      if (const auto hash = hash_of(analysis, name, parameters)) {
        hashes.emplace(std::make_pair(parameters, *hash), name);
      }
    }
  };
  for (const auto& checked : server.rrsets) {
    if (!checked.valid() || !is_nsec_or_nsec3(checked.set.type)) {
      continue;
    }
    const auto& rdata = checked.set.rdatas.front();
    if (checked.set.type == Type::nsec) {
      if (auto nsec = dns::parse_nsec(rdata)) {
        lists.push_back({checked, std::move(nsec->types), checked.set.owner, false});
      }
      continue;
    }
    auto nsec3 = dns::parse_nsec3(rdata);
    const auto hash = hash_in_owner(checked.set.owner, apex);
    if (!nsec3 || !hash) {
      continue;
    }
    const auto parameters = parameters_of(*nsec3);
    hash_all(parameters);
    const auto known = hashes.find({parameters, *hash});
    lists.push_back({checked, std::move(nsec3->types),
                     known == hashes.end() ? std::nullopt : std::optional(known->second), true});
  }
  return lists;
}

struct Eye {
  Docket& docket;
  const ServerAnalysis& server;
  std::vector<Sighting>& sightings;

  void saw(const List& list, Fault fault, const std::string& cause, const std::string& what) const {
    auto sighting = sighting_of(docket, server, list.record, fault, what, what);
    sighting.rrset = (list.nsec3 ? "the NSEC3 of " : "the NSEC of ") +
                     (list.name ? (*list.name == *docket.seen().apex ? std::string("the apex")
                                                                     : list.name->to_display())
                                : list.record.set.owner.to_display());
    sighting.cause = cause;
    sightings.push_back(std::move(sighting));
  }
};

std::string words_of(const std::vector<Type>& types) {
  std::vector<std::string> words;
  words.reserve(types.size());
  for (const auto type : types) {
    words.push_back(dns::to_text(type));
  }
  return list_words(words, 5);
}

bool is_apex_duty(Type type) {
  return type == Type::soa || type == Type::ns || type == Type::dnskey;
}

void see_present(const Eye& eye, const List& list, const Present& present) {
  const auto found = list.name ? present.find(*list.name) : present.end();
  if (found == present.end()) {
    return;
  }
  const bool apex = *list.name == *eye.docket.seen().apex;
  std::vector<Type> missing, of_apex;
  for (const auto type : found->second) {
    if (!list.types.has(type)) {
      (apex && is_apex_duty(type) ? of_apex : missing).push_back(type);
    }
  }
  if (!missing.empty()) {
    const auto words = words_of(missing);
    eye.saw(list, Fault::existing_type_missing_from_bitmap, words,
            "lacks " + words + ", which the server has there");
  }
  if (!of_apex.empty() || (apex && list.types.has(Type::nsec3))) {
    const auto what = of_apex.empty() ? std::string("lists NSEC3") : "lacks " + words_of(of_apex);
    eye.saw(list, Fault::nsec_apex_type_list, what, what);
  }
}

/// RFC 4034 4.1.2: an NSEC's own name has NSEC and its signature; RFC 5155 7.1: an NSEC3 lists
/// RRSIG where something is signed.
void see_own_bits(const Eye& eye, const List& list) {
  const auto types = list.types.types();
  if (!list.nsec3) {
    if (!list.types.has(Type::nsec) || !list.types.has(Type::rrsig)) {
      const auto lacks = std::string("lacks ") + (list.types.has(Type::nsec)    ? "RRSIG"
                                                  : list.types.has(Type::rrsig) ? "NSEC"
                                                                                : "NSEC and RRSIG");
      eye.saw(list, Fault::nsec_rrsig_nsec_bits, lacks, lacks);
    }
    return;
  }
  const bool unsigned_cut = types.size() == 1 && types.front() == Type::ns;
  if (types.size() == 1 && types.front() == Type::rrsig) {
    eye.saw(list, Fault::nsec_rrsig_nsec_bits, "ent", "lists RRSIG and nothing that is signed");
  } else if (!types.empty() && !unsigned_cut && !list.types.has(Type::rrsig)) {
    eye.saw(list, Fault::nsec_rrsig_nsec_bits, "lacks RRSIG", "lacks RRSIG");
  }
}

bool is_parents_own(Type type) {
  return type == Type::ns || type == Type::ds || type == Type::rrsig || type == Type::nsec;
}

/// RFC 4035 2.3: at a delegation the list has NS, DS where there is one, and the denial's own
/// types.
void see_delegation(const Eye& eye, const List& list) {
  const auto& apex = *eye.docket.seen().apex;
  const bool at_apex =
      (list.name && *list.name == apex) || (!list.nsec3 && list.record.set.owner == apex);
  if (at_apex || asked_resolvers(eye.docket.seen())) {
    return;
  }
  if (list.name && !list.types.has(Type::ns) && refers(eye.server, *list.name)) {
    eye.saw(list, Fault::nsec_delegation_bits, "ns", "lacks NS, though the name is a delegation");
    return;
  }
  if (!list.types.has(Type::ns) || list.types.has(Type::soa)) {
    return;
  }
  // Compact denial lists what the signer takes for usual (Knot: A and AAAA), at delegations too.
  const auto& rdata = list.record.set.rdatas.front();
  const auto nsec = list.nsec3 ? std::nullopt : dns::parse_nsec(rdata);
  if (nsec && observe::is_made_up_next(list.record.set.owner, nsec->next)) {
    return;
  }
  auto more = list.types.types();
  more.erase(std::remove_if(more.begin(), more.end(), is_parents_own), more.end());
  if (!more.empty()) {
    const auto words = "lists " + words_of(more) + " at a delegation";
    eye.saw(list, Fault::nsec_delegation_bits, words, words);
  }
}

}  // namespace

void rules_for_bitmaps(Docket& docket) {
  if (!docket.seen().apex) {
    return;
  }
  std::vector<Sighting> sightings;
  for (const auto& server : docket.analysis.servers) {
    if (!server.serving() || !is_steady(docket.analysis, server)) {
      continue;
    }
    const auto present = present_at(server);
    const Eye eye{docket, server, sightings};
    for (const auto& list : lists_of(docket.analysis, server, present)) {
      see_present(eye, list, present);
      see_own_bits(eye, list);
      see_delegation(eye, list);
    }
  }
  add_grouped(docket, sightings);
}

}  // namespace judge
