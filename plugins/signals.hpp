// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <string>

namespace plugins {

/// From now on SIGTERM and SIGINT wait: what comes before there is something to tell is not lost.
/// For the calling thread and those it makes.
void hold_end_signals();

/// Lets them through to the handler that now stands ready, in the calling thread alone; also when
/// whoever started the process had them blocked.
void heed_end_signals();

/// For what no deadline of ours can interrupt: a pipe given for a file, a file system that hangs.
/// `after` that time the process ends with `status`, and `line` on standard output unless
/// report_begins() was called before. Once in a process.
void end_process_after(std::chrono::milliseconds after, std::string line, int status);

/// From now on SIGTERM and SIGINT end the process in the same way, where no loop waits for them.
void end_process_at_signals(std::string line, int status);

/// The first of SIGTERM and SIGINT has been heard by a loop: whoever comes after it is quick.
void note_end_signal();
[[nodiscard]] bool end_signal_noted();

/// From now on standard output belongs to the report; a reader that takes nothing of it holds the
/// process up no longer than these two said.
void report_begins();

}  // namespace plugins
