// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// NSEC3's parameters, as they are published and as they are used (RFC 5155 3 and 4, RFC 9276).
#include <algorithm>
#include <map>

#include "judge/denials.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;

/// Above it current BIND and Knot Resolver treat a denial as insecure (RFC 9276 3.2).
constexpr std::uint16_t kStrictLimit = 50;
/// And systemd-resolved.
constexpr std::uint16_t kMiddleLimit = 100;
/// And Unbound, PowerDNS Recursor and BIND 9.18.
constexpr std::uint16_t kLastLimit = 150;
/// Hashes of one answer: what PowerDNS Recursor does for a query at most.
constexpr unsigned kMostWork = 600;
/// Names hashed for a name with three more labels: itself, four enclosers, the wildcard.
constexpr unsigned kHashedNames = 5;
constexpr std::size_t kHashOctets = 20;
constexpr std::uint16_t kMostHashed = 500;

using LabelsByWords = std::map<std::string, std::vector<std::string>>;

/// The places stand before the reason (": ...") where there is one.
std::string placed(const Docket& docket, std::string words,
                   const std::vector<std::string>& labels) {
  const auto at = std::min(words.find(": "), words.size());
  return words.insert(at, " " + places_words(labels, docket.analysis.servers.size()));
}

void add_places(Docket& docket, Fault fault, const LabelsByWords& places, Tier tier) {
  for (const auto& [words, labels] : places) {
    auto& finding = docket.add(fault, placed(docket, words, labels));
    finding.servers = labels;
    finding.tier = tier;
  }
}

void add_places(Docket& docket, Fault fault, const LabelsByWords& places) {
  add_places(docket, fault, places, info(fault).tier);
}

/// One server's NSEC3, with what it says of itself.
struct View {
  const ServerAnalysis& server;
  Nsec3Facts facts;
};

/// RFC 9276 3.1: "NSEC3 hash iterations MUST be 0", and 3.2 for what validators do.
void rule_iterations(Docket& docket, const std::vector<View>& views) {
  std::map<std::uint16_t, std::vector<std::string>> seen;
  for (const auto& view : views) {
    std::uint16_t most = 0;
    for (const auto& used : view.facts.used) {
      most = std::max(most, used.iterations);
    }
    if (most > 0) {
      seen[most].push_back(view.server.label);
    }
  }
  if (seen.empty()) {
    return;
  }
  const auto worst = seen.rbegin()->first;
  std::vector<std::string> labels;
  for (const auto& [iterations, at] : seen) {
    labels.insert(labels.end(), at.begin(), at.end());
  }
  auto& finding =
      docket.add(Fault::nsec3_iterations, placed(docket, iteration_words(worst), labels));
  finding.tier = iteration_tier(worst);
  finding.servers = labels;
  if (worst * kHashedNames > kMostWork) {
    docket.add(Fault::nsec3_cpu_bomb,
               "a denial of a name with four labels more costs a validator " +
                   std::to_string((worst + 1) * kHashedNames) + " hashes");
  }
}

/// RFC 9276 3.1: salt is of no use, opt-out only where most delegations are unsigned.
void rule_advice(Docket& docket, const std::vector<View>& views) {
  LabelsByWords salt, opt_out;
  for (const auto& view : views) {
    for (const auto& used : view.facts.used) {
      if (!used.salt.empty()) {
        salt["NSEC3 has a salt of " + count_words(used.salt.size(), "octet") + ": it is of no use"]
            .push_back(view.server.label);
        break;
      }
    }
    if (view.facts.opt_out) {
      opt_out["NSEC3 has Opt-Out: unsigned delegations can be added and removed unseen"].push_back(
          view.server.label);
    }
  }
  add_places(docket, Fault::nsec3_salt, salt);
  add_places(docket, Fault::nsec3_optout_small_zone, opt_out);
}

