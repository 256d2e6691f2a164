// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/type.hpp"

#include <algorithm>
#include <array>

#include "dns/ascii.hpp"

namespace dns {
namespace {

struct Mnemonic {
  Type type;
  std::string_view text;
};

constexpr std::array mnemonics{
    Mnemonic{Type::a, "A"},
    Mnemonic{Type::ns, "NS"},
    Mnemonic{Type::md, "MD"},
    Mnemonic{Type::mf, "MF"},
    Mnemonic{Type::cname, "CNAME"},
    Mnemonic{Type::soa, "SOA"},
    Mnemonic{Type::mb, "MB"},
    Mnemonic{Type::mg, "MG"},
    Mnemonic{Type::mr, "MR"},
    Mnemonic{Type::null, "NULL"},
    Mnemonic{Type::wks, "WKS"},
    Mnemonic{Type::ptr, "PTR"},
    Mnemonic{Type::hinfo, "HINFO"},
    Mnemonic{Type::minfo, "MINFO"},
    Mnemonic{Type::mx, "MX"},
    Mnemonic{Type::txt, "TXT"},
    Mnemonic{Type::rp, "RP"},
    Mnemonic{Type::afsdb, "AFSDB"},
    Mnemonic{Type::x25, "X25"},
    Mnemonic{Type::isdn, "ISDN"},
    Mnemonic{Type::rt, "RT"},
    Mnemonic{Type::nsap, "NSAP"},
    Mnemonic{Type::nsap_ptr, "NSAP-PTR"},
    Mnemonic{Type::sig, "SIG"},
    Mnemonic{Type::key, "KEY"},
    Mnemonic{Type::px, "PX"},
    Mnemonic{Type::gpos, "GPOS"},
    Mnemonic{Type::aaaa, "AAAA"},
    Mnemonic{Type::loc, "LOC"},
    Mnemonic{Type::nxt, "NXT"},
    Mnemonic{Type::srv, "SRV"},
    Mnemonic{Type::naptr, "NAPTR"},
    Mnemonic{Type::kx, "KX"},
    Mnemonic{Type::cert, "CERT"},
    Mnemonic{Type::a6, "A6"},
    Mnemonic{Type::dname, "DNAME"},
    Mnemonic{Type::opt, "OPT"},
    Mnemonic{Type::apl, "APL"},
    Mnemonic{Type::ds, "DS"},
    Mnemonic{Type::sshfp, "SSHFP"},
    Mnemonic{Type::ipseckey, "IPSECKEY"},
    Mnemonic{Type::rrsig, "RRSIG"},
    Mnemonic{Type::nsec, "NSEC"},
    Mnemonic{Type::dnskey, "DNSKEY"},
    Mnemonic{Type::dhcid, "DHCID"},
    Mnemonic{Type::nsec3, "NSEC3"},
    Mnemonic{Type::nsec3param, "NSEC3PARAM"},
    Mnemonic{Type::tlsa, "TLSA"},
    Mnemonic{Type::smimea, "SMIMEA"},
    Mnemonic{Type::hip, "HIP"},
    Mnemonic{Type::cds, "CDS"},
    Mnemonic{Type::cdnskey, "CDNSKEY"},
    Mnemonic{Type::openpgpkey, "OPENPGPKEY"},
    Mnemonic{Type::csync, "CSYNC"},
    Mnemonic{Type::zonemd, "ZONEMD"},
    Mnemonic{Type::svcb, "SVCB"},
    Mnemonic{Type::https, "HTTPS"},
    Mnemonic{Type::dsync, "DSYNC"},
    Mnemonic{Type::spf, "SPF"},
    Mnemonic{Type::nxname, "NXNAME"},
    Mnemonic{Type::tkey, "TKEY"},
    Mnemonic{Type::tsig, "TSIG"},
    Mnemonic{Type::ixfr, "IXFR"},
    Mnemonic{Type::axfr, "AXFR"},
    Mnemonic{Type::any, "ANY"},
    Mnemonic{Type::uri, "URI"},
    Mnemonic{Type::caa, "CAA"},
    Mnemonic{Type::dlv, "DLV"},
};

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char one, char other) {
    return ascii_lower(static_cast<std::uint8_t>(one)) ==
           ascii_lower(static_cast<std::uint8_t>(other));
  });
}

