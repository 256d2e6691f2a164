// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <algorithm>
#include <initializer_list>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

#include "dns/message.hpp"
#include "dns/name.hpp"
#include "dns/rdata.hpp"

namespace dns_support {

/// Throws when the text is no name, so that a wrong test says so.
inline dns::Name name(std::string_view text) {
  auto parsed = dns::Name::from_text(text);
  if (!parsed) throw std::invalid_argument(parsed.error().message);
  return *std::move(parsed);
}

/// Bytes from hexadecimal with blanks anywhere.
inline dns::Bytes hex(std::string_view text) {
  std::string digits(text);
  digits.erase(std::remove(digits.begin(), digits.end(), ' '), digits.end());
  auto bytes = dns::from_hex(digits);
  if (!bytes) throw std::invalid_argument("not hexadecimal: " + digits);
  return *std::move(bytes);
}

inline dns::Bytes octets(std::string_view text) { return {text.begin(), text.end()}; }

inline dns::Bytes concat(std::initializer_list<dns::Bytes> parts) {
  dns::Bytes whole;
  for (const dns::Bytes& part : parts) whole.insert(whole.end(), part.begin(), part.end());
  return whole;
}

inline dns::Bytes wire(std::string_view text) {
  const dns::Name parsed = name(text);
  return {parsed.wire().begin(), parsed.wire().end()};
}

/// A seeded source of names and bytes: the same ones in every run.
class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_);
  }

  std::uint8_t octet() { return static_cast<std::uint8_t>(below(256)); }

  dns::Bytes bytes(std::size_t length) {
    dns::Bytes result(length);
    for (std::uint8_t& value : result) value = octet();
    return result;
  }

  /// Few labels over few octets, so that names are often equal or related; now and then a long one.
  dns::Name name() {
    dns::Name result;
    const std::size_t labels = below(5);
    for (std::size_t i = 0; i < labels; ++i) {
      const dns::Bytes label = below(20) == 0 ? bytes(1 + below(63)) : related_label();
      if (auto longer = result.prepend(label)) result = *std::move(longer);
    }
    return result;
  }

 private:
  dns::Bytes related_label() {
    static constexpr std::string_view alphabet{"aAbBzZ*.-\\\0\x01\x40\x5b\x60\x7b\x7f\x80\xff", 19};
    dns::Bytes label(1 + below(3));
    for (std::uint8_t& value : label) {
      value = static_cast<std::uint8_t>(alphabet[below(alphabet.size())]);
    }
    return label;
  }

  std::mt19937 engine_;
};

/// The same name, with the case of its letters thrown anew.
inline dns::Name with_random_case(const dns::Name& name, Random& random) {
  dns::Bytes wire(name.wire().begin(), name.wire().end());
  for (std::uint8_t& octet : wire) {
    const bool letter = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
    if (letter && random.below(2) == 0) octet = static_cast<std::uint8_t>(octet ^ 0x20U);
  }
  return dns::Name::from_wire(wire).value();
}

inline bool same_message(const dns::Message& left, const dns::Message& right) {
  return left.id == right.id && left.qr == right.qr && left.aa == right.aa && left.tc == right.tc &&
         left.rd == right.rd && left.ra == right.ra && left.ad == right.ad && left.cd == right.cd &&
         left.opcode == right.opcode && left.rcode == right.rcode &&
         left.questions == right.questions && left.answer == right.answer &&
         left.authority == right.authority && left.additional == right.additional &&
         left.edns == right.edns;
}

}  // namespace dns_support
