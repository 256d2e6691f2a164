// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/ds_words.hpp"

#include <algorithm>

#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;

void add_ds(std::vector<dns::Ds>& into, const std::vector<dns::Ds>& set) {
  for (const auto& ds : set) {
    if (std::find(into.begin(), into.end(), ds) == into.end()) {
      into.push_back(ds);
    }
  }
}

}  // namespace

std::string ds_text_of(const dns::Ds& ds) {
  return std::to_string(ds.key_tag) + " " + std::to_string(ds.algorithm) + " " +
         std::to_string(ds.digest_type) + " " + dns::to_hex(ds.digest);
}

std::string tag_words(const std::vector<dns::Ds>& set) {
  std::vector<std::string> tags;
  for (const auto& ds : set) {
    auto tag = std::to_string(ds.key_tag);
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) {
      tags.push_back(std::move(tag));
    }
  }
  return list_words(tags, 4);
}

bool signs_dnskey(const LinkAnalysis& link, std::size_t key) {
  return link.dnskey_set &&
         std::any_of(link.dnskey_set->signatures.begin(), link.dnskey_set->signatures.end(),
                     [key](const CheckedSignature& signature) {
                       return signature.valid() && signature.check.key == key;
                     });
}

bool leads_to_signing_key(const dns::Ds& ds, const LinkAnalysis& link) {
  const auto match = dnssec::match(ds, link.zone(), link.keys);
  return match.verdict == dnssec::DsVerdict::matches && match.key && signs_dnskey(link, *match.key);
}

bool is_from_child(const dns::Message& message, const dns::Name& apex) {
  return std::any_of(
      message.authority.begin(), message.authority.end(),
      [&](const dns::Record& record) { return record.type == Type::soa && record.owner == apex; });
}

const dns::Answer* parents_ds_answer(const observe::Server& server, const dns::Name& apex) {
  const auto* answer = server.find(apex, Type::ds);
  const bool usable = answer != nullptr && answer->answered() && answer->message->aa &&
                      answer->message->rcode == dns::Rcode::noerror &&
                      !is_from_child(*answer->message, apex);
  return usable ? answer : nullptr;
}

std::vector<dns::Ds> published_ds(const Analysis& analysis) {
  std::vector<dns::Ds> all;
  const auto* link = analysis.apex_link();
  if (link == nullptr) {
    return all;
  }
  bool asked = false;
  for (const auto& server : analysis.seen->parent_servers) {
    if (const auto* answer = parents_ds_answer(server, link->zone())) {
      asked = true;
      const auto sets = dns::group(answer->message->answer);
      if (const auto* found = dns::find(sets, link->zone(), Type::ds)) {
        add_ds(all, dnssec::ds_of(found->set));
      }
    }
  }
  if (!asked && !link->anchored) {
    add_ds(all, link->ds);
  }
  return all;
}

bool ds_known(const Analysis& analysis) {
  const auto* link = analysis.apex_link();
  if (link == nullptr || !analysis.seen->parent) {
    return false;
  }
  const auto& servers = analysis.seen->parent_servers;
  return std::any_of(servers.begin(), servers.end(),
                     [&](const observe::Server& server) {
                       return parents_ds_answer(server, link->zone()) != nullptr;
                     }) ||
         (!link->anchored && !link->inherited && link->state != LinkState::unknown);
}

std::vector<const memory::SeenRecord*> seen_before(const Analysis& analysis, Type type) {
  std::vector<const memory::SeenRecord*> records;
  if (analysis.past != nullptr) {
    for (const auto& record : analysis.past->records) {
      if (record.type == type) {
        records.push_back(&record);
      }
    }
  }
  return records;
}

}  // namespace judge
