// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "memory/key_file.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <sstream>

#include "dns/rdata.hpp"

namespace memory {
namespace {

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc{} && end == text.data() + text.size() ? std::optional(number)
                                                                    : std::nullopt;
}

/// BIND writes what is not a letter, digit, dot, - or _ as %XX, like the slash of RFC 2317's zones.
std::optional<dns::Name> zone_in_name(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned octet = 0;
    const auto* digits = text.data() + i + 1;
    if (text[i] != '%' || i + 2 >= text.size() ||
        std::from_chars(digits, digits + 2, octet, 16).ptr != digits + 2) {
      name += text[i];
      continue;
    }
    const auto decimal = std::to_string(octet);
    name += '\\' + std::string(3 - decimal.size(), '0') + decimal;
    i += 2;
  }
  auto zone = dns::Name::from_text(name);
  return zone ? std::optional(*std::move(zone)) : std::nullopt;
}

/// "20261124150000": UTC, as dnssec-settime writes it.
std::optional<dns::UnixTime> parse_time(std::string_view text) {
  if (text.size() < 14 || !std::all_of(text.begin(), text.begin() + 14,
                                       [](char digit) { return digit >= '0' && digit <= '9'; })) {
    return std::nullopt;
  }
  const auto part = [&](std::size_t at, std::size_t length) {
    return whole_number<int>(text.substr(at, length)).value_or(0);
  };
  const std::chrono::year_month_day date{std::chrono::year(part(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(part(4, 2))),
                                         std::chrono::day(static_cast<unsigned>(part(6, 2)))};
  if (!date.ok() || part(8, 2) > 23 || part(10, 2) > 59 || part(12, 2) > 60) {
    return std::nullopt;
  }
  const dns::UnixTime days = std::chrono::sys_days(date).time_since_epoch().count();
  const dns::UnixTime hours = days * 24 + part(8, 2);
  const dns::UnixTime minutes = hours * 60 + part(10, 2);
  return minutes * 60 + part(12, 2);
}

/// "; Activate: 20261124150000 (Tue Nov …)" of a .key file, "Active: 20261124150000 (…)" of a
/// .state file.
void read_time(std::string_view line, KeyTimes& into) {
  while (!line.empty() && (line.front() == ';' || line.front() == ' ')) {
    line.remove_prefix(1);
  }
  const auto colon = line.find(": ");
  if (colon == std::string_view::npos) {
    return;
  }
  const auto field = line.substr(0, colon);
  const auto time = parse_time(line.substr(colon + 2));
  if (!time) {
    return;
  }
  if (field == "Created" || field == "Generated") {
    into.created = time;
  } else if (field == "Publish" || field == "Published") {
    into.published = time;
  } else if (field == "Activate" || field == "Active") {
    into.active = time;
  }
}

/// "example. 3600 IN DNSKEY 257 3 13 base64 …".
void read_record(const std::string& line, KeyTimes& into) {
  std::istringstream words(line);
  std::string word;
  while (words >> word && word != "DNSKEY") {
  }
  std::string flags, protocol, algorithm, base64;
  if (!(words >> flags >> protocol >> algorithm)) {
    return;
  }
  while (words >> word && word.front() != ';') {
    base64 += word;
  }
  if (auto key = dns::from_base64(base64)) {
    into.public_key = *std::move(key);
  }
}

}  // namespace

std::optional<KeyFileName> parse_key_file_name(std::string_view name) {
  const auto dot = name.rfind('.');
  if (name.size() < 13 || name.front() != 'K' || dot == std::string::npos || dot < 11) {
    return std::nullopt;
  }
  const std::string_view suffix = name.substr(dot);
  const std::string_view stem = name.substr(1, dot - 1);
  const auto tag_at = stem.rfind('+');
  const auto algorithm_at = tag_at == std::string_view::npos || tag_at == 0
                                ? std::string_view::npos
                                : stem.rfind('+', tag_at - 1);
  if ((suffix != ".key" && suffix != ".state") || algorithm_at == std::string_view::npos) {
    return std::nullopt;
  }
  const auto zone = zone_in_name(stem.substr(0, algorithm_at));
  const auto algorithm =
      whole_number<std::uint8_t>(stem.substr(algorithm_at + 1, tag_at - algorithm_at - 1));
  const auto tag = whole_number<std::uint16_t>(stem.substr(tag_at + 1));
  if (!zone || !algorithm || !tag) {
    return std::nullopt;
  }
  KeyFileName parsed;
  parsed.times.zone = *zone;
  parsed.times.algorithm = *algorithm;
  parsed.times.tag = *tag;
  parsed.state = suffix == ".state";
  return parsed;
}

void read_key_file(std::string_view text, KeyTimes& into) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    if (line.find("DNSKEY") != std::string_view::npos && !line.empty() && line.front() != ';') {
      read_record(std::string(line), into);
    } else {
      read_time(line, into);
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

}  // namespace memory
