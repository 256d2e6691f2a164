// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/observation.hpp"

namespace observe {
namespace {

/// Which of two answers to one question says more.
int weight(const dns::Answer& answer) {
  return (answer.answered() ? 2 : 0) + (answer.edns_sent ? 1 : 0);
}

}  // namespace

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
