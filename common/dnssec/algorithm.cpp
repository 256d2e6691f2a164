// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/algorithm.hpp"

#include <array>

namespace dnssec {

namespace {

using enum Standing;

// RFC 9904 table 2, with the changes of RFC 9905 5 (SHA-1) and RFC 9906 5 (GOST R 34.10-2001).
constexpr std::array known_algorithms = {
    AlgorithmInfo{0, "DELETE", Assignment::not_zone_signing},
    AlgorithmInfo{1, "RSAMD5", Assignment::not_zone_signing},
    AlgorithmInfo{2, "DH", Assignment::not_zone_signing},
    AlgorithmInfo{3, "DSA", Assignment::zone_signing, must_not, must_not, must_not, must_not, false,
                  true},
    AlgorithmInfo{5, "RSASHA1", Assignment::zone_signing, must_not, recommended, not_recommended,
                  must, true, true},
    AlgorithmInfo{6, "DSA-NSEC3-SHA1", Assignment::zone_signing, must_not, must_not, must_not,
                  must_not, false, true},
    AlgorithmInfo{7, "RSASHA1-NSEC3-SHA1", Assignment::zone_signing, must_not, recommended,
                  not_recommended, must, true, true},
    AlgorithmInfo{8, "RSASHA256", Assignment::zone_signing, recommended, recommended, must, must,
                  true, false},
    AlgorithmInfo{10, "RSASHA512", Assignment::zone_signing, not_recommended, recommended,
                  not_recommended, must, true, false},
    AlgorithmInfo{12, "ECC-GOST", Assignment::zone_signing, must_not, must_not, must_not, must_not,
                  false, false},
    AlgorithmInfo{13, "ECDSAP256SHA256", Assignment::zone_signing, recommended, recommended, must,
                  must, true, false},
    AlgorithmInfo{14, "ECDSAP384SHA384", Assignment::zone_signing, may, recommended, may,
                  recommended, true, false},
    AlgorithmInfo{15, "ED25519", Assignment::zone_signing, recommended, recommended, recommended,
                  recommended, true, false},
    AlgorithmInfo{16, "ED448", Assignment::zone_signing, may, recommended, may, recommended, true,
                  false},
    AlgorithmInfo{17, "SM2SM3", Assignment::zone_signing, may, may, may, may, false, false},
    AlgorithmInfo{23, "ECC-GOST12", Assignment::zone_signing, may, may, may, may, false, false},
    AlgorithmInfo{252, "INDIRECT", Assignment::not_zone_signing},
    AlgorithmInfo{253, "PRIVATEDNS", Assignment::private_use, may, may, may, may, false, false},
    AlgorithmInfo{254, "PRIVATEOID", Assignment::private_use, may, may, may, may, false, false},
};

// RFC 9904 table 3, with the change of RFC 9906 5 (GOST R 34.11-94).
constexpr std::array known_digests = {
    DigestInfo{0, "NULL", Assignment::not_zone_signing},
    DigestInfo{1, "SHA-1", Assignment::zone_signing, must_not, recommended, 20, true},
    DigestInfo{2, "SHA-256", Assignment::zone_signing, recommended, recommended, 32, true},
    DigestInfo{3, "GOST R 34.11-94", Assignment::zone_signing, must_not, must_not, 32, false},
    DigestInfo{4, "SHA-384", Assignment::zone_signing, may, recommended, 48, true},
    DigestInfo{5, "GOST R 34.11-2012", Assignment::zone_signing, may, may, 32, false},
    DigestInfo{6, "SM3", Assignment::zone_signing, may, may, 32, false},
};

Assignment unlisted_algorithm(std::uint8_t number) {
  const bool reserved = number == 4 || number == 9 || number == 11 ||
                        (number >= 123 && number <= 251) || number == 255;
  return reserved ? Assignment::reserved : Assignment::unassigned;
}

// RFC 9904 7.2 set 128 to 254 aside.
Assignment unlisted_digest(std::uint8_t number) {
  if (number == 253 || number == 254) return Assignment::private_use;
  return number >= 128 && number <= 252 ? Assignment::reserved : Assignment::unassigned;
}

std::string_view assignment_word(Assignment assignment) {
  switch (assignment) {
    case Assignment::zone_signing:
      return "zone signing";
    case Assignment::not_zone_signing:
      return "not for zones";
    case Assignment::private_use:
      return "private use";
    case Assignment::reserved:
      return "reserved";
    case Assignment::unassigned:
      return "unassigned";
  }
  return "unassigned";
}

std::string numbered(std::uint8_t number, std::string_view mnemonic, Assignment assignment) {
  std::string text = std::to_string(number);
  text += " (";
  text += mnemonic.empty() ? assignment_word(assignment) : mnemonic;
  text += ')';
  return text;
}

}  // namespace

std::string_view to_text(Standing standing) {
  switch (standing) {
    case Standing::must:
      return "MUST";
    case Standing::recommended:
      return "RECOMMENDED";
    case Standing::may:
      return "MAY";
    case Standing::not_recommended:
      return "NOT RECOMMENDED";
    case Standing::must_not:
      return "MUST NOT";
  }
  return "MUST NOT";
}

AlgorithmInfo algorithm_info(std::uint8_t number) {
  for (const AlgorithmInfo& row : known_algorithms) {
    if (row.number == number) return row;
  }
  AlgorithmInfo row;
  row.number = number;
  row.assignment = unlisted_algorithm(number);
  return row;
}

std::string algorithm_text(std::uint8_t number) {
  const AlgorithmInfo row = algorithm_info(number);
  return numbered(number, row.mnemonic, row.assignment);
}

DigestInfo digest_info(std::uint8_t number) {
  for (const DigestInfo& row : known_digests) {
    if (row.number == number) return row;
  }
  DigestInfo row;
  row.number = number;
  row.assignment = unlisted_digest(number);
  return row;
}

std::string digest_text(std::uint8_t number) {
  const DigestInfo row = digest_info(number);
  return numbered(number, row.mnemonic, row.assignment);
}

}  // namespace dnssec
