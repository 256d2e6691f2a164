// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "signals.hpp"

#include <poll.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "plugin/run.hpp"

namespace plugins {
namespace {

/// A report that is being written when the time is over has this long to find a reader.
constexpr suseconds_t kMicrosecondsToWrite = 100'000;

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

enum Stage : sig_atomic_t { looking, writing, written };

/// What the handlers may read: they are handed nothing.
struct LastWords {
  LastWord at_deadline, at_signal;
  volatile sig_atomic_t stage = looking;
  volatile sig_atomic_t ending = 0;
  volatile sig_atomic_t deadlines = 0;  ///< that came while the report was written
};

LastWords& last_words() {
  static LastWords words;
  return words;
}

/// Where nobody reads, the words are lost, and not the end.
void write_unless_full(const std::string& line) {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  if (poll(&output, 1, 0) > 0) {
    [[maybe_unused]] const auto count = write(STDOUT_FILENO, line.data(), line.size());
  }
}

extern "C" void end_process(int signal) {
  auto& words = last_words();
  const auto& word = signal == SIGALRM ? words.at_deadline : words.at_signal;
  if (words.stage == looking) {
    write_unless_full(word.line);
    _exit(word.status);
  }
  // To have come here interrupts a write that waits for its reader, which is the end of it.
  if (words.stage == writing && signal == SIGALRM) {
    if (words.deadlines != 0) {
      _exit(word.status);
    }
    words.deadlines = 1;
  }
}

/// From now on they end the process, as far as it has come.
void handle(std::initializer_list<int> numbers) {
  struct sigaction action {};
  action.sa_handler = end_process;
  for (const int number : numbers) {
    sigaction(number, &action, nullptr);
  }
  mask_signals(SIG_UNBLOCK, numbers);
}

}  // namespace

void hold_end_signals() {
  mask_signals(SIG_BLOCK, {SIGTERM, SIGINT});
  struct sigaction action {};
  action.sa_handler = [](int) { note_end_signal(); };
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
}

void end_process_at(std::chrono::steady_clock::time_point moment, std::string line, int status) {
  mask_signals(SIG_BLOCK, {SIGALRM});  // an earlier moment may be about to come
  last_words().at_deadline = {std::move(line), status};
  const auto left = std::max(std::chrono::duration_cast<std::chrono::microseconds>(
                                 moment - std::chrono::steady_clock::now()),
                             std::chrono::microseconds(1));
  itimerval timer{};
  timer.it_value.tv_sec = left.count() / 1'000'000;
  timer.it_value.tv_usec = static_cast<suseconds_t>(left.count() % 1'000'000);
  timer.it_interval.tv_usec = kMicrosecondsToWrite;
  setitimer(ITIMER_REAL, &timer, nullptr);
  handle({SIGALRM});
}

void end_process_at_signals(std::string line, int status) {
  last_words().at_signal = {std::move(line), status};
  handle({SIGTERM, SIGINT});
}

void note_end_signal() { last_words().ending = 1; }

bool end_signal_noted() { return last_words().ending != 0; }

EndSignals::EndSignals(boost::asio::io_context& io, std::function<void()> heard) {
  pthread_sigmask(SIG_BLOCK, nullptr, &mask_);
  mask_signals(SIG_BLOCK, {SIGTERM, SIGINT});
  sigaction(SIGTERM, nullptr, &at_term_);
  sigaction(SIGINT, nullptr, &at_int_);
  set_.emplace(io, SIGTERM, SIGINT);
  set_->async_wait([heard = std::move(heard)](const boost::system::error_code& error, int) {
    if (!error) {
      note_end_signal();
      heard();
    }
  });
  // Also when whoever started the process had them blocked.
  mask_signals(SIG_UNBLOCK, {SIGTERM, SIGINT});
}

EndSignals::~EndSignals() {
  // The set leaves the default action behind, which would end the process without a word.
  mask_signals(SIG_BLOCK, {SIGTERM, SIGINT});
  set_.reset();
  sigaction(SIGTERM, &at_term_, nullptr);
  sigaction(SIGINT, &at_int_, nullptr);
  pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
}

void report_begins() { last_words().stage = writing; }

int emit_last(plugin::State state, std::string_view text) {
  report_begins();
  const int status = plugin::emit(state, text);
  report_ends();
  return status;
}

void report_ends() { last_words().stage = written; }

}  // namespace plugins
