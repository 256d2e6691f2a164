// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "dns/bytes.hpp"
#include "dns/type.hpp"

namespace dns {

/// One record as it passes by; the views are good for the call only.
struct RecordView {
  ByteView owner;  ///< uncompressed wire form, always a valid name, case kept
  Type type = Type::none;
  Class klass = Class::in;
  std::uint32_t ttl = 0;
  ByteView rdata;  ///< at most 65,535 octets; names in it uncompressed, case kept
};

/// What a whole zone is poured into, record by record, from a file or a transfer.
class RecordSink {
 public:
  RecordSink() = default;
  RecordSink(const RecordSink&) = delete;
  RecordSink& operator=(const RecordSink&) = delete;
  virtual ~RecordSink() = default;

  /// Nothing, or why no more will be taken: one line, safe to print, without where it stood. The
  /// source stops at once then and adds the place.
  virtual std::optional<std::string> add(const RecordView& record) = 0;
};

}  // namespace dns
