// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/run.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <exception>
#include <new>
#include <string>

#include "plugin/report.hpp"

namespace plugin {
namespace {

/// Whether an output takes more within that time, or before a signal.
bool is_writable(int file, int milliseconds) {
  pollfd output{file, POLLOUT, 0};
  return ::poll(&output, 1, milliseconds) > 0;
}

/// A descriptor 1 that is closed would be given to the first socket, and the report sent there.
void open_standard_descriptors() {
  int opened = 0;
  do {
    opened = ::open("/dev/null", O_RDONLY);  // a write fails, so that the report is not lost unseen
  } while (opened >= 0 && opened <= STDERR_FILENO);
  if (opened > STDERR_FILENO) ::close(opened);
}

std::string internal_error_line(std::string_view service, std::string_view words) {
  return std::string(service) + " UNKNOWN - internal error: " + escape(words) +
         "; please report it\n";
}

int run_or_explain(const Binary& binary, const std::function<int()>& run, Say* say) {
  try {
    return run();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& problem) {
    return say(State::unknown, internal_error_line(binary.service, problem.what()));
  } catch (...) {
    return say(
        State::unknown,
        internal_error_line(binary.service, "something that is not an exception was thrown"));
  }
}

}  // namespace

std::string out_of_memory_line(std::string_view service) {
  return std::string(service) +
         " UNKNOWN - out of memory: raise this process's limit (ulimit -v, MemoryMax of its "
         "service)\n";
}

bool write_all(int file, std::string_view text) {
  constexpr int kOneSecond = 1000;
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
      continue;
    }
    const bool interrupted = errno == EINTR;
    const bool would_block = errno == EAGAIN || errno == EWOULDBLOCK;
    if (!(interrupted || would_block) || !is_writable(file, interrupted ? 0 : kOneSecond)) {
      return false;
    }
  }
  return true;
}

int emit(State state, std::string_view text) {
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));  // as guarded() does
  if (!write_all(STDOUT_FILENO, text) && state == State::ok) state = State::unknown;
  return static_cast<int>(state);
}

int guarded(const Binary& binary, const std::function<int()>& run, Say* say) {
  open_standard_descriptors();
  // Without this a closed pipe, or a file that may not grow, would end the process by a signal
  // instead of by its exit status.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
  // Made while there is memory to make it of.
  const std::string no_memory = out_of_memory_line(binary.service);
  try {
    return run_or_explain(binary, run, say);
  } catch (const std::bad_alloc&) {
    return say(State::unknown, no_memory);
  }
}

}  // namespace plugin
