// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <array>
#include <string_view>

#include "dns/ascii.hpp"
#include "dns/rdata.hpp"

namespace dns {
namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base32hex_digits = "0123456789abcdefghijklmnopqrstuv";

/// A digit's value by its character; 0xff for characters that are no digits.
using DigitValues = std::array<std::uint8_t, 256>;

constexpr DigitValues digit_values(std::string_view digits, bool either_case) {
  DigitValues values{};
  for (std::uint8_t& value : values) value = 0xff;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto digit = static_cast<std::uint8_t>(digits[i]);
    values.at(digit) = static_cast<std::uint8_t>(i);
    if (!either_case) continue;
    const bool lower = is_ascii_lower(digit);
    const int other = lower ? digit - ('a' - 'A') : ascii_lower(digit);
    values.at(static_cast<std::size_t>(other)) = static_cast<std::uint8_t>(i);
  }
  return values;
}

/// Writes the bits in groups of `bits`, the last group filled up with zero bits (RFC 4648 3.5).
std::string encode(ByteView bytes, unsigned bits, std::string_view digits) {
  std::string text;
  text.reserve((bytes.size() * 8 + bits - 1) / bits);
  const unsigned mask = (1U << bits) - 1;
  unsigned pending = 0;  // what was written already is shifted out at its top
  unsigned pending_bits = 0;
  for (const std::uint8_t octet : bytes) {
    pending = (pending << 8U) | octet;
    pending_bits += 8;
    while (pending_bits >= bits) {
      pending_bits -= bits;
      text += digits[(pending >> pending_bits) & mask];
    }
  }
  if (pending_bits > 0) text += digits[(pending << (bits - pending_bits)) & mask];
  return text;
}

/// Nothing when a character is no digit, when the last digit is superfluous, or when the filling
/// bits are not zero: one byte string then has one text only.
std::optional<Bytes> decode(std::string_view text, unsigned bits, const DigitValues& values) {
  Bytes bytes;
  bytes.reserve(text.size() * bits / 8);
  unsigned pending = 0;
  unsigned pending_bits = 0;
  for (const char character : text) {
    const std::uint8_t value = values.at(static_cast<std::uint8_t>(character));
    if (value == 0xff) return std::nullopt;
    pending = (pending << bits) | value;
    pending_bits += bits;
    if (pending_bits < 8) continue;
    pending_bits -= 8;
    bytes.push_back(static_cast<std::uint8_t>(pending >> pending_bits));
    pending &= (1U << pending_bits) - 1;
  }
  if (pending_bits >= bits || pending != 0) return std::nullopt;
  return bytes;
}

}  // namespace

std::string to_hex(ByteView bytes) { return encode(bytes, 4, hex_digits); }

std::optional<Bytes> from_hex(std::string_view text) {
  static constexpr DigitValues values = digit_values(hex_digits, true);
  return decode(text, 4, values);
}

std::string to_base64(ByteView bytes) {
  std::string text = encode(bytes, 6, base64_digits);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  static constexpr DigitValues values = digit_values(base64_digits, false);
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && !text.empty() && text.back() == '='; ++padding) {
    text.remove_suffix(1);
  }
  return decode(text, 6, values);
}

std::string to_base32hex(ByteView bytes) { return encode(bytes, 5, base32hex_digits); }

std::optional<Bytes> from_base32hex(std::string_view text) {
  static constexpr DigitValues values = digit_values(base32hex_digits, true);
  return decode(text, 5, values);
}

}  // namespace dns
