// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/name.hpp"

#include <algorithm>
#include <array>

#include "dns/ascii.hpp"

namespace dns {
namespace {

constexpr std::size_t max_labels = 127;  // of one octet each, without the root label
constexpr unsigned max_pointers = 127;   // one before each label is all that a name can use

/// A name while it is read: hostile bytes cannot make it larger than a name may be.
class WireBuffer {
 public:
  [[nodiscard]] bool append_label(ByteView label) {
    if (size_ + 1 + label.size() > octets_.size()) return false;
    octets_[size_++] = static_cast<std::uint8_t>(label.size());
    for (const std::uint8_t octet : label) octets_[size_++] = octet;
    return true;
  }
  [[nodiscard]] Bytes bytes() const {
    const ByteView used = ByteView(octets_).first(size_);
    return {used.begin(), used.end()};
  }

 private:
  std::array<std::uint8_t, Name::max_octets> octets_{};
  std::size_t size_ = 0;
};

/// Where each label begins, from left to right, without the root label.
struct LabelOffsets {
  std::array<std::uint8_t, max_labels> at{};
  std::size_t count = 0;
};

LabelOffsets label_offsets(ByteView wire) {
  LabelOffsets offsets;
  for (std::size_t offset = 0; wire[offset] != 0; offset += std::size_t{wire[offset]} + 1) {
    offsets.at[offsets.count++] = static_cast<std::uint8_t>(offset);
  }
  return offsets;
}

ByteView label_at(ByteView wire, std::size_t offset) {
  return wire.subspan(offset + 1, wire[offset]);
}

// Length octets are at most 63, below 'A', so whole wire forms may be compared and lowered octet
// by octet.
bool equal_ignoring_case(ByteView left, ByteView right) {
  return std::equal(
      left.begin(), left.end(), right.begin(), right.end(),
      [](std::uint8_t one, std::uint8_t other) { return ascii_lower(one) == ascii_lower(other); });
}

std::strong_ordering compare_labels(ByteView left, ByteView right) {
  const std::size_t shared = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < shared; ++i) {
    const auto order = ascii_lower(left[i]) <=> ascii_lower(right[i]);
    if (order != std::strong_ordering::equal) return order;
  }
  return left.size() <=> right.size();
}

}  // namespace

Name::Name() : wire_{0} {}

std::optional<Name> Name::from_wire(ByteView wire) {
  Cursor cursor(wire);
  Name name = read(cursor, false);
  if (!cursor.ok() || !cursor.at_end()) return std::nullopt;
  return name;
}

Name Name::read(Cursor& cursor, bool allow_compression) {
  WireBuffer wire;
  Cursor reader = cursor;  // runs ahead along the pointers; `cursor` only steps over the name
  std::size_t segment = reader.offset();
  unsigned pointers = 0;
  while (true) {
    const std::uint8_t length = reader.u8();
    if ((length & 0xc0U) == 0xc0U) {
      const std::size_t target = ((length & 0x3fU) << 8U) | reader.u8();
      if (pointers == 0) cursor.seek(reader.offset());
      // RFC 1035 4.1.4: "a prior occurance of the same name". Strictly backwards, so no loops.
      if (!allow_compression || ++pointers > max_pointers || target >= segment) break;
      reader.seek(target);
      segment = target;
      continue;
    }
    // 01 and 10 are no label types any more (RFC 6891 5).
    if (length > max_label_octets) break;
    const ByteView label = reader.take(length);
    if (!reader.ok() || !wire.append_label(label)) break;
    if (length == 0) {
      if (pointers == 0) cursor.seek(reader.offset());
      return Name(wire.bytes());
    }
  }
  cursor.fail();
  return {};
}

Bytes Name::canonical_wire() const {
  Bytes lowered(wire_.size());
  std::transform(wire_.begin(), wire_.end(), lowered.begin(), ascii_lower);
  return lowered;
}

