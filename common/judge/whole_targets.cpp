// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Where a zone's records lead within the zone: nameservers need addresses (RFC 1034 4.2.1), and
// neither they nor mail exchangers may be aliases (RFC 2181 10.3). And the DS of its children (RFC
// 4035 2.4).
#include <algorithm>

#include "dnssec/algorithm.hpp"
#include "judge/whole_rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using zone::Standing;

bool has_address(const zone::Node& node) { return node.has(Type::a) || node.has(Type::aaaa); }

/// What the zone has for a name that may be made from a wildcard, or is someone else's.
struct Target {
  const zone::Node* node = nullptr;  ///< itself, or the wildcard that it is made from
  bool elsewhere = false;            ///< below a delegation or a DNAME
  zone::SortKeyView cut;             ///< the delegation
};

Target find_target(const zone::Zone& zone, zone::SortKeyView key) {
  Target target;
  target.node = zone.find(key);
  const auto apex = zone.apex_key();
  bool encloser = target.node != nullptr;
  for (auto at = key; at.size() >= apex.size(); at = zone::parent_of(at)) {
    const auto* node = zone.find(at);
    if (node != nullptr && (node->standing == Standing::delegation ||
                            (node->has(Type::dname) && at.size() < key.size()))) {
      target.elsewhere = true;
      target.cut = node->key();
      return target;
    }
    // The closest encloser's wildcard; one that is an empty non-terminal is not found this way, and
    // the wildcard above it then stands for it: that errs on the quiet side.
    if (!encloser && at.size() < key.size()) {
      dns::Bytes wildcard(at.begin(), at.end());
      wildcard.push_back('*');
      wildcard.push_back(0);
      target.node = zone.find(wildcard);
      encloser = node != nullptr || target.node != nullptr;
    }
    if (at.empty()) {
      break;
    }
  }
  return target;
}

/// The key of an NS's, MX's or SRV's target, when that is in the zone.
std::optional<zone::SortKeyView> target_key(const zone::Zone& zone, const zone::Entry& entry,
                                            zone::SortKey& room) {
  const std::size_t head = entry.type == Type::mx ? 2 : entry.type == Type::srv ? 6 : 0;
  if (entry.rdata().size() <= head) {
    return std::nullopt;
  }
  const auto rdata = entry.rdata().subspan(head);
  const auto octets = name_octets(rdata);
  if (octets == 0) {
    return std::nullopt;
  }
  const auto key = room(rdata.first(octets));
  return zone::is_at_or_below(key, zone.apex_key()) ? std::optional(key) : std::nullopt;
}

bool same_key(zone::SortKeyView left, zone::SortKeyView right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end());
}

void see_target(WholeDocket& docket, const zone::Node& node, const zone::Entry& entry) {
  zone::SortKey room;
  const auto& zone = docket.whole.zone;
  const auto key = target_key(zone, entry, room);
  if (!key) {
    return;
  }
  const auto target = find_target(zone, *key);
  const bool of_its_own_cut = target.elsewhere && same_key(target.cut, node.key());
  if (target.elsewhere && !of_its_own_cut) {
    return;  // another zone's: its address may be glue here, and need not
  }
  const auto* found = of_its_own_cut ? zone.find(*key) : target.node;
  if (found != nullptr && found->has(Type::cname)) {
    docket.tally.see(Fault::target_is_alias, 0, {node.key(), entry.type}, [&] {
      return WholeWords{"names " + zone::name_of(*key).to_display() + ", which is an alias",
                        "name an alias"};
    });
    return;
  }
  if (found != nullptr && has_address(*found)) {
    return;
  }
  const bool of_server = entry.type == Type::ns;
  const auto fault = of_server ? Fault::missing_glue : Fault::target_has_no_address;
  docket.tally.see(fault, 0, {node.key(), entry.type}, [&] {
    return WholeWords{
        "names " + zone::name_of(*key).to_display() + ", which has no address in the zone",
        std::string("name a ") + (of_server ? "server" : "host") +
            " in the zone that has no address there"};
  });
}

// ---- DS

/// What is wrong with a child's DS by itself (RFC 4034 5.1, RFC 4509 2.2).
void see_child_ds(WholeDocket& docket, const zone::Node& node, const zone::RRsetView& set) {
  const WholePlace place{node.key(), Type::ds};
  std::size_t known = 0;
  std::optional<std::uint8_t> unknown;
  for (const auto* entry : set.records) {
    const auto rdata = entry->rdata();
    if (rdata.size() < 4) {
      docket.tally.see(Fault::ds_digest_length, 1, place, [] {
        return WholeWords{"has a record that cannot be read", "have a record that cannot be read"};
      });
      continue;
    }
    const auto digest = dnssec::digest_info(rdata[3]);
    if (digest.length != 0 && rdata.size() - 4 != digest.length) {
      docket.tally.see(Fault::ds_digest_length, 0, place, [&] {
        return WholeWords{"has a digest of " + count_words(rdata.size() - 4, "octet") +
                              " where one of type " + dnssec::digest_text(rdata[3]) + " has " +
                              std::to_string(digest.length),
                          "have a digest of another length than its type's"};
      });
    }
    if (digest.verifiable) {
      ++known;
    } else {
      unknown = rdata[3];
    }
  }
  if (unknown) {
    const bool only = known == 0;
    auto& group = docket.tally.see(Fault::ds_unknown_digest_in_zone, only ? 1 : 0, place, [&] {
      return WholeWords{
          "has " + std::string(only ? "only digests" : "a digest") + " of type " +
              dnssec::digest_text(*unknown) + (only ? ": the child is insecure" : ""),
          only ? "have only digests of types that validators do not know: the children are insecure"
               : "have digests of types that validators do not know"};
    });
    if (!only) {
      group.tier = Tier::info;
    }
  }
}

}  // namespace

void see_whole_targets(WholeDocket& docket, const zone::Node& node, RRsetViews sets) {
  if (node.standing != Standing::authoritative && node.standing != Standing::delegation) {
    return;
  }
  for (const auto& set : sets) {
    if (set.type != Type::ns && set.type != Type::mx && set.type != Type::srv) {
      continue;
    }
    for (const auto* entry : set.records) {
      see_target(docket, node, *entry);
    }
  }
}

void see_whole_delegation(WholeDocket& docket, const zone::Node& node, RRsetViews sets) {
  const auto* ds = find_data(sets, Type::ds);
  if (ds == nullptr || docket.is_apex(node) || node.standing == Standing::outside) {
    return;
  }
  if (!holds_data(sets, Type::ns)) {
    docket.tally.see(Fault::ds_without_ns, 0, {node.key()}, [] {
      return WholeWords{"has DS records and no NS: it is no delegation",
                        "have DS records and no NS: they are no delegations", "name"};
    });
  }
  see_child_ds(docket, node, *ds);
}

}  // namespace judge
