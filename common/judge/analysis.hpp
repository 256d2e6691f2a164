// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "dns/record.hpp"
#include "dns/serial_time.hpp"
#include "dnssec/key.hpp"
#include "dnssec/verify.hpp"
#include "judge/catalogue.hpp"
#include "judge/rrset_index.hpp"
#include "memory/memory.hpp"
#include "observe/observation.hpp"

namespace judge {

/// One RRSIG after verification. Times are seconds from the moment of judgement.
struct CheckedSignature {
  std::optional<dns::Rrsig> rrsig;  ///< empty when malformed
  std::uint32_t ttl = 0;
  dnssec::SignatureCheck check;
  std::int64_t remaining = 0;  ///< to its expiration, negative when past
  std::int64_t age = 0;        ///< since its inception, negative when in the future
  std::int64_t lifetime = 0;   ///< from inception to expiration
  [[nodiscard]] bool valid() const { return check.verdict == dnssec::SignatureVerdict::valid; }
};

/// One RRset with all its signatures checked.
struct CheckedRRset {
  dns::RRset set;
  std::vector<CheckedSignature> signatures;
  bool aa = false;                  ///< from an authoritative answer: TTLs are the zone's own
  std::optional<std::size_t> best;  ///< the valid signature that lives longest
  bool wildcard_unproven = false;   ///< expanded from a wildcard without proof
  [[nodiscard]] bool valid() const { return best.has_value(); }
  [[nodiscard]] const CheckedSignature* lasting() const {
    return best ? &signatures[*best] : nullptr;
  }
};

/// How a server address did.
enum class Service { serving, silent, unreachable, lame, malformed, no_edns, not_asked, flooded };

/// The zones below ours that a server is believed to serve as well: what is theirs is not our
/// matter.
struct ZonesBelow {
  std::set<dns::Name, dns::CanonicalLess> apexes;
  [[nodiscard]] bool begins_at(const dns::Name& name) const { return apexes.contains(name); }
  /// The name is in one of them, or its apex.
  [[nodiscard]] bool has(const dns::Name& name) const;
  /// The zone that begins at `name` may answer that question: what is in it, but not its own DS,
  /// which is the parent's (RFC 4035 3.1.4.1).
  [[nodiscard]] bool may_answer(const dns::Question& question, const dns::Name& name) const;
};

struct ServerAnalysis {
  const observe::Server* server = nullptr;  ///< not owned: the observation outlives the analysis
  std::string label;
  Service service = Service::not_asked;
  std::string trouble;  ///< words for what is not serving: "answers REFUSED"
  std::optional<dns::Soa> soa;
  bool keys_seen = false;     ///< it answered the DNSKEY question, with or without keys
  bool keys_unknown = false;  ///< nor are there validated ones: nothing was verified
  std::vector<dnssec::Key> keys;
  /// Each owner and type once (of NSEC and NSEC3 each data), as it came first; and once more where
  /// it came with a signature that does not hold after it had come with one that does.
  std::vector<CheckedRRset> rrsets;
  std::vector<CheckedRRset> repeats;  ///< further sightings with other data or other signatures
  RRsetIndex places, repeat_places;   ///< in those two
  bool any_signature = false;
  ZonesBelow below;
  /// The first of that owner and type; nullptr when none came.
  [[nodiscard]] const CheckedRRset* find(const dns::Name& owner, dns::Type type) const;
  /// The one that came with this very data and these signatures; nullptr when none did.
  [[nodiscard]] const CheckedRRset* sighting(const dns::SignedRRset& data) const;
  void add(CheckedRRset checked);
  void add_repeat(CheckedRRset checked);
  [[nodiscard]] bool serving() const { return service == Service::serving; }
};

/// How a walk along the NSEC chain ended.
enum class WalkEnd {
  closed,       ///< back at the apex
  enough,       ///< after as many names as were asked for
  out_of_time,  ///< the deadline came first
  flooded,      ///< so much had come by then that no more was asked
  no_answer,    ///< a question brought no answer
  no_chain,     ///< the zone has no chain: NSEC3, or NSEC made for each answer
  missing,      ///< the next name has no NSEC
  changed,      ///< the same, but the zone was changed meanwhile
  backwards,    ///< the next name comes before the owner
  out_of_zone,  ///< the next name is not in the zone
};

/// --walk: the NSEC records from the apex on, in the order of the chain, all verified.
struct WalkAnalysis {
  std::string server;  ///< label
  WalkEnd end = WalkEnd::out_of_time;
  std::vector<CheckedRRset> chain;
  dns::Name at;             ///< where it ended: the last owner, or the name without NSEC
  std::string detail;       ///< for no_answer: what came instead
  bool work_limit = false;  ///< the walk has a budget of its own
};

enum class LinkState { secure, insecure, bogus, unknown };

/// Something about a link in words, with the catalogue's row.
struct Remark {
  Fault fault{};
  std::string words;  ///< complete: names the zone or server where needed
  std::optional<dns::UnixTime> moment;
  std::string remedy;  ///< better than the catalogue's, or empty
};

/// One zone on the way down: how the trust arrives (DS or anchor) and which keys it reaches.
struct LinkAnalysis {
  const observe::Link* link = nullptr;  ///< not owned
  std::string parent;                   ///< the zone above in words, empty for the first
  bool under_test = false;              ///< the apex itself, not an ancestor
  LinkState state = LinkState::unknown;
  bool inherited = false;                ///< the state is that of a link above, nothing of its own
  bool anchored = false;                 ///< a trust anchor is for this zone
  std::optional<Remark> cause;           ///< of a state other than secure, at this very link
  std::vector<Remark> remarks;           ///< beside a working link
  std::vector<dns::Ds> ds;               ///< the DS set, or the anchors
  std::vector<dnssec::DsMatch> matches;  ///< one per ds
  std::vector<dnssec::Key> keys;
  std::optional<CheckedRRset> ds_set, dnskey_set;
  [[nodiscard]] const dns::Name& zone() const { return link->zone; }
};

/// A parent server whose own answer about the DS makes the zone bogus.
struct ParentFault {
  std::string server;  ///< label
  Remark remark;
};

/// The budget of one zone, for all that judges it.
struct Work {
  dnssec::Verifier verifier;
  dnssec::HashWork hashing;
  std::size_t rrsets = 0;    ///< looked at, of all servers
  bool rrsets_left = false;  ///< there were more than are looked at
  [[nodiscard]] bool limit_hit() const {
    return verifier.limit_hit() || hashing.limit_hit() || rrsets_left;
  }
};

struct Analysis {
  const observe::ZoneObservation* seen = nullptr;  ///< not owned
  const memory::Zone* past = nullptr;  ///< not owned; nullptr: no state is kept (--state-dir)
  dns::UnixTime now = 0;
  std::vector<LinkAnalysis> links;  ///< root first
  std::vector<ParentFault> parent_faults;
  std::vector<ServerAnalysis> servers;
  std::optional<WalkAnalysis> walk;
  bool zone_signed = false;  ///< some server or the validator has DNSKEY or RRSIG for it
  /// What the zone may cost and has cost so far. Rules that verify or hash go on spending it.
  std::shared_ptr<Work> work = std::make_shared<Work>();
  /// The links from the nearest trust anchor down: what is above it takes no part (all of them
  /// where no anchor is on the way). Valid as long as `links` is.
  [[nodiscard]] std::span<const LinkAnalysis> chain() const;
  /// The first link whose state is its own and not secure; nullptr when all are secure.
  [[nodiscard]] const LinkAnalysis* first_break() const;
  [[nodiscard]] const LinkAnalysis* apex_link() const {
    return links.empty() ? nullptr : &links.back();
  }
  /// State of the apex: secure, insecure, bogus or unknown.
  [[nodiscard]] LinkState state() const {
    return links.empty() ? LinkState::unknown : links.back().state;
  }
  [[nodiscard]] std::size_t serving() const;
};

/// Verifies everything in the observation as of `now`. Pure. The observation and the past must
/// outlive the result.
Analysis analyse(const observe::ZoneObservation& seen, dns::UnixTime now,
                 const memory::Zone* past = nullptr);

/// The servers looked at are the forwarders: they recurse, and give answers without AA.
bool asked_resolvers(const observe::ZoneObservation& seen);

/// Parts of analyse(), for its own files.
CheckedRRset check_rrset(const dns::SignedRRset& data, const dns::Name& apex,
                         const std::vector<dnssec::Key>& keys, dns::UnixTime now,
                         dnssec::Verifier& verifier);
std::vector<LinkAnalysis> analyse_links(const observe::ZoneObservation& seen, dns::UnixTime now,
                                        Work& work);
/// Each parent server's answer about the DS by itself, where the parent is secure.
std::vector<ParentFault> analyse_parents(const observe::ZoneObservation& seen,
                                         const std::vector<LinkAnalysis>& links, dns::UnixTime now,
                                         Work& work);
std::optional<WalkAnalysis> analyse_walk(const observe::ZoneObservation& seen,
                                         const std::vector<ServerAnalysis>& servers,
                                         const std::vector<dnssec::Key>& keys, dns::UnixTime now);
/// The keys in its answer to the DNSKEY question, over UDP or else over TCP; nothing where it gave
/// none with NOERROR.
std::optional<std::vector<dnssec::Key>> keys_of_server(const observe::Server& server,
                                                       const dns::Name& apex);
struct KnownCuts;
ServerAnalysis analyse_server(const observe::ZoneObservation& seen, const observe::Server& server,
                              const std::vector<dnssec::Key>& fallback_keys, const KnownCuts& known,
                              dns::UnixTime now, Work& work);

}  // namespace judge
