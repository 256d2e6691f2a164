// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/command_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>

#include "dns/escape.hpp"

namespace plugin {
namespace {

using CommandClock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kReaderPatience{1000};

std::string unopened_words(const std::string& path, int problem) {
  struct stat status {};
  if (problem == ENXIO && ::stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) {
    return "is a socket, not a FIFO: give what Nagios calls command_file, or Icinga command_path";
  }
  switch (problem) {
    case ENXIO:
      return "nobody reads this FIFO: is Nagios or Icinga running, with external commands on?";
    case ENOENT:
      return "is not there: Nagios (command_file) and Icinga (command_path) make it when they "
             "start with external commands on";
    case EACCES:
      return "may not be written: run this as a member of the group that the file belongs to";
    default:
      return std::generic_category().message(problem);
  }
}

/// Until the FIFO takes a line, or the patience is over.
bool wait_for_reader(int number, CommandClock::time_point until) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - CommandClock::now()).count();
    if (left <= 0) return false;
    pollfd file{number, POLLOUT, 0};
    const int ready = ::poll(&file, 1, static_cast<int>(left));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

}  // namespace

dns::Result<CommandFile> CommandFile::open(const std::string& path) {
  const int number = ::open(path.c_str(), O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC);
  const std::string shown = dns::escape_line(path);
  if (number < 0) {
    return dns::Error{"the command file " + shown + ": " + unopened_words(path, errno)};
  }
  // A reader that goes away would end the process by a signal, without a word.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  return CommandFile(OpenFile(number), shown);
}

void CommandFile::fail(int problem) {
  std::string words = std::generic_category().message(problem);
  if (problem == EPIPE) words = "its reader has gone away: is Nagios or Icinga still running?";
  if (problem == EAGAIN) {
    words = "its reader takes nothing: Nagios or Icinga hangs, or has more commands than it can do";
  }
  problem_ = dns::Error{"the command file " + path_ + ": " + words + "; results were lost"};
}

void CommandFile::write(std::string_view line) {
  const auto until = CommandClock::now() + kReaderPatience;
  while (!problem_) {
    const ssize_t count = ::write(file_.number(), line.data(), line.size());
    if (count == static_cast<ssize_t>(line.size())) return;
    if (count >= 0) return fail(ENOSPC);  // of a plain file
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return fail(errno);
    if (!wait_for_reader(file_.number(), until)) return fail(EAGAIN);
  }
}

}  // namespace plugin
