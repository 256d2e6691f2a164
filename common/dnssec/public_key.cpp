// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/public_key.hpp"

#include <openssl/core_names.h>

#include <algorithm>
#include <array>
#include <string>

#include "dnssec/rsa.hpp"

namespace dnssec {

namespace {

using crypto::Hash;

// RFC 3110 2 and RFC 5702 2 bound the modulus; 10 has the higher floor.
constexpr std::size_t least_rsa_bits = 512;
constexpr std::size_t least_rsasha512_bits = 1024;
constexpr std::size_t most_rsa_bits = 4096;
// An exponent as long as the modulus is legal and makes a verification as dear as a signature.
// OpenSSL refuses more than 64 bits for big moduli; here they are refused for all of them.
constexpr std::size_t most_exponent_bits = 64;

crypto::KeyPtr import_key(const char* type, const OSSL_PARAM* params, PublicKey::State& state) {
  crypto::start_library();
  const crypto::KeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1) {
    state = PublicKey::State::unsupported;
    return nullptr;
  }
  EVP_PKEY* key = nullptr;
  // EVP_PKEY_fromdata() only reads the parameters; its signature predates const.
  const int done = EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                                     const_cast<OSSL_PARAM*>(params));  // NOLINT
  state = done == 1 ? PublicKey::State::usable : PublicKey::State::malformed;
  return crypto::KeyPtr(key);
}

crypto::KeyPtr import_rsa(const RsaNumbers& numbers, PublicKey::State& state) {
  const crypto::NumberPtr modulus(
      BN_bin2bn(numbers.modulus.data(), static_cast<int>(numbers.modulus.size()), nullptr));
  const crypto::NumberPtr exponent(
      BN_bin2bn(numbers.exponent.data(), static_cast<int>(numbers.exponent.size()), nullptr));
  const crypto::ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  state = PublicKey::State::unsupported;
  if (!modulus || !exponent || !builder ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
    return nullptr;
  }
  const crypto::ParamsPtr params(OSSL_PARAM_BLD_to_param(builder.get()));
  return params ? import_key("RSA", params.get(), state) : nullptr;
}

// The most a DER SEQUENCE of two INTEGERs of 48 octets can take; under 128, so every length is one
// octet.
constexpr std::size_t most_der_length = 2 + 2 * (2 + 1 + 48);

/// RFC 6605 4 sends r and s as two numbers of fixed length, OpenSSL wants ECDSA-Sig-Value (RFC 3279
/// 2.2.3): INTEGERs without superfluous zero octets, and with one where the top bit is set.
class DerSignature {
 public:
  explicit DerSignature(dns::ByteView signature) {
    const std::size_t half = signature.size() / 2;
    put(0x30);
    put(0);
    put_integer(signature.first(half));
    put_integer(signature.subspan(half));
    bytes_[1] = static_cast<std::uint8_t>(length_ - 2);
  }
  [[nodiscard]] dns::ByteView view() const { return dns::ByteView(bytes_).first(length_); }

 private:
  void put(std::uint8_t octet) { bytes_.at(length_++) = octet; }
  void put_integer(dns::ByteView number) {
    while (number.size() > 1 && number.front() == 0) number = number.subspan(1);
    const bool pad = number.front() >= 0x80;
    put(0x02);
    put(static_cast<std::uint8_t>(number.size() + (pad ? 1U : 0U)));
    if (pad) put(0);
    for (const std::uint8_t octet : number) put(octet);
  }

  std::array<std::uint8_t, most_der_length> bytes_{};
  std::size_t length_ = 0;
};

}  // namespace

PublicKey::PublicKey(const dns::Dnskey& dnskey) {
  const crypto::ErrorMark mark;
  load(dnskey);
}

void PublicKey::load(const dns::Dnskey& dnskey) {
  switch (dnskey.algorithm) {
    case 5:
    case 7:
      return load_rsa(dnskey, Hash::sha1);
    case 8:
      return load_rsa(dnskey, Hash::sha256);
    case 10:
      return load_rsa(dnskey, Hash::sha512);
    case 13:
      return load_ecdsa(dnskey, "P-256", 32, Hash::sha256);
    case 14:
      return load_ecdsa(dnskey, "P-384", 48, Hash::sha384);
    case 15:
      return load_eddsa(dnskey, "ED25519", 32, 64);
    case 16:
      return load_eddsa(dnskey, "ED448", 57, 114);
    default:
      state_ = State::unsupported;
  }
}

