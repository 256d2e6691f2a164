// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/silence.hpp"

namespace transport {

namespace {

/// Zones that a server must have been silent about, without an answer to any other between them.
constexpr std::size_t kFew = 3;
constexpr std::size_t kMany = 30;
constexpr std::chrono::seconds kAskEvery{2};

}  // namespace

Silence::Advice Silence::advice(const std::string& server, TimePoint now) {
  const auto found = servers_.find(server);
  if (found == servers_.end() || found->second.about.size() < kFew) return Advice::ask;
  auto& silent = found->second;
  if (silent.about.size() < kMany) return Advice::ask_briefly;
  if (now < silent.ask_again) return Advice::do_not_ask;
  silent.ask_again = now + kAskEvery;
  return Advice::ask_briefly;
}

std::string Silence::detail(const std::string& server) const {
  const auto found = servers_.find(server);
  return found == servers_.end() ? std::string() : found->second.detail;
}

void Silence::was_silent(const std::string& server, std::uint64_t about,
                         const std::string& detail) {
  auto& silent = servers_[server];
  if (silent.about.size() < kMany) silent.about.insert(about);
  if (!detail.empty()) silent.detail = detail;
}

}  // namespace transport
