// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/crypto.hpp"

namespace dnssec::crypto {

void start_library() {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS |
                          OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS,
                      nullptr);
}

namespace {

MdPtr fetch(const char* name) {
  start_library();
  const ErrorMark mark;
  return MdPtr(EVP_MD_fetch(nullptr, name, nullptr));
}

}  // namespace

// Fetching walks all providers (about 1 ms the first time), so each hash is fetched once for the
// process. The handles are immutable and may be shared between threads. They are made after
// OpenSSL has registered its own clean-up, so they are freed before it.
const EVP_MD* fetched(Hash hash) {
  switch (hash) {
    case Hash::sha1: {
      static const MdPtr md = fetch("SHA1");
      return md.get();
    }
    case Hash::sha256: {
      static const MdPtr md = fetch("SHA256");
      return md.get();
    }
    case Hash::sha384: {
      static const MdPtr md = fetch("SHA384");
      return md.get();
    }
    case Hash::sha512: {
      static const MdPtr md = fetch("SHA512");
      return md.get();
    }
  }
  return nullptr;
}

Hasher::Hasher(Hash hash) : md_(fetched(hash)), context_(EVP_MD_CTX_new()) {}

bool Hasher::begin() { return usable() && EVP_DigestInit_ex2(context_.get(), md_, nullptr) == 1; }

bool Hasher::add(dns::ByteView bytes) {
  return usable() && EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
}

dns::ByteView Hasher::finish() {
  unsigned length = 0;
  if (!usable() || EVP_DigestFinal_ex(context_.get(), digest_.data(), &length) != 1) return {};
  return dns::ByteView(digest_).first(length);
}

dns::ByteView Hasher::operator()(dns::ByteView bytes) {
  if (!begin() || !add(bytes)) return {};
  return finish();
}

}  // namespace dnssec::crypto
