// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/tally.hpp"

#include <algorithm>
#include <set>

#include "judge/words.hpp"
#include "plugin/perfdata.hpp"
#include "plugin/summary.hpp"

namespace plugin {
namespace {

/// More lines than these have no room in a report.
constexpr std::size_t kMostBad = 200;
constexpr std::size_t kNamedFirst = 5;
constexpr std::size_t kNamedOfCause = 4;
/// Signatures that end so close together were made in one go.
constexpr std::int64_t kOneSchedule = 3600;

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

void Tally::add(const Report& report) {
  totals_.add(report);
  add_causes(report);
  add_metrics(report);
  if (state_of(report) != State::ok) add_bad(report);
}

void Tally::add_causes(const Report& report) {
  std::set<std::pair<judge::Tier, judge::Fault>> seen;
  for (const judge::Finding& finding : report.findings) {
    if (finding.tier < judge::Tier::info ||
        (finding.tier == judge::Tier::info && options_.verbose < 1)) {
      continue;
    }
    const std::pair key(finding.tier, finding.fault);
    Cause& cause = causes_[key];
    if (finding.moment) {
      cause.earliest = std::min(cause.earliest.value_or(*finding.moment), *finding.moment);
      cause.latest = std::max(cause.latest.value_or(*finding.moment), *finding.moment);
    }
    if (!seen.insert(key).second) continue;
    ++cause.zones;
    add_example(cause, report, finding);
  }
}

void Tally::add_example(Cause& cause, const Report& report, const judge::Finding& finding) {
  Example example{report.zone.to_display(), finding.text, finding.remedy};
  if (example.remedy.empty()) example.remedy = judge::info(finding.fault).remedy;
  auto& examples = cause.examples;
  const auto place = std::upper_bound(
      examples.begin(), examples.end(), example,
      [](const Example& left, const Example& right) { return left.zone < right.zone; });
  examples.insert(place, std::move(example));
  if (examples.size() > kNamedOfCause) examples.pop_back();
}

void Tally::add_metrics(const Report& report) {
  for (const Metric& metric : metrics_of(report)) {
    const auto [place, fresh] = places_.try_emplace(metric.label, sums_.size());
    if (fresh) {
      Sum sum;
      sum.metric = metric;
      sum.least = ends_with(metric.label, "remaining");
      sum.most = !sum.least && (metric.unit == "s" || metric.label == "tier");
      sum.zone = report.zone.to_display();
      sums_.push_back(std::move(sum));
      continue;
    }
    Sum& sum = sums_[place->second];
    const double value = metric.value;
    if (!sum.least && !sum.most) {
      sum.metric.value += value;
      sum.metric.most.reset();  // of one zone
    } else if (sum.least ? value < sum.metric.value : value > sum.metric.value) {
      sum.metric = metric;
      sum.zone = report.zone.to_display();
    }
  }
}

/// Among equals by name: chance decides which look ends first.
bool Tally::comes_before(const Bad& left, const Bad& right) {
  if (left.state != right.state) return worse(left.state, right.state) == left.state;
  if (left.tier != right.tier) return left.tier > right.tier;
  return left.zone < right.zone;
}

void Tally::add_bad(const Report& report) {
  Bad bad;
  bad.state = state_of(report);
  bad.tier = worst_tier(report);
  bad.zone = report.zone.to_display();
  const auto place = std::upper_bound(bad_.begin(), bad_.end(), bad, comes_before);
  if (place == bad_.end() && bad_.size() >= kMostBad) {
    ++more_bad_;
    return;
  }
  if (const auto* worst = worst_finding(report)) {
    if (worst->tier > judge::Tier::info) bad.id = judge::info(worst->fault).id;
  }
  bad.summary = plugin::first_words(report);
  if (options_.verbose >= 1) bad.lines = long_lines(report, options_);
  bad_.insert(place, std::move(bad));
  if (bad_.size() > kMostBad) {
    bad_.pop_back();
    ++more_bad_;
  }
}

/// The worst in full, the next ones by name and cause.
std::string Tally::worst_words() const {
  if (bad_.empty()) return {};
  constexpr std::string_view kEmergency = "EMERGENCY: ";
  std::string text = bad_.front().summary;
  if (text.rfind(kEmergency, 0) == 0) text.erase(0, kEmergency.size());
  text = "; " + text;
  for (std::size_t i = 1; i < std::min(bad_.size(), kNamedFirst); ++i) {
    text += (i == 1 ? "; then " : ", ") + bad_[i].zone +
            (bad_[i].id.empty() ? "" : " [" + bad_[i].id + "]");
  }
  const std::size_t bad = bad_.size() + more_bad_;
  if (bad > kNamedFirst) text += " and " + judge::thousands(bad - kNamedFirst) + " more";
  return text;
}

std::string Tally::soonest_words() const {
  const auto found = places_.find("remaining");
  if (!bad_.empty() || found == places_.end()) return {};
  const Sum& sum = sums_[found->second];
  return "; soonest expiry " + dns::to_human_duration(static_cast<std::int64_t>(sum.metric.value)) +
         " (" + sum.zone + ")";
}

std::string Tally::first_words() const {
  if (zones() == 0) return "no zone was looked at";
  const bool emergency = !bad_.empty() && bad_.front().tier == judge::Tier::emergency;
  return (emergency ? "EMERGENCY: " : "") + judge::thousands(zones()) +
         (zones() == 1 ? " zone: " : " zones: ") + totals_.counts() + worst_words() +
         soonest_words();
}

std::vector<Metric> Tally::metrics() const {
  std::vector<Metric> metrics = metrics_of(totals_);
  for (const Sum& sum : sums_) metrics.push_back(sum.metric);
  return metrics;
}

/// "; also b.example, c.example and 211 more, all within 12m of each other, as one schedule does
/// it".
std::string Tally::others_words(const Cause& cause) {
  if (cause.zones < 2) return {};
  std::string words = "; also ";
  for (std::size_t i = 1; i < cause.examples.size(); ++i) {
    words += (i == 1 ? "" : ", ") + cause.examples[i].zone;
  }
  const std::size_t unnamed = cause.zones - cause.examples.size();
  if (unnamed > 0) words += " and " + judge::thousands(unnamed) + " more";
  if (cause.earliest && *cause.latest - *cause.earliest <= kOneSchedule) {
    words += ", all within " + dns::to_human_duration(*cause.latest - *cause.earliest) +
             " of each other, as one schedule does it";
  }
  return words;
}

TextLines Tally::lines() const {
  TextLines lines;
  for (const auto& [key, cause] : causes_) {
    std::string line = "[" + std::string(judge::to_text(key.first)) + "] " +
                       std::string(judge::info(key.second).id) + ": ";
    if (cause.zones > 1) line += judge::thousands(cause.zones) + " zones: ";
    const Example& first = cause.examples.front();
    line += first.zone + ": " + first.text + others_words(cause) + ". " + first.remedy;
    lines.emplace_back(std::move(line));
  }
  for (const Bad& bad : bad_) {
    lines.emplace_back(std::string(to_text(bad.state)) + " - " + bad.summary);
    lines.insert(lines.end(), bad.lines.begin(), bad.lines.end());
  }
  if (more_bad_ > 0) {
    lines.emplace_back("[INFO] " + judge::thousands(more_bad_) +
                       " more zones are not OK; --output jsonl has every one");
  }
  return lines;
}

}  // namespace plugin
