// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include "judge/zone.hpp"

namespace judge_test {

struct Nsec3Form {
  std::uint8_t flags = 0;
  std::uint16_t iterations = 0;
  dns::Bytes salt{};
  std::uint8_t hash_algorithm = 1;
};
inline constexpr std::uint8_t kOptOut = 1;

/// The signed NSEC3 of a name that is there, ending right behind its hash.
dns::SignedRRset nsec3_of(const Zone& zone, const dns::Name& name, std::vector<dns::Type> types,
                          const Nsec3Form& form = {});
/// A signed NSEC3 around the hash of a name that is not there (RFC 7129 appendix B).
dns::SignedRRset nsec3_over(const Zone& zone, const dns::Name& name, const Nsec3Form& form = {});

}  // namespace judge_test
