// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "plugin/options.hpp"
#include "plugin/report.hpp"

namespace test {

inline constexpr dns::UnixTime kNow = 1796083200;  // 2026-12-01T00:00Z

using Parsed = std::variant<plugin::Options, plugin::EarlyExit>;

inline Parsed parse(const std::vector<std::string>& arguments,
                    const plugin::Binary& binary = plugin::kSigsBinary,
                    const std::map<std::string, std::string>& variables = {}) {
  return plugin::parse_options(binary, arguments, {kNow, variables});
}

/// The options, when there were no complaints; throws with the complaint otherwise.
inline plugin::Options accepted(const std::vector<std::string>& arguments,
                                const plugin::Binary& binary = plugin::kSigsBinary,
                                const std::map<std::string, std::string>& variables = {}) {
  Parsed parsed = parse(arguments, binary, variables);
  if (const auto* exit = std::get_if<plugin::EarlyExit>(&parsed)) {
    throw std::runtime_error(exit->text);
  }
  return std::get<plugin::Options>(std::move(parsed));
}

/// What was printed instead of a check; "" when the arguments were fine.
inline std::string refused(const std::vector<std::string>& arguments,
                           const plugin::Binary& binary = plugin::kSigsBinary,
                           const std::map<std::string, std::string>& variables = {}) {
  const Parsed parsed = parse(arguments, binary, variables);
  const auto* exit = std::get_if<plugin::EarlyExit>(&parsed);
  return exit == nullptr ? "" : exit->text;
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// A usage error as the contract wants it: one line with the service and its state.
inline bool is_usage_error(const std::string& text) {
  return text.rfind("DNSSEC SIGS UNKNOWN - ", 0) == 0 && lines_of(text).size() == 1 &&
         text.back() == '\n' && !contains(text, "|");
}

/// Arbitrary bytes, the dangerous ones more often.
inline std::string random_bytes(std::mt19937& random, std::size_t most) {
  static constexpr std::string_view kDangerous("|\n\r\\\"'`$<>&;[]=:\0\t\x7f\xff\xc3", 21);
  std::string bytes(random() % (most + 1), ' ');
  for (char& byte : bytes) {
    byte = random() % 3 == 0 ? kDangerous[random() % kDangerous.size()]
                             : static_cast<char>(random() & 0xffU);
  }
  return bytes;
}

inline judge::Finding finding(judge::Tier tier, std::string text) {
  judge::Finding one;
  one.fault = judge::Fault::rrsig_expired;
  one.tier = tier;
  one.text = std::move(text);
  one.remedy = "sign it again";
  return one;
}

inline plugin::Report fine_report(std::string_view zone = "example.com") {
  plugin::Report one;
  one.zone = dns::Name::from_text(zone).value();
  one.ok_summary = "is secure: 3 links from the root";
  return one;
}

}  // namespace test
