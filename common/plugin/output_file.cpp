// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "plugin/arguments.hpp"
#include "plugin/report.hpp"
#include "plugin/run.hpp"

namespace plugin {
namespace {

dns::Error trouble_with(const std::string& name, int code) {
  return dns::Error{"option --output-file: cannot write " + quote(name) + ": " +
                    escape(std::error_code(code, std::generic_category()).message())};
}

/// What a new file would get.
mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

dns::Result<OutputFile> OutputFile::open(const std::optional<std::string>& name) {
  OutputFile output(name.value_or(std::string()));
  if (!name) {
    return output;
  }
  struct stat there {};
  if (::stat(name->c_str(), &there) == 0 && !S_ISREG(there.st_mode)) {
    return dns::Error{"option --output-file: " + quote(*name) +
                      " is no plain file, and would be replaced by one; what goes to a pipe or a "
                      "device goes to standard output"};
  }
  // The collector of node_exporter reads files that end in .prom: not this one.
  std::string temporary = *name + ".XXXXXX";
  output.file_ = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (output.file_ < 0 || ::fchmod(output.file_, usual_mode()) != 0) {
    return trouble_with(*name, errno);
  }
  output.temporary_ = std::move(temporary);
  return output;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : name_(std::move(other.name_)),
      temporary_(std::exchange(other.temporary_, std::string())),
      file_(std::exchange(other.file_, -1)) {}

OutputFile::~OutputFile() {
  if (file_ >= 0) ::close(file_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

bool OutputFile::write(std::string_view text) {
  return write_all(name_.empty() ? STDOUT_FILENO : file_, text);
}

std::optional<dns::Error> OutputFile::finish() {
  if (name_.empty()) return std::nullopt;
  const bool closed = ::close(std::exchange(file_, -1)) == 0;
  if (!closed || std::rename(temporary_.c_str(), name_.c_str()) != 0) {
    return trouble_with(name_, errno);
  }
  temporary_.clear();
  return std::nullopt;
}

}  // namespace plugin
