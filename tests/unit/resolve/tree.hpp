// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dns/message.hpp"
#include "dns/name.hpp"
#include "dns/record.hpp"
#include "dnssec/key.hpp"

/// A tree of small zones that answers as a forwarder would: one server for all of them, signed as
/// it goes with ECDSA P-256 keys made for the run.
namespace tree {

dns::Name name(const std::string& text);

/// How a zone is signed; times are seconds from now.
struct Signing {
  bool on = true;
  std::int64_t inception = -3600;
  std::int64_t expiration = 86400;
  bool broken = false;  ///< one bit of every signature but the DNSKEY's is turned over
};

class Zone {
 public:
  Zone(const std::string& apex, const Signing& signing);

  void add(const std::string& owner, dns::Type type, dns::Bytes rdata);
  /// NS at the cut, and a DS when the child is signed.
  void delegate(const Zone& child);

  [[nodiscard]] const dns::Name& apex() const { return apex_; }
  [[nodiscard]] dnssec::Anchor anchor() const;
  /// The sections of an answer to that question, which this zone is asked.
  void answer(dns::Message& message) const;

 private:
  using Types = std::map<dns::Type, std::vector<dns::Record>>;

  [[nodiscard]] bool exists(const dns::Name& owner) const;
  void append(std::vector<dns::Record>& section, const std::vector<dns::Record>& set) const;
  void append_nsec(std::vector<dns::Record>& section, const dns::Name& owner) const;
  [[nodiscard]] dns::Record sign(const std::vector<dns::Record>& set) const;
  [[nodiscard]] dns::Bytes dnskey() const;

  dns::Name apex_;
  Signing signing_;
  std::shared_ptr<EVP_PKEY> key_;
  std::map<dns::Name, Types, dns::CanonicalLess> names_;
};

class Tree {
 public:
  Tree();
  /// The zone is served and delegated to from the closest zone above.
  Zone& add(const std::string& apex, const Signing& signing);
  [[nodiscard]] dnssec::Anchor root_anchor() const { return zones_.front()->anchor(); }
  /// As a recursive server with RA would.
  [[nodiscard]] dns::Bytes answer(const dns::Bytes& query) const;

 private:
  [[nodiscard]] Zone& zone_for(const dns::Name& name, bool strictly_above) const;
  std::vector<std::unique_ptr<Zone>> zones_;
};

}  // namespace tree
