// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin_output.hpp"

#include <cctype>
#include <nlohmann/json.hpp>
#include <string>

#include "fuzz.hpp"
#include "plugin/state.hpp"

namespace fuzz {
namespace {

constexpr std::size_t kMostText = 8192;  // Nagios keeps no more

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  require(end != std::string_view::npos, "every line has an end");
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

bool is_one_of(char octet, std::string_view set) {
  return set.find(octet) != std::string_view::npos;
}

/// `label=VALUE[UOM];[warn];[crit];[min];[max]`.
void require_metric(std::string_view item) {
  const auto equals = item.find('=');
  require(equals != std::string_view::npos && equals > 0, "a metric has a label");
  for (const char octet : item.substr(0, equals)) {
    require(std::islower(static_cast<unsigned char>(octet)) != 0 ||
                std::isdigit(static_cast<unsigned char>(octet)) != 0 || octet == '_',
            "a label needs no quotes");
  }
  item.remove_prefix(equals + 1);
  const auto value = item.substr(0, item.find(';'));
  require(!value.empty() && is_one_of(value.front(), "-0123456789"), "a value is a number");
  const auto unit = value.find_first_not_of("-.0123456789");
  require(unit == std::string_view::npos || value.substr(unit) == "s" ||
              value.substr(unit) == "B" || value.substr(unit) == "%" || value.substr(unit) == "c",
          "a unit that receivers know");
  for (const char octet : item.substr(value.size())) {
    require(is_one_of(octet, "-.0123456789;:@~"), "limits are ranges");
  }
}

void require_perfdata(std::string_view text) {
  while (!text.empty()) {
    const auto start = text.find_first_not_of(' ');
    if (start == std::string_view::npos) return;
    text.remove_prefix(start);
    const auto item = text.substr(0, text.find(' '));
    require_metric(item);
    text.remove_prefix(item.size());
  }
}

/// `[TIME] PROCESS_SERVICE_CHECK_RESULT;HOST;SERVICE;STATE;OUTPUT`.
void require_command(std::string_view line) {
  require_printable_line(line);
  require(line.front() == '[', "a command begins with its time");
  const auto words = line.substr(line.find(']') + 1);
  require(words.rfind(" PROCESS_", 0) == 0, "a command says what it is");
}

void require_json_value(std::string_view text) {
  require(nlohmann::json::accept(text), "it is JSON");
}

}  // namespace

void require_plugin_text(std::string_view text, const plugin::Binary& binary, plugin::State state) {
  require(!text.empty() && text.size() <= kMostText, "no more than Nagios keeps");
  auto first = take_line(text);
  const auto head = std::string(binary.service) + " " + std::string(plugin::to_text(state)) + " - ";
  require(first.rfind(head, 0) == 0, "the first line begins with service and state");
  const auto pipe = first.find('|');
  if (pipe != std::string_view::npos) require_perfdata(first.substr(pipe + 1));
  require_one_line(first.substr(0, pipe));
  while (!text.empty()) require_one_line(take_line(text));
}

void require_json(std::string_view text) { require_json_value(text); }

void require_json_lines(std::string_view text) {
  while (!text.empty()) require_json_value(take_line(text));
}

void require_output(std::string_view text, plugin::Output output, const plugin::Binary& binary,
                    plugin::State state) {
  switch (output) {
    case plugin::Output::text:
      return require_plugin_text(text, binary, state);
    case plugin::Output::json:
      return require_json(text);
    case plugin::Output::jsonl:
    case plugin::Output::icinga_api:
    case plugin::Output::zabbix:
      return require_json_lines(text);
    case plugin::Output::passive:
      while (!text.empty()) require_command(take_line(text));
      return;
    case plugin::Output::openmetrics:
      while (!text.empty()) require_printable_line(take_line(text));
      return;
    case plugin::Output::spool:
      return;  // one line with the number of files
  }
}

}  // namespace fuzz
