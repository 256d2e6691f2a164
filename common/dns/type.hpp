// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dns {

/// RR types (IANA "Resource Record (RR) TYPEs"). Any 16-bit value is a legal Type: cast freely.
enum class Type : std::uint16_t {
  none = 0,
  a = 1,
  ns = 2,
  md = 3,
  mf = 4,
  cname = 5,
  soa = 6,
  mb = 7,
  mg = 8,
  mr = 9,
  null = 10,
  wks = 11,
  ptr = 12,
  hinfo = 13,
  minfo = 14,
  mx = 15,
  txt = 16,
  rp = 17,
  afsdb = 18,
  x25 = 19,
  isdn = 20,
  rt = 21,
  nsap = 22,
  nsap_ptr = 23,
  sig = 24,
  key = 25,
  px = 26,
  gpos = 27,
  aaaa = 28,
  loc = 29,
  nxt = 30,
  srv = 33,
  naptr = 35,
  kx = 36,
  cert = 37,
  a6 = 38,
  dname = 39,
  opt = 41,
  apl = 42,
  ds = 43,
  sshfp = 44,
  ipseckey = 45,
  rrsig = 46,
  nsec = 47,
  dnskey = 48,
  dhcid = 49,
  nsec3 = 50,
  nsec3param = 51,
  tlsa = 52,
  smimea = 53,
  hip = 55,
  cds = 59,
  cdnskey = 60,
  openpgpkey = 61,
  csync = 62,
  zonemd = 63,
  svcb = 64,
  https = 65,
  dsync = 66,
  spf = 99,
  nxname = 128,
  tkey = 249,
  tsig = 250,
  ixfr = 251,
  axfr = 252,
  any = 255,
  uri = 256,
  caa = 257,
  dlv = 32769,
};

enum class Class : std::uint16_t { in = 1, ch = 3, hs = 4, none = 254, any = 255 };

/// Response codes with the EDNS extension bits (RFC 6891). Any 12-bit value is legal.
enum class Rcode : std::uint16_t {
  noerror = 0,
  formerr = 1,
  servfail = 2,
  nxdomain = 3,
  notimp = 4,
  refused = 5,
  yxdomain = 6,
  yxrrset = 7,
  nxrrset = 8,
  notauth = 9,
  notzone = 10,
  badvers = 16,
  badcookie = 23,
};

/// "MX", or "TYPE65280" (RFC 3597 5) for types without a mnemonic here.
std::string to_text(Type type);
/// Mnemonic in any case, or TYPEnnn.
std::optional<Type> parse_type(std::string_view text);
/// "NXDOMAIN", or "RCODE17".
std::string to_text(Rcode rcode);
/// "Signature Expired" for extended error 7 (RFC 8914 and its registry), or "code 4711".
std::string extended_error_name(std::uint16_t code);

}  // namespace dns
