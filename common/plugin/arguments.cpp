// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/arguments.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <utility>

#include "plugin/endpoint_text.hpp"
#include "plugin/report.hpp"

namespace plugin {
namespace {

namespace po = boost::program_options;

po::options_description describe(const Binary& binary) {
  po::options_description description;
  for (const OptionRow& row : option_table()) {
    if ((row.checks & binary.check) == 0) continue;
    std::string name(row.name);
    if (row.letter != 0) name.append({',', row.letter});
    if (row.argument.empty()) {
      description.add_options()(name.c_str(), "");
    } else if (row.argument.front() == '[') {  // the value may be left out
      description.add_options()(name.c_str(), po::value<std::string>()->implicit_value(""));
    } else {
      description.add_options()(name.c_str(), po::value<std::string>());
    }
  }
  return description;
}

std::string strip_dashes(std::string_view name) {
  name.remove_prefix(std::min(name.find_first_not_of('-'), name.size()));
  return std::string(name);
}

std::string unknown_option(const Binary& binary, const std::string& name) {
  std::vector<std::string_view> known;
  for (const OptionRow& row : option_table()) {
    if ((row.checks & binary.check) != 0) known.push_back(row.name);
  }
  const std::string bare = strip_dashes(name);
  std::string text = "unknown option " + quote(name);
  auto close = bare.size() > 1 ? nearest(bare, known) : std::vector<std::string>{};
  for (std::string& word : close) word.insert(0, "--");
  if (!close.empty()) text += "; did you mean " + any_of(close) + "?";
  return text + "; see --help";
}

const OptionRow* find_spelling(const Binary& binary, std::string_view name) {
  for (const OptionRow& row : option_table()) {
    const bool same = name == row.name || (name.size() == 1 && name.front() == row.letter);
    if (same && (row.checks & binary.check) != 0) return &row;
  }
  return nullptr;
}

/// Boost.ProgramOptions' complaints in our words: it knows the option only by the spelling used.
std::string syntax_error(const Binary& binary, const po::invalid_command_line_syntax& problem) {
  const std::string spelling = problem.get_option_name();
  const OptionRow* row = find_spelling(binary, strip_dashes(spelling));
  std::string unclear = "option " + quote(spelling) + " is not understood; see --help";
  if (row == nullptr) return unclear;
  switch (problem.kind()) {
    case po::invalid_syntax::extra_parameter:
      return "option --" + std::string(row->name) + " takes no value";
    case po::invalid_syntax::missing_parameter:
    case po::invalid_syntax::empty_adjacent_parameter:
      return needs_value(*row);
    case po::invalid_syntax::long_not_allowed:
    case po::invalid_syntax::long_adjacent_not_allowed:
    case po::invalid_syntax::short_adjacent_not_allowed:
    case po::invalid_syntax::unrecognized_line:
      break;
  }
  return unclear;
}

/// True when the value is really the next option: `-z --verbose`. Negative numbers are values.
bool took_an_option(const po::option& option) {
  if (option.original_tokens.size() < 2 || option.value.empty()) return false;
  const std::string& value = option.value.front();
  return value.size() > 1 && value[0] == '-' && (value[1] < '0' || value[1] > '9');
}

bool may_lack_value(const OptionRow& row) {
  return row.argument.starts_with("[") && (row.unit == Unit::count || row.unit == Unit::address);
}

/// Whether a word can be the value of an option whose value may be left out: hardly the name of a
/// zone, that is.
bool can_be_value(const OptionRow& row, const std::string& word) {
  if (row.unit == Unit::address) return looks_like_endpoint(word);
  return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
}

/// `--walk example.com`: the next argument was taken for the value that may be left out.
bool took_a_zone(const OptionRow& row, const po::option& option) {
  return may_lack_value(row) && option.original_tokens.size() > 1 && !option.value.empty() &&
         !can_be_value(row, option.value.front());
}

/// `--walk 5`: a number where the value of the option before it may be left out is that value.
bool is_late_value(const std::vector<Given>& given, const std::string& word) {
  return !given.empty() && may_lack_value(*given.back().row) && given.back().value.empty() &&
         can_be_value(*given.back().row, word);
}

dns::Result<std::vector<Given>> to_given(const Binary& binary,
                                         const std::vector<po::option>& parsed) {
  std::vector<Given> given;
  for (const po::option& option : parsed) {
    const bool plain = option.position_key >= 0 || option.string_key.empty();
    if (plain && !option.value.empty() && is_late_value(given, option.value.front())) {
      given.back().value = option.value.front();
      continue;
    }
    const OptionRow* row = find_option(binary, plain ? "zone" : option.string_key);
    if (row == nullptr) return dns::Error{unknown_option(binary, option.string_key)};
    if (!plain && took_an_option(option)) {
      return dns::Error{"option --" + std::string(row->name) + " needs a value before " +
                        quote(option.value.front())};
    }
    if (!plain && took_a_zone(*row, option)) {
      given.push_back({row, "", ""});
      given.push_back({find_option(binary, "zone"), option.value.front(), ""});
      continue;
    }
    given.push_back({row, option.value.empty() ? "" : option.value.front(), ""});
  }
  return given;
}

std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t change = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[right.size()];
}

}  // namespace

dns::Result<std::vector<Given>> split_arguments(const Binary& binary,
                                                std::span<const std::string> arguments) {
  const po::options_description description = describe(binary);
  // Guessing would make `--warn` mean --warning until a release adds --warn-something.
  constexpr int kStyle = static_cast<int>(po::command_line_style::unix_style) &
                         ~static_cast<int>(po::command_line_style::allow_guessing);
  try {
    const auto parsed =
        po::command_line_parser(std::vector<std::string>(arguments.begin(), arguments.end()))
            .options(description)
            .style(kStyle)
            .run();
    // Only the tokens are Boost's: store() would refuse `-v -v` and a second -w.
    return to_given(binary, parsed.options);
  } catch (const po::unknown_option& problem) {
    return dns::Error{unknown_option(binary, problem.get_option_name())};
  } catch (const po::invalid_command_line_syntax& problem) {
    return dns::Error{syntax_error(binary, problem)};
  } catch (const po::error& problem) {
    return dns::Error{escape(problem.what())};
  }
}

std::string needs_value(const OptionRow& row) {
  std::string text = "option --" + std::string(row.name) + " needs a value: ";
  for (const char octet : row.argument) text += octet == '|' ? " or " : std::string(1, octet);
  return text;
}

std::string quote(std::string_view value) { return '"' + escape(value, 80) + '"'; }

std::vector<std::string> nearest(std::string_view word,
                                 const std::vector<std::string_view>& known) {
  word = word.substr(0, 64);  // nothing known is longer, and the work is quadratic
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const std::string_view candidate : known) {
    std::size_t distance = edit_distance(word, candidate);
    const bool part = word.size() > 2 && (candidate.find(word) != std::string_view::npos ||
                                          word.find(candidate) != std::string_view::npos);
    if (part) distance = std::min<std::size_t>(distance, 2);
    if (distance <= std::max<std::size_t>(2, word.size() / 3)) {
      ranked.emplace_back(distance, candidate);
    }
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  std::vector<std::string> best;
  for (const auto& [distance, candidate] : ranked) {
    if (best.size() < 3) best.push_back(candidate);
  }
  return best;
}

std::string any_of(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i != 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace plugin
