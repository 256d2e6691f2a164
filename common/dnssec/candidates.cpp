// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/candidates.hpp"

#include <utility>

#include "dnssec/algorithm.hpp"

namespace dnssec {

namespace {

using Verdict = SignatureVerdict;

/// Drops the indices that fail `keep`, or, when that would be all, none; says whether any passed.
template <class Keep>
bool narrow(KeyIndices& indices, Keep keep) {
  KeyIndices kept;
  for (const std::size_t index : indices) {
    if (keep(index)) kept.push_back(index);
  }
  if (kept.empty()) return false;
  indices = std::move(kept);
  return true;
}

// Moments 2^31 apart have no order (RFC 1982 3.2): nothing is proven about them, so they fail.
bool not_after(dns::SerialTime left, dns::SerialTime right) {
  return left == right || left.before(right);
}

}  // namespace

// RFC 4035 5.3.1: the RRSIG covers the set's type; its signer is the zone the set is in; Labels is
// no more than the owner's. A Labels below the apex's own would stand for a wildcard outside the
// zone, which the zone's key cannot speak for.
Verdict judge_fit(const SignatureRequest& request) {
  const dns::Rrsig& rrsig = request.rrsig;
  if (rrsig.covered != request.set.type) return Verdict::wrong_type_covered;
  if (!(rrsig.signer == request.apex) || !request.set.owner.is_at_or_below(request.apex)) {
    return Verdict::wrong_signer;
  }
  if (rrsig.labels > request.set.owner.label_count_without_wildcard()) {
    return Verdict::labels_exceed_owner;
  }
  if (rrsig.labels < request.apex.label_count_without_wildcard()) return Verdict::wrong_signer;
  if (!algorithm_info(rrsig.algorithm).verifiable) return Verdict::unsupported_algorithm;
  return Verdict::valid;
}

// RFC 4035 5.3.1: key tag and algorithm choose the keys; tags are not unique.
KeyIndices keys_named(const SignatureRequest& request) {
  KeyIndices named;
  for (std::size_t i = 0; i < request.keys.size(); ++i) {
    const Key& key = request.keys[i];
    if (key.tag == request.rrsig.key_tag && key.dnskey.algorithm == request.rrsig.algorithm) {
      named.push_back(i);
    }
  }
  return named;
}

// RFC 4034 2.1.1 and 2.1.2: a zone key, protocol 3. RFC 5011 2.1: a revoked key signs nothing but
// the DNSKEY RRset that says so.
Verdict narrow_by_fields(KeyIndices& indices, const SignatureRequest& request) {
  if (indices.empty()) return Verdict::no_such_key;
  const auto& keys = request.keys;
  if (!narrow(indices, [&](std::size_t i) { return keys[i].dnskey.zone_key(); })) {
    return Verdict::not_zone_key;
  }
  if (!narrow(indices, [&](std::size_t i) { return keys[i].dnskey.protocol == 3; })) {
    return Verdict::wrong_protocol;
  }
  const bool revoked_may_sign = request.set.type == dns::Type::dnskey;
  if (!narrow(indices,
              [&](std::size_t i) { return revoked_may_sign || !keys[i].dnskey.revoked(); })) {
    return Verdict::revoked_key;
  }
  return Verdict::valid;
}

// A key that is too dear, or that the library refuses, might have verified the signature: that is
// no verdict, and so weighs more than a malformed one beside it.
Verdict narrow_by_bytes(KeyIndices& indices, const SignatureRequest& request, KeyCache& cache) {
  bool unsupported = false, dear = false;
  const auto usable = [&](std::size_t index) {
    const PublicKey::State state = cache.get(request.keys[index].dnskey).state();
    unsupported = unsupported || state == PublicKey::State::unsupported;
    dear = dear || state == PublicKey::State::dear;
    return state == PublicKey::State::usable;
  };
  if (!narrow(indices, usable)) {
    if (dear) return Verdict::work_limit;
    return unsupported ? Verdict::unsupported_algorithm : Verdict::malformed_key;
  }
  const std::size_t length = request.rrsig.signature.size();
  const auto fits = [&](std::size_t index) {
    return cache.get(request.keys[index].dnskey).signature_length() == length;
  };
  if (narrow(indices, fits)) return Verdict::valid;
  if (dear) return Verdict::work_limit;
  return unsupported ? Verdict::unsupported_algorithm : Verdict::bad_length;
}

// RFC 4035 5.3.1: inception <= now <= expiration, by RFC 1982 arithmetic (RFC 4034 3.1.5).
Verdict judge_times(const SignatureRequest& request) {
  if (!request.now) return Verdict::valid;
  const dns::Rrsig& rrsig = request.rrsig;
  if (!not_after(rrsig.inception, rrsig.expiration)) return Verdict::expires_before_inception;
  if (!not_after(*request.now, rrsig.expiration)) return Verdict::expired;
  if (!not_after(rrsig.inception, *request.now)) return Verdict::not_yet_valid;
  return Verdict::valid;
}

}  // namespace dnssec
