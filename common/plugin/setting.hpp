// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "plugin/arguments.hpp"
#include "plugin/options.hpp"

/// How values get into Options; for the sources that do it.
namespace plugin {

/// What is wrong with a value, after `option --x: "value" `; nothing when it is fine.
using Problem = std::optional<std::string>;

/// One option on its way into the options.
struct Setting {
  const Given& given;
  const Environment& environment;
  Options& options;
};

struct SettingHandler {
  std::string_view name;
  Problem (*apply)(const Setting&);
};
/// Of the options that say how a run goes and where its report ends up.
std::span<const SettingHandler> run_handlers();

/// " from 1 to 600".
std::string limits(const OptionRow& row);
Problem read_seconds(const OptionRow& row, std::string_view value, double& into);
/// At least 1.
Problem read_count(const Given& given, std::optional<unsigned>& into);
Problem read_path(const Given& given, std::optional<std::string>& into);

}  // namespace plugin
