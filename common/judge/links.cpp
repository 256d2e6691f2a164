// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The chain of trust, link by link: from an anchor or a validated DS set to the keys that sign the
// DNSKEY RRset (RFC 4035 5). States the cause at the link where it is.
#include <algorithm>

#include "dns/escape.hpp"
#include "dnssec/algorithm.hpp"
#include "dnssec/denial.hpp"
#include "judge/analysis.hpp"
#include "judge/ds_words.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Name;
using dns::Type;
using dnssec::DsVerdict;
using dnssec::SignatureVerdict;

/// Above 100 iterations validators differ in what they do (RFC 9276 3.2): some take it as insecure.
constexpr std::uint16_t kMostOfDelegation = 100;

std::string zone_words(const LinkAnalysis& link) {
  if (link.zone().is_root()) {
    return "the root";
  }
  return link.under_test ? "the zone" : link.zone().to_display();
}

/// Everything one link's examination needs.
struct Bench {
  const observe::ZoneObservation& seen;
  dns::UnixTime now;
  Work& work;
};

/// The packet to examine: what the validator vouches for, else the raw one beside it.
const dns::Lookup* packet(const std::optional<dns::Lookup>& validated,
                          const std::optional<dns::Lookup>& raw) {
  const auto usable = [](const std::optional<dns::Lookup>& lookup) {
    return lookup && lookup->message && lookup->rcode != dns::Rcode::servfail;
  };
  if (usable(validated) && validated->security == dns::Security::secure) {
    return &*validated;
  }
  if (usable(raw)) {
    return &*raw;
  }
  return usable(validated) ? &*validated : nullptr;
}

void set_cause(LinkAnalysis& link, LinkState state, Fault fault, std::string words,
               std::optional<dns::UnixTime> moment = {}, std::string remedy = {}) {
  link.state = state;
  link.cause = Remark{fault, std::move(words), moment, std::move(remedy)};
}

/// The signature to speak of when none is valid: the one that comes nearest to it.
const CheckedSignature* nearest(const CheckedRRset& checked) {
  const CheckedSignature* best = nullptr;
  for (const auto& signature : checked.signatures) {
    if (best == nullptr || signature.check.verdict > best->check.verdict ||
        (signature.check.verdict == best->check.verdict && signature.remaining > best->remaining)) {
      best = &signature;
    }
  }
  return best;
}

std::optional<dns::UnixTime> moment_of(const CheckedSignature& signature, dns::UnixTime now) {
  if (signature.check.verdict == SignatureVerdict::expired) {
    return now + signature.remaining;
  }
  if (signature.check.verdict == SignatureVerdict::not_yet_valid) {
    return now - signature.age;
  }
  return std::nullopt;
}

// ---- DS at the parent

/// The denial records of an answer, those with a valid signature only. `unsigned_ones` counts the
/// rest.
std::vector<dns::SignedRRset> verified_denial(const std::vector<dns::SignedRRset>& authority,
                                              const LinkAnalysis& parent, Bench& bench,
                                              const CheckedSignature*& bad, CheckedRRset& bad_set) {
  std::vector<dns::SignedRRset> good;
  for (const auto& data : authority) {
    const bool denies = data.set.type == Type::nsec || data.set.type == Type::nsec3;
    if (!denies || data.set.rdatas.empty()) {
      continue;
    }
    auto checked = check_rrset(data, parent.zone(), parent.keys, bench.now, bench.work.verifier);
    if (checked.valid()) {
      good.push_back(data);
    } else {
      bad_set = std::move(checked);
      bad = nearest(bad_set);
    }
  }
  return good;
}

Fault fault_of_no_ds(dnssec::DenialVerdict verdict) {
  using dnssec::DenialVerdict;
  if (verdict == DenialVerdict::no_records) {
    return Fault::nods_proof_missing;
  }
  if (verdict == DenialVerdict::opt_out_missing) {
    return Fault::nods_proof_optout_flag_missing;
  }
  if (verdict == DenialVerdict::too_many_iterations) {
    return Fault::nods_nsec3_iterations;
  }
  return Fault::nods_proof_invalid;
}

