// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// CDS and CDNSKEY at every server: what the zone asks its parent to publish (RFC 7344, RFC 8078).
#include <algorithm>

#include "judge/cds_view.hpp"
#include "judge/ds_words.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using dnssec::DsVerdict;
using dnssec::SignatureVerdict;

bool has_ds(const Docket& docket) { return !published_ds(docket.analysis).empty(); }

/// The parent has that member already: what is to say of it is said of the DS.
bool in_ds_set(const Docket& docket, const dns::Ds& ds) {
  const auto set = published_ds(docket.analysis);
  return std::find(set.begin(), set.end(), ds) != set.end();
}

// ---- delete requests

/// RFC 8078 4: "0 0 0 00" and "0 3 0 AA==", alone.
void see_delete(const Docket& docket, const CdsView& view, Tally& tally) {
  for (const auto& words : view.malformed) {
    tally.add(Fault::cds_delete_malformed, words, view.label());
  }
  if (!view.deletes()) {
    return;
  }
  if (!view.ds.empty() || !view.keys.empty()) {
    tally.add(Fault::cds_delete_mixed,
              "the delete request (CDS 0 0 0 00) stands beside other CDS or CDNSKEY records",
              view.label());
    return;
  }
  const bool there = has_ds(docket);
  auto tier = there ? Tier::warning : Tier::info;
  if (docket.policy.expect == Expect::secure && there) {
    tier = Tier::critical;
  } else if (docket.policy.expect == Expect::insecure) {
    tier = Tier::info;
  }
  tally.add(Fault::cds_delete_present,
            there ? "the zone asks its parent to remove the DS (CDS 0 0 0 00): it will be insecure"
                  : "the zone asks its parent for no DS (CDS 0 0 0 00)",
            view.label(), tier);
}

// ---- signatures

struct SignatureFault {
  Fault fault{};
  std::string words;
};

std::optional<SignatureFault> signature_fault(const CheckedRRset& checked) {
  if (checked.valid()) {
    return std::nullopt;
  }
  const std::string subject = "the " + dns::to_text(checked.set.type) + " RRset ";
  if (checked.signatures.empty()) {
    return SignatureFault{Fault::cds_unsigned, subject + "has no signature"};
  }
  const auto nearest =
      std::max_element(checked.signatures.begin(), checked.signatures.end(),
                       [](const CheckedSignature& left, const CheckedSignature& right) {
                         return left.check.verdict < right.check.verdict;
                       });
  if (std::all_of(checked.signatures.begin(), checked.signatures.end(),
                  [](const CheckedSignature& signature) {
                    return signature.check.verdict == SignatureVerdict::no_such_key;
                  })) {
    return SignatureFault{Fault::cds_signed_by_unknown_key,
                          subject + "is signed only by a key that the zone does not publish"};
  }
  return SignatureFault{
      Fault::cds_rrsig_invalid,
      subject + "has a signature that " +
          verdict_words(nearest->check.verdict, nearest->remaining, nearest->age)};
}

bool signed_by_ds_key(const CheckedRRset& checked, const CdsView& view,
                      const std::vector<dns::Ds>& set, const dns::Name& apex) {
  return std::any_of(set.begin(), set.end(), [&](const dns::Ds& ds) {
    const auto match = dnssec::match(ds, apex, view.server->keys);
    return match.verdict == DsVerdict::matches &&
           std::any_of(checked.signatures.begin(), checked.signatures.end(),
                       [&](const CheckedSignature& signature) {
                         return signature.valid() && signature.check.key == match.key;
                       });
  });
}

