// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "zone/zone.hpp"

namespace zone {

/// What holding the zone against a ZONEMD record gives (RFC 8976 4). In descending order of what it
/// says of the whole: a zone is as good as the first of these that one of its records has.
enum class ZonemdVerdict : std::uint8_t {
  verified,
  mismatch,        ///< the zone's data has another digest
  serial_differs,  ///< the record is of another version of the zone
  malformed,       ///< too short, or a digest of a length that its hash does not have
  duplicated,      ///< more than one record of that scheme and hash: neither counts
  unsupported,     ///< a scheme or hash that nobody here knows: no verdict
  none,            ///< no ZONEMD at the apex
};

struct ZonemdRecord {
  std::uint32_t serial = 0;
  std::uint8_t scheme = 0;  ///< 1: SIMPLE
  std::uint8_t hash = 0;    ///< 1: SHA-384, 2: SHA-512
  ZonemdVerdict verdict = ZonemdVerdict::unsupported;
};

struct ZonemdResult {
  ZonemdVerdict verdict = ZonemdVerdict::none;
  std::vector<ZonemdRecord> records;  ///< those of the apex, each once
};

/// Digests the zone as its apex's ZONEMD records say, in one pass, and compares. Whether the ZONEMD
/// RRset is validly signed is told by its signatures in the zone.
ZonemdResult check_zonemd(const Zone& zone);

}  // namespace zone
