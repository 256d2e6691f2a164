// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

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
  [[nodiscard]] const std::vector<Type>& types() const { return types_; }
  [[nodiscard]] Bytes wire() const;
  /// "A MX RRSIG NSEC"
  [[nodiscard]] std::string to_text() const;
  bool operator==(const TypeBitmap&) const = default;

 private:
  std::vector<Type> types_;  // ascending, unique
};

}  // namespace dns
