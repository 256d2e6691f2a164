// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "plugin/arguments.hpp"
#include "plugin/report.hpp"
#include "plugin/run.hpp"

namespace plugin {
namespace {

dns::Error trouble_with(std::string_view option, const std::string& name, int code) {
  return dns::Error{"option --" + std::string(option) + ": cannot write " + quote(name) + ": " +
                    unwritten_words(code)};
}

std::string_view advice_on(int problem) {
  switch (problem) {
    case ENOENT:
    case ENOTDIR:
      return "make the directory, or name a file in one that is there";
    case EACCES:
    case EPERM:
    case EROFS:
      return "name a file in a directory in which the user that runs the check may make files";
    case ENOSPC:
    case EDQUOT:
      return "make room on that disk, or name a file on another";
    case EFBIG:
      return "raise the limit on the size of files (ulimit -f)";
    default:
      return "name a file elsewhere";
  }
}

/// What a new file would get.
mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

std::string directory_of(const std::string& name) {
  const auto slash = name.rfind('/');
  return slash == std::string::npos ? "." : name.substr(0, slash + 1);
}

/// Where a file without a name is found: not in a system without /proc.
std::string nameless(int file) { return "/proc/self/fd/" + std::to_string(file); }

/// To a file without one; a process of the same number may have left a file of that name.
bool give_name(int file, const std::string& name) {
  const auto link = [&] {
    return ::linkat(AT_FDCWD, nameless(file).c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) ==
           0;
  };
  return link() || (errno == EEXIST && ::unlink(name.c_str()) == 0 && link());
}

}  // namespace

std::string unwritten_words(int problem) {
  return escape(std::error_code(problem, std::generic_category()).message()) + " (" +
         std::string(advice_on(problem)) + ")";
}

std::string linked_file(const std::string& name) {
  constexpr int kMostLinks = 40;  // as many as the system follows
  std::filesystem::path path = name;
  std::error_code problem;
  for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(path, problem); ++i) {
    path = path.parent_path() / std::filesystem::read_symlink(path, problem);
  }
  return path.string();
}

dns::Result<OutputFile> OutputFile::open(const std::optional<std::string>& named,
                                         std::string_view option) {
  OutputFile output(named ? linked_file(*named) : std::string(), option);
  if (!named) {
    return output;
  }
  const auto& name = output.name_;
  struct stat there {};
  if (::stat(name.c_str(), &there) == 0 && !S_ISREG(there.st_mode)) {
    return dns::Error{"option --" + output.option_ + ": " + quote(*named) +
                      " is no plain file, and would be replaced by one" +
                      (option == "output-file" ? "; what goes to a pipe or a device goes to "
                                                 "standard output"
                                               : ": name a file")};
  }
#ifdef O_TMPFILE
  output.file_ = ::open(directory_of(name).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
  if (output.file_ >= 0 && ::access(nameless(output.file_).c_str(), F_OK) == 0) return output;
  if (output.file_ >= 0) ::close(std::exchange(output.file_, -1));
#endif
  std::string temporary = name + ".XXXXXX";
  output.file_ = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (output.file_ < 0 || ::fchmod(output.file_, usual_mode()) != 0) {
    return trouble_with(option, *named, errno);
  }
  output.temporary_ = std::move(temporary);
  return output;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : name_(std::move(other.name_)),
      option_(std::move(other.option_)),
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
  if (temporary_.empty()) {
    // The collector of node_exporter reads files that end in .prom: not this one.
    temporary_ = name_ + "." + std::to_string(::getpid());
    if (!give_name(file_, temporary_)) {
      const int code = errno;
      temporary_.clear();
      return trouble_with(option_, name_, code);
    }
  }
  const bool closed = ::close(std::exchange(file_, -1)) == 0;
  if (!closed || std::rename(temporary_.c_str(), name_.c_str()) != 0) {
    return trouble_with(option_, name_, errno);
  }
  temporary_.clear();
  return std::nullopt;
}

}  // namespace plugin
