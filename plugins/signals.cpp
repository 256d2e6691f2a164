// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "signals.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <exception>
#include <utility>

#include "plugin/run.hpp"

namespace plugins {
namespace {

/// When the time is over a report that waits for its reader ends at once, and whatever else is
/// under way with this many further alarms.
constexpr suseconds_t kBetweenAlarms = 100'000;  // microseconds
constexpr int kMoreAlarms = 3;

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
  std::string out_of_memory, broken;  ///< of a crash
  volatile sig_atomic_t status = 0;   ///< that of the report, when it is written
  volatile sig_atomic_t stage = looking;
  volatile sig_atomic_t ending = 0;
  volatile sig_atomic_t alarms = 0;
  std::atomic<pthread_t> speaker{};  ///< the thread that writes, or wrote, the only line
};
static_assert(std::atomic<pthread_t>::is_always_lock_free);

LastWords& last_words() {
  static LastWords words;
  return words;
}

/// Whether this thread is now the one that speaks: of all that come to an end at once, one is
/// heard.
bool speaks_first() {
  auto& words = last_words();
  pthread_t nobody{};
  if (!words.speaker.compare_exchange_strong(nobody, pthread_self())) {
    return false;
  }
  // A report that is ready in the last moment has one of its own: the next alarm must not end it.
  if (words.alarms == kMoreAlarms) {
    words.alarms = kMoreAlarms - 1;
  }
  words.stage = writing;
  return true;
}

bool is_speaker() { return last_words().speaker.load() == pthread_self(); }

/// Another thread ends the process, or the last alarm does.
[[noreturn]] void leave_the_end_to_another() {
  for (;;) {
    pause();
  }
}

/// Where nobody reads, the words are lost, and not the end.
void write_unless_full(const std::string& line) {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  if (poll(&output, 1, 0) > 0) {
    [[maybe_unused]] const auto count = write(STDOUT_FILENO, line.data(), line.size());
  }
}

/// To have come here interrupts a write that waits for its reader, which is the end of it.
extern "C" void end_process(int signal) {
  auto& words = last_words();
  const bool at_deadline = signal == SIGALRM;
  const auto& word = at_deadline ? words.at_deadline : words.at_signal;
  if (at_deadline && words.alarms < kMoreAlarms) {
    words.alarms = words.alarms + 1;
    return;
  }
  if (speaks_first()) {
    write_unless_full(word.line);
    _exit(word.status);
  }
  if (words.stage == writing && at_deadline) {
    _exit(word.status);
  }
}

/// Whether the system has little more memory for this process: less than what one thread takes.
bool memory_is_short() {
  constexpr std::size_t kLittle = std::size_t{16} << 20U;
  void* const more = mmap(nullptr, kLittle, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (more != MAP_FAILED) {
    munmap(more, kLittle);
  }
  return more == MAP_FAILED;
}

extern "C" void end_broken_process(int /*signal*/) {
  const auto& words = last_words();
  if (speaks_first()) {
    write_unless_full(memory_is_short() ? words.out_of_memory : words.broken);
    _exit(static_cast<int>(plugin::State::unknown));
  }
  if (words.stage == written) {
    _exit(words.status);
  }
  if (is_speaker()) {
    _exit(static_cast<int>(plugin::State::unknown));
  }
  leave_the_end_to_another();
}

[[noreturn]] void end_terminated_process() {
  end_broken_process(SIGABRT);
  leave_the_end_to_another();  // it does not come back
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

/// From now on they end the process, as far as it has come; `flags` of sigaction(2).
void handle(std::initializer_list<int> numbers, int flags) {
  struct sigaction action {};
  action.sa_handler = end_process;
  action.sa_flags = flags;
  for (const int number : numbers) {
    sigaction(number, &action, nullptr);
  }
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
  timer.it_interval.tv_usec = kBetweenAlarms;
  last_words().alarms = 0;
  handle({SIGALRM}, SA_RESTART);
  setitimer(ITIMER_REAL, &timer, nullptr);
  mask_signals(SIG_UNBLOCK, {SIGALRM});
}

void end_process_at_signals(std::string line, int status) {
  mask_signals(SIG_BLOCK, {SIGTERM, SIGINT});  // they may end with an earlier line
  last_words().at_signal = {std::move(line), status};
  handle({SIGTERM, SIGINT}, 0);
  mask_signals(SIG_UNBLOCK, {SIGTERM, SIGINT});
}

void end_process_at_crashes(std::string_view service) {
  // The stack may be what cannot grow.
  static std::array<char, std::size_t{32} << 10U> reserve;
  if (kSanitized) {
    return;
  }
  auto& words = last_words();
  words.out_of_memory = plugin::out_of_memory_line(service);
  words.broken = std::string(service) +
                 " UNKNOWN - internal error: the program broke down; please report it\n";
  stack_t stack{};
  stack.ss_sp = reserve.data();
  stack.ss_size = reserve.size();
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = end_broken_process;
  action.sa_flags = SA_ONSTACK;
  // An alarm would find this thread the speaker, and end it before its line. What breaks down in
  // the handler ends the process by its signal.
  sigfillset(&action.sa_mask);
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    sigaction(number, &action, nullptr);
  }
  std::set_terminate(end_terminated_process);
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

void report_begins() {
  handle({SIGALRM}, 0);
  if (!speaks_first() && !is_speaker()) {
    leave_the_end_to_another();
  }
}

int emit_last(plugin::State state, std::string_view text) {
  if (last_words().stage == written) {  // memory may run out behind the report, too
    return last_words().status;
  }
  report_begins();
  const int status = plugin::emit(state, text);
  report_ends(status);
  return status;
}

void report_ends(int status) {
  last_words().status = status;
  last_words().stage = written;
}

}  // namespace plugins
