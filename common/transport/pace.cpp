// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/pace.hpp"

#include <algorithm>

namespace transport {

namespace {

constexpr std::chrono::seconds kWindow{1};

}  // namespace

std::optional<Pace::TimePoint> Pace::reserve(const std::string& address, TimePoint now,
                                             TimePoint deadline) {
  if (now >= deadline) return std::nullopt;
  if (most_ == 0) return now;
  if (latest_.size() > sweep_at_) forget_the_idle(now);
  auto& latest = latest_[address];
  while (!latest.empty() && latest.front() + kWindow <= now) latest.pop_front();
  TimePoint when = now;
  if (latest.size() >= most_) {
    when = std::max(now, latest[latest.size() - most_] + kWindow);
  }
  if (!latest.empty()) when = std::max(when, latest.back());
  if (when >= deadline) return std::nullopt;  // nobody takes it: later ones may have it
  latest.push_back(when);
  return when;
}

/// Otherwise every address that was ever asked would stay.
void Pace::forget_the_idle(TimePoint now) {
  std::erase_if(latest_, [now](const auto& item) {
    return item.second.empty() || item.second.back() + kWindow <= now;
  });
  sweep_at_ = std::max<std::size_t>(1024, 2 * latest_.size());
}

}  // namespace transport
