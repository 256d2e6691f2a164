// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/bytes.hpp"
#include "dns/cursor.hpp"
#include "dns/result.hpp"

namespace dns {

/// A fully qualified domain name, stored as its uncompressed wire form (RFC 1035 3.1), case kept.
/// Always valid: at most 255 octets, labels of at most 63, ends in the root label.
/// Equality ignores ASCII case (RFC 4343). There is no operator<: order by canonical_compare().
class Name {
 public:
  static constexpr std::size_t max_octets = 255;  ///< RFC 1035 2.3.4, root label included
  static constexpr std::size_t max_label_octets = 63;

  /// The root.
  Name();

  /// Reads presentation format (RFC 1035 5.1: `\.`, `\DDD`); a missing final dot is supplied.
  /// "" is an error, "." is the root. IDNs must come as A-labels: bytes above 127 are refused.
  static Result<Name> from_text(std::string_view text);
  /// From uncompressed wire form that must be exactly one name.
  static std::optional<Name> from_wire(ByteView wire);
  /// Reads a name at the cursor, following compression pointers into cursor.all() (RFC 1035 4.1.4).
  /// Pointers must point strictly backwards; at most 127 are followed. Fails the cursor on bad
  /// bytes and then returns the root. With `allow_compression` false any pointer is bad bytes.
  static Name read(Cursor& cursor, bool allow_compression = true);

  [[nodiscard]] ByteView wire() const { return wire_; }
  /// Wire form in lower case (RFC 4034 6.2).
  [[nodiscard]] Bytes canonical_wire() const;
  /// Presentation format with final dot, e.g. "example.com.". Every octet outside letters, digits
  /// and `-_*/+=:,~` is written `\DDD`, so the text is safe in any output without more escaping.
  [[nodiscard]] std::string to_text() const;
  /// As to_text() without the final dot (the root stays "."): how reports print names.
  [[nodiscard]] std::string to_display() const;

  [[nodiscard]] bool is_root() const { return wire_.size() == 1; }
  /// Number of labels without the root label; "." has 0, "*.a." has 2 (for RRSIG Labels see
  /// label_count_without_wildcard()).
  [[nodiscard]] std::size_t label_count() const;
  /// As RRSIG's Labels field counts (RFC 4034 3.1.3): a leading "*" label does not count.
  [[nodiscard]] std::size_t label_count_without_wildcard() const;
  [[nodiscard]] bool is_wildcard() const;
  /// The labels from left to right, as views into wire(), without the root label.
  [[nodiscard]] std::vector<ByteView> labels() const;

  /// One label less; the root's parent is the root.
  [[nodiscard]] Name parent() const;
  /// The last `count` labels: "a.b.c."'s suffix(2) is "b.c.". count >= label_count() gives *this.
  [[nodiscard]] Name suffix(std::size_t count) const;
  /// `label` + this; nothing when label is empty or too long or the name would be over 255 octets.
  [[nodiscard]] std::optional<Name> prepend(ByteView label) const;
  [[nodiscard]] std::optional<Name> prepend(std::string_view label) const;
  /// "*." + this.
  [[nodiscard]] std::optional<Name> wildcard() const { return prepend("*"); }
  [[nodiscard]] Name lowercase() const;

  /// True when this is `ancestor` or below it (RFC 9499 subdomain).
  [[nodiscard]] bool is_at_or_below(const Name& ancestor) const;
  [[nodiscard]] bool is_below(const Name& ancestor) const;
  /// The longest name that both are at or below.
  [[nodiscard]] Name common_ancestor(const Name& other) const;

  bool operator==(const Name& other) const;

 private:
  explicit Name(Bytes wire) : wire_(std::move(wire)) {}
  Bytes wire_;
};

/// Canonical DNS name order, RFC 4034 6.1.
std::strong_ordering canonical_compare(const Name& left, const Name& right);

/// For std::map and std::sort in canonical order.
struct CanonicalLess {
  bool operator()(const Name& left, const Name& right) const {
    return canonical_compare(left, right) == std::strong_ordering::less;
  }
};

/// Case-insensitive, fits operator==.
struct NameHash {
  std::size_t operator()(const Name& name) const;
};

}  // namespace dns
