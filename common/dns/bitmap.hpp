// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dns/bytes.hpp"
#include "dns/type.hpp"

namespace dns {

/// The Type Bit Maps field of NSEC, NSEC3 and CSYNC (RFC 4034 4.1.2).
class TypeBitmap {
 public:
  TypeBitmap() = default;
  explicit TypeBitmap(std::vector<Type> types);
  /// Nothing when windows are out of order, empty, over 32 octets, end in a zero octet, or run
  /// past the end. An empty field is an empty bitmap.
  static std::optional<TypeBitmap> parse(ByteView wire);

  [[nodiscard]] bool has(Type type) const;
  [[nodiscard]] bool empty() const { return wire_.empty(); }
  [[nodiscard]] std::size_t size() const;  ///< types
  /// Ascending, unique; made for this call: of 8 KiB that list every type it takes 128.
  [[nodiscard]] std::vector<Type> types() const;
  [[nodiscard]] const Bytes& wire() const { return wire_; }
  /// "A MX RRSIG NSEC"
  [[nodiscard]] std::string to_text() const;
  bool operator==(const TypeBitmap&) const = default;

 private:
  Bytes wire_;  // as parse() takes it
};

}  // namespace dns
