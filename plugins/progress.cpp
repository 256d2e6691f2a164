// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "progress.hpp"

#include <unistd.h>

#include <cmath>
#include <string>
#include <system_error>
#include <utility>

#include "dns/serial_time.hpp"
#include "judge/words.hpp"

namespace plugins {
namespace {

constexpr auto kPatience = std::chrono::seconds(2);
constexpr auto kEvery = std::chrono::milliseconds(500);
/// Back to the line's beginning, and all of it erased (ECMA-48 EL).
constexpr std::string_view kErase = "\r\x1b[K";

void write_to_terminal(std::string_view text) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

std::string progress_words(const zone::Progress& progress, std::chrono::duration<double> since) {
  const std::size_t done = progress.done;
  const std::size_t signatures = progress.signatures;
  const double rate = since.count() > 0 ? static_cast<double>(done) / since.count() : 0;
  std::string words = judge::thousands(progress.records) + " records read, " +
                      judge::thousands(done) + " of " + judge::thousands(signatures) +
                      (progress.all_read ? "" : " or more") + " signatures verified, " +
                      judge::thousands(static_cast<std::size_t>(rate)) + "/s";
  if (progress.all_read && rate > 0 && signatures > done) {
    const auto left = std::ceil(static_cast<double>(signatures - done) / rate);
    words += ", " + dns::to_human_duration(static_cast<std::int64_t>(left)) + " left";
  }
  return words;
}

ProgressLine::ProgressLine(Words words)
    : words_(std::move(words)), start_(std::chrono::steady_clock::now()) {
  if (isatty(STDERR_FILENO) == 1) {
    try {
      thread_ = std::thread([this] { run(); });
    } catch (const std::system_error&) {
      // No thread to be had: no line, then.
    }
  }
}

ProgressLine::~ProgressLine() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void ProgressLine::run() {
  std::unique_lock lock(mutex_);
  bool shown = false;
  auto next = start_ + kPatience;
  while (!wake_.wait_until(lock, next, [this] { return ending_; })) {
    const auto now = std::chrono::steady_clock::now();
    write_to_terminal(std::string(kErase) + words_(now - start_));
    shown = true;
    next = now + kEvery;
  }
  if (shown) {
    write_to_terminal(kErase);
  }
}

}  // namespace plugins