/// No DS in the answer: is that proven (RFC 4035 5.2, RFC 5155 8.6)?
void examine_no_ds(LinkAnalysis& link, const LinkAnalysis& parent, const dns::Message& message,
                   Bench& bench) {
  const std::string where = "the parent " + zone_words(parent);
  const CheckedSignature* bad = nullptr;
  CheckedRRset bad_set;
  const auto authority = dns::group(message.authority);
  const auto good = verified_denial(authority, parent, bench, bad, bad_set);
  if (good.empty() && bad != nullptr) {
    set_cause(link, LinkState::bogus, Fault::nods_proof_invalid,
              where + " denies a DS, but the signature of its " + dns::to_text(bad_set.set.type) +
                  " " + verdict_words(bad->check.verdict, bad->remaining, bad->age),
              moment_of(*bad, bench.now));
    return;
  }
  const auto records = dnssec::denial_records(parent.zone(), good);
  const auto proof = dnssec::prove_insecure_delegation(
      link.zone(), records, {.most_iterations = kMostOfDelegation, .work = &bench.work.hashing});
  if (dnssec::is_proven(proof.verdict)) {
    link.state = LinkState::insecure;
    return;
  }
  const Fault fault = fault_of_no_ds(proof.verdict);
  const bool insecure = fault == Fault::nods_nsec3_iterations;
  set_cause(link, insecure ? LinkState::insecure : LinkState::bogus, fault,
            where + " gives no DS and does not prove it: " + std::string(to_text(proof.verdict)));
}

/// Fills link.ds from an answer of the parent; sets a state when the way ends here.
void examine_ds_answer(LinkAnalysis& link, const LinkAnalysis& parent, const dns::Message& message,
                       Bench& bench) {
  const std::string where = "the parent " + zone_words(parent);
  const auto answer = dns::group(message.answer);
  const auto* data = dns::find(answer, link.zone(), Type::ds);
  if (data == nullptr || data->set.rdatas.empty()) {  // a signature alone is no DS either
    examine_no_ds(link, parent, message, bench);
    return;
  }
  link.ds_set = check_rrset(*data, parent.zone(), parent.keys, bench.now, bench.work.verifier);
  link.ds = dnssec::ds_of(data->set);
  if (link.ds_set->valid()) {
    return;
  }
  const auto* reason = nearest(*link.ds_set);
  std::string words = where + " publishes the DS of " + zone_words(link) + " ";
  words += reason == nullptr
               ? "without a signature"
               : "with a signature that " +
                     verdict_words(reason->check.verdict, reason->remaining, reason->age);
  set_cause(link, LinkState::bogus, Fault::ds_rrsig_invalid, std::move(words),
            reason == nullptr ? std::nullopt : moment_of(*reason, bench.now));
}

void examine_ds(LinkAnalysis& link, const LinkAnalysis& parent, Bench& bench) {
  const auto* lookup = packet(link.link->ds, link.link->raw_ds);
  if (lookup == nullptr) {
    set_cause(
        link, LinkState::unknown, Fault::parent_unreachable,
        "no answer about the DS of " + zone_words(link) + " from the parent " + zone_words(parent));
    return;
  }
  examine_ds_answer(link, parent, *lookup->message, bench);
}

// ---- DNSKEY in the zone

/// The zone's DNSKEY answer: through the resolver, else from the first server that gives keys.
const dns::Message* dnskey_message(const LinkAnalysis& link, const Bench& bench) {
  if (const auto* lookup = packet(link.link->dnskey, link.link->raw_dnskey)) {
    return &*lookup->message;
  }
  if (bench.seen.apex && link.zone() == *bench.seen.apex) {
    for (const auto& server : bench.seen.servers) {
      for (const bool tcp : {false, true}) {
        const auto* answer = server.find(link.zone(), Type::dnskey, tcp);
        if (answer != nullptr && answer->answered() &&
            answer->message->rcode == dns::Rcode::noerror) {
          return &*answer->message;
        }
      }
    }
  }
  return nullptr;
}

