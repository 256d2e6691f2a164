// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin/report.hpp"

namespace plugin {

/// A line before it is made safe; `colour` goes around it at a terminal.
struct TextLine {
  TextLine(std::string words) : text(std::move(words)) {}  // NOLINT(*-explicit-*): most have none
  TextLine(std::string words, std::string_view around) : text(std::move(words)), colour(around) {}
  std::string text;
  std::string_view colour;
};
using TextLines = std::vector<TextLine>;

/// A report's long output, a finding or a remark a line.
TextLines long_lines(const Report& report, const Options& options);

/// First line with performance data, then as many whole lines as Nagios keeps, and how many did not
/// fit.
std::string text_of(const Binary& binary, State state, const std::string& first_words,
                    const std::vector<Metric>& metrics, const TextLines& lines);

}  // namespace plugin