void PublicKey::load_rsa(const dns::Dnskey& dnskey, Hash hash) {
  state_ = State::malformed;
  const auto numbers = parse_rsa(dnskey.public_key);
  if (!numbers) return;
  const std::size_t bits = bit_length(numbers->modulus);
  const std::size_t least = dnskey.algorithm == 10 ? least_rsasha512_bits : least_rsa_bits;
  if (bits < least || bits > most_rsa_bits) return;
  // A product of odd primes is odd, and so is whatever has an inverse modulo their totient.
  if (numbers->modulus.back() % 2 == 0 || numbers->exponent.back() % 2 == 0) return;
  if (bit_length(numbers->exponent) > most_exponent_bits) {
    state_ = State::dear;
    return;
  }
  key_ = import_rsa(*numbers, state_);
  signature_length_ = numbers->modulus.size();
  prepare_digest_verification(hash);
}

void PublicKey::load_ecdsa(const dns::Dnskey& dnskey, const char* group, std::size_t coordinate,
                           Hash hash) {
  state_ = State::malformed;
  if (dnskey.public_key.size() != 2 * coordinate) return;
  // RFC 6605 4: x | y, the uncompressed form of SEC 1 2.3.3 without its first octet.
  dns::Bytes point(1, 0x04);
  point.insert(point.end(), dnskey.public_key.begin(), dnskey.public_key.end());
  std::string group_name(group);
  const std::array params = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group_name.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end(),
  };
  key_ = import_key("EC", params.data(), state_);
  ecdsa_ = true;
  signature_length_ = 2 * coordinate;
  prepare_digest_verification(hash);
}

void PublicKey::load_eddsa(const dns::Dnskey& dnskey, const char* name, std::size_t key_length,
                           std::size_t signature_length) {
  state_ = State::malformed;
  if (dnskey.public_key.size() != key_length) return;
  state_ = State::unsupported;
  crypto::start_library();
  key_.reset(EVP_PKEY_new_raw_public_key_ex(nullptr, name, nullptr, dnskey.public_key.data(),
                                            dnskey.public_key.size()));
  message_context_.reset(EVP_MD_CTX_new());
  if (!key_ || !message_context_ ||
      EVP_DigestVerifyInit_ex(message_context_.get(), nullptr, nullptr, nullptr, nullptr,
                              key_.get(), nullptr) != 1) {
    return;
  }
  signature_length_ = signature_length;
  state_ = State::usable;
}

// A policy against the hash or the key's size shows here: that is "unsupported", so that nothing
// but the arithmetic can fail later.
void PublicKey::prepare_digest_verification(Hash hash) {
  if (state_ != State::usable) {
    signature_length_ = 0;
    return;
  }
  context_.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  hash_ = std::make_unique<crypto::Hasher>(hash);
  if (context_ && hash_->usable() && EVP_PKEY_verify_init(context_.get()) == 1 &&
      EVP_PKEY_CTX_set_signature_md(context_.get(), crypto::fetched(hash)) == 1) {
    return;
  }
  signature_length_ = 0;
  state_ = State::unsupported;
}

bool PublicKey::verify(dns::ByteView data, dns::ByteView signature) {
  if (state_ != State::usable || signature.size() != signature_length_) return false;
  if (context_) return verify_digest(digest_of(data), signature);
  const crypto::ErrorMark mark;
  return verify_message(data, signature);
}

dns::ByteView PublicKey::digest_of(dns::ByteView data) {
  return hash_ ? (*hash_)(data) : dns::ByteView();
}

bool PublicKey::verify_digest(dns::ByteView digest, dns::ByteView signature) {
  if (!context_ || digest.empty() || signature.size() != signature_length_) return false;
  const crypto::ErrorMark mark;
  if (!ecdsa_) {
    return EVP_PKEY_verify(context_.get(), signature.data(), signature.size(), digest.data(),
                           digest.size()) == 1;
  }
  const DerSignature der(signature);
  return EVP_PKEY_verify(context_.get(), der.view().data(), der.view().size(), digest.data(),
                         digest.size()) == 1;
}

bool PublicKey::verify_message(dns::ByteView data, dns::ByteView signature) {
  // A one-shot context may not be used twice without a new start in newer OpenSSL.
  return EVP_DigestVerifyInit_ex(message_context_.get(), nullptr, nullptr, nullptr, nullptr,
                                 key_.get(), nullptr) == 1 &&
         EVP_DigestVerify(message_context_.get(), signature.data(), signature.size(), data.data(),
                          data.size()) == 1;
}

}  // namespace dnssec
