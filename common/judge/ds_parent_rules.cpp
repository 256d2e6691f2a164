// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// How the parent's servers answer about the DS, and what earlier runs saw there.
#include <algorithm>

#include "judge/ds_words.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;

bool refers_to(const dns::Message& message, const dns::Name& apex) {
  return !message.aa && std::any_of(message.authority.begin(), message.authority.end(),
                                    [&](const dns::Record& record) {
                                      return record.type == Type::ns && record.owner == apex;
                                    });
}

struct ParentAnswers {
  std::vector<std::string> usable, denying, without_authority, referring, silent;
};

ParentAnswers sort_answers(const Docket& docket) {
  ParentAnswers sorted;
  const auto& apex = *docket.seen().apex;
  for (const auto& server : docket.seen().parent_servers) {
    const auto* answer = server.find(apex, Type::ds);
    const bool answered = answer != nullptr && answer->answered();
    const auto rcode = answered ? answer->message->rcode : dns::Rcode::servfail;
    auto* list = &sorted.silent;
    if (parents_ds_answer(server, apex) != nullptr) {
      list = &sorted.usable;
    } else if (rcode == dns::Rcode::nxdomain && answer->message->aa) {
      list = &sorted.denying;
    } else if (rcode == dns::Rcode::noerror) {
      const bool refers =
          refers_to(*answer->message, apex) || is_from_child(*answer->message, apex);
      list = refers ? &sorted.referring : &sorted.without_authority;
    }
    list->push_back(server.label());
  }
  return sorted;
}

/// RFC 4035 3.1.4.1: DS is the parent's data, so its servers answer for it with authority.
void see_answers(Docket& docket) {
  const auto sorted = sort_answers(docket);
  const auto all = docket.seen().parent_servers.size();
  const auto parent = docket.seen().parent.value_or(dns::Name()).to_display();
  if (!sorted.denying.empty()) {
    docket
        .add(Fault::ds_nxdomain, "the parent " + parent + " denies the name itself (NXDOMAIN) " +
                                     places_words(sorted.denying, all) +
                                     ": the delegation is missing there")
        .servers = sorted.denying;
  }
  if (!sorted.without_authority.empty()) {
    auto& finding = docket.add(Fault::ds_non_authoritative,
                               "the parent's answer about the DS is without authority (no AA) " +
                                   places_words(sorted.without_authority, all));
    finding.servers = sorted.without_authority;
    if (!sorted.usable.empty()) {
      finding.tier = Tier::info;
    }
  }
  const bool told =
      !sorted.denying.empty() || !sorted.without_authority.empty() || !sorted.referring.empty();
  if (sorted.silent.empty() || docket.seen().deadline_hit || (sorted.usable.empty() && told)) {
    return;
  }
  auto& finding =
      docket.add(Fault::ds_undetermined, "no usable answer about the DS from the parent " + parent +
                                             " " + places_words(sorted.silent, all));
  finding.servers = sorted.silent;
  if (!sorted.usable.empty()) {
    finding.tier = Tier::info;
  }
}

/// RFC 4035 2.4: the DS RRset stands in the parent only.
void see_child_apex(Docket& docket) {
  const auto& apex = *docket.seen().apex;
  std::vector<std::string> labels;
  for (const auto& server : docket.seen().servers) {
    const auto* answer = server.find(apex, Type::ds);
    if (answer == nullptr || !answer->answered() || !answer->message->aa) {
      continue;
    }
    const auto sets = dns::group(answer->message->answer);
    const auto* found = dns::find(sets, apex, Type::ds);
    const bool own =
        found != nullptr && std::any_of(found->signatures.begin(), found->signatures.end(),
                                        [&](const dns::Signature& signature) {
                                          return signature.rrsig && signature.rrsig->signer == apex;
                                        });
    if (own) {
      labels.push_back(server.label());
    }
  }
  if (!labels.empty()) {
    docket
        .add(Fault::ds_at_child_apex, "the zone has a DS RRset at its own apex " +
                                          places_words(labels, docket.seen().servers.size()))
        .servers = std::move(labels);
  }
}

// ---- what earlier runs saw

struct PastDs {
  dns::Ds ds;
  const memory::SeenRecord* record;
};

