// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

// Plain data only: this header depends on dns and dnssec alone, so that judge may read it.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dns/answer.hpp"
#include "dns/name.hpp"
#include "dns/serial_time.hpp"
#include "dnssec/key.hpp"

namespace observe {

/// One server address, of the zone or of its parent, and everything it was asked.
struct Server {
  dns::Endpoint endpoint;
  std::vector<dns::Name> names;  ///< nameserver names that have this address; empty for --server
  std::vector<dns::Answer> answers;  ///< in the order they were asked
  /// DNSKEY over UDP once more, with a buffer of 4096 octets: asked where the answer over TCP does
  /// not fit in 1232, to see whether large datagrams arrive.
  std::optional<dns::Answer> large;
  /// The answer to that question that says most: with EDNS before without, answered before not;
  /// nullptr when it was not asked. `tcp` picks the ones asked for over TCP from the start.
  [[nodiscard]] const dns::Answer* find(const dns::Name& name, dns::Type type,
                                        bool tcp = false) const;
  /// "ns2.example.net (192.0.2.5)"; the address alone when no name is known.
  [[nodiscard]] std::string label() const;
};

/// One resolver, and everything it was asked.
struct ResolverView {
  dns::ResolverAddress address;
  std::vector<dns::Answer> answers;  ///< in the order they were asked
  /// The answer to that question with or without CD; nullptr when it was not asked. Leaves out
  /// those asked for over TCP from the start.
  [[nodiscard]] const dns::Answer* find(const dns::Question& question, bool cd) const;
  [[nodiscard]] std::string label() const { return address.to_text(); }
};

/// One nameserver name of the zone (or of its parent).
struct Nameserver {
  dns::Name name;
  bool at_parent = false;              ///< named by the parent's referral
  bool at_child = false;               ///< named by the zone's own NS RRset
  std::vector<std::string> glue;       ///< addresses in the parent's referral
  std::vector<std::string> addresses;  ///< asked: looked up, else glue
  std::vector<dns::Lookup> lookups;    ///< of A and AAAA
};

/// One zone on the way from the root (or anchor) down to the apex.
struct Link {
  dns::Name zone;
  std::optional<dns::Lookup> ds;      ///< through the validator; empty for the root
  std::optional<dns::Lookup> dnskey;  ///< through the validator
  std::optional<dns::Lookup>
      raw_ds;  ///< without validation, looked up where the validated one was not secure
  std::optional<dns::Lookup> raw_dnskey;
};

/// A walk along the NSEC chain (--walk): each name is asked for its NSEC, which leads to the next.
struct Walk {
  dns::Endpoint server;
  std::vector<dns::Answer> answers;  ///< in the order they were asked
  std::uint32_t most = 0;            ///< names at most; 0: all
  bool out_of_time = false;          ///< the deadline came before the end
};

/// RFC 9615 4.1: the zone's CDS and CDNSKEY once more, under the name of one of its nameservers.
struct Signal {
  dns::Name nameserver;
  std::optional<dns::Name> name;            ///< nothing: it would be too long
  std::optional<dns::Lookup> cds, cdnskey;  ///< through the validator
};

/// How the way down to the zone ended.
enum class Descent {
  not_done,  ///< the deadline came first
  found,
  root_unreachable,    ///< no answer about the root: our network
  name_not_found,      ///< the zone above denies the name
  parent_unreachable,  ///< an ancestor's servers do not answer
};

/// Everything one look at one zone saw. Judged without a network; stored as JSON
/// (observe/json.hpp).
struct ZoneObservation {
  dns::Name asked;  ///< the name the user gave
  Descent descent = Descent::not_done;
  std::optional<dns::Name> apex;    ///< of the zone `asked` is in; empty when it could not be found
  std::optional<dns::Name> parent;  ///< the zone above; empty for the root or when not found
  dns::UnixTime taken_at = 0;       ///< seconds since 1970
  std::vector<dnssec::Anchor> anchors;
  std::string anchor_source;        ///< words, for reports
  std::string forwarders;           ///< words, empty when resolving from the root
  std::string servers_given;        ///< words, when --server replaced the delegated ones
  std::vector<Link> links;          ///< root first, apex last
  std::vector<dns::Lookup> probes;  ///< the validator's verdicts: SOA at the apex, a random name, a
                                    ///< missing type, names asked for
  std::vector<dns::Lookup>
      navigation;  ///< the look-ups that found apex, parent and nameservers and did not work out
  std::vector<Nameserver> nameservers;
  std::vector<Server> servers;          ///< one per address of the zone's nameservers
  std::vector<Server> parent_servers;   ///< one per address of the parent's nameservers
  std::vector<Server> family_probes;    ///< root servers, asked when an address family was silent
  std::vector<ResolverView> resolvers;  ///< --resolver
  std::optional<dns::Lookup> canary;    ///< --canary-bogus, as the validator sees it
  std::vector<dns::Lookup> algorithm_canaries;  ///< --canary-algorithm, the same
  std::vector<dns::Question> wanted;            ///< --name NAME/TYPE
  std::optional<dns::Name> random_name;         ///< the probe below the apex that nobody has
  bool ipv4 = true, ipv6 = true;                ///< families this host could use and was allowed to
  std::vector<std::string> notes;               ///< what was not looked at, and why; safe to print
  std::vector<Signal> signals;                  ///< for bootstrapping, where the zone has no DS
  std::optional<Walk> walk;  ///< where it was asked for, and a server serves the zone
  bool deadline_hit = false;
  bool flooded = false;  ///< so much came that not all was asked
  std::string stage;     ///< what was being done last, for the deadline's words
};

/// Puts nameservers and servers into the order of their names, IPv4 first. Answers name them in
/// another order each time, and a report must not change from run to run without a cause. Servers
/// that the user gave stay in the user's order.
void put_in_order(ZoneObservation& seen);

/// The type asked at the apex to see its NSEC or NSEC3 (and so the list of its types): a type
/// reserved for private use that no zone has.
inline constexpr dns::Type kMissingType{static_cast<dns::Type>(65280)};

/// A name that nobody has, right below `parent`; nothing where names there would be too long or the
/// zone was not found.
std::optional<dns::Name> nobody_below(const ZoneObservation& seen, const dns::Name& parent);
/// The name is one that was made up to be denied, or below or beside it.
bool is_of_nobody(const ZoneObservation& seen, const dns::Name& name);
/// Every negative answer that shows how the zone denies (check_dnssec_nsec): the questions for each
/// server beside SOA, DNSKEY, NS, --name and the missing type at the apex. `probes` more random
/// names are among them.
std::vector<dns::Question> denial_questions(const ZoneObservation& seen, unsigned probes);
/// And what its answers lead to: every type that the NSEC or NSEC3 of a --name lists, and that was
/// not asked yet.
std::vector<dns::Question> listed_questions(const ZoneObservation& seen, const Server& server);
/// The names below the apex where answers claim that another zone begins: the owners of SOA and NS
/// records, and the signers, at or above the name that was asked for, one that was answered, or
/// where an alias leads. Each once, in canonical order. Nothing there is verified, but that no zone
/// begins at a name that nobody has.
std::vector<dns::Name> claimed_cuts(const ZoneObservation& seen, const Server& server);
/// From right below `apex` down to `name`, which is below it: the zone cut above data of `name`, if
/// there is one, is at one of them.
std::vector<dns::Name> names_down_to(const dns::Name& apex, const dns::Name& name);
/// What tells whether the zone has the cuts that this server claims, or one above what it gives
/// unsigned: the DS RRsets or the proofs that there are none, which are the zone's own (RFC
/// 4035 3.1.4.1, 5.2). Those that were asked for already are left out; no more than
/// most_cut_questions() are put to a server.
std::vector<dns::Question> cut_questions(const ZoneObservation& seen, const Server& server);
std::size_t most_cut_questions(const ZoneObservation& seen);
/// Those of them that were put to the server, and the like (check_dnssec_nsec asks some of itself).
bool is_cut_question(const dns::Question& question, const dns::Name& apex);
/// The NSEC of that owner in an answer, whose zone is at `apex`.
std::optional<dns::Nsec> nsec_at(const dns::Message& message, const dns::Name& owner,
                                 const dns::Name& apex);
/// The first name behind everything that is below `name` (`label\000`), to be asked where the NSEC
/// at a zone cut is not to be had otherwise; nothing when its first label is full.
std::optional<dns::Name> name_behind(const dns::Name& name);
/// "\\000.name" follows the name: made for this answer (RFC 4470, RFC 9824), no link of a chain.
bool is_made_up_next(const dns::Name& owner, const dns::Name& next);
/// The names of the nameservers that can vouch for the zone's keys (RFC 9615 4.2): those of the
/// delegation that are not in the zone itself.
std::vector<dns::Name> signalling_nameservers(const ZoneObservation& seen);
/// Nobody was asked what they signal, though the zone has no DS and there are nameservers to ask.
bool lacks_signals(const ZoneObservation& seen);
/// `_dsboot.ZONE._signal.NAMESERVER` (RFC 9615 2); nothing when that is too long.
std::optional<dns::Name> signalling_name(const dns::Name& zone, const dns::Name& nameserver);
/// RFC 8509 2: the first label of a question whether a root key is trusted.
std::string sentinel_label(bool is_ta, std::uint16_t key_tag);

}  // namespace observe
