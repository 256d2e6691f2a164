// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// Names: the input as presentation format, as wire form, and as two names to compare.
#include <algorithm>

#include "dns/name.hpp"
#include "fuzz.hpp"
#include "reference.hpp"

namespace {

bool same_octets(const dns::Name& left, const dns::Name& right) {
  return std::equal(left.wire().begin(), left.wire().end(), right.wire().begin(),
                    right.wire().end());
}

void use_name(const dns::Name& name) {
  fuzz::require(name.wire().size() <= dns::Name::max_octets, "a name has at most 255 octets");
  const std::string text = name.to_text();
  fuzz::require_printable(text);
  fuzz::require_printable(name.to_display());
  const auto from_text = dns::Name::from_text(text);
  fuzz::require(from_text.ok() && same_octets(*from_text, name), "text says the name");
  const auto from_wire = dns::Name::from_wire(name.wire());
  fuzz::require(from_wire && same_octets(*from_wire, name), "wire form says the name");
  fuzz::require(name.labels().size() == name.label_count(), "labels are counted");
  fuzz::require(name == name.lowercase(), "case does not count");
  fuzz::require(name.is_root() || name.is_below(name.parent()), "a name is below its parent");
}

void use_pair(const dns::Name& left, const dns::Name& right) {
  const auto order = dns::canonical_compare(left, right);
  fuzz::require(order == fuzz::slow_name_order(left, right), "the canonical order");
  fuzz::require((order == std::strong_ordering::equal) == (left == right), "order and equality");
  // NOLINTNEXTLINE(modernize-use-nullptr): the check takes the 0 of a comparison for a pointer
  fuzz::require((0 <=> order) == dns::canonical_compare(right, left), "order has two sides");
  const dns::Name shared = left.common_ancestor(right);
  fuzz::require(left.is_at_or_below(shared) && right.is_at_or_below(shared), "a common ancestor");
  fuzz::require(left.is_at_or_below(right) == (shared == right), "the longest one");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const dns::ByteView bytes(data, size);
  const std::string text(bytes.begin(), bytes.end());
  const auto from_text = dns::Name::from_text(text);
  if (from_text) {
    use_name(*from_text);
  } else {
    fuzz::require_printable(from_text.error().message);
  }

  dns::Cursor cursor(bytes);
  const dns::Name first = dns::Name::read(cursor);
  const dns::Name second = dns::Name::read(cursor);
  use_name(first);
  use_name(second);
  use_pair(first, second);
  if (const auto whole = dns::Name::from_wire(bytes)) {
    fuzz::require(
        std::equal(bytes.begin(), bytes.end(), whole->wire().begin(), whole->wire().end()),
        "the wire form is kept");
  }
  return 0;
}
