// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <array>
#include <cstdint>

#include "dns/bytes.hpp"
#include "dns/name.hpp"

namespace zone {

/// A name turned so that comparing octets is the canonical order of RFC 4034 6.1: its labels from
/// the root down in lower case, each ended by a zero octet (octets 0 and 1 within a label are
/// written 1 1 and 1 2). Equal names have equal keys, and the keys of the names at or below a name
/// begin with its key. Not owned: see SortKey.
using SortKeyView = dns::ByteView;

/// Room for the key of one name after another.
class SortKey {
 public:
  /// `wire`: a valid uncompressed name. The view is good until the next call.
  SortKeyView operator()(dns::ByteView wire);
  SortKeyView operator()(const dns::Name& name) { return (*this)(name.wire()); }

 private:
  std::array<std::uint8_t, 2 * dns::Name::max_octets> octets_{};
};

/// The name in lower case.
dns::Name name_of(SortKeyView key);
/// Its canonical wire form, written over `wire` (cleared first).
void append_wire(SortKeyView key, dns::Bytes& wire);
/// The key of the name one label up; the root's is empty, and so is its parent's.
SortKeyView parent_of(SortKeyView key);
/// As RRSIG's Labels counts (RFC 4034 3.1.3): without the root and without a leading "*".
unsigned labels_of(SortKeyView key);
bool is_at_or_below(SortKeyView key, SortKeyView ancestor);
bool is_wildcard(SortKeyView key);

}  // namespace zone
