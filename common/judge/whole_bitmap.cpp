// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// RFC 4034 4.1.2, RFC 5155 3.2.1: the type list of an NSEC or NSEC3 names what is at its name, no
// more and no less. At a delegation that is what the parent has there (RFC 6840 4.1).
#include "judge/whole_bitmap.hpp"

#include <algorithm>
#include <array>

#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;

std::string type_words(const std::vector<Type>& types) {
  std::vector<std::string> words;
  for (const auto type : types) {
    words.push_back(dns::to_text(type));
  }
  return list_words(words, 5);
}

bool any_of_types(const std::vector<Type>& types, std::initializer_list<Type> wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](Type type) {
    return std::find(types.begin(), types.end(), type) != types.end();
  });
}

bool all_of_types(const std::vector<Type>& types, std::initializer_list<Type> allowed) {
  return std::all_of(types.begin(), types.end(), [&](Type type) {
    return std::find(allowed.begin(), allowed.end(), type) != allowed.end();
  });
}

std::vector<Type> without(const std::vector<Type>& from, const std::vector<Type>& what) {
  std::vector<Type> rest;
  std::set_difference(from.begin(), from.end(), what.begin(), what.end(), std::back_inserter(rest));
  return rest;
}

}  // namespace

void TypeLists::take(const zone::Node& node, RRsetViews sets) {
  types_.clear();
  const bool cut = node.standing == zone::Standing::delegation;
  for (const auto& set : sets) {
    const bool counts =
        cut ? set.type == Type::ns || set.type == Type::ds
            : set.type != Type::nsec && set.type != Type::nsec3 && set.type != Type::none;
    if (counts && !set.records.empty()) {
      types_.push_back(set.type);
    }
  }
}

dns::ByteView TypeLists::write() {
  std::sort(types_.begin(), types_.end());
  wire_.clear();
  std::size_t at = 0;
  while (at < types_.size()) {
    const unsigned window = static_cast<unsigned>(types_[at]) >> 8U;
    std::array<std::uint8_t, 32> bits{};
    std::size_t length = 0;
    for (; at < types_.size() && static_cast<unsigned>(types_[at]) >> 8U == window; ++at) {
      const unsigned low = static_cast<unsigned>(types_[at]) & 0xffU;
      bits.at(low / 8) = static_cast<std::uint8_t>(bits.at(low / 8) | (0x80U >> (low % 8)));
      length = low / 8 + 1;
    }
    wire_.push_back(static_cast<std::uint8_t>(window));
    wire_.push_back(static_cast<std::uint8_t>(length));
    wire_.insert(wire_.end(), bits.begin(), bits.begin() + static_cast<std::ptrdiff_t>(length));
  }
  return wire_;
}

dns::ByteView TypeLists::of_nsec(const zone::Node& node, RRsetViews sets) {
  take(node, sets);
  types_.push_back(Type::nsec);
  types_.push_back(Type::rrsig);
  return write();
}

dns::ByteView TypeLists::of_nsec3(const zone::Node& node, RRsetViews sets) {
  take(node, sets);
  const bool is_signed =
      node.standing == zone::Standing::delegation ? holds_data(sets, Type::ds) : !types_.empty();
  if (is_signed) {
    types_.push_back(Type::rrsig);
  }
  return write();
}

void see_wrong_types(WholeDocket& docket, const WholePlace& place, const zone::Node* node,
                     dns::ByteView found, const std::vector<Type>& expected, const char* noun) {
  const auto list = dns::TypeBitmap::parse(found);
  const std::string its = std::string("has an ") + noun;
  if (!list) {
    docket.tally.see(Fault::nsec_chain_broken, 100, place, [&] {
      return WholeWords{its + " whose type list cannot be read",
                        std::string("have an ") + noun + " whose type list cannot be read", "name"};
    });
    return;
  }
  auto missing = without(expected, list->types());
  auto extra = without(list->types(), expected);
  // A signer that changes from NSEC to NSEC3 may count the old chain or not.
  std::erase(extra, std::string_view(noun) == "NSEC3" ? Type::nsec : Type::nsec3);
  const auto say = [&](Fault fault, const std::vector<Type>& types, bool lacks) {
    const std::string with = lacks ? " without " : " with ";
    docket.tally.see(fault, lacks ? 1 : 0, place, [&] {
      return WholeWords{
          its + with + type_words(types),
          std::string("have an ") + noun + with + "types such as " + type_words(types), "name"};
    });
  };
  const bool apex = node != nullptr && docket.is_apex(*node);
  const bool cut = node != nullptr && node->standing == zone::Standing::delegation;
  if (!missing.empty()) {
    if (all_of_types(missing, {Type::nsec, Type::rrsig})) {
      say(Fault::nsec_rrsig_nsec_bits, missing, true);
    } else if (cut) {
      say(Fault::nsec_delegation_bits, missing, true);
    } else if (apex && any_of_types(missing, {Type::soa, Type::ns, Type::dnskey})) {
      say(Fault::nsec_apex_type_list, missing, true);
    } else {
      say(Fault::existing_type_missing_from_bitmap, missing, true);
    }
  }
  if (extra.empty()) {
    return;
  }
  if (cut) {
    say(Fault::nsec_delegation_bits, extra, false);
  } else if (all_of_types(extra, {Type::nsec, Type::rrsig})) {
    say(Fault::nsec_rrsig_nsec_bits, extra, false);
  } else if (any_of_types(extra, {Type::ds, Type::ns, Type::soa, Type::cname, Type::dname})) {
    // Those change what the denial is taken for (RFC 6840 4.1, 4.3).
    docket.tally
        .see(Fault::extra_type_in_bitmap, 2, place,
             [&] {
               return WholeWords{its + " with " + type_words(extra) + ", which is not there",
                                 std::string("have an ") + noun + " with types such as " +
                                     type_words(extra) + ", which are not there",
                                 "name"};
             })
        .tier = Tier::critical;
  } else {
    say(Fault::extra_type_in_bitmap, extra, false);
  }
}

}  // namespace judge
