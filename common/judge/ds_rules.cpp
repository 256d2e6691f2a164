// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The members of a DS set that works, one by one and together. Where none works, the chain's own
// verdict tells the cause (RFC 4035 5.2).
#include <algorithm>
#include <array>
#include <set>

#include "dnssec/algorithm.hpp"
#include "judge/ds_words.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using dnssec::DsVerdict;

constexpr std::uint8_t kSha1 = 1;
constexpr std::uint8_t kSha256 = 2;
constexpr std::uint8_t kGost = 3;
/// Unbound gives up after four DS records that match no key (CVE-2023-50387).
constexpr std::size_t kMostDs = 6;
constexpr std::size_t kMostWithoutKey = 4;

bool has_digest(const LinkAnalysis& link, std::uint8_t type) {
  return std::any_of(link.ds.begin(), link.ds.end(),
                     [type](const dns::Ds& ds) { return ds.digest_type == type; });
}

bool is_dangling(const LinkAnalysis& link, std::size_t index) {
  return link.matches[index].verdict == DsVerdict::no_such_tag;
}

// ---- members

/// Since when the DS has no key: it came then, or its key was seen last. Nothing without a past.
std::optional<dns::UnixTime> dangling_since(const Docket& docket, const dns::Ds& ds) {
  const auto& analysis = docket.analysis;
  if (analysis.past == nullptr || analysis.past->empty()) {
    return std::nullopt;
  }
  auto since = analysis.now;
  for (const auto* record : seen_before(analysis, Type::ds)) {
    if (dns::parse_ds(record->rdata) == ds) {
      since = record->first_seen;
    }
  }
  for (const auto* record : seen_before(analysis, Type::dnskey)) {
    dns::RRset one;
    one.rdatas = {record->rdata};
    const auto keys = dnssec::keys_of(one);
    if (dnssec::match(ds, *docket.seen().apex, keys).verdict == DsVerdict::matches) {
      since = std::max(since, record->last_seen);
    }
  }
  return since;
}

/// RFC 4035 2.4: a DS should point to a key that is in the zone. Pre-published and retired ones do
/// not, for a while.
void see_dangling(Docket& docket, const LinkAnalysis& link, const std::vector<dns::Ds>& dangling) {
  if (dangling.empty()) {
    return;
  }
  std::optional<dns::UnixTime> oldest;
  std::string texts;
  for (const auto& ds : dangling) {
    texts += (texts.empty() ? "\"" : "\" and \"") + ds_text_of(ds);
    if (const auto since = dangling_since(docket, ds)) {
      oldest = std::min(oldest.value_or(*since), *since);
    }
  }
  const bool one = dangling.size() == 1;
  auto& finding =
      docket.add(Fault::ds_stale_member,
                 "the DS for key " + tag_words(dangling) + " at " + link.parent +
                     (one ? " has no key in the zone" : " have no keys in the zone") +
                     (oldest && *oldest < docket.analysis.now
                          ? ", for " + dns::to_human_duration(docket.analysis.now - *oldest)
                          : std::string()));
  finding.moment = oldest;
  finding.remedy = "Remove " + texts + "\" at the registrar when no rollover is going on.";
  if (oldest && static_cast<double>(docket.analysis.now - *oldest) > docket.policy.max_dangling) {
    finding.tier = Tier::warning;
  }
}

void add_once(Docket& docket, const Remark& remark) {
  const bool told =
      std::any_of(docket.findings.begin(), docket.findings.end(), [&](const Finding& finding) {
        return finding.fault == remark.fault && finding.text == remark.words;
      });
  if (told) {
    return;
  }
  auto& finding = docket.add(remark.fault, remark.words);
  finding.tier = std::min(finding.tier, Tier::warning);  // the link works all the same
  if (!remark.remedy.empty()) {
    finding.remedy = remark.remedy;
  }
}

/// A digest that nobody can compute is left out by validators (RFC 4035 5.2): legal.
void see_unknown_digest(Docket& docket, const dns::Ds& ds) {
  const bool gost = ds.digest_type == kGost;
  add_once(docket, {gost ? Fault::ds_digest_deprecated_gost : Fault::ds_digest_unknown,
                    "the DS for key " + std::to_string(ds.key_tag) + " uses digest type " +
                        dnssec::digest_text(ds.digest_type) + ", which validators " +
                        (gost ? "must not use" : "ignore"),
                    {},
                    {}});
}

