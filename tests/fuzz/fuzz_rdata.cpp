// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// Two octets of type, then rdata: read, put in canonical form, printed, and the encodings both
// ways.
#include "dns/rdata.hpp"
#include "fuzz.hpp"

namespace {

void use_bitmap(dns::ByteView wire) {
  const auto bitmap = dns::TypeBitmap::parse(wire);
  if (!bitmap) return;
  const dns::Bytes written = bitmap->wire();
  fuzz::require(written == dns::Bytes(wire.begin(), wire.end()), "the bitmap is written the same");
}

void use_encodings(dns::ByteView view) {
  const dns::Bytes bytes(view.begin(), view.end());
  fuzz::require(dns::from_hex(dns::to_hex(bytes)) == bytes, "hexadecimal");
  fuzz::require(dns::from_base64(dns::to_base64(bytes)) == bytes, "base64");
  fuzz::require(dns::from_base32hex(dns::to_base32hex(bytes)) == bytes, "base32hex");
  const std::string text(view.begin(), view.end());
  if (const auto decoded = dns::from_base64(text)) {
    fuzz::require(dns::to_base64(*decoded) == text, "base64 has one text");
  }
  if (const auto decoded = dns::from_hex(text)) {
    fuzz::require(decoded->size() * 2 == text.size(), "hexadecimal has two digits an octet");
  }
  if (const auto decoded = dns::from_base32hex(text)) {
    fuzz::require(dns::to_base32hex(*decoded).size() == text.size(), "base32hex has one length");
  }
}

void use_types(dns::ByteView rdata) {
  dns::parse_soa(rdata);
  dns::parse_rrsig(rdata);
  dns::parse_dnskey(rdata);
  dns::parse_ds(rdata);
  dns::parse_nsec(rdata);
  dns::parse_nsec3(rdata);
  dns::parse_nsec3param(rdata);
  dns::parse_target(rdata);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dns::Cursor message(dns::ByteView(data, size));
  const auto type = static_cast<dns::Type>(message.u16());
  const auto read = dns::read_rdata(message, type, message.remaining());
  if (!read) return 0;

  fuzz::require_printable(dns::rdata_to_text(type, *read));
  const dns::Bytes canonical = dns::canonical_rdata(type, *read);
  fuzz::require(canonical.size() == read->size(), "canonical form keeps the length");
  fuzz::require(dns::canonical_rdata(type, canonical) == canonical, "canonical form is canonical");
  dns::Cursor uncompressed(*read);
  fuzz::require(dns::read_rdata(uncompressed, type, read->size()) == *read,
                "what was decompressed is read the same");
  use_types(*read);
  use_bitmap(*read);
  use_encodings(*read);
  return 0;
}
