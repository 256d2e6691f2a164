// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "dns/bytes.hpp"
#include "dns/name.hpp"
#include "dns/record_sink.hpp"
#include "dns/type.hpp"

namespace dns {

/// The twelve octets that every message begins with.
struct MessageHead {
  static constexpr std::size_t octets = 12;
  std::uint16_t id = 0;
  std::uint16_t bits = 0;  ///< see header_bits.hpp
  std::array<std::uint16_t, 4> counts{};
};

/// Reads one message item by item, in the order in which they stand, without keeping any: for zone
/// transfers, where a message holds hundreds of records and a zone thousands of messages. Accepts
/// the same bytes as parse_message() does; it leaves OPT and TSIG to the caller.
class RecordReader {
 public:
  /// `message` outlives the reader. With fewer octets than a head the reader has failed.
  explicit RecordReader(ByteView message);

  [[nodiscard]] const MessageHead& head() const { return head_; }
  [[nodiscard]] bool ok() const { return problem_.empty(); }
  /// "malformed RRSIG record at octet 123"; safe to print.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] bool at_end() const { return offset_ == message_.size(); }

  /// A question; its ttl and rdata are empty. False when it is malformed.
  bool question(RecordView& into);
  /// The views are good until the next call. False when it is malformed.
  bool record(RecordView& into);
  /// Steps over a record without looking at its names and rdata, and tells its type; nothing when
  /// it is malformed.
  std::optional<Type> skip_record();

 private:
  /// A name written out. Octets beyond its length mean nothing.
  struct NameBuffer {
    std::array<std::uint8_t, Name::max_octets> octets{};
    std::size_t length = 0;
  };

  [[nodiscard]] std::uint16_t u16(std::size_t at) const;
  bool fail(const std::string& what, std::size_t where);
  /// Reads a name at `at`, which moves behind it, within the first `end` octets.
  bool name(std::size_t& at, std::size_t end, NameBuffer& into) const;
  bool owner(std::size_t& at);
  bool rdata(Type type, std::size_t at, std::size_t length, ByteView& into);
  bool uncompress(const struct RdataLayout& layout, std::size_t at, std::size_t end);
  bool copy_octets(std::size_t& at, std::size_t end, std::size_t count);

  ByteView message_;
  std::size_t offset_ = 0;
  MessageHead head_;
  NameBuffer owner_;
  std::size_t owner_target_ = 0;  ///< the pointer that owner_ was read from; 0: none
  Bytes rdata_;                   ///< where names had to be written out
  std::string problem_;
};

}  // namespace dns
