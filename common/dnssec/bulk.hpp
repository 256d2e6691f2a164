// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "dns/bytes.hpp"
#include "dns/name.hpp"
#include "dns/rrsig_view.hpp"
#include "dns/serial_time.hpp"
#include "dns/type.hpp"
#include "dnssec/key.hpp"
#include "dnssec/verify.hpp"

namespace dnssec {

/// Gives the verdicts of Verifier::check() on all signatures of one zone, at the speed of the
/// arithmetic: it keeps its buffers from one to the next, verifies several at once where keys sign
/// much (p256.hpp, rsa_batch.hpp), remembers no verdicts, and has no budget but that of keys a
/// signature. One per thread.
class BulkVerifier {
 public:
  /// `keys` outlive it.
  BulkVerifier(const dns::Name& apex, std::span<const Key> keys, dns::SerialTime now);
  ~BulkVerifier();
  BulkVerifier(BulkVerifier&&) noexcept;
  BulkVerifier& operator=(BulkVerifier&&) noexcept;

  /// The RRset that check() is about from now on. `owner` is its name's canonical wire form. The
  /// views must last as long as it is; duplicates among them count once (RFC 2181 5).
  void take(dns::ByteView owner, dns::Type type, std::span<const dns::ByteView> rdatas);

  /// RFC 4035 5.3.1-5.3.3 for one RRSIG's rdata. `key` is the index of the key that verified it, or
  /// of the (first) candidate. Where verifying several at once is cheaper, both are written as late
  /// as by settle(); until then they and the rdata must last.
  void check(dns::ByteView rrsig, SignatureVerdict& verdict, std::uint16_t& key);
  void settle();

  [[nodiscard]] std::size_t verifications() const;  ///< public-key operations done so far

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dnssec
