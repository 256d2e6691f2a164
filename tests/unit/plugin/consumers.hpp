// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Outputs as their receivers take them apart.
#pragma once

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hostile.hpp"

namespace test {

/// Reads `\DDD` back.
inline std::string without_escapes(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      bytes += text[i];
      continue;
    }
    require(i + 3 < text.size(), "a cut escape");
    bytes += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 3))));
    i += 3;
  }
  return bytes;
}

inline std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts{""};
  for (const char octet : text) {
    if (octet == at) {
      parts.emplace_back();
    } else {
      parts.back() += octet;
    }
  }
  return parts;
}

/// The number of octets of the character of UTF-8 at the start of `text`; 0: there is none (Unicode
/// 3.9, table 3-7).
inline std::size_t character_size(std::string_view text) {
  const auto at = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto tail = [&](std::size_t i) { return at(i) >= 0x80 && at(i) <= 0xbf; };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool odd = (first == 0xe0 && at(1) < 0xa0) || (first == 0xed && at(1) > 0x9f);
    return tail(1) && tail(2) && !odd ? 3 : 0;
  }
  const bool odd = (first == 0xf0 && at(1) < 0x90) || (first == 0xf4 && at(1) > 0x8f);
  return first >= 0xf0 && first <= 0xf4 && tail(1) && tail(2) && tail(3) && !odd ? 4 : 0;
}

/// Nothing that a terminal obeys: characters of UTF-8 and no controls, neither C0 nor C1.
inline void require_printable(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    require(size > 0, "not UTF-8");
    const auto first = static_cast<unsigned char>(text[0]);
    require(first >= 32 && first != 127, "a control octet");
    require(first != 0xc2 || static_cast<unsigned char>(text[1]) > 0x9f, "a C1 control");
    text.remove_prefix(size);
  }
}

struct Item {
  double value = 0;
  std::string unit;
  bool operator==(const Item&) const = default;
};
using Items = std::map<std::string, Item>;

/// 'label'=value[UOM];[warn];[crit];[min];[max], parted by a blank (Monitoring Plugins guidelines).
inline Items nagios_perfdata(const std::string& text) {
  static constexpr std::string_view kLabel = "abcdefghijklmnopqrstuvwxyz0123456789_";
  Items items;
  if (text.empty()) return items;
  for (const std::string& one : split(text, ' ')) {
    const std::size_t equals = one.find('=');
    require(equals != 0 && equals != std::string::npos, "no label: " + one);
    const std::string label = one.substr(0, equals);
    require(label.find_first_not_of(kLabel) == std::string::npos, "label " + label);
    const auto fields = split(one.substr(equals + 1), ';');
    require(fields.size() == 5, "fields of " + one);
    Item item;
    const std::size_t digits =
        std::min(fields[0].find_first_not_of("-0123456789."), fields[0].size());
    const auto [end, problem] =
        std::from_chars(fields[0].data(), fields[0].data() + digits, item.value);
    require(problem == std::errc{} && end == fields[0].data() + digits, "value of " + one);
    item.unit = fields[0].substr(digits);
    static constexpr std::array kUnits{""sv, "s"sv, "B"sv, "%"sv, "c"sv};
    require(std::find(kUnits.begin(), kUnits.end(), item.unit) != kUnits.end(), "unit of " + one);
    for (const std::size_t range : {1, 2}) {
      require(fields[range].empty() || judge::parse_range(fields[range]).ok(), "range of " + one);
    }
    for (const std::size_t bound : {3, 4}) {
      require(fields[bound].find_first_not_of("-0123456789.") == std::string::npos,
              "bound of " + one);
    }
    require(items.emplace(label, item).second, "twice: " + label);
  }
  return items;
}