/// What the link's own analysis says of each member that does not lead to a key.
void see_failing_members(Docket& docket, const LinkAnalysis& link) {
  std::vector<dns::Ds> dangling;
  std::size_t next = 0;
  for (std::size_t i = 0; i < link.ds.size() && i < link.matches.size(); ++i) {
    if (link.matches[i].verdict == DsVerdict::matches) {
      continue;
    }
    if (next >= link.remarks.size()) {
      break;
    }
    const auto& remark = link.remarks[next++];
    if (remark.fault != Fault::ds_stale_member) {
      add_once(docket, remark);
    } else if (is_dangling(link, i)) {
      dangling.push_back(link.ds[i]);
    } else {
      see_unknown_digest(docket, link.ds[i]);
    }
  }
  see_dangling(docket, link, dangling);
}

/// The signature by that key on the DNSKEY RRset that fails; nullptr when there is none at all.
const CheckedSignature* failing_signature(const LinkAnalysis& link, std::size_t key) {
  for (const auto& signature : link.dnskey_set->signatures) {
    const bool by_key = signature.rrsig && signature.rrsig->key_tag == link.keys[key].tag &&
                        signature.rrsig->algorithm == link.keys[key].dnskey.algorithm;
    if (by_key && !signature.valid()) {
      return &signature;
    }
  }
  return nullptr;
}

/// RFC 4035 5.2: some DS-matched key must sign the DNSKEY RRset; the others may stand by.
void see_matching_members(Docket& docket, const LinkAnalysis& link) {
  std::vector<std::size_t> keys;
  for (const auto& match : link.matches) {
    if (match.verdict == DsVerdict::matches && match.key &&
        std::find(keys.begin(), keys.end(), *match.key) == keys.end()) {
      keys.push_back(*match.key);
    }
  }
  std::vector<std::string> standby, plain;
  std::set<std::string> told;
  for (const auto key : keys) {
    auto tag = std::to_string(link.keys[key].tag);
    const bool signs = signs_dnskey(docket.analysis, link.keys[key]);
    const auto* failing = signs ? nullptr : failing_signature(link, key);
    const bool untold =
        failing != nullptr && failing->check.verdict == dnssec::SignatureVerdict::work_limit;
    // Keys of one tag are told apart by nothing that words could say: once is enough.
    const bool again = !signs && !told.insert(tag).second;
    if (failing != nullptr && !untold && !again) {
      docket
          .add(Fault::ds_key_rrsig_invalid,
               "the DNSKEY RRset's signature by key " + tag + ", which a DS names, " +
                   verdict_words(failing->check.verdict, failing->remaining, failing->age) +
                   "; another DS-matched key's is valid")
          .tier = Tier::warning;
    } else if (!signs && !again) {
      standby.push_back(tag);
    }
    if (!link.keys[key].dnskey.sep()) {
      plain.push_back(tag);
    }
  }
  if (!standby.empty()) {
    docket.add(Fault::ds_key_standby_not_signing,
               "a DS names key " + list_words(standby) + ", which " +
                   (standby.size() == 1 ? "does" : "do") +
                   " not sign the DNSKEY RRset; another DS-matched key does");
  }
  if (!plain.empty()) {
    docket.add(Fault::ds_to_non_sep_key,
               "a DS names key " + list_words(plain) + ", whose SEP bit is off");
  }
}

// ---- the set

/// RFC 9905: SHA-1 must not be used for delegations; RFC 4509 3: it is ignored beside SHA-256.
void see_digests(Docket& docket, const LinkAnalysis& link) {
  const bool only_sha1 = std::all_of(link.ds.begin(), link.ds.end(), [](const dns::Ds& ds) {
    return ds.digest_type == kSha1 || !dnssec::digest_info(ds.digest_type).verifiable;
  });
  if (only_sha1) {
    std::string right;
    for (const auto& match : link.matches) {
      if (match.verdict == DsVerdict::matches && match.key && signs_dnskey(link, *match.key)) {
        right = dnssec::ds_text(link.zone(), link.keys[*match.key]);
      }
    }
    auto& finding = docket.add(Fault::ds_sha1_only,
                               "every DS at " + link.parent +
                                   " uses SHA-1: validators without SHA-1 take the zone as unsigned"
                                   "; publish \"" +
                                   right + "\" at the registrar");
    finding.remedy = "Publish \"" + right + "\" at the registrar, then remove the SHA-1 DS.";
    return;
  }
  if (has_digest(link, kSha1)) {
    docket.add(Fault::ds_sha1_beside_sha256,
               "a SHA-1 DS stands beside a stronger one: validators ignore it");
  }
  if (!has_digest(link, kSha256)) {
    docket.add(Fault::ds_sha256_missing,
               "no DS uses SHA-256 (2), which every validator knows; SHA-384 (4) is optional");
  }
}

