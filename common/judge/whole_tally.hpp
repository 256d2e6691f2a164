// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dns/name.hpp"
#include "dns/serial_time.hpp"
#include "dns/type.hpp"
#include "judge/finding.hpp"
#include "zone/sort_key.hpp"

namespace judge {

/// Where a whole zone shows something: an RRset, or a name when there is no type. The key's octets
/// are the zone's.
struct WholePlace {
  zone::SortKeyView key;
  dns::Type type = dns::Type::none;
};

/// What is said of one place, behind its label, and of several, behind their number.
struct WholeWords {
  std::string single;          ///< "has no signature"
  std::string plural;          ///< "have no signature"
  std::string noun = "RRset";  ///< what is counted
  std::string when = "ended";  ///< what the earliest moment is: "the first ended ..."
};

/// All places of one cause.
struct WholeGroup {
  Fault fault{};
  Tier tier{};
  WholeWords words;
  std::size_t count = 0;
  WholePlace first, last;  ///< in canonical order
  std::vector<std::uint16_t> key_tags;
  std::vector<std::string> examples;
  std::optional<dns::UnixTime> moment;  ///< the earliest
  std::string detail;
  bool of_rrsets = false;  ///< counted among the RRsets that must be signed

  void add_key(std::uint16_t tag);
  void add_moment(dns::UnixTime at) { moment = moment ? std::min(*moment, at) : at; }
};

/// Collects places by cause while the zone passes by. A place costs nothing that grows, unless all
/// are to be named.
class WholeTally {
 public:
  WholeTally(const dns::Name& apex, bool all) : apex_(apex), all_(all) {}

  /// One more place of the fault. `words` is called for the first of each cause only; `cause` is
  /// what else must be equal.
  template <class Words>
  WholeGroup& see(Fault fault, std::uint32_t cause, const WholePlace& place, Words words) {
    WholeGroup& group = group_of(fault, cause);
    if (group.count == 0) {
      group.words = words();
    }
    count(group, place);
    return group;
  }
  [[nodiscard]] bool has(Fault fault) const;
  /// More words for each group of that fault, for -v.
  void set_detail(Fault fault, const std::string& words);

  /// One finding a group, in the order in which they came up. `rrsets`: how many must be signed.
  void report(std::vector<Finding>& findings, std::size_t rrsets, dns::UnixTime now) const;

 private:
  WholeGroup& group_of(Fault fault, std::uint32_t cause);
  void count(WholeGroup& group, const WholePlace& place);
  [[nodiscard]] std::string label(const WholePlace& place) const;
  [[nodiscard]] static std::string text_of(const WholeGroup& group, std::size_t rrsets,
                                           dns::UnixTime now);

  const dns::Name& apex_;
  bool all_;
  std::map<std::pair<Fault, std::uint32_t>, std::size_t> places_;  // in groups_
  std::vector<WholeGroup> groups_;
};

}  // namespace judge
