// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/bulk.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "dns/ascii.hpp"
#include "dns/octets.hpp"
#include "dns/rdata.hpp"
#include "dns/rdata_layout.hpp"
#include "dnssec/algorithm.hpp"
#include "dnssec/deferred.hpp"
#include "dnssec/public_key.hpp"

namespace dnssec {

namespace {

using Verdict = SignatureVerdict;

/// As WorkLimits has it: keys of one tag are an attack (CVE-2023-50387) long before that.
constexpr std::size_t kKeysPerSignature = 4;

/// Octets of the first labels, so that what remains has `labels` of them; the owner's count is
/// known to be larger.
dns::ByteView without_first(dns::ByteView owner, std::size_t labels) {
  for (; labels > 0; --labels) {
    owner = owner.subspan(std::size_t{owner.front()} + 1);
  }
  return owner;
}

std::size_t labels_in(dns::ByteView owner) {
  std::size_t labels = 0;
  for (; owner.front() != 0; owner = owner.subspan(std::size_t{owner.front()} + 1)) {
    ++labels;
  }
  return labels;
}

bool equal_but_for_case(dns::ByteView wire, dns::ByteView lower) {
  return std::equal(
      wire.begin(), wire.end(), lower.begin(), lower.end(),
      [](std::uint8_t one, std::uint8_t other) { return dns::ascii_lower(one) == other; });
}

void put(dns::Bytes& out, dns::ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void put_u16(dns::Bytes& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8U));
  out.push_back(static_cast<std::uint8_t>(value & 0xffU));
}

bool ends_after(dns::SerialTime now, dns::SerialTime end) { return now == end || now.before(end); }

Verdict verdict_on_times(const dns::RrsigView& rrsig, dns::SerialTime now) {
  if (!ends_after(rrsig.inception, rrsig.expiration)) return Verdict::expires_before_inception;
  if (!ends_after(now, rrsig.expiration)) return Verdict::expired;
  if (!ends_after(rrsig.inception, now)) return Verdict::not_yet_valid;
  return Verdict::valid;
}

}  // namespace

struct BulkVerifier::State {
  explicit State(std::span<const Key> those) : keys(those), loaded(keys.size()), deferred(keys) {}

  dns::Bytes apex;  // canonical
  std::size_t apex_labels = 0;
  std::span<const Key> keys;
  dns::SerialTime now;
  std::vector<std::unique_ptr<PublicKey>> loaded;  // one for each key, made when first needed
  std::size_t verifications = 0;

  Deferred deferred;

  // The RRset in hand.
  dns::ByteView owner;
  std::size_t owner_labels = 0;  // without a leading "*"
  std::size_t all_labels = 0;
  bool inside = false;
  dns::Type type = dns::Type::none;
  std::vector<dns::ByteView> rdatas;  // canonical, in canonical order
  std::deque<dns::Bytes> lowered;     // those that had to be made canonical

  dns::Bytes data;
  std::vector<std::uint16_t> candidates;

  PublicKey& key(std::size_t index);
  [[nodiscard]] Verdict fit(const dns::RrsigView& rrsig) const;
  void name_candidates(const dns::RrsigView& rrsig);
  template <class Keep>
  bool narrow(Keep keep);
  Verdict narrow_by_fields();
  Verdict narrow_by_bytes(std::size_t length);
  /// What is signed, RFC 4034 3.1.8.1, into `data`.
  void write(const dns::RrsigView& rrsig);
  bool try_candidates(const dns::RrsigView& rrsig);
  bool put_off(const dns::RrsigView& rrsig, Verdict& verdict);
  Verdict narrow_all(const dns::RrsigView& rrsig, bool& left_out);
  void check(const dns::RrsigView& rrsig, Verdict& verdict);
};

PublicKey& BulkVerifier::State::key(std::size_t index) {
  auto& slot = loaded[index];
  if (!slot) slot = std::make_unique<PublicKey>(keys[index].dnskey);
  return *slot;
}

