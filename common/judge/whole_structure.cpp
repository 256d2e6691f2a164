// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What may stand where in a zone: SOA and NS at the apex (RFC 1035 5.2), CNAME alone (RFC 2181
// 10.1, RFC 4034), DNAME and what is below it (RFC 6672 2.3, 2.4), the apex's own types.
#include <algorithm>
#include <cstring>

#include "dns/octets.hpp"
#include "judge/whole_rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using zone::Standing;

enum WrongPlace : std::uint32_t { kElsewhere = 1, kAtDelegation = 2 };

struct NodeEye {
  WholeDocket& docket;
  const zone::Node& node;
  RRsetViews sets;

  void saw_name(Fault fault, const char* single, const char* plural,
                std::uint32_t cause = 0) const {
    docket.tally.see(fault, cause, {node.key()}, [&] {
      return WholeWords{single, plural, "name"};
    });
  }
  void saw_set(Fault fault, Type type, const char* single, const char* plural,
               std::uint32_t cause = 0) const {
    docket.tally.see(fault, cause, {node.key(), type}, [&] { return WholeWords{single, plural}; });
  }
};

bool same_octets(dns::ByteView left, dns::ByteView right) {
  return left.size() == right.size() &&
         (left.empty() || std::memcmp(left.data(), right.data(), left.size()) == 0);
}

/// RFC 2181 5: the same record twice is one record.
bool has_twice(const zone::RRsetView& set) {
  const auto count = set.records.size();
  if (count < 2) {
    return false;
  }
  if (count <= 8) {
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = i + 1; j < count; ++j) {
        if (same_octets(set.records[i]->rdata(), set.records[j]->rdata())) {
          return true;
        }
      }
    }
    return false;
  }
  std::vector<dns::ByteView> rdatas;
  for (const auto* entry : set.records) {
    rdatas.push_back(entry->rdata());
  }
  std::sort(rdatas.begin(), rdatas.end(), dns::less);
  return std::adjacent_find(rdatas.begin(), rdatas.end(), same_octets) != rdatas.end();
}

void see_whole_set(const NodeEye& eye, const zone::RRsetView& set) {
  if (set.records.size() < 2) {
    return;
  }
  if (has_twice(set)) {
    eye.saw_set(Fault::duplicate_rr, set.type, "has the same record twice",
                "have the same record twice");
  }
  const auto ttl = set.records.front()->ttl;
  // An RRset's own TTLs (RFC 2181 5.2).
  if (std::any_of(set.records.begin(), set.records.end(),
                  [ttl](const zone::Entry* entry) { return entry->ttl != ttl; })) {
    eye.saw_set(Fault::rrset_ttls_unequal, set.type, "has records of different TTLs",
                "have records of different TTLs");
  }
}

// ---- CNAME and DNAME

/// Beside a CNAME only what secures it may stand, and the types of RFC 2535 that did (RFC 2181
/// 10.1, RFC 4034 3 and 4).
bool may_stand_by_cname(Type type) {
  switch (type) {
    case Type::cname:
    case Type::rrsig:
    case Type::nsec:
    case Type::sig:
    case Type::key:
    case Type::nxt:
      return true;
    default:
      return false;
  }
}

void see_alias(const NodeEye& eye) {
  const auto* cname = find_data(eye.sets, Type::cname);
  if (cname != nullptr) {
    const bool beside =
        std::any_of(eye.sets.begin(), eye.sets.end(), [](const zone::RRsetView& set) {
          return !set.records.empty() && !may_stand_by_cname(set.type);
        });
    if (beside) {
      eye.saw_name(Fault::cname_and_other_data, "has a CNAME beside other records",
                   "have a CNAME beside other records");
    }
    if (distinct(*cname) > 1) {
      eye.saw_name(Fault::cname_multiple, "has several CNAME records",
                   "have several CNAME records");
    }
  }
  const auto* dname = find_data(eye.sets, Type::dname);
  if (dname == nullptr) {
    return;
  }
  if (distinct(*dname) > 1) {
    eye.saw_name(Fault::dname_multiple, "has several DNAME records", "have several DNAME records");
  }
  if (!eye.docket.is_apex(eye.node) && holds_data(eye.sets, Type::ns)) {
    eye.saw_name(Fault::dname_with_ns, "has a DNAME beside NS records and is not the apex",
                 "have a DNAME beside NS records and are not the apex");
  }
}

