// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "dns/rdata.hpp"
#include "dns/record.hpp"
#include "dns/serial_time.hpp"
#include "dnssec/key.hpp"
#include "dnssec/work.hpp"

namespace dnssec {

/// One enumerator per root cause. When several apply, the first in this order is given: what makes
/// the signature not even a candidate first, then the key, then the times, then the arithmetic.
enum class SignatureVerdict {
  valid,
  malformed,              ///< the RRSIG's rdata does not parse
  wrong_type_covered,     ///< covers another type or class
  wrong_signer,           ///< signer is not the zone's apex (RFC 4035 5.3.1), or the owner or the
                          ///< wildcard that Labels stands for is outside the zone
  labels_exceed_owner,    ///< Labels > labels of the owner
  unsupported_algorithm,  ///< no code for it, here or in the crypto library's policy: no verdict
  no_such_key,            ///< no key with that tag and algorithm
  not_zone_key,           ///< every such key has the Zone bit off
  wrong_protocol,         ///< every such key has a protocol other than 3
  revoked_key,            ///< every such key is revoked, and this is not the DNSKEY RRset
  malformed_key,          ///< every such key has bytes that are no key of its algorithm
  bad_length,             ///< signature length is impossible for the algorithm and key
  expires_before_inception,
  expired,
  not_yet_valid,
  does_not_verify,  ///< RFC 4035 5.3.3 fails with every candidate key
  work_limit,       ///< the budget is spent, or there are more candidates than may be tried and
                    ///< none of those verifies: no verdict
};
std::string_view to_text(SignatureVerdict verdict);

struct SignatureCheck {
  SignatureVerdict verdict = SignatureVerdict::malformed;
  std::optional<std::size_t> key;  ///< index of the key that verified, or of the (first) candidate
  bool wildcard =
      false;  ///< Labels < labels of the owner: expanded from a wildcard (needs a proof)
  unsigned candidates = 0;  ///< keys with that tag and algorithm
};

/// Verifies RRSIGs by OpenSSL EVP. Keeps one context per key and remembers what it verified, so the
/// same bytes from a second server cost a hash look-up. Not thread-safe: one per thread.
class Verifier {
 public:
  explicit Verifier(WorkLimits limits = {});
  ~Verifier();
  Verifier(Verifier&&) noexcept;
  Verifier& operator=(Verifier&&) noexcept;

  /// Checks one RRSIG over `set` in the zone `apex` with `keys` at `now` (RFC 4035 5.3.1-5.3.3).
  /// Original TTL and wildcard reduction are applied; the caller demands the wildcard's proof.
  SignatureCheck check(const dns::RRset& set, const dns::Signature& signature,
                       const dns::Name& apex, std::span<const Key> keys, dns::SerialTime now);

  /// check() of all signatures over `data.set`, in their order. No more of them are tried than the
  /// limits allow: the others have the verdict work_limit.
  std::vector<SignatureCheck> check_all(const dns::SignedRRset& data, const dns::Name& apex,
                                        std::span<const Key> keys, dns::SerialTime now);

  /// As check() with the times left out: would it verify at a moment inside its window?
  SignatureCheck check_untimed(const dns::RRset& set, const dns::Signature& signature,
                               const dns::Name& apex, std::span<const Key> keys);

  [[nodiscard]] std::size_t verifications() const;  ///< public-key operations done so far
  [[nodiscard]] std::size_t failures() const;       ///< of those that said no
  [[nodiscard]] bool limit_hit() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dnssec
