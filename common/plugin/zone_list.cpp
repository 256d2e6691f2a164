// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/zone_list.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "plugin/arguments.hpp"
#include "plugin/read_file.hpp"
#include "plugin/report.hpp"

namespace plugin {
namespace {

constexpr std::size_t kLongestList = std::size_t{256} << 20U;
constexpr std::string_view kBlanks = " \t\r\v\f";

/// The first word, and `rest` without it.
std::string_view take_word(std::string_view& rest) {
  const auto begin = std::min(rest.find_first_not_of(kBlanks), rest.size());
  rest.remove_prefix(begin);
  const auto word = rest.substr(0, std::min(rest.find_first_of(kBlanks), rest.size()));
  rest.remove_prefix(word.size());
  return word;
}

/// What may be different from zone to zone: how it is judged, not how it is looked at.
bool may_differ(const OptionRow& row) {
  return row.group == kLimitsGroup || row.name == "expect" || row.name == "expect-denial";
}

std::string accepted(const Binary& binary) {
  std::string names;
  for (const OptionRow& row : option_table()) {
    if (may_differ(row) && (row.checks & binary.check) != 0 && !row.argument.empty()) {
      names += (names.empty() ? "" : ", ") + std::string(row.name);
    }
  }
  return names;
}

/// Options must not be given twice over: what a line says replaces what the command line says.
void begin_anew(std::string_view option, Options& options) {
  if (option == "pin") options.pins.clear();
}

}  // namespace

ZoneList::ZoneList(const Binary& binary, const Options& options, Environment environment)
    : binary_(&binary),
      common_(std::make_shared<const Options>(options)),
      environment_(std::move(environment)),
      size_(options.zones.size()) {}

dns::Result<std::optional<ZoneTask>> ZoneList::task_of(std::string_view line) const {
  std::string_view rest = line.substr(0, line.find('#'));
  const auto zone = take_word(rest);
  if (zone.empty()) return std::optional<ZoneTask>();
  const std::string where = "file " + quote(file_) + " line " + std::to_string(line_);
  auto name = dns::Name::from_text(zone);
  if (!name) {
    return dns::Error{where + ": " + quote(zone) +
                      " cannot be a zone; a line is ZONE, or ZONE "
                      "option=value ..."};
  }
  ZoneTask task{*std::move(name), common_};
  std::shared_ptr<Options> own;
  for (auto word = take_word(rest); !word.empty(); word = take_word(rest)) {
    const auto equals = std::min(word.find('='), word.size());
    const OptionRow* row = find_option(*binary_, word.substr(0, equals));
    if (row == nullptr || !may_differ(*row) || equals == word.size()) {
      return dns::Error{
          where + ": " + quote(word) +
          " is no option=value that a zone can have of its own: " + accepted(*binary_)};
    }
    if (!own) own = std::make_shared<Options>(*common_);
    begin_anew(row->name, *own);
    const Given given{row, std::string(word.substr(equals + 1)), where};
    if (auto problem = apply_option(given, environment_, *own)) return dns::Error{*problem};
  }
  if (own) task.options = std::move(own);
  return std::optional(std::move(task));
}

std::optional<std::string_view> ZoneList::next_line() {
  if (at_ >= text_.size()) return std::nullopt;
  const auto end = std::min(text_.find('\n', at_), text_.size());
  const std::string_view line(text_.data() + at_, end - at_);
  at_ = end + 1;
  ++line_;
  return line;
}

std::optional<dns::Error> ZoneList::look_at_lines() {
  std::set<dns::Bytes> named;
  for (const auto& zone : common_->zones) named.insert(zone.canonical_wire());
  while (const auto line = next_line()) {
    const auto task = task_of(*line);
    if (!task) return task.error();
    if (!*task) continue;
    if (named.insert((*task)->zone.canonical_wire()).second) {
      ++size_;
    } else if ((*task)->options == common_) {
      repeated_.push_back(line_);
    } else {
      return dns::Error{"file " + quote(file_) + " line " + std::to_string(line_) + ": " +
                        quote((*task)->zone.to_display()) +
                        " was named before, and has options here: keep one of the lines"};
    }
  }
  at_ = line_ = 0;
  return std::nullopt;
}

dns::Result<ZoneList> ZoneList::read(const Binary& binary, const Options& options,
                                     const Environment& environment) {
  ZoneList list(binary, options, environment);
  if (!options.zones_file) return list;
  list.file_ = *options.zones_file;
  auto text = read_file(list.file_, kLongestList, "list of zones");
  if (!text) return dns::Error{"option --zones: " + text.error().message};
  list.text_ = *std::move(text);
  if (auto problem = list.look_at_lines()) {
    return dns::Error{"option --zones: " + problem->message};
  }
  if (list.size_ == 0) {
    return dns::Error{"option --zones: file " + quote(list.file_) +
                      " names no zone; a line is ZONE, or ZONE option=value ..."};
  }
  return list;
}

std::optional<ZoneTask> ZoneList::next() {
  if (named_ < common_->zones.size()) return ZoneTask{common_->zones[named_++], common_};
  while (const auto line = next_line()) {
    if (std::binary_search(repeated_.begin(), repeated_.end(), line_)) continue;
    auto task = task_of(*line);
    if (task && *task) return **std::move(task);
  }
  return std::nullopt;
}

}  // namespace plugin
