// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "plugin/stream.hpp"
#include "support.hpp"

namespace test {

/// What a stream wrote, and a writer that loses what comes after `most` octets.
struct Paper {
  std::string text;
  std::size_t most = std::string::npos;
  plugin::Writer writer() {
    return [this](std::string_view more) {
      if (more.size() > most - text.size()) return false;
      text += more;
      return true;
    };
  }
};

/// A directory that is there as long as this is.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "check_dnssec.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no directory");
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What `body` says in a process of its own whose disk is full: no file of its may hold anything.
inline bool on_a_full_disk(const std::function<bool()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(10);
    static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
    const rlimit none{0, 0};
    ::_exit(::setrlimit(RLIMIT_FSIZE, &none) == 0 && body() ? 0 : 1);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

inline plugin::Report faulty_report(std::string_view zone, std::string text,
                                    judge::Tier tier = judge::Tier::critical) {
  plugin::Report one = fine_report(zone);
  one.findings = {finding(tier, std::move(text))};
  return one;
}

/// A name with everything that somebody's format could stumble over.
inline constexpr std::string_view kHostileZone = R"(a\;b\|\"\010\200\\n.example)";

}  // namespace test