/// RFC 3597 5: "TYPE" immediately followed by the decimal number.
std::optional<Type> parse_generic_type(std::string_view text) {
  constexpr std::string_view prefix = "TYPE";
  if (text.size() <= prefix.size() || text.size() > prefix.size() + 5) return std::nullopt;
  if (!equal_ignoring_case(text.substr(0, prefix.size()), prefix)) return std::nullopt;
  std::uint32_t value = 0;
  for (const char digit : text.substr(prefix.size())) {
    if (!is_ascii_digit(static_cast<std::uint8_t>(digit))) return std::nullopt;
    value = value * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  if (value > 0xffff) return std::nullopt;
  return static_cast<Type>(value);
}

/// Names of the codes 0 to 30, in their order (RFC 8914 5.2 and the registry it made).
constexpr std::array<std::string_view, 31> extended_errors{
    "Other Error",
    "Unsupported DNSKEY Algorithm",
    "Unsupported DS Digest Type",
    "Stale Answer",
    "Forged Answer",
    "DNSSEC Indeterminate",
    "DNSSEC Bogus",
    "Signature Expired",
    "Signature Not Yet Valid",
    "DNSKEY Missing",
    "RRSIGs Missing",
    "No Zone Key Bit Set",
    "NSEC Missing",
    "Cached Error",
    "Not Ready",
    "Blocked",
    "Censored",
    "Filtered",
    "Prohibited",
    "Stale NXDOMAIN Answer",
    "Not Authoritative",
    "Not Supported",
    "No Reachable Authority",
    "Network Error",
    "Invalid Data",
    "Signature Expired before Valid",
    "Too Early",
    "Unsupported NSEC3 Iterations Value",
    "Unable to conform to policy",
    "Synthesized",
    "Invalid Query Type",
};

}  // namespace

std::string to_text(Type type) {
  // The table is in ascending order of type; a unit test holds that.
  const auto* const found =
      std::lower_bound(mnemonics.begin(), mnemonics.end(), type,
                       [](const Mnemonic& row, Type wanted) { return row.type < wanted; });
  if (found != mnemonics.end() && found->type == type) return std::string(found->text);
  return "TYPE" + std::to_string(static_cast<unsigned>(type));
}

std::optional<Type> parse_type(std::string_view text) {
  for (const Mnemonic& row : mnemonics) {
    if (equal_ignoring_case(row.text, text)) return row.type;
  }
  return parse_generic_type(text);
}

std::string to_text(Rcode rcode) {
  switch (rcode) {
    case Rcode::noerror:
      return "NOERROR";
    case Rcode::formerr:
      return "FORMERR";
    case Rcode::servfail:
      return "SERVFAIL";
    case Rcode::nxdomain:
      return "NXDOMAIN";
    case Rcode::notimp:
      return "NOTIMP";
    case Rcode::refused:
      return "REFUSED";
    case Rcode::yxdomain:
      return "YXDOMAIN";
    case Rcode::yxrrset:
      return "YXRRSET";
    case Rcode::nxrrset:
      return "NXRRSET";
    case Rcode::notauth:
      return "NOTAUTH";
    case Rcode::notzone:
      return "NOTZONE";
    case Rcode::badvers:
      return "BADVERS";
    case Rcode::badcookie:
      return "BADCOOKIE";
  }
  return "RCODE" + std::to_string(static_cast<unsigned>(rcode));
}

std::string extended_error_name(std::uint16_t code) {
  if (code < extended_errors.size()) return std::string(extended_errors.at(code));
  return "code " + std::to_string(code);
}

}  // namespace dns
