// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/key.hpp"

#include "dnssec/rsa.hpp"

namespace dnssec {

unsigned Key::bits() const {
  switch (dnskey.algorithm) {
    case 1:
    case 5:
    case 7:
    case 8:
    case 10: {
      const auto numbers = parse_rsa(dnskey.public_key);
      return numbers ? static_cast<unsigned>(bit_length(numbers->modulus)) : 0;
    }
    case 13:
      return dnskey.public_key.size() == 64 ? 256 : 0;
    case 14:
      return dnskey.public_key.size() == 96 ? 384 : 0;
    case 15:
      return dnskey.public_key.size() == 32 ? 256 : 0;
    case 16:
      return dnskey.public_key.size() == 57 ? 448 : 0;
    default:
      return 0;
  }
}

std::uint16_t key_tag(dns::ByteView rdata) {
  // RFC 4034 appendix B.1: for RSA/MD5 the tag is 16 bits near the end of the modulus.
  if (rdata.size() > 6 && rdata[3] == 1) {
    const std::size_t at = rdata.size() - 3;
    return static_cast<std::uint16_t>(rdata[at] << 8U | rdata[at + 1]);
  }
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < rdata.size(); ++i) {
    sum += i % 2 == 0 ? static_cast<std::uint32_t>(rdata[i]) << 8U : rdata[i];
  }
  return static_cast<std::uint16_t>((sum + (sum >> 16U)) & 0xffffU);
}

std::vector<Key> keys_of(const dns::RRset& dnskeys) {
  std::vector<Key> keys;
  for (const dns::Bytes& rdata : dnskeys.rdatas) {
    auto parsed = dns::parse_dnskey(rdata);
    if (parsed) keys.push_back(Key{std::move(*parsed), rdata, key_tag(rdata)});
  }
  return keys;
}

}  // namespace dnssec
