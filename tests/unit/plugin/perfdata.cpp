// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/perfdata.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "support.hpp"

namespace {

using plugin::Metric;
using plugin::Report;

/// One item as Icinga 2 stores it.
struct Stored {
  std::string label;
  double value = 0;
  std::string unit;
  std::optional<double> warning, critical, least, most;
};

/// Icinga keeps thresholds that are plain numbers and drops the rest.
std::optional<double> plain_threshold(const std::vector<std::string>& fields, std::size_t index) {
  if (fields.size() <= index || fields[index].empty()) return std::nullopt;
  if (fields[index].find_first_not_of("+-0123456789.e") != std::string::npos) return std::nullopt;
  return std::stod(fields[index]);
}

/// The rules by which Icinga 2 reads performance data (the consumers' conventions): the value
/// ends at the first octet that cannot be a number, "::" in a label is a prefix for those after it,
/// units it does not know make it refuse the item.
std::vector<Stored> read_as_icinga(const std::string& perfdata) {
  std::vector<Stored> all;
  std::istringstream items(perfdata);
  for (std::string item; items >> item;) {
    Stored stored;
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos) throw std::runtime_error("no value in " + item);
    stored.label = item.substr(0, equals);
    if (stored.label.find("::") != std::string::npos)
      throw std::runtime_error("check_multi prefix");
    std::vector<std::string> fields;
    std::istringstream parts(item.substr(equals + 1));
    for (std::string part; std::getline(parts, part, ';');) fields.push_back(part);
    if (fields.empty()) throw std::runtime_error("no value in " + item);
    const std::size_t digits = fields[0].find_first_not_of("+-0123456789.e");
    stored.value = std::stod(fields[0].substr(0, digits));
    if (digits != std::string::npos) stored.unit = fields[0].substr(digits);
    if (stored.unit != "" && stored.unit != "s" && stored.unit != "B" && stored.unit != "%" &&
        stored.unit != "c") {
      throw std::runtime_error("unit " + stored.unit);
    }
    stored.warning = plain_threshold(fields, 1);
    stored.critical = plain_threshold(fields, 2);
    stored.least = plain_threshold(fields, 3);
    stored.most = plain_threshold(fields, 4);
    all.push_back(stored);
  }
  return all;
}

std::string printed(const std::vector<Metric>& metrics) {
  Report one = test::fine_report();
  one.metrics = metrics;
  return plugin::perfdata(plugin::metrics_of(one));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(performance_data)

BOOST_AUTO_TEST_CASE(items_have_all_their_fields) {
  BOOST_TEST(printed({{"remaining",
                       -10800,
                       "s",
                       judge::Range{604800.0, {}, false},
                       judge::Range{86400.0, {}, false},
                       {},
                       {}},
                      {"servers", 4, "", {}, {}, 0, {}}}) ==
             "remaining=-10800s;604800:;86400:;; servers=4;;;0; tier=0;;;0;4");
}

BOOST_AUTO_TEST_CASE(ranges_from_zero_survive_at_the_consumer) {
  const auto stored = read_as_icinga(printed({{"rtt",
                                               0.012,
                                               "s",
                                               judge::parse_range("0:10").value(),
                                               judge::parse_range("20").value(),
                                               {},
                                               {}}}));
  BOOST_TEST(stored.at(0).warning.value() == 10);
  BOOST_TEST(stored.at(0).critical.value() == 20);
}

BOOST_AUTO_TEST_CASE(labels_are_tame) {
  BOOST_TEST(
      printed({{"RTT 2001:db8::53", 1, "", {}, {}, {}, {}}, {"a'b=c", 2, "", {}, {}, {}, {}}}) ==
      "rtt_2001_db8__53=1;;;; a_b_c=2;;;; tier=0;;;0;4");
}

BOOST_AUTO_TEST_CASE(a_label_comes_once_and_tier_is_ours) {
  BOOST_TEST(printed({{"a", 1, "", {}, {}, {}, {}},
                      {"A", 2, "", {}, {}, {}, {}},
                      {"tier", 9, "", {}, {}, {}, {}},
                      {"", 3, "", {}, {}, {}, {}}}) == "a=1;;;; tier=0;;;0;4");
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_left_out) {
  const double infinity = std::numeric_limits<double>::infinity();
  BOOST_TEST(printed({{"a", std::nan(""), "s", {}, {}, {}, {}},
                      {"b", infinity, "s", {}, {}, {}, {}},
                      {"c", -infinity, "s", {}, {}, {}, {}},
                      {"d", 1e300, "", {}, {}, {}, {}},
                      {"e", 1, "", {}, {}, infinity, std::nan("")}}) == "e=1;;;; tier=0;;;0;4");
}

BOOST_AUTO_TEST_CASE(numbers_are_short_and_without_exponent) {
  BOOST_TEST(printed({{"a", 0.1 + 0.2, "s", {}, {}, {}, {}},
                      {"b", 1e-9, "s", {}, {}, {}, {}},
                      {"c", -0.0, "s", {}, {}, {}, {}},
                      {"d", 1234567890123, "c", {}, {}, {}, {}},
                      {"e", 100.0 / 3, "%", {}, {}, {}, {}},
                      {"f", 5, "ms", {}, {}, {}, {}}}) ==
             "a=0.3s;;;; b=0s;;;; c=0s;;;; d=1234567890123c;;;; e=33.333333%;;;; f=5;;;; "
             "tier=0;;;0;4");
}

BOOST_AUTO_TEST_CASE(consumers_read_back_what_was_meant) {
  std::mt19937 random(11);
  const std::string_view units[] = {"", "s", "B", "%", "c"};
  const auto number = [&] {
    return (static_cast<double>(random()) - 2e9) /
           std::pow(10.0, static_cast<double>(random() % 9));
  };
  for (int i = 0; i < 3000; ++i) {
    std::vector<Metric> metrics;
    for (auto count = random() % 8; count > 0; --count) {
      Metric metric{"m" + std::to_string(count), number(), units[random() % 5], {}, {}, {}, {}};
      if (random() % 2 == 0) metric.warning = judge::Range{0.0, std::abs(number()), false};
      if (random() % 2 == 0) metric.critical = judge::Range{std::abs(number()) + 1, {}, false};
      if (random() % 2 == 0) metric.least = number();
      if (random() % 2 == 0) metric.most = number();
      metrics.push_back(metric);
    }
    const std::string text = printed(metrics);
    BOOST_REQUIRE(text.find_first_of("eE|'\n,") == text.find("er="));  // only in "tier="
    const auto stored = read_as_icinga(text);
    BOOST_REQUIRE(stored.size() == metrics.size() + 1);
    BOOST_REQUIRE(stored.back().label == "tier");
    for (std::size_t j = 0; j < metrics.size(); ++j) {
      BOOST_REQUIRE(stored[j].label == metrics[j].label);
      BOOST_REQUIRE(stored[j].unit == metrics[j].unit);
      BOOST_REQUIRE(std::abs(stored[j].value - metrics[j].value) <= 5.1e-7);
      BOOST_REQUIRE(stored[j].warning.has_value() == metrics[j].warning.has_value());
      if (metrics[j].warning) BOOST_REQUIRE(*stored[j].warning == *metrics[j].warning->end);
      BOOST_REQUIRE(!stored[j].critical.has_value());  // "5:" is no plain number
      BOOST_REQUIRE(stored[j].least.has_value() == metrics[j].least.has_value());
      BOOST_REQUIRE(stored[j].most.has_value() == metrics[j].most.has_value());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