Name Name::lowercase() const { return Name(canonical_wire()); }

std::size_t Name::label_count() const { return label_offsets(wire_).count; }

std::size_t Name::label_count_without_wildcard() const {
  return label_count() - (is_wildcard() ? 1 : 0);
}

bool Name::is_wildcard() const { return wire_[0] == 1 && wire_[1] == '*'; }

std::vector<ByteView> Name::labels() const {
  const LabelOffsets offsets = label_offsets(wire_);
  std::vector<ByteView> labels;
  labels.reserve(offsets.count);
  for (std::size_t i = 0; i < offsets.count; ++i) labels.push_back(label_at(wire_, offsets.at[i]));
  return labels;
}

Name Name::parent() const { return is_root() ? *this : suffix(label_count() - 1); }

Name Name::suffix(std::size_t count) const {
  const LabelOffsets offsets = label_offsets(wire_);
  if (count >= offsets.count) return *this;
  if (count == 0) return {};
  const ByteView tail = wire().subspan(offsets.at[offsets.count - count]);
  return Name(Bytes(tail.begin(), tail.end()));
}

std::optional<Name> Name::prepend(ByteView label) const {
  if (label.empty() || label.size() > max_label_octets) return std::nullopt;
  if (label.size() + 1 + wire_.size() > max_octets) return std::nullopt;
  Bytes longer;
  longer.reserve(label.size() + 1 + wire_.size());
  longer.push_back(static_cast<std::uint8_t>(label.size()));
  longer.insert(longer.end(), label.begin(), label.end());
  longer.insert(longer.end(), wire_.begin(), wire_.end());
  return Name(std::move(longer));
}

std::optional<Name> Name::prepend(std::string_view label) const {
  return prepend(Bytes(label.begin(), label.end()));
}

bool Name::is_at_or_below(const Name& ancestor) const {
  if (wire_.size() < ancestor.wire_.size()) return false;
  const std::size_t start = wire_.size() - ancestor.wire_.size();
  std::size_t offset = 0;
  while (offset < start) offset += std::size_t{wire_[offset]} + 1;
  // The tail that is as long as the ancestor has to begin where a label begins.
  return offset == start && equal_ignoring_case(wire().subspan(start), ancestor.wire());
}

bool Name::is_below(const Name& ancestor) const {
  return wire_.size() > ancestor.wire_.size() && is_at_or_below(ancestor);
}

Name Name::common_ancestor(const Name& other) const {
  const LabelOffsets mine = label_offsets(wire_);
  const LabelOffsets theirs = label_offsets(other.wire_);
  const std::size_t most = std::min(mine.count, theirs.count);
  std::size_t shared = 0;
  while (shared < most &&
         equal_ignoring_case(label_at(wire_, mine.at[mine.count - shared - 1]),
                             label_at(other.wire_, theirs.at[theirs.count - shared - 1]))) {
    ++shared;
  }
  return suffix(shared);
}

bool Name::operator==(const Name& other) const { return equal_ignoring_case(wire_, other.wire_); }

std::strong_ordering canonical_compare(const Name& left, const Name& right) {
  const LabelOffsets lefts = label_offsets(left.wire());
  const LabelOffsets rights = label_offsets(right.wire());
  const std::size_t shared = std::min(lefts.count, rights.count);
  for (std::size_t i = 1; i <= shared; ++i) {
    const auto order = compare_labels(label_at(left.wire(), lefts.at[lefts.count - i]),
                                      label_at(right.wire(), rights.at[rights.count - i]));
    if (order != std::strong_ordering::equal) return order;
  }
  return lefts.count <=> rights.count;
}

std::size_t NameHash::operator()(const Name& name) const {
  // FNV-1a, 64 bits.
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const std::uint8_t octet : name.wire()) {
    hash = (hash ^ ascii_lower(octet)) * 0x100000001b3U;
  }
  return static_cast<std::size_t>(hash);
}

}  // namespace dns
