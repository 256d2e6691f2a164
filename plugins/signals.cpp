// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "signals.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <utility>

namespace plugins {
namespace {

void mask_signals(int how, std::initializer_list<int> numbers) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : numbers) {
    sigaddset(&signals, number);
  }
  pthread_sigmask(how, &signals, nullptr);
}

/// What the handler of SIGALRM may read: it is handed nothing.
struct LastWord {
  std::string line;
  int status = 0;
  volatile sig_atomic_t reporting = 0;
};

LastWord& last_word() {
  static LastWord word;
  return word;
}

extern "C" void end_process(int) {
  const auto& word = last_word();
  if (word.reporting == 0) {
    [[maybe_unused]] const auto written = write(STDOUT_FILENO, word.line.data(), word.line.size());
  }
  _exit(word.status);
}

}  // namespace

void hold_end_signals() { mask_signals(SIG_BLOCK, {SIGTERM, SIGINT}); }

void heed_end_signals() { mask_signals(SIG_UNBLOCK, {SIGTERM, SIGINT}); }

void end_process_after(std::chrono::milliseconds after, std::string line, int status) {
  last_word().line = std::move(line);
  last_word().status = status;
  struct sigaction action {};
  action.sa_handler = end_process;
  sigaction(SIGALRM, &action, nullptr);
  mask_signals(SIG_UNBLOCK, {SIGALRM});
  itimerval timer{};
  timer.it_value.tv_sec = after.count() / 1000;
  timer.it_value.tv_usec = static_cast<suseconds_t>(after.count() % 1000) * 1000;
  setitimer(ITIMER_REAL, &timer, nullptr);
}

void report_begins() { last_word().reporting = 1; }

}  // namespace plugins
