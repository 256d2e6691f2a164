// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/run.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
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

constexpr std::string_view kOutOfMemory =
    " UNKNOWN - out of memory: raise this process's limit (ulimit -v, MemoryMax of its service)\n";

/// With what is there already: no memory is taken.
int emit_out_of_memory(const Binary& binary) {
  std::array<char, 160> line{};
  static_assert(kOutOfMemory.size() < line.size() - 40);
  const auto service = binary.service.substr(0, line.size() - kOutOfMemory.size());
  auto* end = std::copy(service.begin(), service.end(), line.begin());
  end = std::copy(kOutOfMemory.begin(), kOutOfMemory.end(), end);
  return emit(State::unknown, std::string_view(line.begin(), end));
}

int emit_internal_error(const Binary& binary, std::string_view words) {
  try {
    return emit(State::unknown, std::string(binary.service) + " UNKNOWN - internal error: " +
                                    escape(words) + "; please report it\n");
  } catch (const std::exception&) {  // no memory for the words either
    return emit_out_of_memory(binary);
  }
}

}  // namespace

std::string out_of_memory_line(std::string_view service) {
  return std::string(service) + std::string(kOutOfMemory);
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

int guarded(const Binary& binary, const std::function<int()>& run) {
  open_standard_descriptors();
  // Without this a closed pipe, or a file that may not grow, would end the process by a signal
  // instead of by its exit status.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
  try {
    return run();
  } catch (const std::bad_alloc&) {
    return emit_out_of_memory(binary);
  } catch (const std::exception& problem) {
    return emit_internal_error(binary, problem.what());
  } catch (...) {
    return emit_internal_error(binary, "something that is not an exception was thrown");
  }
}

}  // namespace plugin
