// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <arpa/inet.h>

#include <array>
#include <string>

#include "dns/ascii.hpp"
#include "dns/civil_time.hpp"
#include "dns/rdata.hpp"
#include "dns/text.hpp"

namespace dns {
namespace {

using MaybeText = std::optional<std::string>;

/// The words with a blank between each two.
template <class... Words>
std::string join(const Words&... words) {
  std::string text;
  ((text += words, text += ' '), ...);
  text.pop_back();
  return text;
}

std::string decimal(std::uint32_t value) { return std::to_string(value); }

MaybeText address_text(int family, std::size_t octets, ByteView rdata) {
  if (rdata.size() != octets) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (inet_ntop(family, rdata.data(), buffer.data(), buffer.size()) == nullptr) {
    return std::nullopt;
  }
  return std::string(buffer.data());
}

MaybeText target_text(ByteView rdata) {
  const auto target = parse_target(rdata);
  if (!target) return std::nullopt;
  return target->to_text();
}

MaybeText mx_text(ByteView rdata) {
  Cursor cursor(rdata);
  const std::uint16_t preference = cursor.u16();
  const Name exchange = Name::read(cursor, false);
  if (!cursor.ok() || !cursor.at_end()) return std::nullopt;
  return join(decimal(preference), exchange.to_text());
}

MaybeText soa_text(ByteView rdata) {
  const auto soa = parse_soa(rdata);
  if (!soa) return std::nullopt;
  return join(soa->mname.to_text(), soa->rname.to_text(), decimal(soa->serial),
              decimal(soa->refresh), decimal(soa->retry), decimal(soa->expire),
              decimal(soa->minimum));
}

// Empty digests, keys and signatures parse, but have no presentation: those go the generic way.

MaybeText ds_text(ByteView rdata) {
  const auto ds = parse_ds(rdata);
  if (!ds || ds->digest.empty()) return std::nullopt;
  return join(decimal(ds->key_tag), decimal(ds->algorithm), decimal(ds->digest_type),
              to_hex(ds->digest));
}

MaybeText dnskey_text(ByteView rdata) {
  const auto key = parse_dnskey(rdata);
  if (!key || key->public_key.empty()) return std::nullopt;
  return join(decimal(key->flags), decimal(key->protocol), decimal(key->algorithm),
              to_base64(key->public_key));
}

/// YYYYMMDDHHmmSS in UTC (RFC 4034 3.2), the serial time taken as seconds since 1970.
std::string signature_time(SerialTime time) {
  const CivilTime civil = civil_time(time.value());
  std::string text;
  append_padded(text, civil.year, 4);
  append_padded(text, civil.month, 2);
  append_padded(text, civil.day, 2);
  append_padded(text, civil.hour, 2);
  append_padded(text, civil.minute, 2);
  append_padded(text, civil.second, 2);
  return text;
}

MaybeText rrsig_text(ByteView rdata) {
  const auto rrsig = parse_rrsig(rdata);
  if (!rrsig || rrsig->signature.empty()) return std::nullopt;
  return join(to_text(rrsig->covered), decimal(rrsig->algorithm), decimal(rrsig->labels),
              decimal(rrsig->original_ttl), signature_time(rrsig->expiration),
              signature_time(rrsig->inception), decimal(rrsig->key_tag), rrsig->signer.to_text(),
              to_base64(rrsig->signature));
}

std::string with_types(const std::string& text, const TypeBitmap& types) {
  return types.empty() ? text : join(text, types.to_text());
}

MaybeText nsec_text(ByteView rdata) {
  const auto nsec = parse_nsec(rdata);
  if (!nsec) return std::nullopt;
  return with_types(nsec->next.to_text(), nsec->types);
}

std::string salt_text(const Bytes& salt) { return salt.empty() ? "-" : to_hex(salt); }

MaybeText nsec3_text(ByteView rdata) {
  const auto nsec3 = parse_nsec3(rdata);
  if (!nsec3) return std::nullopt;
  return with_types(
      join(decimal(nsec3->hash_algorithm), decimal(nsec3->flags), decimal(nsec3->iterations),
           salt_text(nsec3->salt), to_base32hex(nsec3->next_hash)),
      nsec3->types);
}

MaybeText nsec3param_text(ByteView rdata) {
  const auto param = parse_nsec3param(rdata);
  if (!param) return std::nullopt;
  return join(decimal(param->hash_algorithm), decimal(param->flags), decimal(param->iterations),
              salt_text(param->salt));
}

/// What may stand in a character-string unescaped: nothing that means something to a monitoring
/// system, a shell or a web page, nor what reports put around a finding's id.
bool is_plain_in_string(std::uint8_t octet) {
  constexpr std::string_view plain = " -_*/+=:,~.@(){}?!#%^";
  return is_ascii_alphanumeric(octet) ||
         plain.find(static_cast<char>(octet)) != std::string_view::npos;
}

MaybeText txt_text(ByteView rdata) {
  Cursor cursor(rdata);
  std::string text;
  while (!cursor.at_end()) {
    const ByteView string = cursor.take(cursor.u8());
    if (!cursor.ok()) return std::nullopt;
    text += text.empty() ? "\"" : " \"";
    for (const std::uint8_t octet : string) {
      if (is_plain_in_string(octet)) {
        text += static_cast<char>(octet);
      } else {
        append_escape(text, octet);
      }
    }
    text += '"';
  }
  // RFC 1035 3.3.14: one or more character-strings.
  if (text.empty()) return std::nullopt;
  return text;
}

MaybeText known_text(Type type, ByteView rdata) {
  if (type == Type::a) return address_text(AF_INET, 4, rdata);
  if (type == Type::aaaa) return address_text(AF_INET6, 16, rdata);
  if (type == Type::ns || type == Type::cname || type == Type::dname || type == Type::ptr) {
    return target_text(rdata);
  }
  if (type == Type::mx) return mx_text(rdata);
  if (type == Type::soa) return soa_text(rdata);
  if (type == Type::txt) return txt_text(rdata);
  if (type == Type::ds || type == Type::cds) return ds_text(rdata);
  if (type == Type::dnskey || type == Type::cdnskey) return dnskey_text(rdata);
  if (type == Type::rrsig) return rrsig_text(rdata);
  if (type == Type::nsec) return nsec_text(rdata);
  if (type == Type::nsec3) return nsec3_text(rdata);
  if (type == Type::nsec3param) return nsec3param_text(rdata);
  return std::nullopt;
}

/// RFC 3597 5.
std::string generic_text(ByteView rdata) {
  const std::string length = "\\# " + std::to_string(rdata.size());
  return rdata.empty() ? length : join(length, to_hex(rdata));
}

}  // namespace

std::string rdata_to_text(Type type, ByteView rdata) {
  MaybeText text = known_text(type, rdata);
  return text ? *std::move(text) : generic_text(rdata);
}

}  // namespace dns
