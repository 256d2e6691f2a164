// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/digest.hpp"

#include "dnssec/crypto.hpp"

namespace dnssec {

struct Digest::State {
  explicit State(crypto::Hash hash) : hasher(hash), going(hasher.begin()) {}
  crypto::Hasher hasher;
  bool going;
};

Digest::Digest(DigestHash hash)
    : state_(std::make_unique<State>(hash == DigestHash::sha384 ? crypto::Hash::sha384
                                                                : crypto::Hash::sha512)) {}
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::add(dns::ByteView octets) {
  state_->going = state_->going && state_->hasher.add(octets);
}

dns::Bytes Digest::finish() {
  if (!state_->going) return {};
  const auto digest = state_->hasher.finish();
  return {digest.begin(), digest.end()};
}

}  // namespace dnssec
