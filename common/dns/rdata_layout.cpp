// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/rdata_layout.hpp"

#include <array>

namespace dns {
namespace {

constexpr int any = RdataLayout::any_tail;

// HINFO and NSEC stand in RFC 4034 6.2's list, but RFC 6840 5.1 takes NSEC out of it, and HINFO
// holds no names.
constexpr std::array layouts{
    RdataLayout{Type::ns, 0, 0, 1, 0, Compression::written},
    RdataLayout{Type::md, 0, 0, 1, 0, Compression::written},
    RdataLayout{Type::mf, 0, 0, 1, 0, Compression::written},
    RdataLayout{Type::cname, 0, 0, 1, 0, Compression::written},
    RdataLayout{Type::soa, 0, 0, 2, 20, Compression::written},
    RdataLayout{Type::mb, 0, 0, 1, 0, Compression::written},
    RdataLayout{Type::mg, 0, 0, 1, 0, Compression::written},
    RdataLayout{Type::mr, 0, 0, 1, 0, Compression::written},
    RdataLayout{Type::ptr, 0, 0, 1, 0, Compression::written},
    RdataLayout{Type::minfo, 0, 0, 2, 0, Compression::written},
    RdataLayout{Type::mx, 2, 0, 1, 0, Compression::written},
    RdataLayout{Type::rp, 0, 0, 2, 0, Compression::accepted},
    RdataLayout{Type::afsdb, 2, 0, 1, 0, Compression::accepted},
    RdataLayout{Type::rt, 2, 0, 1, 0, Compression::accepted},
    RdataLayout{Type::sig, 18, 0, 1, any, Compression::accepted},
    RdataLayout{Type::px, 2, 0, 2, 0, Compression::accepted},
    RdataLayout{Type::nxt, 0, 0, 1, any, Compression::accepted},
    RdataLayout{Type::srv, 6, 0, 1, 0, Compression::accepted},
    RdataLayout{Type::naptr, 4, 3, 1, 0, Compression::accepted},
    RdataLayout{Type::kx, 2, 0, 1, 0, Compression::never},
    RdataLayout{Type::dname, 0, 0, 1, 0, Compression::never},
    RdataLayout{Type::rrsig, 18, 0, 1, any, Compression::never},
};

/// RFC 2874 3.1: prefix length, the address bits behind the prefix, then a name if there is a
/// prefix.
std::optional<RdataLayout> a6_layout(ByteView rdata) {
  constexpr unsigned address_bits = 128;
  if (rdata.empty() || rdata[0] > address_bits) return std::nullopt;
  const unsigned prefix = rdata[0];
  RdataLayout layout;
  layout.type = Type::a6;
  layout.head = static_cast<std::uint8_t>(1 + (address_bits - prefix + 7) / 8);
  layout.names = prefix > 0 ? 1 : 0;
  return layout;
}

}  // namespace

std::optional<RdataLayout> layout_of(Type type, ByteView rdata) {
  if (type == Type::a6) return a6_layout(rdata);
  for (const RdataLayout& layout : layouts) {
    if (layout.type == type) return layout;
  }
  return std::nullopt;
}

bool copy_rdata(Cursor& rdata, const RdataLayout& layout, bool allow_compression, Writer& out,
                const PutName& put_name) {
  out.bytes(rdata.take(layout.head));
  for (unsigned i = 0; i < layout.strings; ++i) {
    const std::uint8_t length = rdata.u8();
    out.u8(length);
    out.bytes(rdata.take(length));
  }
  for (unsigned i = 0; i < layout.names; ++i) {
    const Name name = Name::read(rdata, allow_compression);
    if (!rdata.ok()) return false;
    put_name(out, name);
  }
  const bool fits = layout.tail == RdataLayout::any_tail ||
                    rdata.remaining() == static_cast<std::size_t>(layout.tail);
  out.bytes(rdata.rest());
  return rdata.ok() && fits;
}

}  // namespace dns
