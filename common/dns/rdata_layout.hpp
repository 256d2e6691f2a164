// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "dns/bytes.hpp"
#include "dns/cursor.hpp"
#include "dns/name.hpp"
#include "dns/type.hpp"

namespace dns {

/// Whether names in rdata may be compressed (RFC 3597 4).
enum class Compression {
  never,     ///< neither written nor understood
  accepted,  ///< types of before RFC 3597 that some senders compress; read, never written
  written,   ///< the types of RFC 1035
};

/// Where the names stand in the rdata of a type whose names are put in lower case in canonical
/// form: `head` octets, then `strings` character-strings, then `names`, then the tail.
struct RdataLayout {
  static constexpr int any_tail = -1;

  Type type = Type::none;
  std::uint8_t head = 0;
  std::uint8_t strings = 0;
  std::uint8_t names = 0;
  int tail = 0;  ///< octets behind the names, or any_tail
  Compression compression = Compression::never;
};

/// The layout of RFC 4034 6.2's types (as amended by RFC 6840 5.1); nothing for types without such
/// names. `rdata` is looked at only where the layout hangs on it (A6).
std::optional<RdataLayout> layout_of(Type type, ByteView rdata);

using PutName = std::function<void(Writer&, const Name&)>;

/// Copies the rdata at the cursor, up to the cursor's end, and writes each name by `put_name`.
/// False when the bytes do not fit the layout.
bool copy_rdata(Cursor& rdata, const RdataLayout& layout, bool allow_compression, Writer& out,
                const PutName& put_name);

}  // namespace dns
