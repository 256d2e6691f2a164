// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/rrsig_view.hpp"

#include "dns/cursor.hpp"
#include "dns/name.hpp"

namespace dns {

namespace {

constexpr std::size_t kSignerAt = 18;

/// Octets of the name that `bytes` begin with; 0 when they begin with none.
std::size_t name_length(ByteView bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && at < Name::max_octets) {
    const std::size_t label = bytes[at];
    if (label == 0) {
      return at + 1;
    }
    if (label > Name::max_label_octets) {
      return 0;
    }
    at += label + 1;
  }
  return 0;
}

}  // namespace

std::optional<RrsigView> view_rrsig(ByteView rdata) {
  Cursor cursor(rdata);
  RrsigView view;
  view.covered = static_cast<Type>(cursor.u16());
  view.algorithm = cursor.u8();
  view.labels = cursor.u8();
  view.original_ttl = cursor.u32();
  view.expiration = SerialTime(cursor.u32());
  view.inception = SerialTime(cursor.u32());
  view.key_tag = cursor.u16();
  if (!cursor.ok()) {
    return std::nullopt;
  }
  view.head = rdata.first(kSignerAt);
  const std::size_t signer = name_length(rdata.subspan(kSignerAt));
  if (signer == 0) {
    return std::nullopt;
  }
  view.signer = rdata.subspan(kSignerAt, signer);
  view.signature = rdata.subspan(kSignerAt + signer);
  return view;
}

}  // namespace dns
