// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// RFC 8976 4: does the digest over the whole zone match?
#include "judge/whole_rules.hpp"

namespace judge {
namespace {

/// "SHA-384" of the first record that came to that verdict.
std::string record_words(const zone::ZonemdResult& digest) {
  for (const auto& record : digest.records) {
    if (record.verdict == digest.verdict) {
      return "ZONEMD " + std::to_string(record.serial) + " " + std::to_string(record.scheme) + " " +
             std::to_string(record.hash);
    }
  }
  return "ZONEMD";
}

std::string serial_words(const WholeDocket& docket) {
  const auto serial = docket.whole.zone.serial();
  return serial ? std::to_string(*serial) : "none";
}

}  // namespace

void rule_zone_digest(WholeDocket& docket) {
  using zone::ZonemdVerdict;
  if (!docket.whole.digest) {
    return;
  }
  const auto record = record_words(*docket.whole.digest);
  switch (docket.whole.digest->verdict) {
    case ZonemdVerdict::none:
    case ZonemdVerdict::verified:
      return;
    case ZonemdVerdict::mismatch:
      docket.add(Fault::zonemd_mismatch, record + ": the zone's data has another digest");
      return;
    case ZonemdVerdict::serial_differs:
      docket.add(
          Fault::zonemd_mismatch,
          record + ": it is of another version, the SOA's serial is " + serial_words(docket));
      return;
    case ZonemdVerdict::malformed:
      docket.add(Fault::zonemd_mismatch,
                 record + ": it cannot be read, or its digest has another length than its hash");
      return;
    case ZonemdVerdict::duplicated:
      docket.add(Fault::zonemd_mismatch,
                 record + ": there are several of that scheme and hash, so none of them counts");
      return;
    case ZonemdVerdict::unsupported:
      docket.add(Fault::zonemd_unsupported,
                 record + ": its scheme or hash cannot be verified here");
      return;
  }
}

}  // namespace judge
