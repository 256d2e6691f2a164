// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>
#include <vector>

#include "judge/outcome.hpp"

namespace judge_test {

/// One more DNSKEY in that copy's key set, which is signed anew.
void publish_beside(Zone& copy, const dnssec::Key& key);
/// In every copy.
void publish_beside(World& world, const dnssec::Key& key);
/// The RRset of zone.test. is signed by these keys and no other.
void sign_by(Zone& copy, dns::Type type, const std::vector<Signer>& keys);
/// So is all zone data.
void sign_data_by(Zone& copy, const std::vector<Signer>& keys);

/// A key's bytes of that algorithm that sign nothing.
dnssec::Key idle_key(std::uint8_t algorithm, const dns::Bytes& public_key,
                     std::uint16_t flags = kZoneKey, std::uint8_t protocol = 3);
/// RFC 3110 2; the modulus is odd.
dns::Bytes rsa_octets(std::size_t bits, const dns::Bytes& exponent = {1, 0, 1});

/// What earlier runs saw of a key, in seconds from kNow; signing when both times are given.
memory::SeenRecord remembered_key(const dnssec::Key& key, std::int64_t first_seen,
                                  std::optional<std::int64_t> first_signing = {},
                                  std::optional<std::int64_t> last_signing = {});
memory::SeenRecord remembered_ds(const dns::Ds& ds, std::int64_t first_seen);
/// Runs every hour since `since`.
memory::Zone memory_of(std::vector<memory::SeenRecord> records, std::int64_t since = -400 * kDay);

/// Beside it, a finding of that id in every run since `first_seen`.
memory::Zone memory_of_lasting(judge::Fault fault, std::int64_t first_seen,
                               std::int64_t since = -400 * kDay);

/// Findings of check_dnssec_keys on the world as it is now.
std::vector<judge::Finding> keys_of(const World& world, const judge::Policy& policy = {});
std::vector<judge::Finding> keys_of(const World& world, const memory::Zone& past,
                                    const judge::Policy& policy = {});
/// Nothing above INFO, and some finding of that id whose text holds the words.
void expect_stage(const std::vector<judge::Finding>& findings, const std::string& words);
/// Nothing above INFO.
void expect_calm(const std::vector<judge::Finding>& findings);

}  // namespace judge_test
