// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/rdata.hpp"

#include "dns/rdata_layout.hpp"

namespace dns {
namespace {

constexpr std::size_t max_rdata_octets = 0xffff;

Bytes copy(ByteView view) { return {view.begin(), view.end()}; }

/// The value, unless the rdata was too short, too long or held a bad name.
template <class T>
std::optional<T> whole(const Cursor& cursor, T value) {
  if (!cursor.ok() || !cursor.at_end()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Soa> parse_soa(ByteView rdata) {
  Cursor cursor(rdata);
  Soa soa;
  soa.mname = Name::read(cursor, false);
  soa.rname = Name::read(cursor, false);
  soa.serial = cursor.u32();
  soa.refresh = cursor.u32();
  soa.retry = cursor.u32();
  soa.expire = cursor.u32();
  soa.minimum = cursor.u32();
  return whole(cursor, std::move(soa));
}

std::optional<Rrsig> parse_rrsig(ByteView rdata) {
  Cursor cursor(rdata);
  Rrsig rrsig;
  rrsig.covered = static_cast<Type>(cursor.u16());
  rrsig.algorithm = cursor.u8();
  rrsig.labels = cursor.u8();
  rrsig.original_ttl = cursor.u32();
  rrsig.expiration = SerialTime(cursor.u32());
  rrsig.inception = SerialTime(cursor.u32());
  rrsig.key_tag = cursor.u16();
  rrsig.signer = Name::read(cursor, false);
  rrsig.signature = copy(cursor.rest());
  return whole(cursor, std::move(rrsig));
}

std::optional<Dnskey> parse_dnskey(ByteView rdata) {
  Cursor cursor(rdata);
  Dnskey key;
  key.flags = cursor.u16();
  key.protocol = cursor.u8();
  key.algorithm = cursor.u8();
  key.public_key = copy(cursor.rest());
  return whole(cursor, std::move(key));
}

std::optional<Ds> parse_ds(ByteView rdata) {
  Cursor cursor(rdata);
  Ds ds;
  ds.key_tag = cursor.u16();
  ds.algorithm = cursor.u8();
  ds.digest_type = cursor.u8();
  ds.digest = copy(cursor.rest());
  return whole(cursor, std::move(ds));
}

std::optional<Nsec> parse_nsec(ByteView rdata) {
  Cursor cursor(rdata);
  Name next = Name::read(cursor, false);
  std::optional<TypeBitmap> types = TypeBitmap::parse(cursor.rest());
  if (!cursor.ok() || !types) return std::nullopt;
  return Nsec{std::move(next), *std::move(types)};
}

std::optional<Nsec3> parse_nsec3(ByteView rdata) {
  Cursor cursor(rdata);
  Nsec3 nsec3;
  nsec3.hash_algorithm = cursor.u8();
  nsec3.flags = cursor.u8();
  nsec3.iterations = cursor.u16();
  nsec3.salt = copy(cursor.take(cursor.u8()));
  nsec3.next_hash = copy(cursor.take(cursor.u8()));
  std::optional<TypeBitmap> types = TypeBitmap::parse(cursor.rest());
  // RFC 5155 3.1.7: the hash length "ranges in value from 1 to 255".
  if (!cursor.ok() || !types || nsec3.next_hash.empty()) return std::nullopt;
  nsec3.types = *std::move(types);
  return nsec3;
}

std::optional<Nsec3Param> parse_nsec3param(ByteView rdata) {
  Cursor cursor(rdata);
  Nsec3Param param;
  param.hash_algorithm = cursor.u8();
  param.flags = cursor.u8();
  param.iterations = cursor.u16();
  param.salt = copy(cursor.take(cursor.u8()));
  return whole(cursor, std::move(param));
}

std::optional<Name> parse_target(ByteView rdata) { return Name::from_wire(rdata); }

std::optional<Bytes> read_rdata(Cursor& message, Type type, std::size_t length) {
  const std::size_t start = message.offset();
  const ByteView raw = message.take(length);
  if (!message.ok()) return std::nullopt;
  const std::optional<RdataLayout> layout = layout_of(type, raw);
  if (!layout || layout->compression == Compression::never) return copy(raw);

  // Compression pointers count from the message's start, but nothing may reach past the rdata.
  Cursor rdata(message.all().first(start + length));
  rdata.seek(start);
  Writer out;
  const PutName uncompressed = [](Writer& writer, const Name& name) { writer.bytes(name.wire()); };
  if (!copy_rdata(rdata, *layout, true, out, uncompressed)) return std::nullopt;
  if (out.size() > max_rdata_octets) return std::nullopt;
  return out.take();
}

Bytes canonical_rdata(Type type, ByteView rdata) {
  const std::optional<RdataLayout> layout = layout_of(type, rdata);
  if (!layout) return copy(rdata);
  Cursor cursor(rdata);
  Writer out;
  const PutName lowered = [](Writer& writer, const Name& name) {
    writer.bytes(name.canonical_wire());
  };
  return copy_rdata(cursor, *layout, false, out, lowered) ? out.take() : copy(rdata);
}

}  // namespace dns