std::string tags_of_ds(const std::vector<dns::Ds>& set) {
  std::vector<std::string> tags;
  for (const auto& ds : set) {
    const auto tag = std::to_string(ds.key_tag);
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) {
      tags.push_back(tag);
    }
  }
  return list_words(tags, 4);
}

/// Keys that sign the DNSKEY RRset, by index: the candidates for a right DS.
std::vector<std::size_t> signing_keys(const LinkAnalysis& link) {
  std::vector<std::size_t> indexes;
  if (link.dnskey_set) {
    for (const auto& signature : link.dnskey_set->signatures) {
      if (signature.valid() && signature.check.key &&
          std::find(indexes.begin(), indexes.end(), *signature.check.key) == indexes.end()) {
        indexes.push_back(*signature.check.key);
      }
    }
  }
  return indexes;
}

/// What to tell the registrar: the DS of each key that signs the DNSKEY RRset; SEP keys where there
/// are any.
std::string right_ds(const LinkAnalysis& link) {
  const auto signing = signing_keys(link);
  const bool any_sep = std::any_of(signing.begin(), signing.end(), [&](std::size_t index) {
    return link.keys[index].dnskey.sep() && !link.keys[index].dnskey.revoked();
  });
  std::string text;
  for (const auto index : signing) {
    const auto& key = link.keys[index];
    if ((key.dnskey.sep() || !any_sep) && !key.dnskey.revoked()) {
      text += (text.empty() ? "\"" : "\" and \"") + dnssec::ds_text(link.zone(), key);
    }
  }
  return text.empty() ? text : text + "\" at the registrar";
}

/// The same as a remedy of its own; empty where no key is right.
std::string publish(const LinkAnalysis& link) {
  const auto right = right_ds(link);
  return right.empty() ? right : "Publish " + right + ", then remove the wrong DS.";
}

std::string signing_words(const LinkAnalysis& link) {
  std::vector<std::string> tags;
  for (const auto index : signing_keys(link)) {
    tags.push_back(std::to_string(link.keys[index].tag));
  }
  return tags.empty() ? "the zone's DNSKEY RRset is not validly signed at all"
                      : "the zone signs with " + list_words(tags, 4);
}

/// A DS whose tag fits no key, but whose digest is that of one (RFC 4034 5.1.4).
std::optional<std::size_t> digest_of_other_tag(const dns::Ds& ds, const LinkAnalysis& link) {
  for (std::size_t i = 0; i < link.keys.size() && i < 16; ++i) {
    const auto digest = dnssec::ds_digest(link.zone(), link.keys[i].rdata, ds.digest_type);
    if (digest && *digest == ds.digest) {
      return i;
    }
  }
  return std::nullopt;
}

/// What is wrong with one DS that does not work, most telling first.
Remark remark_on(const dns::Ds& ds, const dnssec::DsMatch& match, const LinkAnalysis& link) {
  const std::string subject =
      "the DS for key " + std::to_string(ds.key_tag) + " of " + zone_words(link);
  switch (match.verdict) {
    case DsVerdict::wrong_algorithm:
      return {Fault::ds_alg_mismatch,
              subject + " says algorithm " + dnssec::algorithm_text(ds.algorithm) +
                  ", the key has " + dnssec::algorithm_text(link.keys[*match.key].dnskey.algorithm),
              {},
              publish(link)};
    case DsVerdict::wrong_digest:
      if (const auto length = dnssec::digest_info(ds.digest_type).length;
          length != 0 && length != ds.digest.size()) {
        return {Fault::ds_digest_length,
                subject + " has a digest of " + std::to_string(ds.digest.size()) + " octets, " +
                    dnssec::digest_text(ds.digest_type) + " has " + std::to_string(length),
                {},
                publish(link)};
      }
      return {Fault::ds_digest_mismatch,
              subject + " has another digest than the key",
              {},
              publish(link)};
    case DsVerdict::not_zone_key:
    case DsVerdict::wrong_protocol:
      return {Fault::ds_to_non_zone_key,
              subject + " matches a key that is no zone key",
              {},
              publish(link)};
    case DsVerdict::revoked:
      return {Fault::ds_to_revoked_key, subject + " matches a revoked key", {}, publish(link)};
    case DsVerdict::unsupported_digest:
      return {Fault::ds_stale_member,
              subject + " uses digest type " + dnssec::digest_text(ds.digest_type) +
                  ", which cannot be computed here",
              {},
              {}};
    case DsVerdict::matches:
    case DsVerdict::no_such_tag:
      break;
  }
  if (const auto other = digest_of_other_tag(ds, link)) {
    return {Fault::ds_keytag_mismatch,
            subject + " has the digest of key " + std::to_string(link.keys[*other].tag),
            {},
            publish(link)};
  }
  return {Fault::ds_stale_member, subject + " has no key in the zone", {}, {}};
}