/// Labels up to the next `=`, values up to the next blank: how Icinga 2 goes through them.
inline Items icinga_perfdata(std::string_view text) {
  Items items;
  while (!text.empty()) {
    const std::size_t equals = text.find('=');
    require(equals != std::string_view::npos, "no value");
    const std::string label(text.substr(0, equals));
    require(label.find("::") == std::string::npos && label.find('\'') == std::string::npos, label);
    const std::size_t end = std::min(text.find(' ', equals), text.size());
    const std::string_view value = text.substr(equals + 1, end - equals - 1);
    require(value.find('=') == std::string_view::npos, "a second =");  // the last one parts for it
    items.merge(nagios_perfdata(label + "=" + std::string(value)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return items;
}

struct PluginOutput {
  std::string first;
  Items items;
  std::vector<std::string> lines;
};

/// The first line up to `|`, performance data, further lines, and all that is behind a `|` there.
inline PluginOutput nagios_output(std::string text) {
  require(!text.empty() && text.find('\0') == std::string::npos, "cut by a NUL");
  if (text.back() == '\n') text.pop_back();
  PluginOutput output;
  output.lines = split(text, '\n');
  for (const std::string& line : output.lines) require_printable(line);
  const std::string first = output.lines.front();
  output.lines.erase(output.lines.begin());
  for (const std::string& line : output.lines) {
    require(line.find('|') == std::string::npos, "more performance data: " + line);
  }
  const std::size_t bar = first.find('|');
  output.first = first.substr(0, bar);
  output.first.erase(output.first.find_last_not_of(' ') + 1);
  if (bar == std::string::npos) return output;
  std::string numbers = first.substr(bar + 1);
  if (!numbers.empty() && numbers.front() == ' ') numbers.erase(0, 1);
  output.items = nagios_perfdata(numbers);
  require(!output.items.empty(), "a bar without performance data");
  require(output.items == icinga_perfdata(numbers), "Nagios and Icinga read different numbers");
  return output;
}

/// The names' and the last field's own escapes: \n, and \\ where the receiver knows it.
inline std::string command_output(std::string_view field, bool knows_backslash) {
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const char next = i + 1 < field.size() ? field[i + 1] : '\0';
    const bool pair = field[i] == '\\' && (next == 'n' || (knows_backslash && next == '\\'));
    if (pair) ++i;
    text += pair && next == 'n' ? '\n' : field[i];
  }
  return text;
}

/// [time] PROCESS_SERVICE_CHECK_RESULT;host;service;code;output
struct Command {
  std::string host, service, code, output;
};
inline Command service_command(const std::string& line) {
  static const std::string kBegin = "[1796083200] PROCESS_SERVICE_CHECK_RESULT;";
  require(!line.empty() && line.back() == '\n', "a command without end");
  require(std::count(line.begin(), line.end(), '\n') == 1, "more than one command");
  require(line.find('\0') == std::string::npos, "cut by a NUL");
  require(line.size() <= 4096, "a command of " + std::to_string(line.size()) + " octets");
  require(line.rfind(kBegin, 0) == 0, "another command: " + line);
  std::string rest = line.substr(kBegin.size(), line.size() - kBegin.size() - 1);
  Command command;
  for (auto* field : {&command.host, &command.service, &command.code}) {
    const std::size_t end = rest.find(';');
    require(end != std::string::npos, "fields are missing");
    *field = rest.substr(0, end);
    rest.erase(0, end + 1);
  }
  command.output = command_output(rest, true);
  require(command.output == command_output(rest, false), "Nagios and Icinga read different texts");
  return command;
}

/// A line of a file of Nagios: one that ends in a backslash goes on in the next one, two stand for
/// one.
inline std::vector<std::string> nagios_file_lines(const std::string& text) {
  std::vector<std::string> lines;
  bool goes_on = false;
  for (std::string line : lines_of(text)) {
    if (goes_on)
      line = lines.back() + line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
    if (goes_on) lines.pop_back();
    const bool two = line.size() > 1 && line.compare(line.size() - 2, 2, "\\\\") == 0;
    goes_on = !two && line.size() > 1 && line.back() == '\\';
    if (two || goes_on) line.pop_back();
    lines.push_back(std::move(line));
  }
  return lines;
}

using SpoolRecord = std::map<std::string, std::string>;

/// Results of one file, parted by empty lines; nothing in them may be said twice.
inline std::vector<SpoolRecord> nagios_results(const std::string& text) {
  require(text.find('\0') == std::string::npos, "cut by a NUL");
  std::vector<SpoolRecord> records;
  SpoolRecord record;
  auto lines = nagios_file_lines(text);
  lines.emplace_back();
  for (const std::string& line : lines) {
    if (line.empty() && record.count("host_name") != 0) records.push_back(record);
    if (line.empty()) record.clear();
    if (line.empty() || line[0] == '#') continue;
    const std::size_t equals = line.find('=');
    require(equals != std::string::npos, "no field: " + line);
    require(record.emplace(line.substr(0, equals), line.substr(equals + 1)).second,
            "twice: " + line);
  }
  return records;
}

}  // namespace test
