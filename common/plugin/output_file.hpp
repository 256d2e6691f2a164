// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dns/result.hpp"

namespace plugin {

/// Where a run writes: standard output, or a file that takes the old one's place when all of it is
/// there, so that no reader sees a half.
class OutputFile {
 public:
  /// Without a name: standard output. An error names the file and what is wrong.
  static dns::Result<OutputFile> open(const std::optional<std::string>& name);
  /// A file that was not finished is removed; where the file system has files without a name, also
  /// that of a process that was killed.
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;

  /// False when some of it is lost.
  bool write(std::string_view text);
  /// All is written.
  std::optional<dns::Error> finish();

 private:
  explicit OutputFile(std::string name) : name_(std::move(name)) {}

  std::string name_;       ///< empty: standard output
  std::string temporary_;  ///< empty: the file has no name yet
  int file_ = -1;
};

}  // namespace plugin
