// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "dns/bytes.hpp"
#include "dnssec/key.hpp"
#include "dnssec/p256.hpp"
#include "dnssec/public_key.hpp"
#include "dnssec/rsa_batch.hpp"
#include "dnssec/verify.hpp"

namespace dnssec {

/// Verifications that wait for others, because several at once are cheaper. One per thread. Private
/// to this room.
class Deferred {
 public:
  /// `keys` outlive it.
  explicit Deferred(std::span<const Key> keys) : keys_(keys), often_(keys.size()) {}

  /// To be asked once for each signature by that key: is it worth putting off?
  bool gains(std::size_t key);
  /// The signature that gains() was true of, over data with that hash. The verdict, valid or
  /// does_not_verify, is written as late as by settle(); until then all but the hash must last.
  void put_off(std::size_t key, PublicKey& usual, dns::ByteView digest, dns::ByteView signature,
               SignatureVerdict& verdict);
  void settle();

 private:
  struct Often {  // a key that may sign much
    std::size_t signatures = 0;
    std::unique_ptr<p256::Table> table;
    std::unique_ptr<rsa::Key> rsa;
  };
  struct Waiting {
    PublicKey* usual = nullptr;
    std::size_t digest = 0;  // octets
    SignatureVerdict* verdict = nullptr;
  };
  template <class Batch, class Item>
  struct Queue {
    Batch batch;
    std::vector<Item> items;
    std::vector<Waiting> waiting;  // for the item of the same index
    void put(decltype(Item::key) key, dns::ByteView digest, dns::ByteView signature,
             const Waiting& whose);
    void settle();
  };

  std::span<const Key> keys_;
  std::vector<Often> often_;  // one for each key
  Queue<p256::Batch, p256::Item> p256_;
  Queue<rsa::Batch, rsa::Item> rsa_;
};

}  // namespace dnssec
