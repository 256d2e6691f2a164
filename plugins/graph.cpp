// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "graph.hpp"

#include <fcntl.h>
#include <signal.h>  // NOLINT(*-deprecated-headers): kill() is POSIX's
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "dns/escape.hpp"
#include "memory/file.hpp"

// POSIX leaves this declaration to the program.
// NOLINTNEXTLINE(readability-redundant-declaration,*-non-const-global-variables)
extern char** environ;

namespace plugins {
namespace {

using Clock = std::chrono::steady_clock;
using memory::Descriptor;

/// A picture of a chain takes a fraction of a second.
constexpr auto kLongestDrawing = std::chrono::seconds(8);

/// A file beside the one to be written, which goes away unless it is put in its place.
class Draft {
 public:
  explicit Draft(const std::string& file)
      : name_(file + ".draft-" + std::to_string(getpid())),
        place_(file),
        file_(::open(name_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666)),
        made_(file_.open()) {}
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() { forget(); }

  [[nodiscard]] bool open() const { return file_.open(); }
  [[nodiscard]] int number() const { return file_.number(); }
  [[nodiscard]] bool write(std::string_view text) const {
    while (!text.empty()) {
      const auto count = ::write(file_.number(), text.data(), text.size());
      if (count < 0 && errno != EINTR) {
        return false;
      }
      text.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    return true;
  }
  bool put_in_place() {
    if (::rename(name_.c_str(), place_.c_str()) != 0) {
      return false;
    }
    made_ = false;
    return true;
  }
  /// It has no name any more, but can still be read through its descriptor.
  void forget() {
    if (made_) {
      ::unlink(name_.c_str());
    }
    made_ = false;
  }

 private:
  std::string name_, place_;
  Descriptor file_;
  bool made_;
};

dns::Error not_written(const std::string& file) {
  const auto reason = memory::last_error();
  return dns::Error{"option --graph: cannot write " + file + ": " + reason};
}

/// "-Tsvg" or "-Tpng"; nothing for everything else.
std::optional<std::string> drawn_as(std::string_view file) {
  for (const std::string_view kind : {"svg", "png"}) {
    if (file.size() > kind.size() + 1 && file.ends_with(kind) &&
        file[file.size() - kind.size() - 1] == '.') {
      return "-T" + std::string(kind);
    }
  }
  return std::nullopt;
}

/// What posix_spawn() is told of the child's descriptors and signals.
class Launch {
 public:
  Launch(int input, int output) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_adddup2(&files_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
  Launch(const Launch&) = delete;
  Launch& operator=(const Launch&) = delete;
  ~Launch() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  /// The process's number, or nothing where there is no such program.
  [[nodiscard]] std::optional<pid_t> start(std::string program, std::string argument) const {
    std::array<char*, 3> words{program.data(), argument.data(), nullptr};
    pid_t process = 0;
    if (posix_spawnp(&process, program.c_str(), &files_, &attributes_, words.data(), environ) !=
        0) {
      return std::nullopt;
    }
    return process;
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

enum class Drawing { done, failed, too_slow };

Drawing wait_for(pid_t process, Clock::time_point until) {
  constexpr auto kPause = std::chrono::milliseconds(5);
  int status = 0;
  for (;;) {
    const auto ended = waitpid(process, &status, WNOHANG);
    if (ended == process) {
      return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? Drawing::done : Drawing::failed;
    }
    if (ended < 0 && errno != EINTR) {
      return Drawing::failed;
    }
    if (Clock::now() >= until) {
      kill(-process, SIGKILL);
      waitpid(process, &status, 0);
      return Drawing::too_slow;
    }
    std::this_thread::sleep_for(kPause);
  }
}

/// Graphviz's dot reads a file without a name, so that it cannot keep us waiting.
dns::Result<std::string> draw(const std::string& file, const std::string& graph,
                              const std::string& kind, Clock::time_point until) {
  const std::string undrawn = "the chain was not drawn (--graph " + dns::escape(file) + "): ";
  Draft source(file);
  if (!source.open()) {
    return not_written(file);
  }
  source.forget();
  if (!source.write(graph) || lseek(source.number(), 0, SEEK_SET) != 0) {
    return not_written(file);
  }
  Draft picture(file);
  if (!picture.open()) {
    return not_written(file);
  }
  const auto process = Launch(source.number(), picture.number()).start("dot", kind);
  if (!process) {
    return undrawn + "Graphviz's dot is not installed; a name that ends in .dot needs none";
  }
  switch (wait_for(*process, until)) {
    case Drawing::failed:
      return undrawn + "Graphviz's dot failed; a name that ends in .dot needs none";
    case Drawing::too_slow:
      return undrawn + "Graphviz's dot took too long";
    case Drawing::done:
      break;
  }
  if (!picture.put_in_place()) {
    return not_written(file);
  }
  return std::string();
}

}  // namespace

bool drawn_by_program(const std::string& file) { return drawn_as(file).has_value(); }

dns::Result<std::string> write_graph(const std::string& file, const std::string& graph,
                                     Clock::time_point deadline) {
  if (const auto kind = drawn_as(file)) {
    return draw(file, graph, *kind, std::min(deadline, Clock::now() + kLongestDrawing));
  }
  Draft text(file);
  if (!text.open() || !text.write(graph) || !text.put_in_place()) {
    return not_written(file);
  }
  return std::string();
}

}  // namespace plugins
