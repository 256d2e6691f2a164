// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/perfdata.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "plugin/summary.hpp"

namespace plugin {
namespace {

constexpr std::array<std::string_view, 5> kUnits{"", "s", "B", "%", "c"};
constexpr double kGreatestFigure = 1e15;

/// Consumers read addresses, "::" and dots in labels as structure of their own.
std::string safe_label(std::string_view label) {
  std::string safe;
  for (const char octet : label) {
    if (octet >= 'A' && octet <= 'Z') {
      safe += static_cast<char>(octet - 'A' + 'a');
    } else {
      const bool fine =
          (octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9') || octet == '_';
      safe += fine ? octet : '_';
    }
  }
  return safe;
}

std::optional<double> rounded(std::optional<double> value) {
  if (!value || !std::isfinite(*value) || std::abs(*value) > kGreatestFigure) return std::nullopt;
  const double millionths = *value * 1e6;
  if (std::abs(millionths) >= 9e15) return std::round(*value);
  return std::round(millionths) / 1e6;
}

std::string perfdata_item(const Metric& metric) {
  const auto range = [](const std::optional<judge::Range>& one) {
    return one ? one->to_text() : std::string();
  };
  const auto number = [](const std::optional<double>& one) {
    return one ? judge::plain_number(*one) : std::string();
  };
  return metric.label + "=" + judge::plain_number(metric.value) + std::string(metric.unit) + ";" +
         range(metric.warning) + ";" + range(metric.critical) + ";" + number(metric.least) + ";" +
         number(metric.most);
}

Metric count(std::string label, std::size_t number) {
  Metric metric;
  metric.label = std::move(label);
  metric.value = static_cast<double>(number);
  metric.least = 0;
  return metric;
}

/// 0 OK, 1 INFO ... 4 EMERGENCY: how bad, for graphs and triggers.
std::optional<double> tier_number(const Report& report) {
  if (state_of(report) == State::unknown) return std::nullopt;
  switch (worst_tier(report)) {
    case judge::Tier::mute:
      return 0;
    case judge::Tier::info:
      return 1;
    case judge::Tier::unknown:
      return std::nullopt;
    case judge::Tier::warning:
      return 2;
    case judge::Tier::critical:
      return 3;
    case judge::Tier::emergency:
      return 4;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Metric> metrics_of(const Report& report) {
  std::vector<Metric> metrics;
  const auto add = [&](Metric metric) {
    metric.label = safe_label(metric.label);
    const bool twice = std::any_of(metrics.begin(), metrics.end(), [&](const Metric& other) {
      return other.label == metric.label;
    });
    const auto value = rounded(metric.value);
    if (metric.label.empty() || twice || !value) return;
    metric.value = *value;
    if (std::find(kUnits.begin(), kUnits.end(), metric.unit) == kUnits.end()) metric.unit = "";
    metric.least = rounded(metric.least);
    metric.most = rounded(metric.most);
    metrics.push_back(std::move(metric));
  };
  for (const Metric& metric : report.metrics) {
    if (metric.label != "tier") add(metric);
  }
  if (const auto tier = tier_number(report)) {
    Metric metric = count("tier", 0);
    metric.value = *tier;
    metric.most = 4;
    add(metric);
  }
  return metrics;
}

std::vector<Metric> metrics_of(const Totals& totals) {
  return {count("zones", totals.zones()), count("ok", totals.count(State::ok)),
          count("warning", totals.count(State::warning)),
          count("critical", totals.count(State::critical)),
          count("unknown", totals.count(State::unknown))};
}

std::vector<Metric> metrics_of(const std::vector<Report>& reports) {
  Totals totals;
  for (const Report& report : reports) totals.add(report);
  return metrics_of(totals);
}

std::string perfdata(const std::vector<Metric>& metrics) {
  std::string text;
  for (const Metric& metric : metrics) {
    if (!text.empty()) text += ' ';
    text += perfdata_item(metric);
  }
  return text;
}

}  // namespace plugin
