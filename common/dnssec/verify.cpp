// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/verify.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "dnssec/candidates.hpp"
#include "dnssec/signed_data.hpp"

namespace dnssec {

namespace {

/// Signatures of one RRset that are looked at, whether or not that leads to the arithmetic.
constexpr std::size_t kMostLookedAt = 256;

/// Did it come as far as the arithmetic?
bool was_tried(SignatureVerdict verdict) {
  return verdict == SignatureVerdict::valid || verdict == SignatureVerdict::does_not_verify ||
         verdict == SignatureVerdict::work_limit;
}

}  // namespace

struct Verifier::State {
  WorkLimits limits;
  std::size_t verifications = 0;
  std::size_t failures = 0;
  bool limit_hit = false;
  KeyCache keys;
  Memo memo;

  SignatureCheck check(const SignatureRequest& request);
  /// Without a look at the signature: there were too many before it.
  SignatureCheck beyond_limit();
  /// Tries the keys one after another; sets the verdict and the key that verified.
  void try_keys(SignatureCheck& check, const KeyIndices& indices, const SignatureRequest& request);
  /// One key; nothing when the budget forbids the operation.
  std::optional<bool> verifies(const Key& key, dns::ByteView data, dns::ByteView signature);
};

SignatureCheck Verifier::State::check(const SignatureRequest& request) {
  SignatureCheck result;
  result.wildcard = request.rrsig.labels < request.set.owner.label_count_without_wildcard();
  KeyIndices indices = keys_named(request);
  result.candidates = static_cast<unsigned>(indices.size());
  if (!indices.empty()) result.key = indices.front();

  result.verdict = judge_fit(request);
  if (result.verdict != SignatureVerdict::valid) return result;
  result.verdict = narrow_by_fields(indices, request);
  bool left_out = false;
  if (result.verdict == SignatureVerdict::valid) {
    // Cut before the keys are loaded: thousands of keys of one tag must not cost even that.
    left_out = indices.size() > limits.keys_per_signature;
    if (left_out) indices.resize(limits.keys_per_signature);
    keys.trim();
    result.verdict = narrow_by_bytes(indices, request, keys);
    const bool of_every_key = result.verdict == SignatureVerdict::malformed_key ||
                              result.verdict == SignatureVerdict::bad_length;
    if (left_out && of_every_key) result.verdict = SignatureVerdict::does_not_verify;
    limit_hit = limit_hit || result.verdict == SignatureVerdict::work_limit;
  }
  if (!indices.empty()) result.key = indices.front();
  if (result.verdict == SignatureVerdict::valid) result.verdict = judge_times(request);
  if (result.verdict == SignatureVerdict::valid) try_keys(result, indices, request);
  // A key that was not looked at might have been the one.
  if (result.verdict == SignatureVerdict::does_not_verify && left_out) {
    limit_hit = true;
    result.verdict = SignatureVerdict::work_limit;
  }
  return result;
}

SignatureCheck Verifier::State::beyond_limit() {
  limit_hit = true;
  SignatureCheck check;
  check.verdict = SignatureVerdict::work_limit;
  return check;
}

void Verifier::State::try_keys(SignatureCheck& check, const KeyIndices& indices,
                               const SignatureRequest& request) {
  check.verdict = SignatureVerdict::does_not_verify;
  const auto data = signed_data(request.set, request.rrsig);
  if (!data) return;
  for (const std::size_t index : indices) {
    const auto verified = verifies(request.keys[index], *data, request.rrsig.signature);
    if (verified && !*verified) continue;
    check.verdict = verified ? SignatureVerdict::valid : SignatureVerdict::work_limit;
    check.key = index;
    return;
  }
}

std::optional<bool> Verifier::State::verifies(const Key& key, dns::ByteView data,
                                              dns::ByteView signature) {
  const auto id = memo.id(data, signature, key.dnskey);
  if (id) {
    const auto known = memo.find(*id);
    if (known) return known;
  }
  if (verifications >= limits.verifications || failures >= limits.failures) {
    limit_hit = true;
    return std::nullopt;
  }
  ++verifications;
  const bool verified = keys.get(key.dnskey).verify(data, signature);
  failures += verified ? 0 : 1;
  if (id) memo.put(*id, verified);
  return verified;
}

Verifier::Verifier(WorkLimits limits) : state_(std::make_unique<State>()) {
  state_->limits = limits;
}
Verifier::~Verifier() = default;
Verifier::Verifier(Verifier&&) noexcept = default;
Verifier& Verifier::operator=(Verifier&&) noexcept = default;

SignatureCheck Verifier::check(const dns::RRset& set, const dns::Signature& signature,
                               const dns::Name& apex, std::span<const Key> keys,
                               dns::SerialTime now) {
  if (!signature.rrsig) return {};
  return state_->check({set, *signature.rrsig, apex, keys, now});
}

// A signature that many keys may have made costs as many operations: those come last.
std::vector<SignatureCheck> Verifier::check_all(const dns::SignedRRset& data, const dns::Name& apex,
                                                std::span<const Key> keys, dns::SerialTime now) {
  std::vector<SignatureCheck> checks(data.signatures.size());
  std::vector<std::pair<std::size_t, std::size_t>> order;  // candidates, place
  for (std::size_t i = 0; i < checks.size(); ++i) {
    const auto& rrsig = data.signatures[i].rrsig;
    if (!rrsig) continue;  // malformed, as it is
    if (order.size() == kMostLookedAt) {
      checks[i] = state_->beyond_limit();
      continue;
    }
    order.emplace_back(keys_named({data.set, *rrsig, apex, keys, now}).size(), i);
  }
  std::sort(order.begin(), order.end());
  unsigned tried = 0;
  for (const auto& [candidates, place] : order) {
    if (tried >= state_->limits.signatures_per_rrset) {
      checks[place] = state_->beyond_limit();
      continue;
    }
    checks[place] = state_->check({data.set, *data.signatures[place].rrsig, apex, keys, now});
    tried += was_tried(checks[place].verdict) ? 1 : 0;
  }
  return checks;
}

SignatureCheck Verifier::check_untimed(const dns::RRset& set, const dns::Signature& signature,
                                       const dns::Name& apex, std::span<const Key> keys) {
  if (!signature.rrsig) return {};
  return state_->check({set, *signature.rrsig, apex, keys, std::nullopt});
}

std::size_t Verifier::verifications() const { return state_->verifications; }
std::size_t Verifier::failures() const { return state_->failures; }
bool Verifier::limit_hit() const { return state_->limit_hit; }

std::string_view to_text(SignatureVerdict verdict) {
  switch (verdict) {
    case SignatureVerdict::valid:
      return "valid";
    case SignatureVerdict::malformed:
      return "malformed";
    case SignatureVerdict::wrong_type_covered:
      return "covers another type";
    case SignatureVerdict::wrong_signer:
      return "signer is not the zone";
    case SignatureVerdict::labels_exceed_owner:
      return "more labels than the owner has";
    case SignatureVerdict::unsupported_algorithm:
      return "unsupported algorithm";
    case SignatureVerdict::no_such_key:
      return "no such key";
    case SignatureVerdict::not_zone_key:
      return "key is no zone key";
    case SignatureVerdict::wrong_protocol:
      return "key's protocol is not 3";
    case SignatureVerdict::revoked_key:
      return "key is revoked";
    case SignatureVerdict::malformed_key:
      return "key is malformed";
    case SignatureVerdict::bad_length:
      return "impossible length";
    case SignatureVerdict::expires_before_inception:
      return "expires before its inception";
    case SignatureVerdict::expired:
      return "expired";
    case SignatureVerdict::not_yet_valid:
      return "not yet valid";
    case SignatureVerdict::does_not_verify:
      return "does not verify";
    case SignatureVerdict::work_limit:
      return "not tried: work limit reached";
  }
  return "malformed";
}

}  // namespace dnssec
