// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// RFC 4035 5.3: is there, for each RRset at each server, a signature that verifies now?
#include <algorithm>
#include <map>

#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using dnssec::SignatureVerdict;

/// Which of several rejected signatures tells the cause: the one that came nearest to being valid;
/// among equals the one that lasts longest.
const CheckedSignature& telling(const CheckedRRset& checked) {
  return *std::max_element(checked.signatures.begin(), checked.signatures.end(),
                           [](const CheckedSignature& left, const CheckedSignature& right) {
                             return left.check.verdict != right.check.verdict
                                        ? left.check.verdict < right.check.verdict
                                        : left.remaining < right.remaining;
                           });
}

using Validity = std::map<std::string, bool>;  // by RRset label: some server has a valid one

Validity valid_somewhere(const Docket& docket) {
  Validity validity;
  for (const auto& server : docket.analysis.servers) {
    for (const auto& checked : server.rrsets) {
      auto& valid = validity[rrset_label(checked.set.owner, checked.set.type, *docket.seen().apex)];
      valid = valid || checked.valid();
    }
  }
  return validity;
}

struct RRsetEye {
  const Docket& docket;
  const ServerAnalysis& server;
  const CheckedRRset& checked;
  bool elsewhere;  ///< some server has a valid signature of this RRset
  std::vector<Sighting>& sightings;

  // NOLINTNEXTLINE(modernize-use-nodiscard): most sightings need no more said of them
  Sighting& saw(Fault fault, std::string single, std::string plural) const {
    sightings.push_back(
        sighting_of(docket, server, checked, fault, std::move(single), std::move(plural)));
    return sightings.back();
  }
  /// What validators cannot resolve at any server is an emergency.
  [[nodiscard]] Tier broken() const { return elsewhere ? Tier::critical : Tier::emergency; }
};

/// The signatures that are there cover other types than the data that is.
bool only_other_types_covered(const RRsetEye& eye) {
  return std::any_of(eye.server.rrsets.begin(), eye.server.rrsets.end(),
                     [&](const CheckedRRset& other) {
                       return other.set.rdatas.empty() && other.set.owner == eye.checked.set.owner;
                     });
}

void see_unsigned(const RRsetEye& eye) {
  const bool misplaced = only_other_types_covered(eye);
  auto& sighting =
      misplaced
          ? eye.saw(Fault::rrsig_wrong_covered_or_class, "has signatures only over another type",
                    "have signatures only over other types")
          : eye.saw(Fault::rrsig_missing, "has no signature", "have no signature");
  sighting.tier = eye.broken();
}

void see_invalid(const RRsetEye& eye) {
  const auto& signature = telling(eye.checked);
  const auto verdict = signature.check.verdict;
  if (verdict == SignatureVerdict::no_such_key && eye.server.keys_unknown) {
    return;  // a key that was not seen is not a key that is not published
  }
  const auto fault = fault_of_verdict(verdict);
  const auto words = verdict_words(verdict, signature.remaining, signature.age);
  if (verdict == SignatureVerdict::unsupported_algorithm && eye.docket.check == kChain) {
    return;  // the link's state tells it
  }
  auto& sighting = eye.saw(fault, "signature " + words, "signatures: each " + words);
  if (verdict == SignatureVerdict::unsupported_algorithm ||
      verdict == SignatureVerdict::work_limit) {
    return;  // no verdict is not a bad verdict
  }
  sighting.tier = eye.broken();
  if (verdict == SignatureVerdict::expired) {
    sighting.moment = eye.docket.analysis.now + signature.remaining;
    sighting.plural = "signatures expired";
  }
  if (verdict == SignatureVerdict::not_yet_valid) {
    sighting.moment = eye.docket.analysis.now - signature.age;
    sighting.plural = "signatures are not valid yet";
    if (-signature.age <= kSlightlyAhead) {
      sighting.tier = Tier::warning;
    }
  }
  if (signature.rrsig && verdict == SignatureVerdict::no_such_key) {
    sighting.cause = std::to_string(signature.rrsig->key_tag);
    sighting.single = "signature is by key " + sighting.cause + ", which the zone does not publish";
    sighting.plural =
        "signatures are by key " + sighting.cause + ", which the zone does not publish";
  }
}

/// Every signature is verified, not only the one that suffices.
void see_beside_valid(const RRsetEye& eye, const CheckedSignature& signature) {
  const auto tag = signature.rrsig ? std::to_string(signature.rrsig->key_tag) : std::string("?");
  const bool same_key = std::any_of(eye.checked.signatures.begin(), eye.checked.signatures.end(),
                                    [&](const CheckedSignature& other) {
                                      return other.valid() && signature.rrsig &&
                                             other.rrsig->key_tag == signature.rrsig->key_tag &&
                                             other.rrsig->algorithm == signature.rrsig->algorithm;
                                    });
  switch (signature.check.verdict) {
    case SignatureVerdict::does_not_verify:
    case SignatureVerdict::bad_length:
    case SignatureVerdict::malformed:
      eye.saw(Fault::rrsig_invalid_beside_valid,
              "has a signature (key " + tag + ") that " +
                  verdict_words(signature.check.verdict, signature.remaining, signature.age) +
                  " beside a valid one",
              "have a signature that does not verify beside a valid one");
      return;
    case SignatureVerdict::expired:
      if (same_key) {
        eye.saw(Fault::rrsig_expired_beside_valid,
                "has an expired signature of key " + tag + " beside a valid one",
                "have an expired signature beside a valid one of the same key");
      }
      return;
    case SignatureVerdict::no_such_key:
      eye.saw(Fault::rrsig_unknown_key_beside_valid,
              "also has a signature by key " + tag + ", which is not published",
              "also have a signature by key " + tag + ", which is not published")
          .cause = tag;
      return;
    case SignatureVerdict::valid:
    case SignatureVerdict::wrong_type_covered:
    case SignatureVerdict::wrong_signer:
    case SignatureVerdict::labels_exceed_owner:
    case SignatureVerdict::unsupported_algorithm:
    case SignatureVerdict::not_zone_key:
    case SignatureVerdict::wrong_protocol:
    case SignatureVerdict::revoked_key:
    case SignatureVerdict::malformed_key:
    case SignatureVerdict::expires_before_inception:
    case SignatureVerdict::not_yet_valid:
    case SignatureVerdict::work_limit:
      return;
  }
}

