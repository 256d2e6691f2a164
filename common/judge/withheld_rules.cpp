// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// RFC 4035 5.4: what a server does not give it proves to be absent. A validator cannot use an
// answer that does neither, whether it is empty or full of something else.
#include <algorithm>

#include "judge/denials.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using dnssec::DenialVerdict;

/// Questions whose records are due here. What befalls SOA and DNSKEY is told elsewhere; DS is the
/// parent's.
bool is_due(const observe::ZoneObservation& seen, const dns::Question& question) {
  const auto type = question.type;
  const bool of_apex = question.name == *seen.apex && type != observe::kMissingType &&
                       type != Type::soa && type != Type::dnskey && type != Type::ds;
  return of_apex ||
         std::find(seen.wanted.begin(), seen.wanted.end(), question) != seen.wanted.end();
}

/// The answer speaks for a zone below ours that the server serves, or refers to one.
bool is_of_zone_below(const ServerAnalysis& server, const dns::Answer& answer) {
  const auto& authority = answer.message->authority;
  return std::any_of(authority.begin(), authority.end(), [&](const dns::Record& record) {
    return (record.type == Type::soa || record.type == Type::ns) &&
           server.below.may_answer(answer.question, record.owner);
  });
}

/// NXDOMAIN or NOERROR of the zone itself, without what was asked for or an alias of it.
bool lacks(const ServerAnalysis& server, const dns::Answer& answer, const dns::Name& apex) {
  if (!answer.answered() || !answer.edns_sent || answer.message->tc ||
      !(answer.message->aa || refers_below(*answer.message, apex))) {
    return false;
  }
  const auto& message = *answer.message;
  const dns::Name& name = answer.question.name;
  const Type type = answer.question.type;
  if (message.rcode == dns::Rcode::nxdomain && type == Type::ns) {
    return false;  // told of the server, as for the other records that every apex has
  }
  return (message.rcode == dns::Rcode::noerror || message.rcode == dns::Rcode::nxdomain) &&
         !is_of_zone_below(server, answer) &&
         std::none_of(message.answer.begin(), message.answer.end(), [&](const dns::Record& record) {
           return record.owner == name && (record.type == type || record.type == Type::cname);
         });
}

/// Why the absence is not proven; nothing where it is, or where that cannot be told: that its own
/// records are not validly signed is told as such.
std::optional<DenialVerdict> flaw_of(const Analysis& analysis, const ServerAnalysis& server,
                                     const dns::Answer& answer) {
  const auto authority = dns::group(answer.message->authority);
  if (!denial_verifies(analysis, server, authority)) {
    return std::nullopt;
  }
  const auto records = dnssec::denial_records(*analysis.seen->apex, authority);
  const dnssec::DenialLimits limits{.work = &analysis.work->hashing};
  const auto& question = answer.question;
  const auto verdict =
      answer.message->rcode == dns::Rcode::nxdomain
          ? dnssec::prove_name_error(question.name, records, limits).verdict
          : dnssec::prove_no_data(question.name, question.type, records, limits).verdict;
  const bool untold =
      verdict == DenialVerdict::too_many_iterations || verdict == DenialVerdict::unknown_nsec3;
  return dnssec::is_proven(verdict) || untold ? std::nullopt : std::optional(verdict);
}

std::optional<dns::TypeBitmap> types_of(const CheckedRRset& denial) {
  const auto& rdata = denial.set.rdatas.front();
  if (denial.set.type == Type::nsec) {
    auto nsec = dns::parse_nsec(rdata);
    return nsec ? std::optional(std::move(nsec->types)) : std::nullopt;
  }
  auto nsec3 = dns::parse_nsec3(rdata);
  return nsec3 ? std::optional(std::move(nsec3->types)) : std::nullopt;
}

