// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// Two octets of type, then rdata: what ldns reads, puts in canonical form, and reads from the text
// that is printed, is the same.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>

#include "dns/rdata.hpp"
#include "fuzz.hpp"
#include "input.hpp"
#include "ldns_record.hpp"

namespace {

constexpr std::size_t kHeadOctets = 11;  // of a record of the root

/// Types whose names may hold pointers: those of RFC 1035 3.3, and those of RFC 3597 4.
bool is_decompressed(dns::Type type) {
  switch (type) {
    case dns::Type::ns:
    case dns::Type::md:
    case dns::Type::mf:
    case dns::Type::cname:
    case dns::Type::soa:
    case dns::Type::mb:
    case dns::Type::mg:
    case dns::Type::mr:
    case dns::Type::ptr:
    case dns::Type::minfo:
    case dns::Type::mx:
    case dns::Type::rp:
    case dns::Type::afsdb:
    case dns::Type::rt:
    case dns::Type::sig:
    case dns::Type::px:
    case dns::Type::nxt:
    case dns::Type::naptr:
    case dns::Type::srv:
      return true;
    default:
      return false;
  }
}

/// Types whose names ldns does not put in lower case, though RFC 4034 6.2 lists them.
bool is_kept_by_ldns(dns::Type type) { return type == dns::Type::a6; }

/// What is printed in the type's own form (dns/rdata.hpp); the rest is as RFC 3597 5 says.
bool has_text(dns::Type type) {
  switch (type) {
    case dns::Type::a:
    case dns::Type::aaaa:
    case dns::Type::ns:
    case dns::Type::cname:
    case dns::Type::mx:
    case dns::Type::soa:
    case dns::Type::ds:
    case dns::Type::cds:
    case dns::Type::dnskey:
    case dns::Type::cdnskey:
    case dns::Type::rrsig:
    case dns::Type::nsec:
    case dns::Type::nsec3:
    case dns::Type::nsec3param:
    case dns::Type::txt:
      return true;
    default:
      return false;
  }
}

/// It reads base32 in whole groups of eight digits only. RFC 5155 3.3 has no padding and hashes of
/// any length, of which SHA-1's 20 octets come out even.
bool is_uneven(dns::Type type, const dns::Bytes& rdata) {
  const auto nsec3 = type == dns::Type::nsec3 ? dns::parse_nsec3(rdata) : std::nullopt;
  return nsec3 && nsec3->next_hash.size() % 5 != 0;
}

/// Mnemonics that are younger than it: RFC 9859, RFC 9824.
bool has_new_words(const std::string& text) {
  return text.find("DSYNC") != std::string::npos || text.find("NXNAME") != std::string::npos;
}

/// A name whose first label is the one octet `@`, escaped or not, is the origin to it.
bool begins_with_at(const std::string& text) {
  return (' ' + text).find(" \\064.") != std::string::npos;
}

void compare_text(dns::Type type, const dns::Bytes& rdata, const std::string& text) {
  if (is_uneven(type, rdata) || has_new_words(text) || begins_with_at(text)) return;
  const auto line = ". 0 IN " + dns::to_text(type) + " " + text;
  ldns_rr* record = nullptr;
  const auto status = ldns_rr_new_frm_str(&record, line.c_str(), 0, nullptr, nullptr);
  const fuzz::LdnsRecord owned(status == LDNS_STATUS_OK ? record : nullptr);
  const bool same = owned != nullptr && fuzz::ldns_rdata(*owned, 1) == rdata;
  if (!same) std::cerr << line << '\n';
  fuzz::require(owned != nullptr, "ldns reads what is printed");
  fuzz::require(same, "and it is the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto type = static_cast<dns::Type>(input.u16());
  const auto raw = input.bytes(0xffff);
  const auto wire = fuzz::record_wire(dns::Name(), type, 0, raw);
  dns::Cursor cursor(wire);
  cursor.seek(kHeadOctets);
  const auto ours = dns::read_rdata(cursor, type, raw.size());
  const auto theirs = fuzz::ldns_record(wire);
  if (!ours || theirs == nullptr) return 0;
  const auto text = dns::rdata_to_text(type, *ours);
  const bool printed = has_text(type) && text.rfind("\\#", 0) != 0;
  const bool same = fuzz::ldns_rdata(*theirs, 1) == *ours;
  if (!is_decompressed(type)) {
    fuzz::require(std::equal(ours->begin(), ours->end(), raw.begin(), raw.end()),
                  "octets are kept");
    // It follows pointers here too, drops octets behind the last field, and those of types like
    // SINK; what we do not know, or what is malformed, we keep (RFC 3597 3).
    if (!same && !printed) return 0;
  }
  fuzz::require(same, "both read the same");
  if (printed) compare_text(type, *ours, text);
  if (is_kept_by_ldns(type)) return 0;
  ldns_rr2canonical(theirs.get());
  fuzz::require(fuzz::ldns_rdata(*theirs, 1) == dns::canonical_rdata(type, *ours),
                "the same canonical form");
  return 0;
}
