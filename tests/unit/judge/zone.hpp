// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dns/message.hpp"
#include "dns/record.hpp"
#include "judge/signer.hpp"

namespace judge_test {

/// Precondition: a name.
dns::Name name(std::string_view text);

// Rdata.
dns::Bytes address(std::uint8_t last);  ///< A: 192.0.2.<last>
dns::Bytes target(std::string_view host);
dns::Bytes mx(std::uint16_t preference, std::string_view host);
dns::Bytes text(std::string_view words);
dns::Bytes ds_rdata(const dns::Ds& ds);
dns::Bytes nsec_rdata(const dns::Name& next, std::vector<dns::Type> types);

/// One zone as one server has it: plain RRsets with their signatures. Change it, then sign().
struct Zone {
  dns::Name apex;
  std::vector<Signer> keys;  ///< published; key-signing keys sign DNSKEY, the others the rest, a
                             ///< key of one kind alone everything
  Window window;
  std::uint32_t serial = 2026112401, refresh = 14400, expire = 7 * 86400;
  std::vector<dns::SignedRRset> sets;

  /// Throws when there is none.
  dns::SignedRRset& at(const dns::Name& owner, dns::Type type);
  dns::SignedRRset& at(dns::Type type) { return at(apex, type); }
  [[nodiscard]] const dns::SignedRRset* find(const dns::Name& owner, dns::Type type) const;
  /// Puts an RRset in place of one of its owner and type, unsigned.
  dns::SignedRRset& put(const dns::Name& owner, dns::Type type, std::vector<dns::Bytes> rdatas,
                        std::uint32_t ttl = 3600);
  void remove(const dns::Name& owner, dns::Type type);

  /// DNSKEY from `keys`, the NSEC chain, and every signature anew.
  void sign();
  /// No key, no NSEC, no signature.
  void unsign();
  /// This RRset alone, by the keys that are to sign it.
  void sign(dns::SignedRRset& data, Window of);
  [[nodiscard]] std::vector<Signer> signers_of(dns::Type type) const;
  /// Is it the zone's own data: neither glue nor a delegation's NS?
  [[nodiscard]] bool is_authoritative(const dns::RRset& set) const;

  /// The authoritative answer to a question with DO, with NSEC where it is negative.
  [[nodiscard]] dns::Message answer(const dns::Question& question) const;
  /// The referral to the zone below.
  [[nodiscard]] dns::Message referral(const dns::Question& question, const dns::Name& cut) const;

 private:
  void publish_keys();
  void link_names();
  void deny(dns::Message& message, const dns::Name& name) const;
};

/// The records of an RRset, with or without its signatures.
void append(std::vector<dns::Record>& section, const dns::SignedRRset& data);

/// A zone with SOA and NS; not signed yet.
Zone make_zone(std::string_view apex, std::vector<Signer> keys);

}  // namespace judge_test
