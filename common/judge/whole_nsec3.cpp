// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// RFC 5155 3, 7.1: which NSEC3 records a zone has, and for which names it must have one: those with
// data, delegations, and the empty non-terminals above them.
#include <algorithm>
#include <array>
#include <cstring>

#include "judge/whole_denial.hpp"

namespace judge {
namespace {

using dns::Type;
using zone::Standing;

constexpr std::size_t kHashText = 32;  // 20 octets in base32hex

/// The value of a base32hex digit (RFC 4648 7), in either case; 32 for none.
unsigned digit(std::uint8_t octet) {
  if (octet >= '0' && octet <= '9') {
    return octet - static_cast<unsigned>('0');
  }
  const unsigned lower = octet | 0x20U;
  return lower >= 'a' && lower <= 'v' ? lower - 'a' + 10 : 32;
}

/// The hash that the owner's first label is; false when it is none, one label below the apex.
bool read_owner(zone::SortKeyView key, zone::SortKeyView apex, zone::Nsec3Hash& hash) {
  if (key.size() != apex.size() + kHashText + 1) {
    return false;
  }
  std::uint64_t bits = 0;
  unsigned held = 0;
  std::size_t at = 0;
  for (const auto octet : key.subspan(apex.size(), kHashText)) {
    const unsigned value = digit(octet);
    if (value == 32) {
      return false;
    }
    bits = bits << 5U | value;
    held += 5;
    if (held >= 8) {
      held -= 8;
      hash.at(at++) = static_cast<std::uint8_t>(bits >> held & 0xffU);
    }
  }
  return true;
}

/// RFC 5155 3.2, where it lies.
struct Nsec3View {
  dns::ByteView parameters;  ///< hash algorithm, iterations and salt, with the flags between
  std::uint8_t algorithm = 0, flags = 0;
  std::uint16_t iterations = 0;
  dns::ByteView salt, next, types;
};
std::optional<Nsec3View> view_nsec3(dns::ByteView rdata) {
  if (rdata.size() < 6 || rdata.size() < 6U + rdata[4]) {
    return std::nullopt;
  }
  Nsec3View view;
  const std::size_t salt = rdata[4];
  view.parameters = rdata.first(5 + salt);
  view.algorithm = rdata[0];
  view.flags = rdata[1];
  view.iterations = static_cast<std::uint16_t>(rdata[2] << 8U | rdata[3]);
  view.salt = rdata.subspan(5, salt);
  const std::size_t next = rdata[5 + salt];
  if (rdata.size() < 6 + salt + next) {
    return std::nullopt;
  }
  view.next = rdata.subspan(6 + salt, next);
  view.types = rdata.subspan(6 + salt + next);
  return view;
}

/// All but the flags.
bool same_chain(dns::ByteView left, dns::ByteView right) {
  return left.size() == right.size() && !left.empty() && left[0] == right[0] &&
         std::ranges::equal(left.subspan(2), right.subspan(2));
}

void say_of_record(WholeDocket& docket, Fault fault, std::uint32_t cause, const zone::Node& node,
                   const char* single, const char* plural) {
  docket.tally.see(fault, cause, {node.key()}, [&] {
    return WholeWords{single, plural, "NSEC3 record"};
  });
}

}  // namespace

void Nsec3Names::see(WholeDocket& docket, const zone::Node& node, RRsetViews sets) {
  if (node.standing == Standing::outside) {
    return;
  }
  if (const auto* records = find_data(sets, Type::nsec3)) {
    if (node.standing != Standing::authoritative) {
      say_of_record(docket, Fault::nsec_below_cut, 1, node, "is an NSEC3 at or below a zone cut",
                    "are at or below a zone cut");
    } else {
      for (const auto* entry : records->records) {
        see_record(docket, node, *entry);
      }
    }
  }
  if (node.standing != Standing::authoritative && node.standing != Standing::delegation) {
    return;
  }
  if (holds_data(sets)) {
    const bool insecure = node.standing == Standing::delegation && !holds_data(sets, Type::ds);
    unsigned_delegations += insecure ? 1U : 0U;
    see_name(docket.whole.zone.apex_key(), node, insecure);
  }
}

void Nsec3Names::see_record(WholeDocket& docket, const zone::Node& node, const zone::Entry& entry) {
  const auto view = view_nsec3(entry.rdata());
  ChainLink link;
  if (!view) {
    say_of_record(docket, Fault::nsec3_owner_or_next_invalid, 2, node, "cannot be read",
                  "cannot be read");
    return;
  }
  if (!read_owner(node.key(), docket.whole.zone.apex_key(), link.hash)) {
    say_of_record(docket, Fault::nsec3_owner_or_next_invalid, 0, node,
                  "is the owner of an NSEC3 and no hash one label below the apex",
                  "have owners that are no hashes one label below the apex");
    return;
  }
  if (view->algorithm != 1) {
    say_of_record(docket, Fault::nsec3_hash_algorithm, 0, node,
                  "uses a hash algorithm that no validator knows",
                  "use a hash algorithm that no validator knows");
    return;
  }
  if (view->next.size() != link.hash.size()) {
    say_of_record(docket, Fault::nsec3_owner_or_next_invalid, 1, node,
                  "has a next hash that is not 20 octets",
                  "have a next hash that is not 20 octets");
    return;
  }
  if (view->flags > 1) {
    say_of_record(docket, Fault::nsec3_unknown_flags, 0, node, "has flags that are not assigned",
                  "have flags that are not assigned");
  }
  link.flags = view->flags;
  link.next = view->next;
  link.types = view->types;
  link.owner = &node;
  if (last_ring_ == nullptr || !same_chain(last_parameters_, view->parameters)) {
    last_ring_ = &rings[{view->algorithm, view->iterations,
                         dns::Bytes(view->salt.begin(), view->salt.end())}];
    last_parameters_ = view->parameters;
  }
  if (!last_ring_->empty() && last_ring_->back().owner == &node) {
    const auto& other = last_ring_->back();
    if (other.flags != link.flags || !std::ranges::equal(other.next, link.next) ||
        !std::ranges::equal(other.types, link.types)) {
      say_of_record(docket, Fault::nsec_multiple_at_name, 1, node,
                    "has several NSEC3 records of one chain",
                    "share their owners with others of the same chain");
    }
    return;
  }
  last_ring_->push_back(link);
}

/// An ancestor of this name that no name before was at or below has no data: it is an empty
/// non-terminal, since all that is at or below a name comes together in canonical order.
void Nsec3Names::see_name(zone::SortKeyView apex, const zone::Node& node, bool optional) {
  const auto key = node.key();
  while (!open_.empty() && !zone::is_at_or_below(key, keys[open_.back()])) {
    open_.pop_back();
  }
  if (!optional) {
    for (const auto at : open_) {
      names[at].optional = false;
    }
  }
  const auto first = keys.size();
  for (auto at = zone::parent_of(key);
       at.size() > apex.size() && !(!keys.empty() && zone::is_at_or_below(previous_, at));
       at = zone::parent_of(at)) {
    keys.push_back(at);
    names.push_back({nullptr, optional});
  }
  for (auto at = keys.size(); at > first; --at) {
    open_.push_back(at - 1);
  }
  keys.push_back(key);
  names.push_back({&node, optional});
  previous_ = key;
}

}  // namespace judge
