// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/analysis.hpp"

#include <algorithm>
#include <iterator>

#include "judge/cuts.hpp"

namespace judge {
namespace {

CheckedSignature with_times(const dns::Signature& signature, const dnssec::SignatureCheck& check,
                            dns::SerialTime serial_now) {
  CheckedSignature checked;
  checked.rrsig = signature.rrsig;
  checked.ttl = signature.ttl;
  checked.check = check;
  if (signature.rrsig) {
    checked.remaining = signature.rrsig->expiration.seconds_since(serial_now);
    checked.age = -signature.rrsig->inception.seconds_since(serial_now);
    checked.lifetime = signature.rrsig->expiration.seconds_since(signature.rrsig->inception);
  }
  return checked;
}

/// Servers turn the order of signatures round from answer to answer.
bool same_signatures(const CheckedRRset& checked, const dns::SignedRRset& data) {
  const auto& known = checked.signatures;
  return known.size() == data.signatures.size() &&
         std::all_of(data.signatures.begin(), data.signatures.end(),
                     [&](const dns::Signature& signature) {
                       return std::any_of(known.begin(), known.end(), [&](const auto& candidate) {
                         return candidate.rrsig == signature.rrsig;
                       });
                     });
}

}  // namespace

CheckedRRset check_rrset(const dns::SignedRRset& data, const dns::Name& apex,
                         const std::vector<dnssec::Key>& keys, dns::UnixTime now,
                         dnssec::Verifier& verifier) {
  CheckedRRset checked;
  checked.set = data.set;
  const auto serial_now = dns::SerialTime::from_unix(now);
  const auto checks = verifier.check_all(data, apex, keys, serial_now);
  for (std::size_t i = 0; i < checks.size(); ++i) {
    checked.signatures.push_back(with_times(data.signatures[i], checks[i], serial_now));
    const auto& latest = checked.signatures.back();
    if (latest.valid() &&
        (!checked.best || latest.remaining > checked.signatures[*checked.best].remaining)) {
      checked.best = checked.signatures.size() - 1;
    }
  }
  return checked;
}

const CheckedRRset* ServerAnalysis::find(const dns::Name& owner, dns::Type type) const {
  const auto found = places.find(owner, type);
  return found.empty() ? nullptr : &rrsets[found.front()];
}

const CheckedRRset* ServerAnalysis::sighting(const dns::SignedRRset& data) const {
  const auto is_same = [&](const CheckedRRset& checked) {
    return same_signatures(checked, data) && dns::same_rdata(checked.set, data.set);
  };
  for (const auto place : places.find(data.set.owner, data.set.type)) {
    if (is_same(rrsets[place])) return &rrsets[place];
  }
  for (const auto place : repeat_places.find(data.set.owner, data.set.type)) {
    if (is_same(repeats[place])) return &repeats[place];
  }
  return nullptr;
}

void ServerAnalysis::add(CheckedRRset checked) {
  places.add(checked.set, rrsets.size());
  rrsets.push_back(std::move(checked));
}

void ServerAnalysis::add_repeat(CheckedRRset checked) {
  repeat_places.add(checked.set, repeats.size());
  repeats.push_back(std::move(checked));
}

bool asked_resolvers(const observe::ZoneObservation& seen) {
  return !seen.forwarders.empty() && seen.servers_given.empty();
}

std::span<const LinkAnalysis> Analysis::chain() const {
  const auto anchor = std::find_if(links.rbegin(), links.rend(),
                                   [](const LinkAnalysis& link) { return link.anchored; });
  const std::span<const LinkAnalysis> all(links);
  return anchor == links.rend() ? all
                                : all.last(static_cast<std::size_t>(anchor - links.rbegin()) + 1);
}

const LinkAnalysis* Analysis::first_break() const {
  const auto chain = this->chain();
  const auto found = std::find_if(chain.begin(), chain.end(), [](const LinkAnalysis& link) {
    return link.state != LinkState::secure && !link.inherited;
  });
  return found == chain.end() ? nullptr : &*found;
}

std::size_t Analysis::serving() const {
  return static_cast<std::size_t>(
      std::count_if(servers.begin(), servers.end(),
                    [](const ServerAnalysis& server) { return server.serving(); }));
}

Analysis analyse(const observe::ZoneObservation& seen, dns::UnixTime now,
                 const memory::Zone* past) {
  Analysis analysis;
  analysis.seen = &seen;
  analysis.past = past;
  analysis.now = now;
  auto& work = *analysis.work;
  analysis.links = analyse_links(seen, now, work);
  analysis.parent_faults = analyse_parents(seen, analysis.links, now, work);
  const auto* apex = analysis.apex_link();
  const auto known_keys = apex != nullptr ? apex->keys : std::vector<dnssec::Key>{};
  const auto cuts = find_cuts(seen, analysis.links, known_keys, work);
  for (const auto& server : seen.servers) {
    analysis.servers.push_back(analyse_server(seen, server, known_keys, cuts, now, work));
  }
  analysis.walk = analyse_walk(seen, analysis.servers, known_keys, now);
  analysis.zone_signed =
      !known_keys.empty() || std::any_of(analysis.servers.begin(), analysis.servers.end(),
                                         [](const ServerAnalysis& server) {
                                           return server.any_signature || !server.keys.empty();
                                         });
  return analysis;
}

}  // namespace judge