/// A DS that would do, but that validators do not look at (RFC 4509 3).
std::string ignored_words(const LinkAnalysis& link, const std::vector<dns::Ds>& usable) {
  for (std::size_t i = 0; i < link.ds.size(); ++i) {
    const bool ignored = std::find(usable.begin(), usable.end(), link.ds[i]) == usable.end();
    if (ignored && link.matches[i].verdict == DsVerdict::matches) {
      return " (the SHA-1 DS for key " + std::to_string(link.ds[i].key_tag) +
             " is ignored beside a stronger digest)";
    }
  }
  return {};
}

/// No usable DS leads to a key.
void explain_no_match(LinkAnalysis& link, const std::vector<dns::Ds>& usable) {
  if (link.anchored) {
    set_cause(link, LinkState::bogus, Fault::trust_anchor_mismatch,
              "none of the trust anchors (" + tags_of_ds(link.ds) + ") matches a key of " +
                  zone_words(link));
    return;
  }
  for (const auto& ds : usable) {
    auto remark = remark_on(ds, dnssec::match(ds, link.zone(), link.keys), link);
    if (remark.fault != Fault::ds_stale_member) {
      remark.words += right_ds(link).empty() ? "" : "; publish " + right_ds(link);
      link.state = LinkState::bogus;
      link.cause = std::move(remark);
      return;
    }
  }
  set_cause(link, LinkState::bogus, Fault::ds_no_matching_dnskey,
            "no DS at " + link.parent + " matches a key of " + zone_words(link) +
                ": DS is for key " + tags_of_ds(usable) + ignored_words(link, usable) + ", " +
                signing_words(link) +
                (right_ds(link).empty() ? std::string() : "; publish " + right_ds(link)));
}

bool is_trusted_key(const LinkAnalysis& link, std::size_t key) {
  return std::any_of(link.matches.begin(), link.matches.end(), [&](const dnssec::DsMatch& match) {
    return match.verdict == DsVerdict::matches && match.key == key;
  });
}

