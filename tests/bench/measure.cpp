// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Runs one program from start to exit and prints what it cost: exit status, wall clock and CPU time
// in milliseconds, peak memory in KiB. A program of its own because Linux counts the memory of the
// process that starts another one towards its peak: this one must stay smaller than what it
// measures.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr int kCannotRun = 127;

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

[[noreturn]] void become(const char* output, char** command) {
  const int file = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file >= 0 && dup2(file, STDOUT_FILENO) >= 0 && dup2(file, STDERR_FILENO) >= 0) {
    execv(command[0], command);
  }
  _exit(kCannotRun);
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) {
    std::puts("usage: measure OUTPUT-FILE PROGRAM [ARGUMENT...]");
    return EXIT_FAILURE;
  }
  const auto began = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) become(words[1], words + 2);
  int status = 0;
  rusage used{};
  if (child < 0 || wait4(child, &status, 0, &used) != child) {
    std::puts("measure: cannot start or await a process");
    return EXIT_FAILURE;
  }
  const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - began;
  std::printf("%d %.3f %.3f %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1, wall.count(),
              milliseconds(used.ru_utime) + milliseconds(used.ru_stime), used.ru_maxrss);
  return EXIT_SUCCESS;
}
