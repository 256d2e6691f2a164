// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Do the zone's servers serve it, over UDP, TCP and both address families?
#include <algorithm>
#include <map>

#include "judge/denials.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;

bool any_answered(const std::vector<observe::Server>& servers, bool v6) {
  return std::any_of(servers.begin(), servers.end(), [v6](const observe::Server& server) {
    return server.endpoint.is_v6() == v6 &&
           std::any_of(server.answers.begin(), server.answers.end(),
                       [](const dns::Answer& answer) { return answer.answered(); });
  });
}

/// A question was put over that family and its time was up.
bool was_asked(const std::vector<observe::Server>& servers, bool v6) {
  return std::any_of(servers.begin(), servers.end(), [v6](const observe::Server& server) {
    return server.endpoint.is_v6() == v6 &&
           std::any_of(server.answers.begin(), server.answers.end(),
                       [](const dns::Answer& answer) { return dns::was_asked(answer.outcome); });
  });
}

/// Nothing at all answers over that family: neither the zone's servers nor its parent's nor the
/// root's, which were asked. Then it is our network.
bool family_dead(const Docket& docket, bool v6) {
  const auto& seen = docket.seen();
  return was_asked(seen.family_probes, v6) && !any_answered(seen.servers, v6) &&
         !any_answered(seen.parent_servers, v6) && !any_answered(seen.family_probes, v6) &&
         seen.servers_given.empty();
}

std::optional<Fault> fault_of(Service service) {
  switch (service) {
    case Service::serving:
    case Service::not_asked:
    case Service::flooded:  // of the zone as a whole: rule_work tells
      return std::nullopt;
    case Service::silent:
    case Service::unreachable:
      return Fault::ns_timeout;
    case Service::lame:
      return Fault::lame_ns;
    case Service::malformed:
      return Fault::malformed_response;
    case Service::no_edns:
      return Fault::ns_no_edns;
  }
  return std::nullopt;
}

struct Trouble {
  Fault fault;
  std::string words;
  bool operator<(const Trouble& other) const {
    return std::tie(fault, words) < std::tie(other.fault, other.words);
  }
};

void see_services(Docket& docket) {
  std::map<Trouble, std::vector<std::string>> troubles;
  std::vector<std::string> blind;
  for (const auto& server : docket.analysis.servers) {
    const auto fault = fault_of(server.service);
    if (!fault) {
      continue;
    }
    if (*fault == Fault::ns_timeout && family_dead(docket, server.server->endpoint.is_v6()) &&
        !family_dead(docket, !server.server->endpoint.is_v6())) {
      blind.push_back(server.label);
      continue;
    }
    troubles[{*fault, server.trouble}].push_back(server.label);
  }
  const bool none_left = docket.analysis.serving() == 0 && blind.empty();
  const bool given = !docket.seen().servers_given.empty();  // then others may serve all the same
  for (auto& [trouble, labels] : troubles) {
    std::string text = labels.size() == 1 ? labels.front() + " " + trouble.words
                                          : list_words(labels) + ": each " + trouble.words;
    if (none_left) {
      text.insert(0, given ? "no server given by --server serves the zone: "
                           : "no server serves the zone: ");
    }
    auto& finding = docket.add(trouble.fault, std::move(text));
    finding.servers = std::move(labels);
    if (none_left) {
      finding.tier = given ? Tier::critical : Tier::emergency;
    }
  }
  if (!blind.empty()) {
    auto& finding =
        docket.add(Fault::family_unreachable,
                   "nothing answers over " +
                       std::string(blind.front().find(':') != std::string::npos ? "IPv6" : "IPv4") +
                       " from here, not even the root: " + list_words(blind) + " not judged");
    finding.servers = std::move(blind);
  }
}

bool was_looked_up(const observe::Nameserver& host) {
  return std::all_of(host.lookups.begin(), host.lookups.end(), [](const dns::Lookup& lookup) {
    return lookup.security != dns::Security::not_looked_up;
  });
}

/// RFC 1034 4.2.1: nobody finds a zone whose nameservers have no address at all.
void add_no_addresses(Docket& docket) {
  const auto& hosts = docket.seen().nameservers;
  std::vector<std::string> names;
  for (const auto& host : hosts) {
    names.push_back(host.name.to_display());
  }
  docket
      .add(Fault::lame_ns, "no server serves the zone: none of its " +
                               count_words(hosts.size(), "nameserver") + " has an address (" +
                               list_words(names, 3) + ")")
      .tier = Tier::emergency;
}

