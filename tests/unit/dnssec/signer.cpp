// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "signer.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "dns/cursor.hpp"
#include "dnssec/signed_data.hpp"

namespace dnssec_test {

Signer::Signer(std::uint8_t seed, std::uint16_t flags, std::uint8_t protocol) {
  std::array<std::uint8_t, 32> secret{};
  secret.fill(seed);
  private_key_.reset(
      EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, secret.data(), secret.size()));
  dns::Bytes public_key(32);
  std::size_t length = public_key.size();
  if (EVP_PKEY_get_raw_public_key(private_key_.get(), public_key.data(), &length) != 1) {
    throw std::runtime_error("no Ed25519 here");
  }
  key_ = make_key(flags, protocol, 15, std::move(public_key));
}

dns::Rrsig Signer::fields(const dns::RRset& set, const dns::Name& apex) const {
  dns::Rrsig rrsig;
  rrsig.covered = set.type;
  rrsig.algorithm = 15;
  rrsig.labels = static_cast<std::uint8_t>(set.owner.label_count_without_wildcard());
  rrsig.original_ttl = set.ttl;
  rrsig.inception = dns::SerialTime(signing_time().value() - 1000);
  rrsig.expiration = dns::SerialTime(signing_time().value() + 1000);
  rrsig.key_tag = key_.tag;
  rrsig.signer = apex;
  return rrsig;
}

dns::Signature Signer::sign_as(const dns::RRset& set, dns::Rrsig fields) const {
  const dns::Bytes data = dnssec::signed_data(set, fields).value();
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  fields.signature.resize(64);
  std::size_t length = fields.signature.size();
  if (EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, private_key_.get(),
                            nullptr) != 1 ||
      EVP_DigestSign(context.get(), fields.signature.data(), &length, data.data(), data.size()) !=
          1) {
    throw std::runtime_error("cannot sign");
  }
  dns::Signature signature;
  signature.ttl = set.ttl;
  signature.rrsig = std::move(fields);
  return signature;
}

dnssec::Key make_key(std::uint16_t flags, std::uint8_t protocol, std::uint8_t algorithm,
                     dns::Bytes public_key) {
  dns::Writer rdata;
  rdata.u16(flags);
  rdata.u8(protocol);
  rdata.u8(algorithm);
  rdata.bytes(public_key);
  dnssec::Key key;
  key.rdata = rdata.take();
  key.dnskey = dns::parse_dnskey(key.rdata).value();
  key.tag = dnssec::key_tag(key.rdata);
  return key;
}

dnssec::Key with_same_tag(const dnssec::Key& key, std::size_t word) {
  dns::Bytes bytes = key.dnskey.public_key;
  std::swap(bytes.at(2 * word), bytes.at(2 * word + 2));
  std::swap(bytes.at(2 * word + 1), bytes.at(2 * word + 3));
  return make_key(key.dnskey.flags, key.dnskey.protocol, key.dnskey.algorithm, bytes);
}

}  // namespace dnssec_test
