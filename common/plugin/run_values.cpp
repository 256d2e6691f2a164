// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>
#include <array>

#include "plugin/numbers.hpp"
#include "plugin/setting.hpp"

namespace plugin {

std::string limits(const OptionRow& row) {
  return " from " + judge::plain_number(row.least) + " to " + judge::plain_number(row.most);
}

Problem read_seconds(const OptionRow& row, std::string_view value, double& into) {
  const auto seconds = judge::parse_duration(value);
  if (!seconds || *seconds < row.least || *seconds > row.most) {
    return "is not a number of seconds" + limits(row);
  }
  into = *seconds;
  return std::nullopt;
}

Problem read_count(const Given& given, std::optional<unsigned>& into) {
  const auto& row = *given.row;
  const auto count = parse_whole<unsigned>(given.value, static_cast<unsigned>(row.most));
  if (!count || *count == 0) return "is not a whole number" + limits(row);
  into = *count;
  return std::nullopt;
}

Problem read_path(const Given& given, std::optional<std::string>& into) {
  if (given.value.empty()) return "is empty; " + needs_value(*given.row);
  into = given.value;
  return std::nullopt;
}

namespace {

struct OutputName {
  std::string_view name;
  Output output;
};
constexpr std::array kOutputs{OutputName{"text", Output::text},
                              OutputName{"json", Output::json},
                              OutputName{"jsonl", Output::jsonl},
                              OutputName{"passive", Output::passive},
                              OutputName{"spool", Output::spool},
                              OutputName{"icinga-api", Output::icinga_api},
                              OutputName{"openmetrics", Output::openmetrics},
                              OutputName{"zabbix", Output::zabbix}};

Problem set_output(const Setting& set) {
  const auto* const known =
      std::find_if(kOutputs.begin(), kOutputs.end(),
                   [&](const OutputName& one) { return one.name == set.given.value; });
  if (known == kOutputs.end()) {
    std::vector<std::string> names;
    for (const auto& one : kOutputs) names.emplace_back(one.name);
    return "is not " + any_of(names);
  }
  set.options.output = known->output;
  return std::nullopt;
}

Problem set_zones(const Setting& set) { return read_path(set.given, set.options.zones_file); }
Problem set_concurrency(const Setting& set) {
  return read_count(set.given, set.options.concurrency);
}
Problem set_rate_per_server(const Setting& set) {
  return read_count(set.given, set.options.rate_per_server);
}
Problem set_zone_timeout(const Setting& set) {
  return read_seconds(*set.given.row, set.given.value, set.options.zone_timeout);
}
Problem set_output_file(const Setting& set) {
  return read_path(set.given, set.options.output_file);
}
Problem set_command_file(const Setting& set) {
  return read_path(set.given, set.options.command_file);
}
Problem set_spool_dir(const Setting& set) { return read_path(set.given, set.options.spool_dir); }
Problem set_graph(const Setting& set) { return read_path(set.given, set.options.graph); }

/// A name of a host or service; receivers take lines apart at `;`.
Problem read_template(const Given& given, std::optional<std::string>& into) {
  const auto forbidden = [](char octet) {
    const auto code = static_cast<unsigned char>(octet);
    return code < 32 || code == 127 || octet == ';' || octet == '|';
  };
  if (given.value.empty() || std::any_of(given.value.begin(), given.value.end(), forbidden)) {
    return "is not a name without semicolons and bars, in which {zone} stands for the zone";
  }
  into = given.value;
  return std::nullopt;
}
Problem set_host_template(const Setting& set) {
  return read_template(set.given, set.options.host_template);
}
Problem set_service_template(const Setting& set) {
  return read_template(set.given, set.options.service_template);
}

Problem set_forecast(const Setting& set) {
  const auto span = judge::parse_duration(set.given.value);
  if (!span || *span < set.given.row->least || *span > set.given.row->most) {
    return "is not a duration from 1s to 3650d, like 14d";
  }
  set.options.forecast = *span;
  return std::nullopt;
}

constexpr std::array kRunHandlers{SettingHandler{"zones", set_zones},
                                  SettingHandler{"concurrency", set_concurrency},
                                  SettingHandler{"rate-per-server", set_rate_per_server},
                                  SettingHandler{"zone-timeout", set_zone_timeout},
                                  SettingHandler{"output", set_output},
                                  SettingHandler{"output-file", set_output_file},
                                  SettingHandler{"command-file", set_command_file},
                                  SettingHandler{"spool-dir", set_spool_dir},
                                  SettingHandler{"host-template", set_host_template},
                                  SettingHandler{"service-template", set_service_template},
                                  SettingHandler{"forecast", set_forecast},
                                  SettingHandler{"graph", set_graph}};

}  // namespace

std::span<const SettingHandler> run_handlers() { return kRunHandlers; }

std::string_view to_text(Output output) {
  const auto* const known =
      std::find_if(kOutputs.begin(), kOutputs.end(),
                   [&](const OutputName& one) { return one.output == output; });
  return known == kOutputs.end() ? "text" : known->name;
}

std::optional<Output> find_output(std::string_view name) {
  const auto* const known = std::find_if(kOutputs.begin(), kOutputs.end(),
                                         [&](const OutputName& one) { return one.name == name; });
  return known == kOutputs.end() ? std::nullopt : std::optional(known->output);
}

}  // namespace plugin