/// A DS leads to a key, but no valid signature by such a key is on the DNSKEY RRset.
void explain_no_signature(LinkAnalysis& link, const Bench& bench) {
  const std::string zone = zone_words(link);
  const auto& checked = *link.dnskey_set;
  if (checked.signatures.empty()) {
    set_cause(link, LinkState::bogus, Fault::dnskey_rrsig_missing,
              "the DNSKEY RRset of " + zone + " is not signed");
    return;
  }
  // A valid one is by another key of the same tag (RFC 4034 appendix B).
  const CheckedSignature* tried = nullptr;
  for (const auto& signature : checked.signatures) {
    const bool by_trusted =
        signature.rrsig && !signature.valid() &&
        std::any_of(link.matches.begin(), link.matches.end(), [&](const dnssec::DsMatch& match) {
          return match.verdict == DsVerdict::matches && match.key &&
                 link.keys[*match.key].tag == signature.rrsig->key_tag &&
                 link.keys[*match.key].dnskey.algorithm == signature.rrsig->algorithm;
        });
    if (by_trusted && (tried == nullptr || signature.check.verdict > tried->check.verdict)) {
      tried = &signature;
    }
  }
  if (tried == nullptr) {
    const auto* reason = nearest(checked);
    set_cause(
        link, LinkState::bogus,
        link.anchored ? Fault::trust_anchor_mismatch : Fault::ds_key_does_not_sign,
        "the key that the " + std::string(link.anchored ? "trust anchor" : "DS") + " of " + zone +
            " names does not sign its DNSKEY RRset; " +
            (reason != nullptr && reason->valid() ? signing_words(link) : "nor does any other key"),
        {}, publish(link));
    return;
  }
  const bool untold = tried->check.verdict == SignatureVerdict::work_limit;
  set_cause(link, untold ? LinkState::unknown : LinkState::bogus,
            untold ? Fault::work_limit : Fault::ds_key_rrsig_invalid,
            "the DNSKEY RRset's signature of " + zone + " by key " +
                std::to_string(tried->rrsig->key_tag) + " " +
                verdict_words(tried->check.verdict, tried->remaining, tried->age),
            moment_of(*tried, bench.now));
}

/// RFC 4035 5.2: unknown algorithms and digests make the zone insecure, not bogus.
void explain_unusable_ds(LinkAnalysis& link) {
  const bool algorithm_known = std::any_of(link.ds.begin(), link.ds.end(), [](const dns::Ds& ds) {
    return dnssec::algorithm_info(ds.algorithm).verifiable;
  });
  std::vector<std::string> unknown;
  for (const auto& ds : link.ds) {
    unknown.push_back(algorithm_known ? dnssec::digest_text(ds.digest_type)
                                      : dnssec::algorithm_text(ds.algorithm));
  }
  std::sort(unknown.begin(), unknown.end());
  unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
  set_cause(link, LinkState::insecure,
            algorithm_known ? Fault::ds_digest_unsupported_only : Fault::ds_alg_unsupported_only,
            "every DS of " + zone_words(link) + " uses " +
                (algorithm_known ? "a digest type" : "an algorithm") +
                " that validators do not know: " + list_words(unknown));
}

void remark_on_unusual(LinkAnalysis& link) {
  if (link.anchored) {
    for (const auto index : signing_keys(link)) {
      const auto& key = link.keys[index];
      const bool known =
          std::any_of(link.matches.begin(), link.matches.end(), [&](const dnssec::DsMatch& match) {
            return match.verdict == DsVerdict::matches && match.key == index;
          });
      if (link.zone().is_root() && key.dnskey.sep() && !key.dnskey.revoked() && !known) {
        link.remarks.push_back({Fault::trust_anchor_incomplete,
                                "the root is also signed by key " + std::to_string(key.tag) +
                                    ", which is not among the trust anchors",
                                {},
                                {}});
      }
    }
    return;
  }
  for (std::size_t i = 0; i < link.ds.size(); ++i) {
    if (link.matches[i].verdict != DsVerdict::matches) {
      link.remarks.push_back(remark_on(link.ds[i], link.matches[i], link));
    }
  }
}

