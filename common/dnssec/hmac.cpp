// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "dnssec/crypto.hpp"

namespace dnssec {
namespace {

struct FreeMac {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
};

const char* library_name(HmacHash hash) {
  switch (hash) {
    case HmacHash::md5:
      return "MD5";
    case HmacHash::sha1:
      return "SHA1";
    case HmacHash::sha224:
      return "SHA224";
    case HmacHash::sha256:
      return "SHA256";
    case HmacHash::sha384:
      return "SHA384";
    case HmacHash::sha512:
      return "SHA512";
  }
  return "";
}

}  // namespace

std::size_t hmac_octets(HmacHash hash) {
  switch (hash) {
    case HmacHash::md5:
      return 16;
    case HmacHash::sha1:
      return 20;
    case HmacHash::sha224:
      return 28;
    case HmacHash::sha256:
      return 32;
    case HmacHash::sha384:
      return 48;
    case HmacHash::sha512:
      return 64;
  }
  return 0;
}

void Hmac::Free::operator()(evp_mac_ctx_st* context) const { EVP_MAC_CTX_free(context); }

Hmac::Hmac(HmacHash hash, dns::ByteView secret) {
  crypto::start_library();
  const crypto::ErrorMark mark;
  const std::unique_ptr<EVP_MAC, FreeMac> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  if (!mac) return;
  context_.reset(EVP_MAC_CTX_new(mac.get()));
  // The library takes the name through a pointer to non-const and does not write to it.
  const std::array<OSSL_PARAM, 2> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
                                       const_cast<char*>(library_name(hash)),  // NOLINT
                                       0),
      OSSL_PARAM_construct_end()};
  if (context_ &&
      EVP_MAC_init(context_.get(), secret.data(), secret.size(), parameters.data()) != 1) {
    context_.reset();
  }
}

bool Hmac::begin() { return usable() && EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1; }

bool Hmac::add(dns::ByteView bytes) {
  return usable() && EVP_MAC_update(context_.get(), bytes.data(), bytes.size()) == 1;
}

dns::ByteView Hmac::finish() {
  std::size_t length = 0;
  if (!usable() || EVP_MAC_final(context_.get(), code_.data(), &length, code_.size()) != 1) {
    return {};
  }
  return dns::ByteView(code_).first(length);
}

bool same_codes(dns::ByteView left, dns::ByteView right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace dnssec
