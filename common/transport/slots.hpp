// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <utility>  // before Asio: Boost 1.74 forgets it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <list>

namespace transport {

/// A counting semaphore for the coroutines of one thread, first come first served. Must outlive
/// its coroutines.
class Slots {
 public:
  Slots(boost::asio::io_context& io, unsigned count) : io_(io), free_(count == 0 ? 1 : count) {}
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;

  /// Holds one slot, or none when the wait was in vain; gives it back when it dies.
  class Hold {
   public:
    explicit Hold(Slots* slots) : slots_(slots) {}
    Hold(Hold&& other) noexcept : slots_(std::exchange(other.slots_, nullptr)) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold() {
      if (slots_ != nullptr) {
        slots_->give_back();
      }
    }
    explicit operator bool() const { return slots_ != nullptr; }

   private:
    Slots* slots_;
  };

  /// Waits for a slot, at most until `deadline`.
  boost::asio::awaitable<Hold> take(std::chrono::steady_clock::time_point deadline);

 private:
  class Waiter;
  void give_back();

  boost::asio::io_context& io_;
  unsigned free_;
  std::list<Waiter*> waiting_;
};

}  // namespace transport