std::vector<PastDs> past_ds(const Analysis& analysis) {
  std::vector<PastDs> set;
  for (const auto* record : seen_before(analysis, Type::ds)) {
    if (auto ds = dns::parse_ds(record->rdata)) {
      set.push_back({*std::move(ds), record});
    }
  }
  return set;
}

Tier tier_by_expectation(Expect expect) {
  switch (expect) {
    case Expect::secure:
      return Tier::critical;
    case Expect::any:
      return Tier::warning;
    case Expect::insecure:
    case Expect::bogus:
      return Tier::info;
  }
  return Tier::critical;
}

/// A DS set that goes without notice takes the zone's security with it.
void see_removed(Docket& docket, const std::vector<PastDs>& past) {
  std::vector<dns::Ds> last;
  std::string texts;
  dns::UnixTime moment = 0;
  for (const auto& one : past) {
    moment = std::max(moment, one.record->last_seen);
  }
  for (const auto& one : past) {
    if (one.record->last_seen == moment) {
      last.push_back(one.ds);
      texts += (texts.empty() ? "\"" : "\" and \"") + ds_text_of(one.ds);
    }
  }
  auto& finding = docket.add(Fault::ds_removed,
                             "the DS for key " + tag_words(last) + " is gone from " +
                                 docket.seen().parent.value_or(dns::Name()).to_display() +
                                 ", where it was last seen " +
                                 dns::to_human_duration(docket.analysis.now - moment) + " ago");
  finding.moment = moment;
  finding.tier = tier_by_expectation(docket.policy.expect);
  finding.remedy =
      "Publish " + texts + "\" at the registrar again, or say --expect insecure if this is meant.";
}

/// The validator got a DS a moment ago, and now no server of the parent has one.
void see_just_gone(Docket& docket) {
  const auto* link = docket.analysis.apex_link();
  if (link == nullptr || link->anchored || link->state != LinkState::secure ||
      !docket.analysis.parent_faults.empty()) {
    return;
  }
  auto& finding = docket.add(Fault::ds_missing_for_signed_zone,
                             "no server of " + link->parent +
                                 " has a DS for it any more, though "
                                 "the validator was given one with a referral");
  finding.tier = tier_by_expectation(docket.policy.expect);
}

bool leads(const std::vector<dns::Ds>& set, const Analysis& analysis) {
  const auto signing = keys_that_sign(analysis);
  return std::any_of(set.begin(), set.end(),
                     [&](const dns::Ds& ds) { return leads_to_one_of(ds, analysis, signing); });
}

/// RFC 7583 3.3: the old key stays until the last cache has forgotten the old DS.
void see_cached(Docket& docket, const std::vector<PastDs>& past,
                const std::vector<dns::Ds>& published) {
  const PastDs* latest = nullptr;
  for (const auto& one : past) {
    const bool gone = std::find(published.begin(), published.end(), one.ds) == published.end();
    if (gone && (latest == nullptr || one.record->last_seen > latest->record->last_seen)) {
      latest = &one;
    }
  }
  if (latest == nullptr) {
    return;
  }
  const auto moment = latest->record->last_seen;
  std::vector<dns::Ds> then;
  for (const auto& one : past) {
    if (one.record->first_seen <= moment && one.record->last_seen >= moment) {
      then.push_back(one.ds);
    }
  }
  const auto end = moment + static_cast<std::int64_t>(latest->record->ttl);
  if (end <= docket.analysis.now || leads(then, docket.analysis)) {
    return;
  }
  auto& finding = docket.add(Fault::ds_ttl_vs_rollover,
                             "resolvers may hold the old DS (key " + tag_words(then) + ") until " +
                                 dns::to_iso_minute(end) +
                                 ", but no key that it names signs the zone any more");
  finding.moment = end;
}

}  // namespace

void rules_for_ds_parents(Docket& docket) {
  see_child_apex(docket);
  if (!docket.seen().parent_servers.empty() && docket.seen().forwarders.empty()) {
    see_answers(docket);
  }
  if (!ds_known(docket.analysis) || docket.analysis.serving() == 0) {
    return;
  }
  const auto past = past_ds(docket.analysis);
  const auto published = published_ds(docket.analysis);
  if (published.empty() && past.empty()) {
    see_just_gone(docket);
  } else if (published.empty()) {
    see_removed(docket, past);
  }
  see_cached(docket, past, published);
}

}  // namespace judge
