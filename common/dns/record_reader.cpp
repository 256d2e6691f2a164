// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/record_reader.hpp"

#include <algorithm>
#include <cstring>

#include "dns/rdata_layout.hpp"

namespace dns {
namespace {

constexpr std::size_t most_pointers = 127;    // as Name::read
constexpr std::size_t fixed_octets = 10;      // type, class, TTL, length of rdata
constexpr std::size_t most_rdata = 0xffff;    // uncompressed, as parse_message() has it
constexpr std::uint8_t pointer_bits = 0xc0U;  // RFC 1035 4.1.4

}  // namespace

RecordReader::RecordReader(ByteView message) : message_(message) {
  if (message.size() < MessageHead::octets) {
    fail("shorter than a header", 0);
    return;
  }
  head_.id = u16(0);
  head_.bits = u16(2);
  for (std::size_t i = 0; i < head_.counts.size(); ++i) head_.counts.at(i) = u16(4 + 2 * i);
  offset_ = MessageHead::octets;
}

std::uint16_t RecordReader::u16(std::size_t at) const {
  return static_cast<std::uint16_t>((std::uint32_t{message_[at]} << 8U) | message_[at + 1]);
}

bool RecordReader::fail(const std::string& what, std::size_t where) {
  if (problem_.empty()) problem_ = what + " at octet " + std::to_string(where);
  return false;
}

// What Name::read() does, into memory that is there already: a zone has more names than anything
// else.
bool RecordReader::name(std::size_t& at, std::size_t end, NameBuffer& into) const {
  std::size_t from = at;
  std::size_t segment = at;
  std::size_t length = 0;
  std::size_t pointers = 0;
  while (from < end) {
    const std::size_t octet = message_[from];
    if ((octet & pointer_bits) == pointer_bits) {
      if (from + 1 >= end) return false;
      const std::size_t target = ((octet & 0x3fU) << 8U) | message_[from + 1];
      if (pointers == 0) at = from + 2;
      // Strictly backwards, so no loops.
      if (++pointers > most_pointers || target >= segment) return false;
      segment = from = target;
      continue;
    }
    // 01 and 10 are no label types any more (RFC 6891 5).
    if (octet > Name::max_label_octets || octet >= end - from) return false;
    if (length + octet + 1 > into.octets.size()) return false;
    std::memcpy(into.octets.data() + length, message_.data() + from, octet + 1);
    length += octet + 1;
    from += octet + 1;
    if (octet == 0) {
      if (pointers == 0) at = from;
      into.length = length;
      return true;
    }
  }
  return false;
}

// Most owners are a pointer to the same name as the record before.
bool RecordReader::owner(std::size_t& at) {
  const std::size_t left = message_.size() - at;
  const bool pointer = left >= 2 && (message_[at] & pointer_bits) == pointer_bits;
  const std::size_t target = pointer ? u16(at) & 0x3fffU : 0;
  if (pointer && target != 0 && target == owner_target_) {
    at += 2;
    return true;
  }
  const std::size_t start = at;
  owner_target_ = 0;
  if (!name(at, message_.size(), owner_)) return false;
  // A name that is written out is pointed at by those that follow.
  owner_target_ = pointer ? target : start;
  return true;
}

bool RecordReader::question(RecordView& into) {
  if (!ok()) return false;
  const std::size_t start = offset_;
  std::size_t at = start;
  if (!owner(at) || message_.size() - at < 4) return fail("malformed question", start);
  into = {ByteView(owner_.octets).first(owner_.length),
          static_cast<Type>(u16(at)),
          static_cast<Class>(u16(at + 2)),
          0,
          {}};
  offset_ = at + 4;
  return true;
}

bool RecordReader::record(RecordView& into) {
  if (!ok()) return false;
  const std::size_t start = offset_;
  std::size_t at = start;
  if (!owner(at) || message_.size() - at < fixed_octets) return fail("malformed record", start);
  const auto type = static_cast<Type>(u16(at));
  const std::size_t length = u16(at + 8);
  const std::size_t begin = at + fixed_octets;
  if (message_.size() - begin < length) return fail("malformed record", start);
  ByteView data;
  if (!rdata(type, begin, length, data)) {
    return fail("malformed " + to_text(type) + " record", start);
  }
  into = {ByteView(owner_.octets).first(owner_.length), type, static_cast<Class>(u16(at + 2)),
          (std::uint32_t{u16(at + 4)} << 16U) | u16(at + 6), data};
  offset_ = begin + length;
  return true;
}

std::optional<Type> RecordReader::skip_record() {
  if (!ok()) return std::nullopt;
  std::size_t at = offset_;
  while (at < message_.size() && message_[at] != 0 && message_[at] <= Name::max_label_octets) {
    at += std::size_t{message_[at]} + 1;
  }
  if (at < message_.size()) at += message_[at] == 0 ? 1 : 2;
  const std::size_t left = at < message_.size() ? message_.size() - at : 0;
  if (left < fixed_octets || left - fixed_octets < u16(at + 8)) {
    fail("malformed record", offset_);
    return std::nullopt;
  }
  offset_ = at + fixed_octets + u16(at + 8);
  return static_cast<Type>(u16(at));
}

bool RecordReader::rdata(Type type, std::size_t at, std::size_t length, ByteView& into) {
  into = message_.subspan(at, length);
  // By far the most records, and none of them holds names that may be compressed.
  if (type == Type::rrsig || type == Type::nsec3 || type == Type::a || type == Type::aaaa) {
    return true;
  }
  const auto layout = layout_of(type, into);
  if (!layout || layout->compression == Compression::never) return true;
  if (!uncompress(*layout, at, at + length)) return false;
  into = rdata_;
  return true;
}

bool RecordReader::uncompress(const RdataLayout& layout, std::size_t at, std::size_t end) {
  rdata_.clear();
  if (!copy_octets(at, end, layout.head)) return false;
  for (unsigned i = 0; i < layout.strings; ++i) {
    if (at >= end || !copy_octets(at, end, std::size_t{message_[at]} + 1)) return false;
  }
  for (unsigned i = 0; i < layout.names; ++i) {
    NameBuffer buffer;
    if (!name(at, end, buffer)) return false;
    const auto octets = ByteView(buffer.octets).first(buffer.length);
    rdata_.insert(rdata_.end(), octets.begin(), octets.end());
  }
  const bool fits =
      layout.tail == RdataLayout::any_tail || end - at == static_cast<std::size_t>(layout.tail);
  return fits && copy_octets(at, end, end - at) && rdata_.size() <= most_rdata;
}

bool RecordReader::copy_octets(std::size_t& at, std::size_t end, std::size_t count) {
  if (count > end - at) return false;
  const ByteView octets = message_.subspan(at, count);
  rdata_.insert(rdata_.end(), octets.begin(), octets.end());
  at += count;
  return true;
}

}  // namespace dns
