// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/ds_words.hpp"

#include <algorithm>
#include <set>

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

bool is_signed_by(const CheckedRRset& dnskeys, std::size_t key) {
  return std::any_of(dnskeys.signatures.begin(), dnskeys.signatures.end(),
                     [key](const CheckedSignature& signature) {
                       return signature.valid() && signature.check.key == key;
                     });
}

std::optional<std::size_t> index_of(const std::vector<dnssec::Key>& keys, const dnssec::Key& key) {
  const auto found = std::find(keys.begin(), keys.end(), key);
  return found == keys.end() ? std::nullopt
                             : std::optional(static_cast<std::size_t>(found - keys.begin()));
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
  return link.dnskey_set && is_signed_by(*link.dnskey_set, key);
}

bool signs_dnskey(const ServerAnalysis& server, const dns::Name& apex, std::size_t key) {
  const auto* dnskeys = server.find(apex, Type::dnskey);
  return dnskeys != nullptr && is_signed_by(*dnskeys, key);
}

bool signs_dnskey(const Analysis& analysis, const dnssec::Key& key) {
  const auto& link = *analysis.apex_link();
  const auto at = index_of(link.keys, key);
  return (at && signs_dnskey(link, *at)) ||
         std::any_of(analysis.servers.begin(), analysis.servers.end(),
                     [&](const ServerAnalysis& server) {
                       const auto its = index_of(server.keys, key);
                       return its && signs_dnskey(server, link.zone(), *its);
                     });
}

std::vector<dnssec::Key> all_keys(const Analysis& analysis) {
  std::vector<dnssec::Key> keys;
  std::set<dns::Bytes> known;
  const auto add = [&](const std::vector<dnssec::Key>& more) {
    for (const auto& key : more) {
      if (known.insert(key.rdata).second) {
        keys.push_back(key);
      }
    }
  };
  add(analysis.apex_link()->keys);
  for (const auto& server : analysis.servers) {
    add(server.keys);
  }
  return keys;
}

std::vector<dnssec::Key> keys_that_sign(const Analysis& analysis) {
  const auto& link = *analysis.apex_link();
  std::vector<dnssec::Key> signing;
  const auto add = [&](const CheckedRRset* dnskeys, const std::vector<dnssec::Key>& keys) {
    if (dnskeys == nullptr) {
      return;
    }
    for (const auto& signature : dnskeys->signatures) {
      if (signature.valid() && signature.check.key && *signature.check.key < keys.size() &&
          !index_of(signing, keys[*signature.check.key])) {
        signing.push_back(keys[*signature.check.key]);
      }
    }
  };
  add(link.dnskey_set ? &*link.dnskey_set : nullptr, link.keys);
  for (const auto& server : analysis.servers) {
    add(server.find(link.zone(), Type::dnskey), server.keys);
  }
  return signing;
}

bool leads_to_one_of(const dns::Ds& ds, const Analysis& analysis,
                     const std::vector<dnssec::Key>& keys) {
  return dnssec::match(ds, analysis.apex_link()->zone(), keys).verdict ==
         dnssec::DsVerdict::matches;
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