void see_no_addresses(Docket& docket) {
  const auto& seen = docket.seen();
  if (!seen.servers.empty() || seen.nameservers.empty()) {
    return;
  }
  const auto& hosts = seen.nameservers;
  if (seen.deadline_hit || !std::all_of(hosts.begin(), hosts.end(), was_looked_up)) {
    if (docket.has(Fault::deadline_reached)) {
      return;
    }
    docket.add(Fault::deadline_reached,
               "could not look: the addresses of the nameservers were not found in time");
    return;
  }
  if (std::all_of(hosts.begin(), hosts.end(),
                  [](const observe::Nameserver& host) { return host.addresses.empty(); })) {
    add_no_addresses(docket);
    return;
  }
  if (seen.ipv4 == seen.ipv6) {
    return;
  }
  // Our limit, not the zone's: the families this host or the options allow.
  docket
      .add(Fault::family_unreachable,
           "could not look: of its " + count_words(seen.nameservers.size(), "nameserver") +
               " none has an address over " + (seen.ipv6 ? "IPv6" : "IPv4") +
               ", the only family that can be used here")
      .tier = Tier::unknown;
}

void see_not_asked(Docket& docket) {
  std::vector<std::string> labels;
  for (const auto& server : docket.analysis.servers) {
    if (server.service == Service::not_asked) {
      labels.push_back(server.label);
    }
  }
  if (!labels.empty() && !docket.has(Fault::deadline_reached)) {
    docket.add(Fault::deadline_reached, "no time left to ask " + list_words(labels)).servers =
        std::move(labels);
  }
}

/// Every apex has these, so NXDOMAIN for them contradicts the SOA that the server gave.
bool denies_apex(const dns::Answer& answer, const dns::Name& apex) {
  const auto type = answer.question.type;
  return answer.message->rcode == dns::Rcode::nxdomain && answer.question.name == apex &&
         (type == Type::soa || type == Type::dnskey || type == Type::ns);
}

/// RFC 6672 2.2: YXDOMAIN says that a name became too long by the DNAME in the answer.
bool is_too_long_for_dname(const dns::Answer& answer) {
  const auto& records = answer.message->answer;
  return std::any_of(records.begin(), records.end(), [&](const dns::Record& record) {
    return record.type == Type::dname && answer.question.name.is_below(record.owner);
  });
}

/// What goes wrong with one later answer of a server that otherwise serves, if anything.
std::optional<Trouble> trouble_of(const dns::Answer& answer, const dns::Name& apex,
                                  bool recursion) {
  if (answer.outcome == dns::Outcome::malformed) {
    return Trouble{Fault::malformed_response, "sends a malformed answer"};
  }
  if (answer.outcome == dns::Outcome::timeout) {
    return Trouble{Fault::ns_timeout, "does not answer"};
  }
  if (!dns::was_asked(answer.outcome)) {
    return std::nullopt;  // over TCP, after a truncated answer: no time was left
  }
  if (!answer.answered()) {
    return answer.truncated_udp
               ? std::optional(
                     Trouble{Fault::ns_timeout, "answers truncated over UDP and not over TCP"})
               : std::nullopt;
  }
  const auto& message = *answer.message;
  if (denies_apex(answer, apex) ||
      (message.rcode == dns::Rcode::yxdomain && !is_too_long_for_dname(answer))) {
    return Trouble{Fault::lame_ns, "answers " + dns::to_text(message.rcode)};
  }
  switch (message.rcode) {
    case dns::Rcode::noerror:
    case dns::Rcode::nxdomain:
    case dns::Rcode::yxdomain:
      if (!message.aa && !recursion && !refers_below(message, apex)) {
        return Trouble{Fault::lame_ns, "answers without authority (no AA)"};
      }
      return std::nullopt;
    default:
      return Trouble{Fault::lame_ns, "answers " + dns::to_text(message.rcode)};
  }
}

/// check_dnssec_nsec says so itself of questions about denial that bring no answer or an error.
bool told_as_query_error(const dns::Answer& answer) {
  const auto type = answer.question.type;
  const bool without_aa = answer.answered() && (answer.message->rcode == dns::Rcode::noerror ||
                                                answer.message->rcode == dns::Rcode::nxdomain);
  return answer.outcome != dns::Outcome::malformed && type != Type::soa && type != Type::dnskey &&
         type != Type::ns && !without_aa;
}

/// What a server's DNSKEY over TCP brings in place of an answer; nothing where it brings one.
std::optional<std::string> tcp_trouble(const dns::Answer& over_tcp) {
  if (!over_tcp.answered()) {
    return "no answer";
  }
  const auto rcode = over_tcp.message->rcode;
  return rcode == dns::Rcode::noerror ? std::nullopt : std::optional("only " + dns::to_text(rcode));
}

/// The UDP answer was truncated, and what came over TCP in its place is none.
bool is_lost_by_truncation(const dns::Answer& over_udp) {
  return over_udp.truncated_udp &&
         !(over_udp.answered() && over_udp.message->rcode == dns::Rcode::noerror);
}

