// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/analysis.hpp"

#include <algorithm>
#include <iterator>

namespace judge {
namespace {

CheckedSignature check_signature(const dns::SignedRRset& data, const dns::Signature& signature,
                                 const dns::Name& apex, const std::vector<dnssec::Key>& keys,
                                 dns::UnixTime now, dnssec::Verifier& verifier) {
  CheckedSignature checked;
  checked.rrsig = signature.rrsig;
  checked.ttl = signature.ttl;
  const auto serial_now = dns::SerialTime::from_unix(now);
  checked.check = verifier.check(data.set, signature, apex, keys, serial_now);
  if (signature.rrsig) {
    checked.remaining = signature.rrsig->expiration.seconds_since(serial_now);
    checked.age = -signature.rrsig->inception.seconds_since(serial_now);
    checked.lifetime = signature.rrsig->expiration.seconds_since(signature.rrsig->inception);
  }
  return checked;
}

}  // namespace

CheckedRRset check_rrset(const dns::SignedRRset& data, const dns::Name& apex,
                         const std::vector<dnssec::Key>& keys, dns::UnixTime now,
                         dnssec::Verifier& verifier) {
  CheckedRRset checked;
  checked.set = data.set;
  for (const auto& signature : data.signatures) {
    checked.signatures.push_back(check_signature(data, signature, apex, keys, now, verifier));
    const auto& latest = checked.signatures.back();
    if (latest.valid() &&
        (!checked.best || latest.remaining > checked.signatures[*checked.best].remaining)) {
      checked.best = checked.signatures.size() - 1;
    }
  }
  return checked;
}

const CheckedRRset* ServerAnalysis::find(const dns::Name& owner, dns::Type type) const {
  const auto found = std::find_if(rrsets.begin(), rrsets.end(), [&](const CheckedRRset& checked) {
    return checked.set.type == type && checked.set.owner == owner;
  });
  return found == rrsets.end() ? nullptr : &*found;
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
  dnssec::Verifier verifier;
  analysis.links = analyse_links(seen, now, verifier);
  analysis.parent_faults = analyse_parents(seen, analysis.links, now, verifier);
  const auto* apex = analysis.apex_link();
  const auto known_keys = apex != nullptr ? apex->keys : std::vector<dnssec::Key>{};
  for (const auto& server : seen.servers) {
    analysis.servers.push_back(analyse_server(seen, server, known_keys, now, verifier));
  }
  analysis.walk = analyse_walk(seen, analysis.servers, known_keys, now);
  analysis.zone_signed =
      !known_keys.empty() || std::any_of(analysis.servers.begin(), analysis.servers.end(),
                                         [](const ServerAnalysis& server) {
                                           return server.any_signature || !server.keys.empty();
                                         });
  analysis.verifications = verifier.verifications();
  analysis.work_limit = verifier.limit_hit();
  return analysis;
}

}  // namespace judge
