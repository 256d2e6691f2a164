// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "plugin/state.hpp"

namespace plugins {

/// From now on SIGTERM and SIGINT wait: what comes before there is something to tell is not lost.
/// For the calling thread and those it makes; in another thread they are noted, and end nothing.
void hold_end_signals();

/// For what no deadline of ours can interrupt: a pipe given for a file, a file system that hangs. A
/// third of a second after that moment, which takes the place of an earlier one, the process ends
/// with `status`, and `line` on standard output unless report_begins() was called before.
void end_process_at(std::chrono::steady_clock::time_point moment, std::string line, int status);

/// From now on SIGTERM and SIGINT end the process in the same way, where no loop waits for them.
void end_process_at_signals(std::string line, int status);

/// The first of SIGTERM and SIGINT has been heard by a loop: whoever comes after it is quick.
void note_end_signal();
[[nodiscard]] bool end_signal_noted();

/// From now on what would end the process by a signal of its own making (SIGSEGV, SIGBUS, SIGFPE,
/// SIGILL, SIGABRT, std::terminate) ends it with UNKNOWN and one line that `service` leads:
/// libraries do that when memory runs out. Not under a sanitizer, which reports such things itself.
void end_process_at_crashes(std::string_view service);

/// While it lives, a loop waits for SIGTERM and SIGINT: the first is noted, and `heard` is called
/// in the loop; more change nothing. Then all is as it was before. Of the calling thread.
class EndSignals {
 public:
  EndSignals(boost::asio::io_context& io, std::function<void()> heard);
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;
  ~EndSignals();

 private:
  sigset_t mask_{};
  struct sigaction at_term_ {
  }, at_int_{};
  std::optional<boost::asio::signal_set> set_;
};

/// From now on standard output belongs to the report: nothing else is written to it. A signal, or
/// the moment of end_process_at(), ends the waiting for a reader who takes nothing of it. Where
/// another thread is ending the process it does not return.
void report_begins();

/// plugin::emit() of all there is to say; from then on no signal changes the exit status. Behind a
/// report that was written it writes nothing.
int emit_last(plugin::State state, std::string_view text);

/// The report is out: no signal changes the exit status any more.
void report_ends(int status);

}  // namespace plugins