/// RFC 7344 4.1: signed with a key that is in both the current DNSKEY and DS RRsets.
void see_cds_signatures(const Docket& docket, const CdsView& view, Tally& tally) {
  if (view.server->keys_unknown || !docket.analysis.zone_signed) {
    return;
  }
  const auto set = published_ds(docket.analysis);
  for (const auto* checked : {view.cds, view.cdnskey}) {
    if (checked == nullptr) {
      continue;
    }
    if (const auto fault = signature_fault(*checked)) {
      tally.add(fault->fault, fault->words, view.label(),
                set.empty() ? Tier::warning : Tier::critical);
    } else if (docket.analysis.state() == LinkState::secure && !set.empty() &&
               !signed_by_ds_key(*checked, view, set, *docket.seen().apex)) {
      tally.add(Fault::cds_not_signed_by_ds_key,
                "the " + dns::to_text(checked->set.type) +
                    " RRset is not signed by a key that the DS names: the parent must ignore it",
                view.label());
    }
  }
}

// ---- the two sets, and the keys

/// RFC 7344 4: both must come from the same keys. Which of the two the parent reads is its choice.
void see_mismatch(const Docket& docket, const CdsView& view, Tally& tally) {
  if (view.deletes() || (view.ds.empty() && view.keys.empty())) {
    return;
  }
  if (view.keys.empty() || view.ds.empty()) {
    tally.add(view.keys.empty() ? Fault::cds_without_cdnskey : Fault::cdnskey_without_cds,
              view.keys.empty() ? "there is CDS, but no CDNSKEY" : "there is CDNSKEY, but no CDS",
              view.label());
    return;
  }
  const auto& apex = *docket.seen().apex;
  std::vector<std::string> only_cds, only_cdnskey;
  std::vector<bool> used(view.keys.size(), false);
  bool computable = true;
  for (const auto& ds : view.ds) {
    const auto match = dnssec::match(ds, apex, view.keys);
    const bool known = match.verdict != DsVerdict::unsupported_digest;
    computable = computable && known;
    const bool paired = match.key && match.verdict != DsVerdict::wrong_digest &&
                        match.verdict != DsVerdict::wrong_algorithm;
    if (paired) {
      used[*match.key] = true;
    } else if (known) {
      only_cds.push_back(std::to_string(ds.key_tag));
    }
  }
  for (std::size_t i = 0; i < view.keys.size(); ++i) {
    if (!used[i] && computable) {
      only_cdnskey.push_back(std::to_string(view.keys[i].tag));
    }
  }
  if (only_cds.empty() && only_cdnskey.empty()) {
    return;
  }
  std::string words = "CDS and CDNSKEY are not of the same keys";
  if (only_cds == only_cdnskey) {
    tally.add(Fault::cds_cdnskey_mismatch,
              words + ": CDS has another digest or algorithm for key " + list_words(only_cds) +
                  " than CDNSKEY",
              view.label());
    return;
  }
  words += only_cds.empty() ? "" : ": only CDS has key " + list_words(only_cds);
  words += only_cdnskey.empty() ? ""
                                : std::string(only_cds.empty() ? ":" : ",") +
                                      " only CDNSKEY has key " + list_words(only_cdnskey);
  tally.add(Fault::cds_cdnskey_mismatch, words, view.label());
}

/// The DS that the parent would publish.
std::vector<dns::Ds> wanted_ds(const CdsView& view, const dns::Name& apex) {
  auto set = view.ds;
  for (const auto& key : set.empty() ? view.keys : std::vector<dnssec::Key>{}) {
    dns::Ds ds;
    ds.key_tag = key.tag;
    ds.algorithm = key.dnskey.algorithm;
    ds.digest_type = 2;
    ds.digest = dnssec::ds_digest(apex, key.rdata, ds.digest_type).value_or(dns::Bytes{});
    set.push_back(std::move(ds));
  }
  return set;
}

/// What became of the members of the set that the parent would publish.
struct Outlook {
  std::vector<dns::Ds> keyless, unlike, idle, no_zone_key;
  bool works = false;
};