/// RFC 5155 3.1, 8.1, 8.2: what validators ignore denies nothing.
void rule_form(Docket& docket, const std::vector<View>& views) {
  LabelsByWords flags, algorithm, malformed;
  for (const auto& view : views) {
    const auto& facts = view.facts;
    if (facts.unknown_flags) {
      flags["NSEC3 records have flags that are not assigned: validators ignore those records"]
          .push_back(view.server.label);
    }
    const auto unknown = std::find_if(facts.used.begin(), facts.used.end(),
                                      [](const auto& used) { return used.hash_algorithm != 1; });
    if (unknown != facts.used.end()) {
      algorithm["NSEC3 records use hash algorithm " + std::to_string(unknown->hash_algorithm) +
                ", which no validator knows"]
          .push_back(view.server.label);
    }
    if (facts.malformed > 0) {
      malformed
          ["NSEC3 records have an owner that is no hash below the apex, or a next hash that "
           "is not 20 octets"]
              .push_back(view.server.label);
    }
  }
  add_places(docket, Fault::nsec3_unknown_flags, flags);
  add_places(docket, Fault::nsec3_hash_algorithm, algorithm);
  add_places(docket, Fault::nsec3_owner_or_next_invalid, malformed);
}

/// RFC 5155 4: NSEC3PARAM tells the zone's servers which chain to use.
void rule_published(Docket& docket, const std::vector<View>& views) {
  LabelsByWords missing, mismatch, flags, several;
  for (const auto& view : views) {
    const auto& facts = view.facts;
    const auto& label = view.server.label;
    if (facts.params_flags) {
      flags["NSEC3PARAM has flags, so servers must ignore it"].push_back(label);
    }
    if (facts.params > 1) {
      several["there are " + std::to_string(facts.params) +
              " NSEC3PARAM records: a change of the chain is going on, or was not finished"]
          .push_back(label);
    }
    if (facts.used.empty()) {
      continue;
    }
    if (facts.params_denied) {
      missing["the zone uses NSEC3 and has no NSEC3PARAM"].push_back(label);
      continue;
    }
    const bool fits = std::any_of(facts.used.begin(), facts.used.end(), [&](const auto& used) {
      return facts.published.count(used) != 0;
    });
    if (!facts.published.empty() && !fits) {
      mismatch["NSEC3PARAM says " + parameter_words(*facts.published.begin()) +
               ", the NSEC3 records have " + parameter_words(*facts.used.begin())]
          .push_back(label);
    }
  }
  add_places(docket, Fault::nsec3param_missing, missing);
  add_places(docket, Fault::nsec3param_mismatch, mismatch);
  add_places(docket, Fault::nsec3param_flags, flags);
  for (const auto& [words, labels] : several) {
    auto& finding = docket.add(Fault::nsec3param_multiple, placed(docket, words, labels));
    finding.servers = labels;
    raise_when_lasting(docket, finding, Tier::warning);
  }
}

std::string used_words(const View& view) {
  std::vector<std::string> words;
  for (const auto& used : view.facts.used) {
    words.push_back(parameter_words(used));
  }
  return list_words(words, 2);
}

/// Servers with the same version of the zone deny by the same chain; with different ones, a change
/// is on its way.
void rule_same_everywhere(Docket& docket, const std::vector<View>& views) {
  for (const auto& view : views) {
    const auto& first = views.front();
    if (view.facts.used == first.facts.used || view.facts.used.empty() ||
        first.facts.used.empty()) {
      continue;
    }
    const bool same_version =
        view.server.soa && first.server.soa && view.server.soa->serial == first.server.soa->serial;
    auto& finding = docket.add(
        Fault::nsec3_param_inconsistent_ns,
        "the servers use different NSEC3 parameters: " + used_words(first) + " at " +
            first.server.label + ", " + used_words(view) + " at " + view.server.label +
            (same_version ? "" : "; their SOA serials differ too, so a change may be on its way"));
    finding.tier = same_version ? Tier::warning : Tier::info;
    raise_when_lasting(docket, finding, Tier::critical);
    finding.servers = {first.server.label, view.server.label};
    return;
  }
}

}  // namespace

