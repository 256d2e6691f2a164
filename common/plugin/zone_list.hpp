// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/name.hpp"
#include "dns/result.hpp"
#include "plugin/options.hpp"

namespace plugin {

/// A zone to check, and the options that hold for it.
struct ZoneTask {
  dns::Name zone;
  std::shared_ptr<const Options> options;
};

/// The zones of a run, each once, in order: those of --zone, then the lines of --zones,
/// `ZONE [option=value ...]`. Kept as the text that they came as: a hundred thousand of them take
/// some megabytes.
class ZoneList {
 public:
  /// Reads the file of --zones, if any, and looks at every line. An error names file, line, what is
  /// wrong and what is accepted; no zone at all is one.
  static dns::Result<ZoneList> read(const Binary& binary, const Options& options,
                                    const Environment& environment);

  [[nodiscard]] std::size_t size() const { return size_; }
  /// The next one, until there is none.
  std::optional<ZoneTask> next();

 private:
  ZoneList(const Binary& binary, const Options& options, Environment environment);

  std::optional<dns::Error> look_at_lines();
  /// One line of the file; nothing when it holds no zone.
  [[nodiscard]] dns::Result<std::optional<ZoneTask>> task_of(std::string_view line) const;
  std::optional<std::string_view> next_line();

  const Binary* binary_;
  std::shared_ptr<const Options> common_;
  Environment environment_;
  std::string text_, file_;
  std::size_t at_ = 0;     ///< in text_
  std::size_t line_ = 0;   ///< counted from 1
  std::size_t named_ = 0;  ///< zones of --zone that were given out
  std::size_t size_ = 0;
  std::vector<std::size_t> repeated_;  // lines whose zone was named before; ascending
};

}  // namespace plugin
