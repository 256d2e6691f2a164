// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/cds_view.hpp"

#include <algorithm>

#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;

bool answered(const ServerAnalysis& server, const dns::Name& apex, Type type) {
  const auto* answer = server.server->find(apex, type);
  return answer != nullptr && answer->answered() && answer->message->rcode == dns::Rcode::noerror;
}

const CheckedRRset* non_empty(const ServerAnalysis& server, const dns::Name& apex, Type type) {
  const auto* checked = server.find(apex, type);
  return checked == nullptr || checked->set.rdatas.empty() ? nullptr : checked;
}

/// One zero octet, where a digest or a key would be (RFC 8078 4 with its erratum).
bool is_zero(const dns::Bytes& field) { return field.size() == 1 && field.front() == 0; }

void read_cds(CdsView& view) {
  const auto set = dnssec::ds_of(view.cds->set);
  bool bad = set.size() != view.cds->set.rdatas.size();
  for (const auto& ds : set) {
    if (ds.algorithm != 0) {
      view.ds.push_back(ds);
    } else if (ds.key_tag == 0 && ds.digest_type == 0 && is_zero(ds.digest)) {
      view.delete_cds = true;
    } else {
      bad = true;
    }
  }
  if (bad) {
    view.malformed.emplace_back("a CDS record of algorithm 0 is not the delete request 0 0 0 00");
  }
}

void read_cdnskey(CdsView& view) {
  const auto keys = dnssec::keys_of(view.cdnskey->set);
  bool bad = keys.size() != view.cdnskey->set.rdatas.size();
  for (const auto& key : keys) {
    const auto& fields = key.dnskey;
    if (fields.algorithm != 0) {
      view.keys.push_back(key);
    } else if (fields.flags == 0 && fields.protocol == 3 && is_zero(fields.public_key)) {
      view.delete_cdnskey = true;
    } else {
      bad = true;
    }
  }
  if (bad) {
    view.malformed.emplace_back(
        "a CDNSKEY record of algorithm 0 is not the delete request 0 3 0 AA==");
  }
}

}  // namespace

std::vector<CdsView> cds_views(const Analysis& analysis) {
  std::vector<CdsView> views;
  for (const auto& server : analysis.servers) {
    const auto& apex = *analysis.seen->apex;
    if (!server.serving() || !answered(server, apex, Type::cds) ||
        !answered(server, apex, Type::cdnskey)) {
      continue;
    }
    CdsView view;
    view.server = &server;
    view.cds = non_empty(server, apex, Type::cds);
    view.cdnskey = non_empty(server, apex, Type::cdnskey);
    if (view.cds != nullptr) {
      read_cds(view);
    }
    if (view.cdnskey != nullptr) {
      read_cdnskey(view);
    }
    views.push_back(std::move(view));
  }
  return views;
}

void Tally::add_to(Docket& docket) const {
  const auto all = docket.analysis.servers.size();
  for (const auto& [what, labels] : places_) {
    const auto& [fault, tier, words] = what;
    auto& finding =
        docket.add(fault, labels.size() == all ? words : words + ", " + places_words(labels, all));
    finding.tier = tier;
    finding.servers = labels;
  }
}

}  // namespace judge