std::string iteration_words(std::uint16_t iterations) {
  const auto count = count_words(iterations, "iteration");
  if (iterations > kLastLimit) {
    return "NSEC3 has " + count +
           ": BIND, Unbound, Knot Resolver and PowerDNS Recursor take its denials as insecure or "
           "answer SERVFAIL";
  }
  if (iterations > kStrictLimit) {
    return "NSEC3 has " + count + ": current BIND and Knot Resolver (limit 50)" +
           (iterations > kMiddleLimit ? ", and systemd-resolved (100)," : "") +
           " take its denials as insecure; Unbound, PowerDNS Recursor and BIND 9.18 would above "
           "150";
  }
  return "NSEC3 has " + count + ": there should be none, it is work for every resolver and no gain";
}

Tier iteration_tier(std::uint16_t iterations) {
  return iterations > kStrictLimit ? Tier::critical : Tier::warning;
}

Nsec3Parameters parameters_of(const dns::Nsec3& nsec3) {
  return {nsec3.hash_algorithm, nsec3.iterations, nsec3.salt};
}

std::optional<dns::Bytes> hash_of(const Analysis& analysis, const dns::Name& name,
                                  const Nsec3Parameters& parameters) {
  if (parameters.hash_algorithm != 1 || parameters.iterations > kMostHashed) {
    return std::nullopt;
  }
  return analysis.work->hashing.hash(name, parameters.iterations, parameters.salt);
}

std::optional<dns::Bytes> hash_in_owner(const dns::Name& owner, const dns::Name& apex) {
  if (owner.label_count() != apex.label_count() + 1) {
    return std::nullopt;
  }
  const auto label = owner.labels().front();
  auto hash = dns::from_base32hex(std::string(label.begin(), label.end()));
  return hash && hash->size() == kHashOctets ? hash : std::nullopt;
}

Nsec3Facts nsec3_facts(const Analysis& analysis, const ServerAnalysis& server) {
  Nsec3Facts facts;
  const auto& apex = *analysis.seen->apex;
  for (const auto& checked : server.rrsets) {
    if (checked.set.type != Type::nsec3) {
      continue;
    }
    for (const auto& rdata : checked.set.rdatas) {
      const auto nsec3 = dns::parse_nsec3(rdata);
      const bool known = nsec3 && nsec3->hash_algorithm == 1;
      if (!nsec3 || (known && (!hash_in_owner(checked.set.owner, apex) ||
                               nsec3->next_hash.size() != kHashOctets))) {
        ++facts.malformed;
        continue;
      }
      facts.used.insert(parameters_of(*nsec3));
      facts.opt_out = facts.opt_out || nsec3->opt_out();
      facts.unknown_flags = facts.unknown_flags || nsec3->flags > 1;
    }
  }
  if (const auto* published = server.find(apex, Type::nsec3param)) {
    for (const auto& rdata : published->set.rdatas) {
      if (const auto param = dns::parse_nsec3param(rdata)) {
        ++facts.params;
        facts.params_flags = facts.params_flags || param->flags != 0;
        if (param->flags == 0) {
          facts.published.insert({param->hash_algorithm, param->iterations, param->salt});
        }
      }
    }
  }
  const auto* asked = server.server->find(apex, Type::nsec3param);
  facts.params_denied = facts.params == 0 && asked != nullptr && asked->answered() &&
                        asked->message->rcode == dns::Rcode::noerror &&
                        asked->message->answer.empty();
  return facts;
}

void rules_for_nsec3(Docket& docket) {
  std::vector<View> views;
  for (const auto& server : docket.analysis.servers) {
    if (server.serving()) {
      views.push_back({server, nsec3_facts(docket.analysis, server)});
    }
  }
  if (views.empty()) {
    return;
  }
  rule_iterations(docket, views);
  rule_advice(docket, views);
  rule_form(docket, views);
  rule_published(docket, views);
  rule_same_everywhere(docket, views);
}

}  // namespace judge
