// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dns/result.hpp"
#include "plugin/open_file.hpp"

namespace plugin {

/// The external command file of Nagios or Icinga: a FIFO, or a plain file.
class CommandFile {
 public:
  /// It is never created: a plain file in the place of a FIFO would keep its reader from starting.
  static dns::Result<CommandFile> open(const std::string& path);

  /// One line, whole or not at all; waits for a FIFO's reader a second at most. After the first
  /// line that was lost nothing more is written.
  void write(std::string_view line);
  [[nodiscard]] const std::optional<dns::Error>& problem() const { return problem_; }
  [[nodiscard]] const std::string& path() const { return path_; }  ///< safe to print

 private:
  CommandFile(OpenFile file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  void fail(int problem);

  OpenFile file_;
  std::string path_;
  std::optional<dns::Error> problem_;
};

}  // namespace plugin
