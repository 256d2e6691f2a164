// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "zone/crew.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "dnssec/bulk.hpp"

namespace zone {

namespace {

/// Tasks that change hands at once: a lock for each would cost more than the hash of its data.
constexpr std::size_t kBatch = 64;
/// Batches that may wait before another thread is woken. Where one keeps up, a second would only
/// take time from whoever reads the zone, for whom all wait.
constexpr std::size_t kBacklog = 4;

using Clock = std::chrono::steady_clock;

std::size_t signatures_of(const Task& task) {
  std::size_t count = 0;
  for (const Entry* entry = task.first; entry != nullptr && entry != task.old;
       entry = entry->next) {
    count += entry->type == dns::Type::rrsig ? 1 : 0;
  }
  return count;
}

}  // namespace

/// One thread's tools.
class Hand {
 public:
  explicit Hand(const Work& work)
      : work_(work),
        verifier_(work.apex, work.keys, dns::SerialTime::from_unix(work.options.now)) {}

  void verify(const Task& task) {
    std::size_t done = 0;
    append_wire(task.node->key(), owner_);
    for (const auto& set : splitter_.split(task.first, task.old)) {
      if (set.signatures.empty()) {
        continue;
      }
      done += set.signatures.size();
      if (work_.options.wanted && !work_.options.wanted(set.type)) {
        continue;
      }
      rdatas_.clear();
      for (const Entry* record : set.records) {
        rdatas_.push_back(record->rdata());
      }
      verifier_.take(owner_, set.type, rdatas_);
      for (const Entry* signature : set.signatures) {
        verifier_.check(signature->rdata(), signature->verdict, signature->key);
      }
    }
    work_.progress.done += done;
  }

  /// What verify() put off is done after this.
  void settle() { verifier_.settle(); }

  [[nodiscard]] std::size_t verifications() const { return verifier_.verifications(); }

 private:
  const Work& work_;
  dnssec::BulkVerifier verifier_;
  Splitter splitter_;
  dns::Bytes owner_;
  std::vector<dns::ByteView> rdatas_;
};

Crew::Crew(const Work& work) : work_(work) {
  const unsigned wanted = std::max(
      1U, work.options.threads != 0 ? work.options.threads : std::thread::hardware_concurrency());
  try {
    while (threads_.size() < wanted) {
      threads_.emplace_back([this] { run(); });
    }
  } catch (const std::system_error&) {
    // A limit on processes: those that could be started do the work, or finish() does.
  }
}

Crew::~Crew() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    waiting_.clear();
  }
  wake_.notify_all();
  for (auto& thread : threads_) {
    thread.join();
  }
}

void Crew::give(const Task& task) {
  gathering_.push_back(task);
  if (gathering_.size() >= kBatch) {
    pass_on();
  }
}

void Crew::pass_on() {
  if (gathering_.empty()) {
    return;
  }
  bool behind = false;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::exchange(gathering_, {}));
    behind = busy_ == 0 || waiting_.size() > kBacklog;
  }
  gathering_.reserve(kBatch);
  if (behind) {
    wake_.notify_one();
  }
}

bool Crew::out_of_time() const { return Clock::now() >= work_.options.deadline; }

void Crew::run() {
  try {
    Hand hand(work_);
    run_batches(hand);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
    busy_ = 0;
    waiting_.clear();
    idle_.notify_all();
  }
}

void Crew::run_batches(Hand& hand) {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) {
      return;
    }
    const Batch batch = std::move(waiting_.front());
    waiting_.pop_front();
    ++busy_;
    lock.unlock();
    const std::size_t before = hand.verifications();
    for (const Task& task : batch) {
      if (out_of_time()) {
        left_ += signatures_of(task);
      } else {
        hand.verify(task);
      }
    }
    hand.settle();
    verified_ += hand.verifications() - before;
    lock.lock();
    if (busy_ > 0) {
      --busy_;
    }
    if (busy_ == 0 && waiting_.empty()) {
      idle_.notify_all();
    }
  }
}

void Crew::finish() {
  pass_on();
  if (threads_.empty()) {
    ending_ = true;
    Hand hand(work_);
    run_batches(hand);
    return;
  }
  wake_.notify_all();
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return failure_ || (busy_ == 0 && waiting_.empty()); });
  if (failure_) {
    std::rethrow_exception(failure_);
  }
}

}  // namespace zone