Verdict BulkVerifier::State::fit(const dns::RrsigView& rrsig) const {
  if (rrsig.covered != type) return Verdict::wrong_type_covered;
  if (!inside || !equal_but_for_case(rrsig.signer, apex)) return Verdict::wrong_signer;
  if (rrsig.labels > owner_labels) return Verdict::labels_exceed_owner;
  if (rrsig.labels < apex_labels) return Verdict::wrong_signer;
  return algorithm_info(rrsig.algorithm).verifiable ? Verdict::valid
                                                    : Verdict::unsupported_algorithm;
}

void BulkVerifier::State::name_candidates(const dns::RrsigView& rrsig) {
  candidates.clear();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].tag == rrsig.key_tag && keys[i].dnskey.algorithm == rrsig.algorithm) {
      candidates.push_back(static_cast<std::uint16_t>(i));
    }
  }
}

template <class Keep>
bool BulkVerifier::State::narrow(Keep keep) {
  if (std::none_of(candidates.begin(), candidates.end(), keep)) return false;
  const auto gone =
      std::remove_if(candidates.begin(), candidates.end(), [&](std::size_t i) { return !keep(i); });
  candidates.erase(gone, candidates.end());
  return true;
}

Verdict BulkVerifier::State::narrow_by_fields() {
  if (candidates.empty()) return Verdict::no_such_key;
  if (!narrow([&](std::size_t i) { return keys[i].dnskey.zone_key(); })) {
    return Verdict::not_zone_key;
  }
  if (!narrow([&](std::size_t i) { return keys[i].dnskey.protocol == 3; })) {
    return Verdict::wrong_protocol;
  }
  const bool revoked_may_sign = type == dns::Type::dnskey;
  if (!narrow([&](std::size_t i) { return revoked_may_sign || !keys[i].dnskey.revoked(); })) {
    return Verdict::revoked_key;
  }
  return Verdict::valid;
}

Verdict BulkVerifier::State::narrow_by_bytes(std::size_t length) {
  bool unsupported = false, dear = false;
  const auto usable = [&](std::size_t i) {
    const PublicKey::State state = key(i).state();
    unsupported = unsupported || state == PublicKey::State::unsupported;
    dear = dear || state == PublicKey::State::dear;
    return state == PublicKey::State::usable;
  };
  if (!narrow(usable)) {
    if (dear) return Verdict::work_limit;
    return unsupported ? Verdict::unsupported_algorithm : Verdict::malformed_key;
  }
  if (narrow([&](std::size_t i) { return key(i).signature_length() == length; })) {
    return Verdict::valid;
  }
  if (dear) return Verdict::work_limit;
  return unsupported ? Verdict::unsupported_algorithm : Verdict::bad_length;
}

void BulkVerifier::State::write(const dns::RrsigView& rrsig) {
  data.clear();
  put(data, rrsig.head);
  put(data, apex);  // the signer, in canonical form
  const bool expanded = rrsig.labels < owner_labels;
  const auto name = expanded ? without_first(owner, all_labels - rrsig.labels) : owner;
  for (const auto rdata : rdatas) {
    if (expanded) put(data, std::array<std::uint8_t, 2>{1, '*'});
    put(data, name);
    put_u16(data, static_cast<std::size_t>(type));
    put_u16(data, static_cast<std::size_t>(dns::Class::in));
    put(data, rrsig.head.subspan(4, 4));  // the original TTL
    put_u16(data, rdata.size());
    put(data, rdata);
  }
}

bool BulkVerifier::State::try_candidates(const dns::RrsigView& rrsig) {
  write(rrsig);
  for (const auto index : candidates) {
    ++verifications;
    if (key(index).verify(data, rrsig.signature)) {
      candidates.front() = index;
      return true;
    }
  }
  return false;
}

