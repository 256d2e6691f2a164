// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "dns/bytes.hpp"

namespace dns {

/// The only way foreign bytes are read. Every read is bounds-checked; the first read past the end
/// makes the cursor failed for good, and failed reads give zeroes and empty views, so a parser may
/// read a whole structure and ask ok() once. Does not own the bytes.
class Cursor {
 public:
  explicit Cursor(ByteView bytes) : bytes_(bytes) {}

  [[nodiscard]] bool ok() const { return !failed_; }
  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] std::size_t remaining() const { return failed_ ? 0 : bytes_.size() - offset_; }
  [[nodiscard]] bool at_end() const { return remaining() == 0; }
  /// All the bytes the cursor was made over (what compression pointers refer to).
  [[nodiscard]] ByteView all() const { return bytes_; }

  void fail() { failed_ = true; }
  /// Moves to an absolute offset; fails when it is past the end.
  void seek(std::size_t offset);
  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  /// The next `length` bytes, as a view into the original bytes.
  ByteView take(std::size_t length);
  /// Everything that is left.
  ByteView rest();

 private:
  ByteView bytes_;
  std::size_t offset_ = 0;
  bool failed_ = false;
};

/// Appends big-endian integers and bytes.
class Writer {
 public:
  void u8(std::uint8_t value) { bytes_.push_back(value); }
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void bytes(ByteView view);
  /// Overwrites two bytes written before. Precondition: offset + 2 <= size().
  void patch_u16(std::size_t offset, std::uint16_t value);
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] const Bytes& view() const { return bytes_; }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

}  // namespace dns
