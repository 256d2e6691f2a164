// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/cursor.hpp"

namespace dns {

void Cursor::seek(std::size_t offset) {
  if (failed_ || offset > bytes_.size()) {
    fail();
    return;
  }
  offset_ = offset;
}

std::uint8_t Cursor::u8() {
  const ByteView octets = take(1);
  return octets.empty() ? std::uint8_t{0} : octets[0];
}

std::uint16_t Cursor::u16() {
  const ByteView octets = take(2);
  if (octets.empty()) return 0;
  return static_cast<std::uint16_t>((std::uint32_t{octets[0]} << 8U) | octets[1]);
}

std::uint32_t Cursor::u32() {
  const ByteView octets = take(4);
  if (octets.empty()) return 0;
  return (std::uint32_t{octets[0]} << 24U) | (std::uint32_t{octets[1]} << 16U) |
         (std::uint32_t{octets[2]} << 8U) | octets[3];
}

ByteView Cursor::take(std::size_t length) {
  // Compared this way round because offset_ + length may wrap.
  if (failed_ || length > bytes_.size() - offset_) {
    fail();
    return {};
  }
  const ByteView taken = bytes_.subspan(offset_, length);
  offset_ += length;
  return taken;
}

ByteView Cursor::rest() { return take(remaining()); }

void Writer::u16(std::uint16_t value) {
  u8(static_cast<std::uint8_t>(value >> 8U));
  u8(static_cast<std::uint8_t>(value & 0xffU));
}

void Writer::u32(std::uint32_t value) {
  u16(static_cast<std::uint16_t>(value >> 16U));
  u16(static_cast<std::uint16_t>(value & 0xffffU));
}

void Writer::bytes(ByteView view) { bytes_.insert(bytes_.end(), view.begin(), view.end()); }

void Writer::patch_u16(std::size_t offset, std::uint16_t value) {
  bytes_.at(offset) = static_cast<std::uint8_t>(value >> 8U);
  bytes_.at(offset + 1) = static_cast<std::uint8_t>(value & 0xffU);
}

}  // namespace dns
