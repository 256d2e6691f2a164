// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dnssec {

/// The words of RFC 9904's registry columns.
enum class Standing { must, recommended, may, not_recommended, must_not };
std::string_view to_text(Standing standing);

/// What kind of number it is in IANA's "DNS Security Algorithm Numbers".
enum class Assignment { zone_signing, not_zone_signing, private_use, reserved, unassigned };

/// One row of the registry as RFC 9904 left it (and RFC 9905, RFC 9906 changed it).
struct AlgorithmInfo {
  std::uint8_t number = 0;
  std::string_view mnemonic;  ///< "ECDSAP256SHA256"; empty when unassigned
  Assignment assignment = Assignment::unassigned;
  Standing use_signing = Standing::must_not;
  Standing use_validation = Standing::must_not;
  Standing implement_signing = Standing::must_not;
  Standing implement_validation = Standing::must_not;
  bool verifiable = false;  ///< this suite has the code (5, 7, 8, 10, 13, 14, 15, 16)
  bool sha1 = false;
};
/// Total: every number has a row.
AlgorithmInfo algorithm_info(std::uint8_t number);
/// "13 (ECDSAP256SHA256)", "99 (unassigned)".
std::string algorithm_text(std::uint8_t number);

struct DigestInfo {
  std::uint8_t number = 0;
  std::string_view mnemonic;                       ///< "SHA-256"
  Assignment assignment = Assignment::unassigned;  ///< zone_signing means usable in DS
  Standing use_delegation = Standing::must_not;
  Standing use_validation = Standing::must_not;
  std::uint8_t length = 0;  ///< octets, 0 when not known
  bool verifiable = false;  ///< 1, 2, 4
};
DigestInfo digest_info(std::uint8_t number);
std::string digest_text(std::uint8_t number);

}  // namespace dnssec
