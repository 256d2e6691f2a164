// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dns/result.hpp"

namespace plugin {

/// The file that a name leads to by way of symbolic links; it need not be there.
std::string linked_file(const std::string& name);

/// Why a file cannot be written, and what to do.
std::string unwritten_words(int problem);

/// Where a run writes: standard output, or a file that takes the old one's place when all of it is
/// there, so that no reader sees a half.
class OutputFile {
 public:
  /// Without a name: standard output. An error names the option, the file and what is wrong. Of a
  /// link the file that it names is replaced.
  static dns::Result<OutputFile> open(const std::optional<std::string>& named,
                                      std::string_view option = "output-file");
  /// A file that was not finished is removed; where the file system has files without a name, also
  /// that of a process that was killed.
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;

  /// False when some of it is lost.
  bool write(std::string_view text);
  /// For another process that writes it, or reads what was written.
  [[nodiscard]] int number() const { return file_; }
  /// All is written.
  std::optional<dns::Error> finish();

 private:
  OutputFile(std::string name, std::string_view option) : name_(std::move(name)), option_(option) {}

  std::string name_;       ///< empty: standard output
  std::string option_;     ///< that named it
  std::string temporary_;  ///< empty: the file has no name yet
  int file_ = -1;
};

}  // namespace plugin
