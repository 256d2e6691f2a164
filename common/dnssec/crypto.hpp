// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "dns/bytes.hpp"

/// OpenSSL 3's EVP, made safe to hold. Private to this room.
///
/// The library's default context is used and its configuration file is read as in any other
/// program: an administrator's policy (FIPS, no SHA-1 signatures) then holds for this suite as for
/// the validators beside it, and what the policy refuses comes out as "unsupported", never as "does
/// not verify". Measured, OPENSSL_INIT_NO_LOAD_CONFIG would save less than 0.1 ms of a first
/// verification's 2.9 ms, and would be decided for the whole process, other libraries included.
namespace dnssec::crypto {

struct FreeMd {
  void operator()(EVP_MD* md) const { EVP_MD_free(md); }
};
struct FreeMdContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeKeyContext {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
};
struct FreeNumberContext {
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
struct FreeParamBuilder {
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
};
struct FreeParams {
  void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
};
using MdPtr = std::unique_ptr<EVP_MD, FreeMd>;
using MdContextPtr = std::unique_ptr<EVP_MD_CTX, FreeMdContext>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeKey>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, FreeKeyContext>;
using NumberPtr = std::unique_ptr<BIGNUM, FreeNumber>;
using NumberContextPtr = std::unique_ptr<BN_CTX, FreeNumberContext>;
using ParamBuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, FreeParamBuilder>;
using ParamsPtr = std::unique_ptr<OSSL_PARAM, FreeParams>;

/// Leaves OpenSSL's error queue as it was found: a bad signature is no error of this program.
class ErrorMark {
 public:
  ErrorMark() { ERR_set_mark(); }
  ~ErrorMark() { ERR_pop_to_mark(); }
  ErrorMark(const ErrorMark&) = delete;
  ErrorMark& operator=(const ErrorMark&) = delete;
};

/// To be called before anything of EVP. OpenSSL registers every cipher and digest by name and loads
/// every error text before its first use, for interfaces of its past and messages that nobody here
/// reads: a third of the time to a first verification (measured). What another library in the
/// process has set going before stays so. Cheap from the second time on.
void start_library();

enum class Hash { sha1, sha256, sha384, sha512 };

/// The hash, fetched at its first use; nullptr when the library or its policy has none.
const EVP_MD* fetched(Hash hash);

/// One hash computation after another in one context.
class Hasher {
 public:
  explicit Hasher(Hash hash);

  /// False when the library refuses the hash; then nothing below does anything.
  [[nodiscard]] bool usable() const { return md_ != nullptr && context_ != nullptr; }
  bool begin();
  bool add(dns::ByteView bytes);
  /// Valid until the next finish(); empty on failure.
  dns::ByteView finish();
  /// begin(), add(), finish().
  dns::ByteView operator()(dns::ByteView bytes);

 private:
  const EVP_MD* md_;
  MdContextPtr context_;
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest_{};
};

}  // namespace dnssec::crypto
