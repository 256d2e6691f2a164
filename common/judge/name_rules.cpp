// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The names asked for (--name): empty non-terminals, NXDOMAIN that depends on the type, CNAME and
// DNAME.
#include <algorithm>

#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Name;
using dns::Rcode;
using dns::Type;

bool denies(const dns::Answer* answer) {
  return answer != nullptr && answer->answered() && answer->message->rcode == Rcode::nxdomain;
}

/// NOERROR, with data or without: the name is there.
bool admits(const dns::Answer* answer) {
  return answer != nullptr && answer->answered() && answer->message->aa &&
         answer->message->rcode == Rcode::noerror;
}

bool has_data(const dns::Answer* answer) {
  return admits(answer) && !answer->message->answer.empty();
}

/// RFC 8020 2: a name with a name below it exists.
void see_empty_non_terminals(Docket& docket, const observe::Server& server, const Name& wanted) {
  const auto apex_labels = docket.seen().apex->label_count();
  for (auto name = wanted.parent(); name.label_count() > apex_labels; name = name.parent()) {
    if (denies(server.find(name, Type::a))) {
      docket
          .add(Fault::ent_nxdomain, server.label() + " denies " + name.to_display() + " and has " +
                                        wanted.to_display() + " below it")
          .servers = {server.label()};
      return;
    }
  }
}

void see_wanted(Docket& docket, const observe::Server& server, const dns::Question& wanted) {
  const auto* asked = server.find(wanted.name, wanted.type);
  const auto* other = server.find(wanted.name, observe::kMissingType);
  if ((denies(asked) && admits(other)) || (admits(asked) && denies(other))) {
    docket
        .add(Fault::nxdomain_inconsistent_by_type,
             server.label() + " says NXDOMAIN for " + wanted.name.to_display() + " with type " +
                 dns::to_text(denies(asked) ? wanted.type : observe::kMissingType) +
                 " and NOERROR with another type")
        .servers = {server.label()};
  }
  if (has_data(asked)) {
    see_empty_non_terminals(docket, server, wanted.name);
  }
}

/// RFC 6672 2.2: the CNAME's target is the name with the DNAME's owner replaced by its target.
std::optional<Name> substituted(const Name& name, const Name& owner, const Name& target) {
  auto labels = name.labels();
  labels.resize(labels.size() - owner.label_count());
  std::optional<Name> result = target;
  for (auto label = labels.rbegin(); label != labels.rend() && result; ++label) {
    result = result->prepend(*label);
  }
  return result;
}

void see_dname(Docket& docket, const observe::Server& server, const dns::Question& wanted) {
  const auto* asked = server.find(wanted.name, wanted.type);
  if (!has_data(asked)) {
    return;
  }
  const auto& records = asked->message->answer;
  const auto dname = std::find_if(records.begin(), records.end(), [&](const dns::Record& record) {
    return record.type == Type::dname && wanted.name.is_below(record.owner);
  });
  if (dname == records.end()) {
    return;
  }
  const auto target = dns::parse_target(dname->rdata);
  const auto right = target ? substituted(wanted.name, dname->owner, *target) : std::nullopt;
  const auto cname = std::find_if(records.begin(), records.end(), [&](const dns::Record& record) {
    return record.type == Type::cname && record.owner == wanted.name;
  });
  if (cname == records.end() && asked->message->rcode == Rcode::noerror) {
    auto& finding = docket.add(Fault::dname_cname_mismatch,
                               server.label() + " gives the DNAME of " + dname->owner.to_display() +
                                   " without a CNAME for " + wanted.name.to_display());
    finding.tier = Tier::warning;
    finding.servers = {server.label()};
    return;
  }
  const auto led = cname == records.end() ? std::nullopt : dns::parse_target(cname->rdata);
  if (led && right && !(*led == *right)) {
    docket
        .add(Fault::dname_cname_mismatch, server.label() + " leads " + wanted.name.to_display() +
                                              " to " + led->to_display() + ", its DNAME says " +
                                              right->to_display())
        .servers = {server.label()};
  }
}

/// The name's own zone is fine; what its alias leads to is not.
void see_targets(Docket& docket) {
  if (docket.analysis.state() != LinkState::secure) {
    return;
  }
  for (const auto& probe : docket.seen().probes) {
    const bool ours =
        std::any_of(docket.seen().wanted.begin(), docket.seen().wanted.end(),
                    [&](const dns::Question& wanted) { return wanted == probe.question; });
    if (!ours || probe.security != dns::Security::bogus) {
      continue;
    }
    for (const auto& server : docket.analysis.servers) {
      const auto* cname = server.find(probe.question.name, Type::cname);
      if (cname != nullptr && cname->valid() && !cname->set.rdatas.empty()) {
        const auto target = dns::parse_target(cname->set.rdatas.front());
        docket.add(Fault::cname_target_bogus, probe.question.name.to_display() + " leads to " +
                                                  (target ? target->to_display() : "a name") +
                                                  ", which does not validate");
        break;
      }
    }
  }
}

}  // namespace

/// The apex exists: it has a SOA.
void see_apex(Docket& docket) {
  const auto& apex = *docket.seen().apex;
  for (const auto& server : docket.analysis.servers) {
    if (server.serving() && denies(server.server->find(apex, observe::kMissingType))) {
      docket
          .add(Fault::nxdomain_inconsistent_by_type,
               server.label + " says NXDOMAIN for a type that the apex does not have")
          .servers = {server.label};
    }
  }
}

void rules_for_names(Docket& docket) {
  see_apex(docket);
  for (const auto& wanted : docket.seen().wanted) {
    for (const auto& server : docket.analysis.servers) {
      if (server.serving()) {
        see_wanted(docket, *server.server, wanted);
        see_dname(docket, *server.server, wanted);
      }
    }
  }
  see_targets(docket);
}

}  // namespace judge