Outlook look_ahead(const CdsView& view, const dns::Name& apex) {
  Outlook outlook;
  for (const auto& ds : wanted_ds(view, apex)) {
    const auto match = dnssec::match(ds, apex, view.server->keys);
    if (match.verdict == DsVerdict::unsupported_digest) {
      continue;
    }
    if (match.verdict == DsVerdict::not_zone_key || match.verdict == DsVerdict::wrong_protocol) {
      outlook.no_zone_key.push_back(ds);
    } else if (match.verdict != DsVerdict::matches) {
      (match.key ? outlook.unlike : outlook.keyless).push_back(ds);
    } else if (signs_dnskey(*view.server, apex, *match.key)) {
      outlook.works = true;
    } else {
      outlook.idle.push_back(ds);
    }
  }
  return outlook;
}

std::vector<dns::Ds> not_yet_ds(const Docket& docket, std::vector<dns::Ds> set) {
  set.erase(std::remove_if(set.begin(), set.end(),
                           [&](const dns::Ds& ds) { return in_ds_set(docket, ds); }),
            set.end());
  return set;
}

/// RFC 7344 4.1: what the parent publishes by it must not break the delegation.
void see_keys(const Docket& docket, const CdsView& view, Tally& tally) {
  if (view.deletes() || !view.server->keys_seen || (view.ds.empty() && view.keys.empty())) {
    return;
  }
  auto outlook = look_ahead(view, *docket.seen().apex);
  const std::string source = view.ds.empty() ? "CDNSKEY" : "CDS";
  if (!outlook.no_zone_key.empty()) {
    tally.add(Fault::cds_to_non_zone_key,
              source + " names key " + tag_words(outlook.no_zone_key) + ", which is no zone key",
              view.label());
  }
  const auto tier = outlook.works ? Tier::warning : Tier::critical;
  const std::string breaks = outlook.works ? "" : "; if the parent acts on it, the zone is bogus";
  if (outlook.works) {  // the parent has some already: said of the DS
    outlook.keyless = not_yet_ds(docket, std::move(outlook.keyless));
    outlook.unlike = not_yet_ds(docket, std::move(outlook.unlike));
    outlook.idle = not_yet_ds(docket, std::move(outlook.idle));
  }
  if (!outlook.keyless.empty()) {
    tally.add(Fault::cds_no_matching_dnskey,
              source + " names key " + tag_words(outlook.keyless) +
                  ", which the zone does not publish" + breaks,
              view.label(), tier);
  }
  if (!outlook.unlike.empty()) {
    tally.add(Fault::cds_no_matching_dnskey,
              source + " does not match the key " + tag_words(outlook.unlike) +
                  " that the zone publishes (digest, algorithm or flags differ)" + breaks,
              view.label(), tier);
  }
  if (!outlook.idle.empty()) {
    tally.add(Fault::cds_dnskey_not_signed_by_cds_key,
              source + " names key " + tag_words(outlook.idle) +
                  ", which does not sign the DNSKEY RRset" + breaks,
              view.label(), tier);
  }
}

// ---- between servers, and the parent

/// RFC 7344 6.1: the parent looks at every server and acts only where they agree.
void see_differences(Docket& docket, const std::vector<CdsView>& views) {
  std::vector<std::string> others;
  bool same_serial = false;
  const auto same = [](const CheckedRRset* left, const CheckedRRset* right) {
    return left == nullptr || right == nullptr ? left == right
                                               : dns::same_rdata(left->set, right->set);
  };
  for (const auto& view : views) {
    const auto& first = views.front();
    if (!same(first.cds, view.cds) || !same(first.cdnskey, view.cdnskey)) {
      others.push_back(view.label());
      same_serial = same_serial || !first.server->soa || !view.server->soa ||
                    first.server->soa->serial == view.server->soa->serial;
    }
  }
  if (others.empty()) {
    return;
  }
  auto& finding = docket.add(
      Fault::cds_inconsistent_ns,
      "other CDS or CDNSKEY sets than at " + views.front().label() + " are served " +
          places_words(others, docket.analysis.servers.size()) + ": the parent must not act");
  finding.servers = std::move(others);
  if (!same_serial) {
    finding.tier = Tier::info;  // the zone is on its way
  }
}

