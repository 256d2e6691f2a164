// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/rsa.hpp"

#include <bit>

#include "dns/cursor.hpp"

namespace dnssec {

namespace {

dns::ByteView without_leading_zeroes(dns::ByteView number) {
  while (!number.empty() && number.front() == 0) number = number.subspan(1);
  return number;
}

}  // namespace

std::optional<RsaNumbers> parse_rsa(dns::ByteView public_key) {
  dns::Cursor cursor(public_key);
  std::size_t exponent_length = cursor.u8();
  if (exponent_length == 0) exponent_length = cursor.u16();
  const dns::ByteView exponent = cursor.take(exponent_length);
  const dns::ByteView modulus = cursor.rest();
  if (!cursor.ok()) return std::nullopt;
  RsaNumbers numbers{without_leading_zeroes(exponent), without_leading_zeroes(modulus)};
  if (numbers.exponent.empty() || numbers.modulus.empty()) return std::nullopt;
  return numbers;
}

std::size_t bit_length(dns::ByteView number) {
  number = without_leading_zeroes(number);
  if (number.empty()) return 0;
  return (number.size() - 1) * 8 + static_cast<std::size_t>(std::bit_width(number.front()));
}

}  // namespace dnssec
