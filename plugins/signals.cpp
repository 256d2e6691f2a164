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

struct LastWord {
  std::string line;
  int status = 0;
};

/// What the handlers may read: they are handed nothing.
struct LastWords {
  LastWord at_deadline, at_signal;
  volatile sig_atomic_t reporting = 0;
  volatile sig_atomic_t ending = 0;
};

LastWords& last_words() {
  static LastWords words;
  return words;
}

extern "C" void end_process(int signal) {
  const auto& words = last_words();
  const auto& word = signal == SIGALRM ? words.at_deadline : words.at_signal;
  if (words.reporting == 0) {
    [[maybe_unused]] const auto written = write(STDOUT_FILENO, word.line.data(), word.line.size());
  }
  _exit(word.status);
}

void end_process_at(std::initializer_list<int> numbers) {
  struct sigaction action {};
  action.sa_handler = end_process;
  for (const int number : numbers) {
    sigaction(number, &action, nullptr);
  }
  mask_signals(SIG_UNBLOCK, numbers);
}

}  // namespace

void hold_end_signals() { mask_signals(SIG_BLOCK, {SIGTERM, SIGINT}); }

void heed_end_signals() { mask_signals(SIG_UNBLOCK, {SIGTERM, SIGINT}); }

void end_process_after(std::chrono::milliseconds after, std::string line, int status) {
  last_words().at_deadline = {std::move(line), status};
  end_process_at({SIGALRM});
  itimerval timer{};
  timer.it_value.tv_sec = after.count() / 1000;
  timer.it_value.tv_usec = static_cast<suseconds_t>(after.count() % 1000) * 1000;
  setitimer(ITIMER_REAL, &timer, nullptr);
}

void end_process_at_signals(std::string line, int status) {
  last_words().at_signal = {std::move(line), status};
  end_process_at({SIGTERM, SIGINT});
}

void note_end_signal() { last_words().ending = 1; }

bool end_signal_noted() { return last_words().ending != 0; }

void report_begins() { last_words().reporting = 1; }

}  // namespace plugins