void examine_dnskey(LinkAnalysis& link, Bench& bench) {
  const std::string zone = zone_words(link);
  const auto usable = dnssec::usable_ds(link.ds);
  const auto* message = dnskey_message(link, bench);
  if (message != nullptr) {
    const auto answer = dns::group(message->answer);
    if (const auto* data = dns::find(answer, link.zone(), Type::dnskey)) {
      link.keys = dnssec::keys_of(data->set);
      link.dnskey_set = check_rrset(*data, link.zone(), link.keys, bench.now, bench.work.verifier);
    }
  }
  if (link.inherited || link.state != LinkState::unknown || link.cause) {
    return;  // the way ended above the keys; they were read for what the report says of them
  }
  for (const auto& ds : link.ds) {
    link.matches.push_back(dnssec::match(ds, link.zone(), link.keys));
  }
  if (usable.empty()) {
    explain_unusable_ds(link);
    return;
  }
  if (message == nullptr) {
    set_cause(link, LinkState::unknown, Fault::chain_failed,
              "no answer about the DNSKEY RRset of " + zone);
    return;
  }
  if (link.keys.empty()) {
    set_cause(link, LinkState::bogus, Fault::ds_but_unsigned_zone,
              link.parent + " has a DS for " + zone + " (key " + tags_of_ds(usable) +
                  "), but the zone has no DNSKEY");
    return;
  }
  const auto works = [&](const dns::Ds& ds) {
    return dnssec::match(ds, link.zone(), link.keys).verdict == DsVerdict::matches;
  };
  if (std::none_of(usable.begin(), usable.end(), works)) {
    explain_no_match(link, usable);
    return;
  }
  const auto& signatures = link.dnskey_set->signatures;
  const bool is_signed =
      std::any_of(signatures.begin(), signatures.end(), [&](const CheckedSignature& s) {
        return s.valid() && s.check.key && is_trusted_key(link, *s.check.key);
      });
  if (!is_signed) {
    explain_no_signature(link, bench);
    return;
  }
  link.state = LinkState::secure;
  remark_on_unusual(link);
}

void add_anchors(LinkAnalysis& link, const observe::ZoneObservation& seen) {
  for (const auto& anchor : seen.anchors) {
    if (anchor.zone == link.zone()) {
      link.anchored = true;
      link.ds.push_back(anchor.ds);
    }
  }
}

LinkAnalysis examine(const observe::Link& observed, const LinkAnalysis* parent, Bench& bench) {
  LinkAnalysis link;
  link.link = &observed;
  link.under_test = bench.seen.apex && *bench.seen.apex == observed.zone;
  link.parent = parent == nullptr ? std::string() : zone_words(*parent);
  add_anchors(link, bench.seen);
  if (link.anchored) {
    examine_dnskey(link, bench);
    return link;
  }
  if (parent == nullptr) {
    link.state = LinkState::insecure;  // above every anchor
    return link;
  }
  if (parent->state == LinkState::secure) {
    examine_ds(link, *parent, bench);
  } else {
    link.state = parent->state;
    link.inherited = true;
    // For the report only: an island's DS and keys are still worth showing.
    if (const auto* lookup = packet(observed.ds, observed.raw_ds)) {
      const auto answer = dns::group(lookup->message->answer);
      if (const auto* data = dns::find(answer, link.zone(), Type::ds)) {
        link.ds = dnssec::ds_of(data->set);
      }
    }
  }
  examine_dnskey(link, bench);
  return link;
}

}  // namespace

std::vector<LinkAnalysis> analyse_links(const observe::ZoneObservation& seen, dns::UnixTime now,
                                        Work& work) {
  Bench bench{seen, now, work};
  std::vector<LinkAnalysis> links;
  links.reserve(seen.links.size());
  for (const auto& observed : seen.links) {
    links.push_back(examine(observed, links.empty() ? nullptr : &links.back(), bench));
  }
  return links;
}

std::vector<ParentFault> analyse_parents(const observe::ZoneObservation& seen,
                                         const std::vector<LinkAnalysis>& links, dns::UnixTime now,
                                         Work& work) {
  std::vector<ParentFault> faults;
  if (links.size() < 2 || links.back().anchored || !seen.parent) {
    return faults;
  }
  const auto& parent = links[links.size() - 2];
  if (parent.state != LinkState::secure || !(parent.zone() == *seen.parent)) {
    return faults;
  }
  Bench bench{seen, now, work};
  for (const auto& server : seen.parent_servers) {
    const auto* answer = parents_ds_answer(server, links.back().zone());
    if (answer == nullptr) {
      continue;
    }
    LinkAnalysis link;
    link.link = links.back().link;
    link.under_test = links.back().under_test;
    examine_ds_answer(link, parent, *answer->message, bench);
    if (link.state == LinkState::bogus && link.cause) {
      faults.push_back({server.label(), *std::move(link.cause)});
    }
  }
  return faults;
}

}  // namespace judge
