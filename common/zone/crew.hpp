// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "zone/builder.hpp"
#include "zone/zone.hpp"

namespace zone {

/// Signatures of one owner to verify: the new ones of its list as it stood when they were handed
/// on. Later entries go before `first`, which nobody changes any more.
struct Task {
  const Node* node = nullptr;
  const Entry* first = nullptr;
  const Entry* old = nullptr;  ///< where the signatures begin that are not new; may be nullptr
};

/// What verifying threads need besides tasks; it outlives them.
struct Work {
  const dns::Name& apex;
  std::span<const dnssec::Key> keys;
  const BuildOptions& options;
  Progress& progress;
};

/// The threads that verify. Tasks are taken in the order they were given.
class Crew {
 public:
  explicit Crew(const Work& work);
  /// Drops what has not been begun.
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void give(const Task& task);
  /// Waits until everything that was given is done, or time is up. The first thread that failed
  /// (no memory) has its exception thrown here.
  void finish();

  [[nodiscard]] std::size_t verified() const { return verified_; }  ///< operations done
  [[nodiscard]] std::size_t left() const { return left_; }  ///< signatures, for lack of time

 private:
  using Batch = std::vector<Task>;

  void pass_on();
  void run();
  void run_batches(class Hand& hand);
  [[nodiscard]] bool out_of_time() const;

  const Work& work_;
  Batch gathering_;
  std::mutex mutex_;
  std::condition_variable wake_, idle_;
  std::deque<Batch> waiting_;
  std::size_t busy_ = 0;
  bool ending_ = false;
  std::exception_ptr failure_;
  std::atomic<std::size_t> verified_{0}, left_{0};
  std::vector<std::thread> threads_;
};

}  // namespace zone
