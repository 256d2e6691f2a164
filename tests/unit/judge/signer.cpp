// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/signer.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>
#include <utility>

#include "dns/cursor.hpp"
#include "dnssec/signed_data.hpp"

namespace judge_test {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using PrivateKey = std::unique_ptr<EVP_PKEY, Free>;

PrivateKey private_key(std::uint8_t seed, std::uint8_t algorithm) {
  const bool large = algorithm == kEd448;
  const dns::Bytes secret(large ? 57 : 32, seed);
  PrivateKey key(EVP_PKEY_new_raw_private_key_ex(nullptr, large ? "ED448" : "ED25519", nullptr,
                                                 secret.data(), secret.size()));
  if (!key) {
    throw std::runtime_error("no EdDSA here");
  }
  return key;
}

dns::Bytes public_key(std::uint8_t seed, std::uint8_t algorithm) {
  const auto key = private_key(seed, algorithm);
  std::size_t length = algorithm == kEd448 ? 57 : 32;
  dns::Bytes bytes(length);
  if (EVP_PKEY_get_raw_public_key(key.get(), bytes.data(), &length) != 1) {
    throw std::runtime_error("no public key");
  }
  return bytes;
}

}  // namespace

Signer::Signer(std::uint8_t seed, std::uint16_t flags, std::uint8_t algorithm,
               std::uint8_t protocol)
    : seed_(seed), key_(make_key(flags, protocol, algorithm, public_key(seed, algorithm))) {}

dns::Ds Signer::ds(const dns::Name& owner, std::uint8_t digest_type) const {
  return {key_.tag, key_.dnskey.algorithm, digest_type,
          dnssec::ds_digest(owner, key_.rdata, digest_type).value()};
}

dns::Rrsig Signer::fields(const dns::RRset& set, const dns::Name& apex, Window window) const {
  dns::Rrsig rrsig;
  rrsig.covered = set.type;
  rrsig.algorithm = key_.dnskey.algorithm;
  rrsig.labels = static_cast<std::uint8_t>(set.owner.label_count_without_wildcard());
  rrsig.original_ttl = set.ttl;
  rrsig.inception = dns::SerialTime::from_unix(kNow + window.begin);
  rrsig.expiration = dns::SerialTime::from_unix(kNow + window.end);
  rrsig.key_tag = key_.tag;
  rrsig.signer = apex;
  return rrsig;
}

dns::Signature Signer::sign_as(const dns::RRset& set, dns::Rrsig fields) const {
  const auto key = private_key(seed_, key_.dnskey.algorithm);
  const dns::Bytes data = dnssec::signed_data(set, fields).value();
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  std::size_t length = key_.dnskey.algorithm == kEd448 ? 114 : 64;
  fields.signature.resize(length);
  if (EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key.get(),
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
                     const dns::Bytes& public_key) {
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

}  // namespace judge_test
