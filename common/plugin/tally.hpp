// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugin/report.hpp"
#include "plugin/text_lines.hpp"
#include "plugin/totals.hpp"

namespace plugin {

/// What the reports of many zones have in common, gathered while they come in: numbers, the worst
/// zones, and each cause once. Its memory has a limit.
class Tally {
 public:
  /// With Options::verbose the lines of zones have more below them. The options outlive it.
  explicit Tally(const Options& options) : options_(options) {}

  void add(const Report& report);

  [[nodiscard]] std::size_t zones() const { return totals_.zones(); }
  /// That of the worst zone; of none at all: UNKNOWN.
  [[nodiscard]] State state() const { return totals_.state(); }
  /// "10,000 zones: 50 CRITICAL, 9,950 OK; a.example: MX signature expired [rrsig-expired]; then
  /// b.example [rrsig-expired] ...", with EMERGENCY before it where that is.
  [[nodiscard]] std::string first_words() const;
  /// How many zones are in which state, then each metric of the zones: counts added up, of what is
  /// left the least, of ages and times the most.
  [[nodiscard]] std::vector<Metric> metrics() const;
  /// A line for each cause with the number of its zones and what to do, then one for each zone that
  /// is not OK, worst first, as many as a report can hold.
  [[nodiscard]] TextLines lines() const;

 private:
  /// A zone that is not OK.
  struct Bad {
    State state{};
    judge::Tier tier{};
    std::string zone, id, summary;
    TextLines lines;  // below its own
  };
  struct Example {
    std::string zone, text, remedy;
  };
  struct Cause {
    std::size_t zones = 0;
    std::vector<Example> examples;  // some by name: not as chance has it
    std::optional<dns::UnixTime> earliest, latest;
  };
  /// How one metric of all zones becomes one number.
  struct Sum {
    Metric metric;
    bool least = false, most = false;
    std::string zone;  // whose value it is, where that is of one
  };

  [[nodiscard]] static std::string others_words(const Cause& cause);
  static void add_example(Cause& cause, const Report& report, const judge::Finding& finding);
  void add_causes(const Report& report);
  void add_metrics(const Report& report);
  static bool comes_before(const Bad& left, const Bad& right);
  void add_bad(const Report& report);
  [[nodiscard]] std::string worst_words() const;
  [[nodiscard]] std::string soonest_words() const;

  const Options& options_;
  Totals totals_;
  std::vector<Bad> bad_;      // worst first
  std::size_t more_bad_ = 0;  // that were left out
  std::map<std::pair<judge::Tier, judge::Fault>, Cause, std::greater<>> causes_;  // worst first
  std::map<std::string, std::size_t> places_;                                     // in sums_
  std::vector<Sum> sums_;
};

}  // namespace plugin