void see(const RRsetEye& eye) {
  if (eye.checked.set.rdatas.empty()) {
    return;
  }
  if (eye.checked.signatures.empty()) {
    see_unsigned(eye);
    return;
  }
  if (!eye.checked.valid()) {
    see_invalid(eye);
    return;
  }
  if (eye.checked.wildcard_unproven) {
    eye.saw(Fault::wildcard_proof_missing,
            "is made from a wildcard without proof that the name itself does not exist",
            "are made from a wildcard without proof that the names themselves do not exist");
  }
  if (eye.docket.check == kSigs) {
    for (const auto& signature : eye.checked.signatures) {
      see_beside_valid(eye, signature);
    }
  }
}

/// A server that gives no signature at all is one cause, not one per RRset. True when it was
/// handled.
bool is_unsigned(const ServerAnalysis& server) {
  return server.serving() && !server.any_signature && !server.rrsets.empty();
}

void see_unsigned_servers(Docket& docket) {
  std::vector<std::string> labels;
  for (const auto& server : docket.analysis.servers) {
    if (is_unsigned(server)) {
      labels.push_back(server.label);
    }
  }
  if (labels.empty()) {
    return;
  }
  const bool everywhere = labels.size() == docket.analysis.serving();
  auto& finding = docket.add(everywhere ? Fault::rrsig_missing_all : Fault::unsigned_on_one_ns,
                             "the zone comes without any signature " +
                                 places_words(labels, docket.analysis.servers.size()));
  finding.servers = labels;
  if (everywhere) {
    finding.tier = Tier::emergency;
  }
}

/// The link's cause already says what is wrong with the key set.
bool chain_tells(const Docket& docket, const CheckedRRset& checked) {
  return docket.check == kChain && checked.set.type == Type::dnskey &&
         docket.analysis.first_break() != nullptr;
}

}  // namespace

Fault fault_of_verdict(SignatureVerdict verdict) {
  switch (verdict) {
    case SignatureVerdict::valid:
    case SignatureVerdict::malformed:
      return Fault::rrsig_malformed;
    case SignatureVerdict::wrong_type_covered:
      return Fault::rrsig_wrong_covered_or_class;
    case SignatureVerdict::wrong_signer:
      return Fault::rrsig_signer_not_apex;
    case SignatureVerdict::labels_exceed_owner:
      return Fault::rrsig_labels_exceed_owner;
    case SignatureVerdict::unsupported_algorithm:
      return Fault::sig_algorithm_unverifiable;
    case SignatureVerdict::no_such_key:
      return Fault::rrsig_no_matching_dnskey;
    case SignatureVerdict::not_zone_key:
    case SignatureVerdict::wrong_protocol:
      return Fault::rrsig_by_non_zone_key;
    case SignatureVerdict::revoked_key:
      return Fault::rrsig_by_revoked_key;
    case SignatureVerdict::malformed_key:
      return Fault::rrsig_key_malformed;
    case SignatureVerdict::bad_length:
      return Fault::rrsig_bad_length;
    case SignatureVerdict::expires_before_inception:
      return Fault::rrsig_expired_before_inception;
    case SignatureVerdict::expired:
      return Fault::rrsig_expired;
    case SignatureVerdict::not_yet_valid:
      return Fault::rrsig_not_yet_valid;
    case SignatureVerdict::does_not_verify:
      return Fault::rrsig_crypto_invalid;
    case SignatureVerdict::work_limit:
      return Fault::work_limit;
  }
  return Fault::rrsig_malformed;
}

void rules_for_signatures(Docket& docket) {
  if (!docket.analysis.zone_signed || docket.has(Fault::ds_but_unsigned_zone)) {
    return;
  }
  see_unsigned_servers(docket);
  const auto validity = valid_somewhere(docket);
  std::vector<Sighting> sightings;
  for (const auto& server : docket.analysis.servers) {
    if (is_unsigned(server)) {
      continue;
    }
    for (const auto& checked : server.rrsets) {
      if (!chain_tells(docket, checked)) {
        const auto label = rrset_label(checked.set.owner, checked.set.type, *docket.seen().apex);
        see(RRsetEye{docket, server, checked, validity.at(label), sightings});
      }
    }
  }
  add_grouped(docket, sightings);
}

}  // namespace judge