/// False where nothing is gained.
bool BulkVerifier::State::put_off(const dns::RrsigView& rrsig, Verdict& verdict) {
  if (candidates.size() != 1) return false;
  const std::size_t index = candidates.front();
  if (!deferred.gains(index)) return false;
  write(rrsig);
  const auto digest = key(index).digest_of(data);
  if (digest.empty()) return false;
  ++verifications;
  deferred.put_off(index, key(index), digest, rrsig.signature, verdict);
  return true;
}

/// Leaves in `candidates` the keys that are worth trying.
Verdict BulkVerifier::State::narrow_all(const dns::RrsigView& rrsig, bool& left_out) {
  name_candidates(rrsig);
  if (const auto verdict = fit(rrsig); verdict != Verdict::valid) return verdict;
  if (const auto verdict = narrow_by_fields(); verdict != Verdict::valid) return verdict;
  left_out = candidates.size() > kKeysPerSignature;
  if (left_out) candidates.resize(kKeysPerSignature);
  const auto verdict = narrow_by_bytes(rrsig.signature.size());
  if (verdict == Verdict::valid) return verdict_on_times(rrsig, now);
  return left_out && verdict != Verdict::unsupported_algorithm ? Verdict::work_limit : verdict;
}

void BulkVerifier::State::check(const dns::RrsigView& rrsig, Verdict& verdict) {
  bool left_out = false;
  verdict = narrow_all(rrsig, left_out);
  if (verdict != Verdict::valid) return;
  const auto otherwise = left_out ? Verdict::work_limit : Verdict::does_not_verify;
  if (rdatas.empty()) {
    verdict = otherwise;
  } else if (left_out || !put_off(rrsig, verdict)) {
    verdict = try_candidates(rrsig) ? Verdict::valid : otherwise;
  }
}

BulkVerifier::BulkVerifier(const dns::Name& apex, std::span<const Key> keys, dns::SerialTime now)
    : state_(std::make_unique<State>(keys)) {
  state_->apex = apex.canonical_wire();
  state_->apex_labels = apex.label_count_without_wildcard();
  state_->now = now;
}
BulkVerifier::~BulkVerifier() = default;
BulkVerifier::BulkVerifier(BulkVerifier&&) noexcept = default;
BulkVerifier& BulkVerifier::operator=(BulkVerifier&&) noexcept = default;

void BulkVerifier::take(dns::ByteView owner, dns::Type type,
                        std::span<const dns::ByteView> rdatas) {
  State& state = *state_;
  state.owner = owner;
  state.all_labels = labels_in(owner);
  const bool wildcard = owner.size() > 1 && owner[0] == 1 && owner[1] == '*';
  state.owner_labels = state.all_labels - (wildcard ? 1 : 0);
  const std::size_t apex_all = labels_in(state.apex);
  state.inside = state.all_labels >= apex_all &&
                 std::ranges::equal(without_first(owner, state.all_labels - apex_all), state.apex);
  state.type = type;
  state.rdatas.clear();
  state.lowered.clear();
  for (const auto rdata : rdatas) {
    const bool has_names = dns::layout_of(type, rdata).has_value();
    state.rdatas.push_back(
        has_names ? dns::ByteView(state.lowered.emplace_back(dns::canonical_rdata(type, rdata)))
                  : rdata);
  }
  if (state.rdatas.size() < 2) return;
  const auto same = [](dns::ByteView left, dns::ByteView right) {
    return std::ranges::equal(left, right);
  };
  std::ranges::sort(state.rdatas, dns::less);
  state.rdatas.erase(std::unique(state.rdatas.begin(), state.rdatas.end(), same),
                     state.rdatas.end());
}

void BulkVerifier::check(dns::ByteView rrsig, SignatureVerdict& verdict, std::uint16_t& key) {
  key = 0;
  const auto view = dns::view_rrsig(rrsig);
  if (!view) {
    verdict = Verdict::malformed;
    return;
  }
  state_->check(*view, verdict);
  if (!state_->candidates.empty()) key = state_->candidates.front();
}

void BulkVerifier::settle() { state_->deferred.settle(); }

std::size_t BulkVerifier::verifications() const { return state_->verifications; }

}  // namespace dnssec