/// The server's own, validly signed type list of that name has the type. Of NSEC3 only the apex's
/// is known without hashing: no other has the SOA bit.
bool is_listed(const ServerAnalysis& server, const dns::Question& question, bool at_apex) {
  return std::any_of(server.rrsets.begin(), server.rrsets.end(), [&](const CheckedRRset& checked) {
    if (!is_nsec_or_nsec3(checked.set.type) || !checked.valid()) {
      return false;
    }
    const auto types = types_of(checked);
    const bool its_own =
        checked.set.owner == question.name || (at_apex && types && types->has(Type::soa));
    return its_own && types && types->has(question.type);
  });
}

/// A server that has it under the same serial.
const ServerAnalysis* who_has(const Analysis& analysis, const ServerAnalysis& server,
                              const dns::Question& question) {
  const auto found = std::find_if(
      analysis.servers.begin(), analysis.servers.end(), [&](const ServerAnalysis& other) {
        const auto* checked = other.find(question.name, question.type);
        return checked != nullptr && checked->valid() && other.soa && server.soa &&
               other.soa->serial == server.soa->serial && &other != &server;
      });
  return found == analysis.servers.end() ? nullptr : &*found;
}

void see_answer(const Docket& docket, const ServerAnalysis& server, const dns::Answer& answer,
                std::vector<Sighting>& sightings) {
  const auto& question = answer.question;
  const auto& apex = *docket.seen().apex;
  const auto* other = who_has(docket.analysis, server, question);
  if (other == nullptr && !is_listed(server, question, question.name == apex)) {
    return;
  }
  const auto flaw = flaw_of(docket.analysis, server, answer);
  if (!flaw) {
    return;
  }
  Sighting sighting;
  sighting.rrset = rrset_label(question.name, question.type, apex);
  sighting.server = server.label;
  sighting.cause = "withheld";
  if (other != nullptr) {
    sighting.fault = Fault::rrset_differs;
    sighting.tier = Tier::critical;
    sighting.single = "is neither given nor proven absent, though " + other->label +
                      " has it under the same serial,";
    sighting.plural = "are neither given nor proven absent, though " + other->label +
                      " has them under the same serial,";
  } else {
    // Where the answer brings the list itself, the list may be what is wrong.
    const bool list_at_fault = *flaw == DenialVerdict::type_in_bitmap && question.type != Type::ns;
    sighting.fault = Fault::extra_type_in_bitmap;
    sighting.tier = list_at_fault ? Tier::warning : Tier::critical;
    sighting.single = "is in the signed type list of its name, but neither given nor proven absent";
    sighting.plural =
        "are in the signed type list of their name, but neither given nor proven absent";
  }
  sightings.push_back(std::move(sighting));
}

/// RFC 2181 10.1: an apex has a SOA, so it cannot be an alias too.
void see_apex_alias(Docket& docket) {
  const auto& apex = *docket.seen().apex;
  std::vector<std::string> labels;
  for (const auto& server : docket.analysis.servers) {
    const auto* alias = server.find(apex, Type::cname);
    if (server.soa && alias != nullptr && !alias->set.rdatas.empty()) {
      labels.push_back(server.label);
    }
  }
  if (!labels.empty()) {
    docket
        .add(Fault::cname_and_other_data, "the apex has a CNAME beside its SOA " +
                                              places_words(labels, docket.analysis.servers.size()))
        .servers = std::move(labels);
  }
}

}  // namespace

void rules_for_withheld(Docket& docket) {
  see_apex_alias(docket);
  if (asked_resolvers(docket.seen())) {
    return;  // they need not have all of it from one server, nor at one moment
  }
  std::vector<Sighting> sightings;
  for (const auto& server : docket.analysis.servers) {
    if (!server.serving() || !server.any_signature || !is_steady(docket.analysis, server)) {
      continue;
    }
    for (const auto& answer : server.server->answers) {
      if (is_due(docket.seen(), answer.question) && lacks(server, answer, *docket.seen().apex)) {
        see_answer(docket, server, answer, sightings);
      }
    }
  }
  add_grouped(docket, sightings);
}

}  // namespace judge