/// Malformed or truncated-for-good answers to later questions of a server that otherwise serves:
/// one finding for the servers that fail in the same way at the same questions.
void see_broken_answers(Docket& docket) {
  const bool recursion = asked_resolvers(docket.seen());
  std::map<Trouble, std::map<std::vector<std::string>, std::vector<std::string>>> troubles;
  for (const auto& server : docket.analysis.servers) {
    if (!server.serving()) {
      continue;
    }
    std::map<Trouble, std::vector<std::string>> questions;
    for (const auto& answer : server.server->answers) {
      const bool told_by_tcp = docket.check == kChain && answer.question.type == Type::dnskey &&
                               is_lost_by_truncation(answer);
      if (answer.tcp_requested || !answer.edns_sent || told_by_tcp ||
          (docket.check == kNsec && told_as_query_error(answer))) {
        continue;
      }
      if (const auto trouble = trouble_of(answer, *docket.seen().apex, recursion)) {
        questions[*trouble].push_back(
            rrset_label(answer.question.name, answer.question.type, *docket.seen().apex));
      }
    }
    for (auto& [trouble, asked] : questions) {
      troubles[trouble][std::move(asked)].push_back(server.label);
    }
  }
  for (auto& [trouble, places] : troubles) {
    for (auto& [asked, labels] : places) {
      docket
          .add(trouble.fault, list_words(labels) + (labels.size() == 1 ? " " : ": each ") +
                                  trouble.words + " about " + list_words(asked))
          .servers = labels;
    }
  }
}

/// RFC 7766 5: TCP is not optional; with a DNSKEY answer that does not fit UDP its lack is fatal.
void see_tcp(Docket& docket) {
  const auto& apex = *docket.seen().apex;
  std::map<std::string, std::vector<std::string>> without, fatal;
  std::vector<std::string> big;
  std::size_t size = 0;
  for (const auto& server : docket.analysis.servers) {
    const auto* over_tcp = server.server->find(apex, Type::dnskey, true);
    const auto* over_udp = server.server->find(apex, Type::dnskey, false);
    if (!server.serving() || over_tcp == nullptr || !dns::was_asked(over_tcp->outcome)) {
      continue;
    }
    if (const auto trouble = tcp_trouble(*over_tcp)) {
      const bool truncated = over_udp != nullptr && is_lost_by_truncation(*over_udp);
      const bool same_over_udp = over_tcp->answered() && over_udp != nullptr &&
                                 over_udp->answered() &&
                                 over_udp->message->rcode == over_tcp->message->rcode;
      if (truncated || !same_over_udp) {
        (truncated ? fatal : without)[*trouble].push_back(server.label);
      }
    } else if (over_tcp->wire.size() > 1232) {
      size = std::max(size, over_tcp->wire.size());
      big.push_back(server.label);
    }
  }
  const auto all = docket.analysis.servers.size();
  for (auto& [trouble, labels] : without) {
    docket.add(Fault::tcp_unavailable, trouble + " over TCP " + places_words(labels, all)).servers =
        std::move(labels);
  }
  for (auto& [trouble, labels] : fatal) {
    auto& finding = docket.add(Fault::tcp_unavailable,
                               "the DNSKEY answer is truncated over UDP and over TCP there is " +
                                   trouble + " " + places_words(labels, all));
    finding.servers = std::move(labels);
    finding.tier = Tier::critical;
  }
  if (!big.empty()) {
    docket
        .add(Fault::dnskey_response_too_big, "the DNSKEY answer has " + std::to_string(size) +
                                                 " octets, over 1232, " + places_words(big, all))
        .servers = std::move(big);
  }
}

/// RFC 9715 3: large answers over UDP are fragmented, and fragments are dropped on many paths.
void see_large_datagrams(Docket& docket) {
  std::vector<std::string> labels;
  for (const auto& server : docket.analysis.servers) {
    const auto& large = server.server->large;
    if (server.serving() && large && large->outcome == dns::Outcome::timeout) {
      labels.push_back(server.label);
    }
  }
  if (!labels.empty()) {
    docket
        .add(Fault::pmtu_blackhole,
             "the DNSKEY answer is lost over UDP when more than 1232 octets are offered, " +
                 places_words(labels, docket.analysis.servers.size()))
        .servers = std::move(labels);
  }
}

}  // namespace

void rules_for_servers(Docket& docket) {
  see_services(docket);
  see_no_addresses(docket);
  see_not_asked(docket);
  see_broken_answers(docket);
  if (docket.check == kChain) {
    see_tcp(docket);
    see_large_datagrams(docket);
  }
}

}  // namespace judge