/// RFC 6840 5.11: each algorithm in the DS set has to sign the zone. Validators accept any that
/// works.
void see_algorithms(Docket& docket, const LinkAnalysis& link) {
  std::vector<std::string> missing;
  const auto keys = keys_that_sign(docket.analysis);
  for (const auto& ds : link.ds) {
    if (!dnssec::algorithm_info(ds.algorithm).verifiable) {
      continue;
    }
    const bool signing = std::any_of(link.ds.begin(), link.ds.end(), [&](const dns::Ds& other) {
      return other.algorithm == ds.algorithm && leads_to_one_of(other, docket.analysis, keys);
    });
    auto words = dnssec::algorithm_text(ds.algorithm);
    if (!signing && std::find(missing.begin(), missing.end(), words) == missing.end()) {
      missing.push_back(std::move(words));
    }
  }
  if (!missing.empty()) {
    docket.add(Fault::ds_algorithm_incomplete,
               "a DS at " + link.parent + " has algorithm " + list_words(missing) +
                   ", and no key of that algorithm that a DS names signs the DNSKEY RRset");
  }
}

/// CVE-2023-50387: validators try only so many.
void see_count(Docket& docket, const LinkAnalysis& link) {
  const auto without = static_cast<std::size_t>(std::count_if(
      link.matches.begin(), link.matches.end(),
      [](const dnssec::DsMatch& match) { return match.verdict != DsVerdict::matches; }));
  if (link.ds.size() > kMostDs || without > kMostWithoutKey) {
    docket.add(Fault::ds_too_many,
               std::to_string(link.ds.size()) + " DS at " + link.parent +
                   (without == 0 ? std::string()
                                 : ", " + std::to_string(without) + " of them for no key") +
                   ": validators may stop before the right one");
  }
}

/// How long a wrong DS stays in caches after its repair.
void see_ttl(Docket& docket, const LinkAnalysis& link) {
  std::uint32_t ttl = 0;
  for (const auto& server : docket.seen().parent_servers) {
    if (const auto* answer = parents_ds_answer(server, link.zone())) {
      const auto sets = dns::group(answer->message->answer);
      const auto* found = dns::find(sets, link.zone(), Type::ds);
      ttl = found == nullptr ? ttl : std::max(ttl, found->set.ttl);
    }
  }
  if (ttl > dns::kDay) {
    auto& finding = docket.add(Fault::ds_ttl_too_long,
                               "the TTL of the DS RRset at " + link.parent + " is " +
                                   dns::to_human_duration(ttl) +
                                   ": a mistake in it lasts that long after its repair");
    if (ttl > 2 * dns::kDay) {
      finding.tier = Tier::warning;
    }
  }
}

/// --pin: the DS set is what its owner says, at every parent server.
void see_pins(Docket& docket) {
  const auto& pins = docket.policy.pins;
  if (pins.empty() || !ds_known(docket.analysis)) {
    return;
  }
  const auto published = published_ds(docket.analysis);
  const auto only_in = [](const std::vector<dns::Ds>& these, const std::vector<dns::Ds>& those) {
    std::vector<std::string> texts;
    for (const auto& ds : these) {
      if (std::find(those.begin(), those.end(), ds) == those.end()) {
        texts.push_back("\"" + ds_text_of(ds) + "\"");
      }
    }
    return texts;
  };
  const auto extra = only_in(published, pins);
  const auto missing = only_in(pins, published);
  if (extra.empty() && missing.empty()) {
    return;
  }
  std::string text = "the DS set at " + docket.seen().parent.value_or(dns::Name()).to_display() +
                     " is not the one given by --pin: ";
  if (!extra.empty()) {
    text += list_words(extra, 4) + (extra.size() == 1 ? " is" : " are") + " there";
  }
  if (!missing.empty()) {
    text += (extra.empty() ? "" : ", ") + list_words(missing, 4) +
            (missing.size() == 1 ? " is" : " are") + " not";
  }
  docket.add(Fault::ds_unexpected, std::move(text));
}

}  // namespace

void rules_for_ds(Docket& docket) {
  see_pins(docket);
  const auto* link = docket.analysis.apex_link();
  if (link == nullptr || link->anchored || link->state != LinkState::secure) {
    return;  // the verdict on the chain tells the cause
  }
  see_failing_members(docket, *link);
  see_matching_members(docket, *link);
  see_digests(docket, *link);
  see_algorithms(docket, *link);
  see_count(docket, *link);
  see_ttl(docket, *link);
}

}  // namespace judge
