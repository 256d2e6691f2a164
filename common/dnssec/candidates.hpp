// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "dns/record.hpp"
#include "dns/serial_time.hpp"
#include "dnssec/cache.hpp"
#include "dnssec/verify.hpp"

/// Everything about a signature that is decided before the arithmetic (RFC 4035 5.3.1).
namespace dnssec {

struct SignatureRequest {
  const dns::RRset& set;
  const dns::Rrsig& rrsig;
  const dns::Name& apex;
  std::span<const Key> keys;
  std::optional<dns::SerialTime> now;  ///< nothing: the times are not looked at
};

/// Keys still in question, as indices into the request's.
using KeyIndices = std::vector<std::size_t>;

/// `valid` means: nothing against it. Looks at the RRSIG and the set alone.
SignatureVerdict judge_fit(const SignatureRequest& request);

/// The keys with the RRSIG's tag and algorithm.
KeyIndices keys_named(const SignatureRequest& request);

/// Drops the keys that may not sign. When that is all of them, leaves those that came as far as the
/// verdict and gives it; else `valid`.
SignatureVerdict narrow_by_fields(KeyIndices& indices, const SignatureRequest& request);
/// The same for keys whose bytes are none, or cannot have made a signature of that length.
SignatureVerdict narrow_by_bytes(KeyIndices& indices, const SignatureRequest& request,
                                 KeyCache& cache);

SignatureVerdict judge_times(const SignatureRequest& request);

}  // namespace dnssec
