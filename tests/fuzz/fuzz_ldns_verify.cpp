// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// A signed answer, changed as fuzz_verify does: ldns says the same of its signatures.
#include "dns/message.hpp"
#include "dnssec/verify.hpp"
#include "fuzz.hpp"
#include "ldns_record.hpp"
#include "signed_answer.hpp"

namespace {

using dnssec::SignatureVerdict;

/// Nothing when ldns cannot read one of them.
fuzz::LdnsRecords records_of(const dns::RRset& set) {
  fuzz::LdnsRecords list(ldns_rr_list_new());
  for (const auto& rdata : set.rdatas) {
    auto record = fuzz::ldns_record(fuzz::record_wire(set.owner, set.type, set.ttl, rdata));
    if (record == nullptr) return nullptr;
    ldns_rr_list_push_rr(list.get(), record.release());
  }
  return list;
}

fuzz::LdnsRecords keys_of(const fuzz::SignedAnswer& answer) {
  dns::RRset set;
  set.owner = answer.apex;
  set.type = dns::Type::dnskey;
  for (const auto& key : answer.keys) set.rdatas.push_back(key.rdata);
  return records_of(set);
}

/// What ldns does not ask for, and a validator must.
bool is_stricter(SignatureVerdict verdict) {
  switch (verdict) {
    case SignatureVerdict::wrong_type_covered:     // RFC 4035 5.3.1
    case SignatureVerdict::wrong_signer:           // RFC 4035 5.3.1
    case SignatureVerdict::labels_exceed_owner:    // RFC 4035 5.3.1
    case SignatureVerdict::not_zone_key:           // RFC 4034 2.1.1, RFC 4035 5.3.1
    case SignatureVerdict::wrong_protocol:         // RFC 4034 2.1.2
    case SignatureVerdict::revoked_key:            // RFC 5011 2.1
    case SignatureVerdict::unsupported_algorithm:  // RFC 8624 3.1: RSAMD5 and DSA are MUST NOT
    case SignatureVerdict::work_limit:             // no verdict
      return true;
    default:
      return false;
  }
}

void compare(const dns::SignedRRset& set, const fuzz::SignedAnswer& answer,
             dnssec::Verifier& verifier) {
  const auto records = records_of(set.set);
  const auto keys = keys_of(answer);
  if (records == nullptr || keys == nullptr) return;
  for (const auto& signature : set.signatures) {
    const auto rrsig = fuzz::ldns_record(
        fuzz::record_wire(set.set.owner, dns::Type::rrsig, signature.ttl, signature.raw));
    if (rrsig == nullptr || !signature.rrsig) continue;
    const auto ours = verifier.check_untimed(set.set, signature, answer.apex, answer.keys).verdict;
    // It lets the caller pick out the signatures that cover the set.
    if (ours == SignatureVerdict::wrong_type_covered) continue;
    const auto status =
        ldns_verify_rrsig_keylist_notime(records.get(), rrsig.get(), keys.get(), nullptr);
    if (ours == SignatureVerdict::valid) {
      fuzz::require(status == LDNS_STATUS_OK, "ldns verifies what we do");
    } else if (status == LDNS_STATUS_OK) {
      fuzz::require(is_stricter(ours), "we verify what ldns does");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = dns::parse_message(fuzz::mutated_answer(data, size));
  if (!message) return 0;
  const auto answer = fuzz::signed_answer(*message);
  dnssec::Verifier verifier;
  for (const auto& set : answer.sets) compare(set, answer, verifier);
  return 0;
}
