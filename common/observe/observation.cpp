// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/observation.hpp"

#include <algorithm>
#include <tuple>

namespace observe {
namespace {

/// Which of two answers to one question says more.
int weight(const dns::Answer& answer) {
  return (answer.answered() ? 2 : 0) + (answer.edns_sent ? 1 : 0);
}

bool stands_before(const Server& left, const Server& right) {
  if (left.names.empty() != right.names.empty()) {
    return left.names.empty();
  }
  if (!left.names.empty() && left.names.front() != right.names.front()) {
    return dns::CanonicalLess()(left.names.front(), right.names.front());
  }
  const auto rank = [](const dns::Endpoint& endpoint) {
    return std::tuple(endpoint.is_v6(), std::string_view(endpoint.address), endpoint.port);
  };
  return rank(left.endpoint) < rank(right.endpoint);
}

void sort_servers(std::vector<Server>& servers) {
  for (auto& server : servers) {
    std::sort(server.names.begin(), server.names.end(), dns::CanonicalLess());
  }
  std::stable_sort(servers.begin(), servers.end(), stands_before);
}

}  // namespace

void put_in_order(ZoneObservation& seen) {
  std::stable_sort(seen.nameservers.begin(), seen.nameservers.end(),
                   [](const Nameserver& left, const Nameserver& right) {
                     return dns::CanonicalLess()(left.name, right.name);
                   });
  sort_servers(seen.parent_servers);
  if (seen.servers_given.empty()) {
    sort_servers(seen.servers);
  }
}

const dns::Answer* Server::find(const dns::Name& name, dns::Type type, bool tcp) const {
  const dns::Answer* best = nullptr;
  for (const auto& answer : answers) {
    if (answer.question.type == type && answer.tcp_requested == tcp &&
        answer.question.name == name && (best == nullptr || weight(answer) > weight(*best))) {
      best = &answer;
    }
  }
  return best;
}

std::string sentinel_label(bool is_ta, std::uint16_t key_tag) {
  constexpr std::size_t kDigits = 5;
  auto digits = std::to_string(key_tag);
  digits.insert(0, kDigits - digits.size(), '0');
  return std::string("root-key-sentinel-") + (is_ta ? "is" : "not") + "-ta-" + digits;
}

const dns::Answer* ResolverView::find(const dns::Question& question, bool cd) const {
  for (const auto& answer : answers) {
    if (answer.question == question && answer.cd_sent == cd && !answer.tcp_requested) {
      return &answer;
    }
  }
  return nullptr;
}

std::string Server::label() const {
  if (names.empty()) {
    return endpoint.to_text();
  }
  return names.front().to_display() + " (" + endpoint.to_text() + ")";
}

}  // namespace observe
