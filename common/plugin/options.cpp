// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/options.hpp"

#include <algorithm>
#include <utility>

#include "plugin/arguments.hpp"
#include "plugin/report.hpp"

namespace plugin {
namespace {

constexpr double kTimeoutOfMany = 600;  // seconds, where --zones does not say otherwise

EarlyExit usage_error(const Binary& binary, Output output, const std::string& words) {
  return {State::unknown, std::string(binary.service) + " UNKNOWN - " + words + "\n", output};
}

const Given* find_given(const std::vector<Given>& given, std::string_view name) {
  const auto last = std::find_if(given.rbegin(), given.rend(),
                                 [&](const Given& one) { return one.row->name == name; });
  return last == given.rend() ? nullptr : &*last;
}

/// Of arguments that cannot be told apart: those that hand the format over in the usual two ways.
Output output_in(std::span<const std::string> arguments) {
  constexpr std::string_view kOption = "--output";
  std::optional<Output> found;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (i > 0 && arguments[i - 1] == kOption) found = find_output(argument);
    if (argument.starts_with(kOption) && argument.substr(kOption.size()).starts_with('=')) {
      found = find_output(argument.substr(kOption.size() + 1));
    }
  }
  return found.value_or(Output::text);
}

Output output_in(const std::vector<Given>& given) {
  const Given* output = find_given(given, "output");
  return output == nullptr ? Output::text : find_output(output->value).value_or(Output::text);
}

EarlyExit explain(const Binary& binary, Output output, std::string_view id) {
  const auto fault = judge::find_fault(id);
  if (fault) return {State::ok, explain_text(judge::info(*fault)), {}};
  std::vector<std::string_view> ids;
  for (const judge::FaultInfo& info : judge::catalogue()) ids.push_back(info.id);
  const auto close = nearest(id, ids);
  return usage_error(
      binary, output,
      "option --explain: " + quote(id) + " is not the id of a finding" +
          (close.empty() ? "; see --list-findings" : "; did you mean " + any_of(close) + "?"));
}

/// Help beats every other option, then the version: also among arguments that make no sense.
std::optional<EarlyExit> help_or_version(const Binary& binary,
                                         std::span<const std::string> arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  const auto has = [&](std::string_view word, std::string_view letter) {
    return std::find_if(arguments.begin(), end, [&](const std::string& argument) {
             return argument == word || argument == letter;
           }) != end;
  };
  if (has("--help", "-h")) return EarlyExit{State::unknown, help_text(binary), {}};
  if (has("--version", "-V")) return EarlyExit{State::unknown, version_text(binary) + "\n", {}};
  return std::nullopt;
}

std::optional<EarlyExit> asks_for_words(const Binary& binary, const std::vector<Given>& given) {
  if (find_given(given, "help") != nullptr) {
    const bool json = output_in(given) == Output::json;
    return EarlyExit{State::unknown, json ? help_json(binary) : help_text(binary), {}};
  }
  if (find_given(given, "version") != nullptr) {
    return EarlyExit{State::unknown, version_text(binary) + "\n", {}};
  }
  if (find_given(given, "list-findings") != nullptr) {
    return EarlyExit{State::ok, findings_text(binary), {}};
  }
  if (const Given* id = find_given(given, "explain")) {
    return explain(binary, output_in(given), id->value);
  }
  return std::nullopt;
}

/// Options from files stand before the command line's, so that the latter win.
dns::Result<std::vector<Given>> with_extra_options(const Binary& binary, std::vector<Given> given,
                                                   const Environment& environment) {
  std::vector<Given> all;
  for (const Given& one : given) {
    if (one.row->name != "extra-opts") continue;
    auto extra = read_extra_options(binary, one.value, environment);
    if (!extra) return extra.error();
    std::move(extra->begin(), extra->end(), std::back_inserter(all));
  }
  std::move(given.begin(), given.end(), std::back_inserter(all));
  return all;
}

/// What is wrong with an address beside -4 and -6.
std::optional<std::string> other_family(std::string_view option, const dns::Endpoint& endpoint,
                                        const Options& options) {
  const bool v6 = endpoint.is_v6();
  if (!(v6 ? options.only_v4 : options.only_v6)) return std::nullopt;
  return "option --" + std::string(option) + ": " + endpoint.to_text() + " is an IPv" +
         (v6 ? "6 address, and -4 asks over IPv4" : "4 address, and -6 asks over IPv6") + " only";
}

/// What is wrong with the options that say what is written where.
std::optional<std::string> wrong_delivery(const Options& options) {
  const auto only_with = [&](bool given, std::string_view option,
                             Output output) -> std::optional<std::string> {
    if (!given || options.output == output) return std::nullopt;
    return "option --" + std::string(option) + ": goes with --output " +
           std::string(to_text(output)) + " only";
  };
  if (auto problem = only_with(options.command_file.has_value(), "command-file", Output::passive)) {
    return problem;
  }
  if (auto problem = only_with(options.spool_dir.has_value(), "spool-dir", Output::spool)) {
    return problem;
  }
  if (options.output == Output::spool && !options.spool_dir) {
    return "option --output: spool needs --spool-dir DIR, the check_result_path of nagios.cfg";
  }
  if (options.output_file && (options.command_file || options.spool_dir)) {
    return "option --output-file: goes with neither --command-file nor --spool-dir";
  }
  return std::nullopt;
}

/// What is wrong with the options that go with a record: nobody is asked anything.
std::optional<std::string> wrong_replay(const Options& options) {
  const std::pair<bool, std::string_view> others[] = {
      // NOLINT(*-avoid-c-arrays): a short table
      {options.axfr, "--axfr"},
      {!options.servers.empty(), "--server"},
      {options.walk.has_value(), "--walk"},
      {!options.resolvers.empty(), "--resolver"},
      {options.zone_file.has_value(), "--zone-file"},
      {options.show_state, "--show-state"}};
  for (const auto& [given, name] : others) {
    if (given) {
      return "option --replay: a record is judged without asking anybody, so it cannot go with " +
             std::string(name);
    }
  }
  return wrong_delivery(options);
}

/// What is wrong with the options as a whole.
std::optional<std::string> incomplete(const Binary& binary, const Options& options) {
  if (options.replay && !options.zones_file) return wrong_replay(options);
  if (options.zones.empty() && !options.zones_file) {
    return "no zone given: name one with --zone ZONE; see --help";
  }
  if (auto problem = wrong_delivery(options)) return problem;
  if (binary.check == judge::kResolvers && options.resolvers.empty()) {
    return "no resolver given: name one with --resolver ADDRESS; see --help";
  }
  if (options.zone_file && options.zones.size() > 1) {
    return "option --zone-file: a file holds one zone, and " +
           std::to_string(options.zones.size()) + " are named";
  }
  if (options.zones_file && (options.zone_file || options.replay || options.record ||
                             options.show_state || options.axfr || options.graph)) {
    return "option --zones: goes with none of --zone-file, --axfr, --record, --replay, --graph and "
           "--show-state, which are about one zone";
  }
  if (options.axfr && options.zone_file) {
    return "options --axfr and --zone-file: the zone comes from one of them";
  }
  if (options.tsig_file && !options.axfr) {
    return "option --tsig-file: nothing is signed without --axfr";
  }
  if (options.axfr_server) {
    if (auto problem = other_family("axfr", *options.axfr_server, options)) return problem;
  }
  for (const auto& resolver : options.resolvers) {
    if (auto problem = other_family("resolver", resolver.endpoint, options)) return problem;
  }
  if (options.quorum && *options.quorum > options.resolvers.size()) {
    return "option --quorum: " + std::to_string(*options.quorum) + " of " +
           std::to_string(options.resolvers.size()) + " resolvers can never be right";
  }
  return std::nullopt;
}

}  // namespace

std::variant<Options, EarlyExit> parse_options(const Binary& binary,
                                               std::span<const std::string> arguments,
                                               const Environment& environment) {
  auto split = split_arguments(binary, arguments);
  if (!split) {
    if (auto words = help_or_version(binary, arguments)) return *std::move(words);
    return usage_error(binary, output_in(arguments), split.error().message);
  }
  if (auto words = asks_for_words(binary, *split)) return *std::move(words);

  auto wanted = output_in(*split);
  const auto given = with_extra_options(binary, *std::move(split), environment);
  if (!given) return usage_error(binary, wanted, given.error().message);
  wanted = output_in(*given);
  Options options;
  if (const Given* zones = find_given(*given, "zones")) {
    options.zones_file = zones->value;  // before --timeout, which has another limit then
    options.timeout = kTimeoutOfMany;
  }
  for (const Given& one : *given) {
    if (const auto problem = apply_option(one, environment, options)) {
      return usage_error(binary, wanted, *problem);
    }
  }
  if (const auto problem = incomplete(binary, options)) {
    return usage_error(binary, wanted, *problem);
  }
  return options;
}

}  // namespace plugin
