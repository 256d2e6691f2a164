// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Reports from arbitrary bytes. Foreign bytes enter them where they enter a run: in names by their
// wire form, elsewhere by way of dns::escape().
#pragma once

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "dns/escape.hpp"
#include "stream_support.hpp"

namespace test {

/// What an output's reader found wrong.
struct Forged : std::runtime_error {
  using std::runtime_error::runtime_error;
};
inline void require(bool fine, const std::string& words) {
  if (!fine) throw Forged(words);
}

using namespace std::string_view_literals;
inline constexpr std::array kNasty{"\n"sv,
                                   "\r\n"sv,
                                   "\0"sv,
                                   "\t"sv,
                                   "|"sv,
                                   " | tier=0;;;0;4"sv,
                                   "'"sv,
                                   "\""sv,
                                   "="sv,
                                   ";"sv,
                                   "["sv,
                                   "]"sv,
                                   "\n[OK] x: y"sv,
                                   "\n[1] SHUTDOWN_PROCESS\n"sv,
                                   "\\n"sv,
                                   "\\"sv,
                                   "\\\\"sv,
                                   "\\010"sv,
                                   "\033[31m"sv,
                                   "\033]0;title\a"sv,
                                   "\x9b"
                                   "31m"sv,
                                   "\xc2\x9b"
                                   "31m"sv,
                                   "\xc2\x85"sv,
                                   "\x7f"sv,
                                   "\xc3\xa9"sv,
                                   "\xe2\x80\xae"sv,
                                   "\xe2\x80\xa8"sv,
                                   "\xf0\x9f\x98\x80"sv,
                                   "\xc0\xaf"sv,
                                   "\xed\xa0\x80"sv,
                                   "\xf4\x90\x80\x80"sv,
                                   "\xff\xfe"sv,
                                   "\xe2\x82"sv,
                                   "<script>"sv,
                                   "&lt;"sv,
                                   "$(id)"sv,
                                   "`id`"sv,
                                   "$USER1$"sv,
                                   "%n%s"sv,
                                   "\nreturn_code=0\n\nhost_name=x"sv,
                                   "\n# EOF\n"sv,
                                   "\"} 1\n"sv,
                                   "{#ZONE}"sv,
                                   "];}"sv,
                                   "  "sv,
                                   " "sv,
                                   "?"sv,
                                   "a"sv,
                                   "www"sv};

/// Everything that is made up, from one seed.
class Chance {
 public:
  explicit Chance(std::uint32_t seed) : random_(seed) {}

  /// Below `end`.
  std::size_t below(std::size_t end) { return random_() % end; }
  bool once_in(std::size_t times) { return below(times) == 0; }
  template <class List>
  const auto& one_of(const List& list) {
    return *(std::begin(list) + static_cast<std::ptrdiff_t>(below(std::size(list))));
  }

  /// Now and then very long.
  std::string bytes() {
    std::string made;
    for (std::size_t parts = below(5); parts > 0; --parts) {
      made += once_in(4) ? random_bytes(random_, 8) : std::string(one_of(kNasty));
    }
    if (once_in(60)) made += std::string(3000, made.empty() ? '|' : made.back());
    return made;
  }
  /// As judges write what they were told.
  std::string foreign() { return "says " + dns::escape(bytes(), once_in(3) ? 40 : 200); }
  std::vector<std::string> some_foreign(std::size_t most) {
    std::vector<std::string> made(below(most + 1));
    for (auto& one : made) one = foreign();
    return made;
  }

  dns::Name name() {
    const bool longest = once_in(12);
    dns::Bytes wire;
    const std::size_t labels = longest ? 4 : below(4);
    for (std::size_t i = 0; i < labels; ++i) {
      // 255 octets, the most there can be.
      const std::string label_of_longest(i == 3 ? 61 : 63, '|');
      std::string label = longest ? label_of_longest : bytes().substr(0, 63);
      if (label.empty()) label = "x";
      wire.push_back(static_cast<std::uint8_t>(label.size()));
      wire.insert(wire.end(), label.begin(), label.end());
    }
    wire.push_back(0);
    return dns::Name::from_wire(wire).value();
  }

  double number() {
    static constexpr std::array kOdd{0.0,
                                     -0.0,
                                     1e-7,
                                     -1.5,
                                     1e15,
                                     1e16,
                                     1e300,
                                     std::numeric_limits<double>::infinity(),
                                     -std::numeric_limits<double>::infinity(),
                                     std::numeric_limits<double>::quiet_NaN()};
    if (once_in(4)) return one_of(kOdd);
    return (static_cast<double>(below(2000000)) - 1e6) / (once_in(2) ? 1 : 128);
  }

