// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <bitset>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dns/rdata.hpp"
#include "dns/rrsig_view.hpp"
#include "judge/rules.hpp"
#include "judge/whole.hpp"
#include "judge/whole_tally.hpp"
#include "zone/zone.hpp"

namespace judge {

using RRsetViews = std::span<const zone::RRsetView>;

/// What the rules ask of the zone again and again, found once.
struct WholeFacts {
  const zone::Node* apex = nullptr;
  std::optional<dns::Soa> soa;
  std::optional<std::uint32_t> denial_ttl;  ///< RFC 9077 3: the lesser of the SOA's two
  bool has_keys = false;                    ///< a DNSKEY RRset at the apex
  bool is_signed = false;                   ///< that, or RRSIG records
  std::bitset<256> algorithms;              ///< that must sign every RRset (RFC 4035 2.2)
  std::bitset<256> ds_algorithms;           ///< those of them that the DS set demands
};
WholeFacts facts_of(const WholeZone& whole);

/// What one judgement works on: rules see the zone pass by and add to it.
struct WholeDocket {
  WholeDocket(const WholeZone& zone, const Policy& rules, Check of)
      : whole(zone),
        policy(rules),
        check(of),
        facts(facts_of(zone)),
        tally(zone.zone.apex(), zone.all) {}

  const WholeZone& whole;
  const Policy& policy;
  Check check;
  WholeFacts facts;
  WholeTally tally;
  std::vector<Finding> findings;
  std::size_t to_sign = 0;  ///< RRsets that must be signed

  /// Adds one with the catalogue's tier and remedy, and hands it back for more.
  Finding& add(Fault fault, std::string text);
  [[nodiscard]] bool is_apex(const zone::Node& node) const { return &node == facts.apex; }
};

/// The RRset of that type, with or without records; nullptr when there is none.
const zone::RRsetView* find(RRsetViews sets, dns::Type type);
/// The same, when it has records.
const zone::RRsetView* find_data(RRsetViews sets, dns::Type type);
bool holds_data(RRsetViews sets, dns::Type type);
/// The least of its records' TTLs.
std::uint32_t ttl_of(const zone::RRsetView& set);
/// How many different records it has.
std::size_t distinct(const zone::RRsetView& set);
/// Octets of the name at the beginning of the rdata; 0 when there is none.
std::size_t name_octets(dns::ByteView rdata);
/// Anything but NSEC, NSEC3 and what signs them.
bool holds_data(RRsetViews sets);

/// Who may and who must sign an RRset (RFC 4035 2.2).
enum class Signing {
  due,
  forbidden,  ///< a delegation's NS, glue, what is occluded
  no_matter,  ///< outside the zone
};
Signing signing_of(const zone::Node& node, dns::Type type);

/// One RRset with its signatures weighed.
struct WeighedRRset {
  const zone::Node& node;
  const zone::RRsetView& set;
  WholePlace place;
  std::uint32_t ttl = 0;
  /// The valid signature that lasts longest, of those that count all labels of the owner.
  const zone::Entry* best = nullptr;
  dns::RrsigView lasting{};                           ///< that one
  bool shortened = false;                             ///< a valid one counts fewer labels
  bool untold = false;                                ///< some were not verified
  std::int64_t remaining = 0, lifetime = 0, age = 0;  ///< of the best one
};
WeighedRRset weigh(const WholeDocket& docket, const zone::Node& node, const zone::RRsetView& set);
std::int64_t remaining_of(const dns::RrsigView& view, dns::UnixTime now);

/// The limits that signatures come near, and what the summary tells of them.
class WholeExpiry {
 public:
  /// Of every RRset that must be signed.
  void see(WholeDocket& docket, const WeighedRRset& weighed);
  /// Of every signature.
  void see(const WholeDocket& docket, const zone::Entry& signature);
  void finish(WholeDocket& docket) const;
  void summarize(const WholeDocket& docket, WholeSummary& summary) const;

 private:
  [[nodiscard]] std::string spread_words(const WholeDocket& docket) const;

  struct Least {
    WholePlace place;
    std::int64_t remaining = 0, lifetime = 0;
    bool valid = false;
  };
  std::optional<Least> least_;
  std::size_t within_hour_ = 0, within_day_ = 0, within_week_ = 0;
  std::optional<std::int64_t> newest_age_;
};

// Each rule under the sentence it enforces, in its own file's comment.
void see_whole_structure(WholeDocket& docket, const zone::Node& node, RRsetViews sets);
void see_whole_targets(WholeDocket& docket, const zone::Node& node, RRsetViews sets);
void see_whole_delegation(WholeDocket& docket, const zone::Node& node, RRsetViews sets);
/// Signatures where none may be.
void see_whole_stray(WholeDocket& docket, const zone::Node& node, const zone::RRsetView& set);
void see_whole_signatures(WholeDocket& docket, const WeighedRRset& weighed);
void see_whole_form(WholeDocket& docket, const WeighedRRset& weighed);
void see_whole_algorithms(WholeDocket& docket, const WeighedRRset& weighed);
/// The apex's RRsets.
void rules_for_whole_keys(WholeDocket& docket, RRsetViews apex);
void rules_for_whole_ds(WholeDocket& docket, RRsetViews apex);
void rules_for_whole_cds(WholeDocket& docket, RRsetViews apex);
void rule_zone_digest(WholeDocket& docket);
/// A zone without keys or signatures. False: nothing more is to be said of signatures.
bool rule_whole_signed(WholeDocket& docket);
void rule_whole_budget(WholeDocket& docket);

}  // namespace judge