/// When the request took its present form: the newest of its records came, the latest other left.
std::optional<dns::UnixTime> asked_since(const Analysis& analysis, const CdsView& view) {
  if (analysis.past == nullptr || analysis.past->empty()) {
    return std::nullopt;
  }
  dns::UnixTime since = 0;
  for (const auto* checked : {view.cds, view.cdnskey}) {
    if (checked == nullptr) {
      continue;
    }
    const auto& rdatas = checked->set.rdatas;
    std::size_t known = 0;
    for (const auto* record : seen_before(analysis, checked->set.type)) {
      const bool now = std::find(rdatas.begin(), rdatas.end(), record->rdata) != rdatas.end();
      known += now ? 1 : 0;
      since = std::max(since, now ? record->first_seen : record->last_seen);
    }
    since = known < rdatas.size() ? analysis.now : since;
  }
  return since;
}

bool same_keys(const std::vector<dns::Ds>& left, const std::vector<dns::Ds>& right) {
  const auto within = [](const std::vector<dns::Ds>& these, const std::vector<dns::Ds>& those) {
    return std::all_of(these.begin(), these.end(), [&](const dns::Ds& one) {
      return std::any_of(those.begin(), those.end(), [&](const dns::Ds& other) {
        return one.key_tag == other.key_tag && one.algorithm == other.algorithm;
      });
    });
  };
  return within(left, right) && within(right, left);
}

/// RFC 7344 4: the parent that takes CDS makes its DS of it. Digest types are the parent's choice.
void see_pending(Docket& docket, const CdsView& view) {
  const auto published = published_ds(docket.analysis);
  const auto wanted = wanted_ds(view, *docket.seen().apex);
  if (view.deletes() || wanted.empty() || !ds_known(docket.analysis) ||
      same_keys(wanted, published)) {
    return;
  }
  const auto since = asked_since(docket.analysis, view);
  const auto age = docket.analysis.now - since.value_or(docket.analysis.now);
  auto& finding = docket.add(
      Fault::cds_pending,
      "the zone asks for the DS of key " + tag_words(wanted) + ", the parent has " +
          (published.empty() ? std::string("none") : "that of key " + tag_words(published)) +
          (age > 0 ? ", for " + dns::to_human_duration(age) : std::string()));
  finding.moment = since;
  std::string texts;
  for (const auto& ds : wanted) {
    texts += (texts.empty() ? "\"" : "\" and \"") + ds_text_of(ds);
  }
  finding.remedy = "If the parent does not take CDS, publish " + texts + "\" at the registrar.";
  if (!since || static_cast<double>(age) <= docket.policy.cds_max_age || published.empty()) {
    finding.tier = Tier::info;  // an island's parent may never look
  }
}

}  // namespace

void rules_for_cds(Docket& docket) {
  const auto views = cds_views(docket.analysis);
  Tally tally;
  for (const auto& view : views) {
    see_delete(docket, view, tally);
    see_cds_signatures(docket, view, tally);
    see_mismatch(docket, view, tally);
    see_keys(docket, view, tally);
  }
  tally.add_to(docket);
  if (views.empty()) {
    return;
  }
  see_differences(docket, views);
  const bool refused =
      docket.has(Fault::cds_unsigned) || docket.has(Fault::cds_rrsig_invalid) ||
      docket.has(Fault::cds_signed_by_unknown_key) || docket.has(Fault::cds_not_signed_by_ds_key) ||
      docket.has(Fault::cds_inconsistent_ns) || docket.has(Fault::cds_cdnskey_mismatch) ||
      docket.has(Fault::cds_delete_mixed);
  if (!refused) {
    see_pending(docket, views.front());
  }
}

}  // namespace judge