 private:
  std::mt19937 random_;
};

/// `body(chance)` for so many reports a seed; the last seed is another one in each run, and is told
/// where something is wrong: put it into the list to see it again.
template <class Body>
void for_all_seeds(std::size_t reports, Body body) {
  for (const std::uint32_t seed : {1U, 2U, 3U, std::random_device{}()}) {
    Chance chance(seed);
    for (std::size_t i = 0; i < reports; ++i) {
      try {
        body(chance);
      } catch (const std::exception& wrong) {
        BOOST_FAIL("seed " << seed << ", report " << i << ": " << wrong.what());
      }
    }
  }
}

inline judge::Finding hostile_finding(Chance& chance) {
  static constexpr std::array kTiers{judge::Tier::mute,     judge::Tier::info,
                                     judge::Tier::unknown,  judge::Tier::warning,
                                     judge::Tier::critical, judge::Tier::emergency};
  judge::Finding one;
  one.fault = chance.one_of(judge::catalogue()).fault;
  one.tier = chance.one_of(kTiers);
  one.text = chance.foreign();
  if (chance.once_in(2)) one.remedy = chance.foreign();
  one.servers = chance.some_foreign(2);
  for (std::size_t i = chance.below(14); i > 0; --i) {
    one.rrsets.push_back(chance.name().to_display() + "/MX");
  }
  if (chance.once_in(3)) one.count = one.rrsets.size() + chance.below(2000);
  if (chance.once_in(3)) one.moment = kNow - static_cast<int>(chance.below(90000));
  if (chance.once_in(2)) one.detail = chance.foreign();
  return one;
}

inline plugin::Metric hostile_metric(Chance& chance) {
  static constexpr std::array kLabels{"remaining"sv, "time"sv, "servers"sv, "tier"sv, "a::b"sv};
  static constexpr std::array kUnits{""sv, "s"sv, "B"sv, "%"sv, "c"sv, "|x"sv, " y=1"sv};
  plugin::Metric one;
  one.label =
      chance.once_in(3) ? chance.bytes().substr(0, 40) : std::string(chance.one_of(kLabels));
  one.value = chance.number();
  one.unit = chance.one_of(kUnits);
  if (chance.once_in(2)) one.warning = judge::parse_range("@-5.5:7").value();
  if (chance.once_in(2)) one.critical = judge::parse_range("~:86400").value();
  if (chance.once_in(2)) one.least = chance.number();
  if (chance.once_in(2)) one.most = chance.number();
  return one;
}

inline judge::Picture hostile_picture(Chance& chance) {
  using judge::PictureState;
  static constexpr std::array kStates{PictureState::secure, PictureState::insecure,
                                      PictureState::bogus, PictureState::unknown,
                                      PictureState::idle};
  static constexpr std::array kShapes{judge::Shape::anchor, judge::Shape::key,
                                      judge::Shape::missing, judge::Shape::set, judge::Shape::data};
  static constexpr std::array kArrows{judge::Arrow::leads_to, judge::Arrow::signs,
                                      judge::Arrow::holds, judge::Arrow::denies};
  judge::Picture one;
  one.title = chance.foreign();
  one.findings = chance.some_foreign(2);
  const std::size_t zones = 1 + chance.below(3);
  for (std::size_t i = 0; i < zones; ++i) {
    one.zones.push_back({chance.name().to_display(), chance.one_of(kStates)});
  }
  const std::size_t nodes = 1 + chance.below(4);
  for (std::size_t i = 0; i < nodes; ++i) {
    one.nodes.push_back({chance.one_of(kShapes), chance.below(zones), chance.one_of(kStates),
                         chance.some_foreign(3)});
  }
  for (std::size_t i = chance.below(4); i > 0; --i) {
    one.edges.push_back({chance.below(nodes), chance.below(nodes), chance.one_of(kArrows),
                         chance.one_of(kStates), chance.some_foreign(2),
                         chance.once_in(2) ? chance.foreign() : ""});
  }
  return one;
}

/// Few of each thing, so that most reports fit an output whole.
inline plugin::Report hostile_report(Chance& chance) {
  plugin::Report one;
  one.zone = chance.name();
  if (!chance.once_in(5)) one.ok_summary = "is secure and " + chance.foreign();
  for (std::size_t i = chance.below(4); i > 0; --i) one.findings.push_back(hostile_finding(chance));
  for (std::size_t i = chance.below(5); i > 0; --i) one.metrics.push_back(hostile_metric(chance));
  one.notes = chance.some_foreign(2);
  one.chain = chance.some_foreign(2);
  one.details = chance.some_foreign(2);
  one.debug = chance.some_foreign(2);
  if (chance.once_in(2)) {
    one.servers.push_back({chance.name().to_display(), "192.0.2.1", "ok", chance.number(), 1U, kNow,
                           dns::escape(chance.bytes())});
  }
  if (chance.once_in(2)) one.keys.push_back({1, 13, 257, 256, true, true, false});
  if (chance.once_in(2)) one.judged_at = kNow;
  if (chance.once_in(3)) {
    one.forecast.emplace();
    one.forecast->push_back({judge::EventKind::expiry, kNow + 60, chance.name(), chance.foreign()});
  }
  if (chance.once_in(2)) one.picture = hostile_picture(chance);
  return one;
}

/// The same with bytes that nobody escaped: an output keeps its form even so.
inline plugin::Report careless_report(Chance& chance) {
  plugin::Report one = hostile_report(chance);
  const auto spoil = [&](std::vector<std::string>& texts) {
    for (auto& text : texts) text = chance.bytes();
  };
  if (!one.ok_summary.empty()) one.ok_summary = "x" + chance.bytes();
  for (auto& finding : one.findings) {
    finding.text = chance.bytes();
    finding.remedy = "x" + chance.bytes();
    if (!finding.detail.empty()) finding.detail = "x" + chance.bytes();
    spoil(finding.servers);
    spoil(finding.rrsets);
  }
  for (auto* texts : {&one.notes, &one.chain, &one.details, &one.debug}) spoil(*texts);
  for (auto& server : one.servers) server.name = server.nsid = "x" + chance.bytes();
  if (one.forecast) one.forecast->front().text = chance.bytes();
  if (!one.picture) return one;
  auto& picture = *one.picture;
  picture.title = chance.bytes();
  spoil(picture.findings);
  for (auto& zone : picture.zones) zone.name = chance.bytes();
  for (auto& node : picture.nodes) spoil(node.lines);
  for (auto& edge : picture.edges) spoil(edge.lines);
  return one;
}

}  // namespace test
