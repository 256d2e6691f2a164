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
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "dns/escape.hpp"
#include "memory/file.hpp"
#include "plugin/output_file.hpp"
#include "signals.hpp"

// POSIX leaves this declaration to the program.
// NOLINTNEXTLINE(readability-redundant-declaration,*-non-const-global-variables)
extern char** environ;

namespace plugins {
namespace {

using Clock = std::chrono::steady_clock;
using plugin::OutputFile;

constexpr std::string_view kOption = "graph";
/// A picture of a chain takes a fraction of a second.
constexpr auto kLongestDrawing = std::chrono::seconds(8);

/// While it lives SIGTERM and SIGINT are noted in whatever thread they come to, and end the process
/// only then: neither the program that draws nor its half picture outlives it.
class SignalsHeld {
 public:
  SignalsHeld() : noted_before_(end_signal_noted()) {
    pthread_sigmask(SIG_BLOCK, nullptr, &mask_);
    sigaction(SIGTERM, nullptr, &at_term_);
    sigaction(SIGINT, nullptr, &at_int_);
    hold_end_signals();
  }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  ~SignalsHeld() {
    sigaction(SIGTERM, &at_term_, nullptr);
    sigaction(SIGINT, &at_int_, nullptr);
    if (one_came()) {
      // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread): the process is to end by it
      pthread_kill(pthread_self(), SIGTERM);
    }
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  }

  [[nodiscard]] bool one_came() const {
    sigset_t waiting;
    sigemptyset(&waiting);
    sigpending(&waiting);
    return (end_signal_noted() && !noted_before_) || sigismember(&waiting, SIGTERM) == 1 ||
           sigismember(&waiting, SIGINT) == 1;
  }

 private:
  bool noted_before_;
  sigset_t mask_{};
  struct sigaction at_term_ {
  }, at_int_{};
};

dns::Error not_written(const std::string& file) {
  const auto reason = plugin::unwritten_words(errno);
  return dns::Error{"option --graph: cannot write " + dns::escape(file) + ": " + reason};
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

enum class Drawing { done, failed, too_slow, ended };

Drawing wait_for(pid_t process, Clock::time_point until, const SignalsHeld& signals) {
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
    const bool told_to_end = signals.one_came();
    if (told_to_end || Clock::now() >= until) {
      kill(-process, SIGKILL);
      waitpid(process, &status, 0);
      return told_to_end ? Drawing::ended : Drawing::too_slow;
    }
    std::this_thread::sleep_for(kPause);
  }
}

/// Graphviz's dot reads a file that is never finished, so that it cannot keep us waiting.
dns::Result<std::string> draw(const std::string& file, const std::string& graph,
                              const std::string& kind, Clock::time_point until) {
  const std::string undrawn = "the chain was not drawn (--graph " + dns::escape(file) + "): ";
  const SignalsHeld held;
  auto source = OutputFile::open(file, kOption);
  if (!source) {
    return source.error();
  }
  if (!source->write(graph) || lseek(source->number(), 0, SEEK_SET) != 0) {
    return not_written(file);
  }
  auto picture = OutputFile::open(file, kOption);
  if (!picture) {
    return picture.error();
  }
  const auto process = Launch(source->number(), picture->number()).start("dot", kind);
  if (!process) {
    return undrawn + "Graphviz's dot is not installed; a name that ends in .dot needs none";
  }
  switch (wait_for(*process, until, held)) {
    case Drawing::failed:
      return undrawn + "Graphviz's dot failed; a name that ends in .dot needs none";
    case Drawing::too_slow:
      return undrawn + "Graphviz's dot took too long";
    case Drawing::ended:
      return undrawn + "a signal ended it";
    case Drawing::done:
      break;
  }
  if (auto problem = picture->finish()) {
    return *std::move(problem);
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
  auto text = OutputFile::open(file, kOption);
  if (!text) {
    return text.error();
  }
  if (!text->write(graph)) {
    return not_written(file);
  }
  if (auto problem = text->finish()) {
    return *std::move(problem);
  }
  return std::string();
}

}  // namespace plugins