// ---- what does not belong to the zone

void see_hidden(const NodeEye& eye) {
  if (eye.node.standing == Standing::occluded) {
    eye.saw_name(Fault::dname_children, "is below a DNAME: nobody can see it",
                 "are below a DNAME: nobody can see them");
    return;
  }
  for (const auto& set : eye.sets) {
    const bool address = set.type == Type::a || set.type == Type::aaaa;
    if (set.records.empty() || address || set.type == Type::nsec || set.type == Type::nsec3) {
      continue;  // glue, and what other findings are about
    }
    if (eye.node.standing == Standing::glue) {
      eye.saw_set(Fault::occluded_data, set.type, "is below a zone cut: nobody can see it",
                  "are below a zone cut: nobody can see them");
    } else if (set.type != Type::ns && set.type != Type::ds) {
      eye.saw_set(Fault::occluded_data, set.type,
                  "is at a delegation, where only the child has such records",
                  "are at delegations, where only the child has such records", kAtDelegation);
    }
  }
}

// ---- types of the apex

/// RFC 9615 2: the signalling names of a nameserver hold copies of its zones' CDS and CDNSKEY.
bool is_signalling(const zone::Node& node) {
  const auto name = node.name();
  const auto labels = name.labels();
  constexpr std::string_view first = "_dsboot";
  return !labels.empty() && std::equal(first.begin(), first.end(), labels.front().begin(),
                                       labels.front().end(), [](char one, std::uint8_t other) {
                                         return static_cast<std::uint8_t>(one) == other;
                                       });
}

void see_elsewhere(const NodeEye& eye, const zone::RRsetView& set) {
  if (set.records.empty()) {
    return;
  }
  switch (set.type) {
    case Type::soa:
      eye.saw_name(Fault::soa_multiple, "has an SOA and is not the apex",
                   "have an SOA and are not the apex", kElsewhere);
      return;
    case Type::dnskey:
      eye.saw_name(Fault::dnskey_not_at_apex, "has DNSKEY records and is not the apex",
                   "have DNSKEY records and are not the apex");
      return;
    case Type::nsec3param:
      eye.saw_name(Fault::nsec3param_not_at_apex, "has NSEC3PARAM records and is not the apex",
                   "have NSEC3PARAM records and are not the apex");
      return;
    case Type::cds:
    case Type::cdnskey:
      if (!is_signalling(eye.node)) {
        eye.saw_set(Fault::cds_not_at_apex, set.type, "is not at the apex", "are not at the apex");
      }
      return;
    default:
      return;
  }
}

void see_apex(const NodeEye& eye) {
  const auto* soa = find_data(eye.sets, Type::soa);
  if (soa != nullptr && distinct(*soa) > 1) {
    eye.saw_name(Fault::soa_multiple, "has several SOA records", "have several SOA records");
  }
  if (holds_data(eye.sets, Type::ds)) {
    eye.saw_name(Fault::ds_at_child_apex, "has DS records, which belong in the parent",
                 "have DS records, which belong in the parent");
  }
}

}  // namespace

void see_whole_structure(WholeDocket& docket, const zone::Node& node, RRsetViews sets) {
  const NodeEye eye{docket, node, sets};
  if (node.standing == Standing::outside) {
    eye.saw_name(Fault::out_of_zone_data, "is not in the zone: servers leave it out",
                 "are not in the zone: servers leave them out");
    return;
  }
  for (const auto& set : sets) {
    see_whole_set(eye, set);
  }
  if (node.standing != Standing::authoritative) {
    see_hidden(eye);
  }
  if (node.standing == Standing::glue || node.standing == Standing::occluded) {
    return;
  }
  see_alias(eye);
  if (docket.is_apex(node)) {
    see_apex(eye);
    return;
  }
  for (const auto& set : sets) {
    see_elsewhere(eye, set);
  }
}

}  // namespace judge
