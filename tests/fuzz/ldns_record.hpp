// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <ldns/ldns.h>

#include <memory>

#include "dns/bytes.hpp"
#include "dns/cursor.hpp"
#include "dns/name.hpp"
#include "dns/type.hpp"

/// Records as ldns holds them.
namespace fuzz {

struct FreeRecord {
  void operator()(ldns_rr* record) const { ldns_rr_free(record); }
};
using LdnsRecord = std::unique_ptr<ldns_rr, FreeRecord>;

struct FreeRecords {
  void operator()(ldns_rr_list* list) const { ldns_rr_list_deep_free(list); }
};
using LdnsRecords = std::unique_ptr<ldns_rr_list, FreeRecords>;

/// A record as it stands in a message.
inline dns::Bytes record_wire(const dns::Name& owner, dns::Type type, std::uint32_t ttl,
                              dns::ByteView rdata) {
  dns::Writer writer;
  writer.bytes(owner.wire());
  writer.u16(static_cast<std::uint16_t>(type));
  writer.u16(static_cast<std::uint16_t>(dns::Class::in));
  writer.u32(ttl);
  writer.u16(static_cast<std::uint16_t>(rdata.size()));
  writer.bytes(rdata);
  return writer.take();
}

/// Nothing when ldns does not read it.
inline LdnsRecord ldns_record(const dns::Bytes& wire) {
  ldns_rr* record = nullptr;
  std::size_t at = 0;
  const auto status = ldns_wire2rr(&record, wire.data(), wire.size(), &at, LDNS_SECTION_ANSWER);
  return LdnsRecord(status == LDNS_STATUS_OK ? record : nullptr);
}

/// The rdata of a record whose owner has that many octets.
inline dns::Bytes ldns_rdata(const ldns_rr& record, std::size_t owner_octets) {
  std::uint8_t* octets = nullptr;
  std::size_t size = 0;
  if (ldns_rr2wire(&octets, &record, LDNS_SECTION_ANSWER, &size) != LDNS_STATUS_OK) return {};
  const std::unique_ptr<std::uint8_t, void (*)(void*)> owned(octets, std::free);
  const dns::ByteView wire(octets, size);
  const auto rdata = wire.subspan(owner_octets + 10);
  return {rdata.begin(), rdata.end()};
}

}  // namespace fuzz
