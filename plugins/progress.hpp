// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "zone/builder.hpp"

namespace plugins {

/// While it lives, one line on standard error shows a person how far a long run is. Nothing when
/// that is no terminal, nor in the first two seconds.
class ProgressLine {
 public:
  /// What it says after that time; called by a thread of its own.
  using Words = std::function<std::string(std::chrono::duration<double>)>;
  explicit ProgressLine(Words words);
  /// Takes the line away.
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

 private:
  void run();

  Words words_;
  std::chrono::steady_clock::time_point start_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread thread_;
};

/// "1,204,331 records read, 612,000 of 800,006 signatures verified, 35,812/s, 6s left".
std::string progress_words(const zone::Progress& progress, std::chrono::duration<double> since);

}  // namespace plugins
