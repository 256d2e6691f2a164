// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/deferred.hpp"

#include <algorithm>

namespace dnssec {

namespace {

/// Signatures by a P-256 key after which its table is made: it costs as much as some 500
/// verifications save.
constexpr std::size_t kTableAfter = 500;
/// And by an RSA key, for which little is computed: enough that others will wait with them.
constexpr std::size_t kRsaAfter = 16;
/// Signatures that are verified together. P-256's one inversion is then a hundredth of the work.
constexpr std::size_t kTogether = 64;
constexpr std::uint8_t kEcdsaP256 = 13;

}  // namespace

bool Deferred::gains(std::size_t key) {
  Often& its = often_[key];
  const auto& dnskey = keys_[key].dnskey;
  ++its.signatures;
  if (its.signatures == kTableAfter && dnskey.algorithm == kEcdsaP256) {
    its.table = p256::Table::make(dnskey.public_key);
  }
  if (its.signatures == kRsaAfter) its.rsa = rsa::Key::make(dnskey);
  return its.table || its.rsa;
}

template <class Batch, class Item>
void Deferred::Queue<Batch, Item>::put(decltype(Item::key) key, dns::ByteView digest,
                                       dns::ByteView signature, const Waiting& whose) {
  Item& item = items.emplace_back();
  item.key = key;
  std::copy_n(digest.begin(), std::min(digest.size(), item.digest.size()), item.digest.begin());
  item.signature = signature;
  waiting.push_back(whose);
  if (items.size() == kTogether) settle();
}

template <class Batch, class Item>
void Deferred::Queue<Batch, Item>::settle() {
  batch.verify(items);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    const Waiting& whose = waiting[i];
    // That a signature is wrong is said by nobody but EVP.
    const bool valid =
        item.valid ||
        whose.usual->verify_digest(dns::ByteView(item.digest).first(whose.digest), item.signature);
    *whose.verdict = valid ? SignatureVerdict::valid : SignatureVerdict::does_not_verify;
  }
  items.clear();
  waiting.clear();
}

void Deferred::put_off(std::size_t key, PublicKey& usual, dns::ByteView digest,
                       dns::ByteView signature, SignatureVerdict& verdict) {
  const Often& its = often_[key];
  const Waiting whose{&usual, digest.size(), &verdict};
  if (its.rsa) {
    rsa_.put(its.rsa.get(), digest, signature, whose);
  } else {
    p256_.put(its.table.get(), digest, signature, whose);
  }
}

void Deferred::settle() {
  p256_.settle();
  rsa_.settle();
}

}  // namespace dnssec
