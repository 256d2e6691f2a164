// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// A signed answer, changed: whoever verifies it, one by one or all at once, says the same, and
// valid is only what was really signed.
#include "dnssec/verify.hpp"

#include <algorithm>

#include "dns/message.hpp"
#include "dnssec/bulk.hpp"
#include "dnssec/signed_data.hpp"
#include "fuzz.hpp"
#include "input.hpp"
#include "reference.hpp"
#include "signed_answer.hpp"

namespace {

using dnssec::SignatureVerdict;

void append_u16(dns::Bytes& out, std::size_t number) {
  out.push_back(static_cast<std::uint8_t>(number >> 8U & 0xffU));
  out.push_back(static_cast<std::uint8_t>(number & 0xffU));
}

/// RFC 4034 3.1.8.1 and 6.3: the records that are signed, in their order, by insertion.
dns::Bytes slow_records(const dns::RRset& set, const dns::Name& owner, std::uint32_t ttl) {
  std::vector<dns::Bytes> rdatas;
  for (const auto& raw : set.rdatas) {
    const auto rdata = dns::canonical_rdata(set.type, raw);
    auto at = rdatas.begin();
    while (at != rdatas.end() && fuzz::slow_rdata_order(*at, rdata) == std::strong_ordering::less)
      ++at;
    if (at == rdatas.end() || *at != rdata) rdatas.insert(at, rdata);
  }
  dns::Bytes out;
  for (const auto& rdata : rdatas) {
    const auto name = owner.canonical_wire();
    out.insert(out.end(), name.begin(), name.end());
    append_u16(out, static_cast<std::uint16_t>(set.type));
    append_u16(out, static_cast<std::uint16_t>(set.klass));
    append_u16(out, ttl >> 16U);
    append_u16(out, ttl & 0xffffU);
    append_u16(out, rdata.size());
    out.insert(out.end(), rdata.begin(), rdata.end());
  }
  return out;
}

void require_signed_data(const dns::RRset& set, const dns::Rrsig& rrsig) {
  const auto data = dnssec::signed_data(set, rrsig);
  const auto labels = set.owner.label_count_without_wildcard();
  fuzz::require(!data || rrsig.labels <= labels, "no more labels than there are");
  if (!data) return;
  const auto owner =
      rrsig.labels == labels ? set.owner : set.owner.suffix(rrsig.labels).wildcard().value();
  const auto records = slow_records(set, owner, rrsig.original_ttl);
  fuzz::require(data->size() >= records.size() &&
                    std::equal(records.begin(), records.end(),
                               data->end() - static_cast<std::ptrdiff_t>(records.size())),
                "the same records are signed");
}

void require_really_signed(const dns::RRset& set, const dns::Rrsig& rrsig) {
  const auto data = dnssec::signed_data(set, rrsig);
  const auto& real = fuzz::really_signed();
  fuzz::require(data && std::binary_search(real.begin(), real.end(), *data),
                "nobody has signed this");
}

/// What the bulk verifier says of one.
struct Bulk {
  SignatureVerdict verdict = SignatureVerdict::work_limit;
  std::uint16_t key = 0;
};

void use_set(const dns::SignedRRset& set, const fuzz::SignedAnswer& answer, dns::SerialTime now) {
  dnssec::Verifier verifier;
  dnssec::BulkVerifier bulk(answer.apex, answer.keys, now);
  const auto owner = set.set.owner.canonical_wire();
  const std::vector<dns::ByteView> rdatas(set.set.rdatas.begin(), set.set.rdatas.end());
  bulk.take(owner, set.set.type, rdatas);
  std::vector<Bulk> said(set.signatures.size());
  for (std::size_t i = 0; i < said.size(); ++i) {
    bulk.check(set.signatures[i].raw, said[i].verdict, said[i].key);
  }
  bulk.settle();
  for (std::size_t i = 0; i < said.size(); ++i) {
    const auto& signature = set.signatures[i];
    const auto check = verifier.check(set.set, signature, answer.apex, answer.keys, now);
    fuzz::require(check.verdict == said[i].verdict, "both verifiers say the same");
    fuzz::require(!check.key || *check.key == said[i].key, "of the same key");
    const auto again = verifier.check(set.set, signature, answer.apex, answer.keys, now);
    fuzz::require(again.verdict == check.verdict, "what is remembered is the same");
    const auto untimed = verifier.check_untimed(set.set, signature, answer.apex, answer.keys);
    fuzz::require(
        check.verdict != SignatureVerdict::valid || untimed.verdict == SignatureVerdict::valid,
        "valid now is valid at some time");
    if (!signature.rrsig) continue;
    require_signed_data(set.set, *signature.rrsig);
    if (untimed.verdict == SignatureVerdict::valid) {
      require_really_signed(set.set, *signature.rrsig);
    }
  }
  const auto most = 4 * set.signatures.size();  // CVE-2023-50387
  fuzz::require(verifier.verifications() <= most && bulk.verifications() <= most, "bounded work");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = dns::parse_message(fuzz::mutated_answer(data, size));
  if (!message) return 0;
  const auto answer = fuzz::signed_answer(*message);
  for (const auto& set : answer.sets) {
    if (set.signatures.empty()) continue;
    const auto& first = set.signatures.front().rrsig;
    use_set(set, answer, first ? first->inception : dns::SerialTime());
  }
  return 0;
}
