// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/nsec3.hpp"

#include "dns/cursor.hpp"
#include "dnssec/denial.hpp"

namespace judge_test {
namespace {

/// The hash `by` further on, as a number.
dns::Bytes moved(dns::Bytes hash, int by) {
  for (auto octet = hash.rbegin(); octet != hash.rend(); ++octet) {
    const int value = *octet + by;
    *octet = static_cast<std::uint8_t>(value & 0xff);
    if (value >= 0 && value <= 0xff) {
      break;
    }
  }
  return hash;
}

dns::SignedRRset make(const Zone& zone, const dns::Bytes& from, const dns::Bytes& to,
                      std::vector<dns::Type> types, const Nsec3Form& form) {
  dns::Writer rdata;
  rdata.u8(form.hash_algorithm);
  rdata.u8(form.flags);
  rdata.u16(form.iterations);
  rdata.u8(static_cast<std::uint8_t>(form.salt.size()));
  rdata.bytes(form.salt);
  rdata.u8(static_cast<std::uint8_t>(to.size()));
  rdata.bytes(to);
  rdata.bytes(dns::TypeBitmap(std::move(types)).wire());
  dns::SignedRRset data;
  data.set.owner = zone.apex.prepend(dns::to_base32hex(from)).value();
  data.set.type = dns::Type::nsec3;
  data.set.ttl = 3600;
  data.set.rdatas = {rdata.take()};
  for (const auto& signer : zone.signers_of(dns::Type::nsec3)) {
    data.signatures.push_back(signer.sign(data.set, zone.apex, zone.window));
  }
  return data;
}

dns::Bytes hash_of(const dns::Name& name, const Nsec3Form& form) {
  return dnssec::nsec3_hash(name, 1, form.iterations, form.salt).value();
}

}  // namespace

dns::SignedRRset nsec3_of(const Zone& zone, const dns::Name& name, std::vector<dns::Type> types,
                          const Nsec3Form& form) {
  const auto hash = hash_of(name, form);
  return make(zone, hash, moved(hash, 1), std::move(types), form);
}

dns::SignedRRset nsec3_over(const Zone& zone, const dns::Name& name, const Nsec3Form& form) {
  const auto hash = hash_of(name, form);
  return make(zone, moved(hash, -1), moved(hash, 1), {dns::Type::a, dns::Type::rrsig}, form);
}

}  // namespace judge_test
